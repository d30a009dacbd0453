"""The page as a whole: what it shows, put into its templates.

One file without scripts and without anything from elsewhere, so that it can be mailed, archived and printed; the same
pack and cases give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from cds.pack.text import text_in
from cds.verify.cases.clauses import TRUTHS
from cds.verify.cases.counts import Count, answer_counts, clause_count, counts
from cds.verify.cases.coverage import Coverage
from cds.verify.cases.gaps import gaps
from cds.verify.cases.page.case_view import CaseView, case_views
from cds.verify.cases.page.question_view import section_views
from cds.verify.cases.page.rule_view import RuleView, rule_view

_TEMPLATES = Environment(
    loader=PackageLoader("cds.verify.cases.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class TopicView:
    """One file of rules. ``rule_counts``: how many of its rules fire, do not fire, are undecided in some case."""

    name: str
    file: str
    rule_counts: tuple[Count, ...]
    clause_count: Count
    rules: tuple[RuleView, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"topic-{self.name}"


def coverage_page(found: Coverage) -> str:
    """The coverage as HTML."""
    pack = found.pack
    cases = case_views(found)
    return _TEMPLATES.get_template("page.html").render(
        title=text_in(pack.header.title, "en"),
        pack=pack,
        counts=counts(found),
        total=_total(found),
        gaps=gaps(found),
        topics=tuple(_topics(found, cases)),
        sections=section_views(found),
        cases=cases,
        failed=[case for case in cases if case.failures],
        files=tuple(dict.fromkeys(case.file for case in cases)),
    )


def _total(found: Coverage) -> Count:
    """Everything that can be seen, each once: a rule fires when its whole condition, which is a clause, is true."""
    parts = (clause_count(found, "", found.clauses, *TRUTHS), *answer_counts(found.questions.values()))
    return Count(
        "all",
        sum(part.seen for part in parts),
        sum(part.of for part in parts),
        sum(part.not_coverable for part in parts),
    )


def _topics(found: Coverage, cases: tuple[CaseView, ...]) -> Iterator[TopicView]:
    by_file = {rule.file: rule.topic for rule in found.pack.rules}
    for file, topic in by_file.items():
        rules = [rule for rule in found.pack.rules if rule.file == file]
        names = {rule.id for rule in rules}
        roots = [(rule.id, rule.when) for rule in rules]
        yield TopicView(
            name=topic,
            file=file,
            rule_counts=tuple(clause_count(found, "", roots, truth) for truth in TRUTHS),
            clause_count=clause_count(found, "", [key for key in found.clauses if key[0] in names], *TRUTHS),
            rules=tuple(rule_view(found, rule, cases) for rule in rules),
        )
