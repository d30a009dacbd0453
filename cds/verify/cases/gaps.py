"""What the cases do not cover, each gap with its place, so that an author can act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cds.pack import Rule, Truth
from cds.pack.sentence import sentence
from cds.verify.cases.answers import QuestionSeen
from cds.verify.cases.clauses import TRUTHS, clauses
from cds.verify.cases.counts import TRUTH_WORDS
from cds.verify.cases.coverage import Coverage

QUESTIONNAIRE: Final = "questionnaire.json"
_RULE_WORDS: Final[dict[Truth, str]] = {True: "to fire", False: "not to fire", None: "undecided"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that no case shows, or that is listed as not coverable although one does."""

    file: str
    line: int
    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name}: {self.message}"


def gaps(found: Coverage) -> tuple[Gap, ...]:
    """All that is missing: rule by rule, then question by question, then what is wrongly listed as not coverable."""
    rules = (gap for rule in found.pack.rules for gap in rule_gaps(found, rule))
    return (*rules, *_answer_gaps(found), *_stale(found))


def rule_gaps(found: Coverage, rule: Rule) -> Iterator[Gap]:
    """What is missing of one rule."""
    for clause in clauses(rule.when):
        seen = found.clauses[rule.id, clause]
        unseen = [truth for truth in TRUTHS if not seen[truth]]
        unseen = [truth for truth in unseen if ((rule.id, clause), truth) not in found.not_coverable]
        if unseen and clause == rule.when:
            words = ", never ".join(_RULE_WORDS[truth] for truth in unseen)
            yield Gap(rule.file, rule.line, rule.id, f"never seen {words}")
        elif unseen:
            words = ", ".join(TRUTH_WORDS[truth] for truth in unseen)
            text = sentence(clause, found.pack.findings)
            yield Gap(rule.file, rule.line, rule.id, f"`{text}` never seen {words}")


def question_gaps(entry: QuestionSeen) -> Iterator[str]:
    """What is missing of one question, each in words."""
    for answer, number in entry.chosen.items():
        if not number:
            yield f"option `{entry.option_name(answer)}` never chosen"
    if not entry.chosen and not entry.answered:
        yield "never answered"
    if entry.may_be_unanswered and not entry.unanswered:
        yield "never left unanswered"


def _answer_gaps(found: Coverage) -> Iterator[Gap]:
    file = found.pack.folder / QUESTIONNAIRE
    text = None
    for link_id, entry in found.questions.items():
        for message in question_gaps(entry):
            text = text if text is not None else file.read_text(encoding="utf-8")
            yield Gap(QUESTIONNAIRE, _line_of(link_id, text), link_id, message)


def _line_of(link_id: str, text: str) -> int:
    """The line of a question in the questionnaire: link ids stand there once each."""
    found = re.search(rf'"linkId"\s*:\s*"{re.escape(link_id)}"', text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _stale(found: Coverage) -> Iterator[Gap]:
    for ((rule, clause), truth), entry in found.not_coverable.items():
        if number := found.clauses[rule, clause][truth]:
            text = sentence(clause, found.pack.findings)
            word, cases = TRUTH_WORDS[truth], "case" if number == 1 else "cases"
            message = (
                f"`{text}` is listed as not coverable, and was seen {word} in {number} {cases}: take the entry out"
            )
            yield Gap(entry.file, entry.line, rule, message)
