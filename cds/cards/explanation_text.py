"""Why, for a clinician: the rules that fired with the values used, what nearly fired, what could still fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType

from cds.assessment import Decision, NearMiss
from cds.cards.cds_hooks import CardMaker
from cds.cards.headline import level_in_words
from cds.cards.layout import bullet, heading, plain, print_trimmed
from cds.cards.panel import footer, title_panel
from cds.cards.words import Words
from cds.intake import Reading
from cds.pack import Pack, Rule
from cds.pack.condition import findings_of
from cds.pack.text import text_in
from cds.pack.value import FindingValue, Interval, Selection


def print_explanation(
    console: Console, maker: CardMaker, decision: Decision, near_misses: Sequence[NearMiss], language: str
) -> None:
    """Print why a decision is as it is. Neither the subject nor any free text of the patient is printed."""
    parts = _Explanation(maker, decision, language).parts(near_misses)
    panel = title_panel(maker, decision, decision.as_of or "-", language)
    print_trimmed(console, Group(panel, *parts, footer(maker, language)))


def open_findings_of(pack: Pack, rule: Rule, decision: Decision) -> tuple[str, ...]:
    """The base findings on which an undecided rule waits.

    Of those that it reads, also through derived findings: the ones that could change the result; for a rule that could
    not change it, all that are not wholly known.
    """
    read, rest = set[str](), [rule]
    while rest:
        for name in findings_of(rest.pop().when) - read:
            read.add(name)
            rest.extend(pack.concluding.get(name, ()))
    asked = tuple(gap.finding for gap in decision.assessment.open_findings if gap.finding in read)
    return asked or tuple(
        name
        for name, finding in pack.findings.items()
        if name in read and not finding.derived and not _wholly_known(decision.patient.values.get(name))
    )


def _wholly_known(value: FindingValue | None) -> bool:
    match value:
        case Interval():
            return value.exact
        case Selection(_, still_open):
            return not still_open
        case _:
            return value is not None


class _Explanation:
    """The parts of one explanation."""

    def __init__(self, maker: CardMaker, decision: Decision, language: str) -> None:
        self._maker, self._pack, self._decision, self._language = maker, maker.pack, decision, language
        self._words = Words(maker.pack, language)
        self._view = maker.view(language)

    def parts(self, near_misses: Sequence[NearMiss]) -> Iterator[RenderableType]:
        assessment = self._decision.assessment
        yield heading(self._words["fired"])
        for rule in assessment.fired:
            yield from self._fired(rule)
        if not assessment.fired:
            yield plain(self._words["nothing"], indent=2)
        yield heading(self._words["nearly"])
        for miss in near_misses:
            yield from self._missed(miss)
        if not near_misses:
            yield plain(self._words["nothing"], indent=2)
        yield heading(self._words["undecided"])
        for rule in assessment.undecided:
            yield from self._undecided(rule)
        if not assessment.undecided:
            yield plain(self._words["nothing"], indent=2)
        yield from self._sources(assessment.fired)

    def _fired(self, rule: Rule) -> Iterator[RenderableType]:
        yield self._title(rule)
        patient, assessment = self._decision.patient, self._decision.assessment
        findings = self._maker.support.of(patient.values, assessment.derived).findings(rule)
        for name in findings:
            yield bullet(self._value(name))
        yield plain(f"{self._words['rationale']}: {' '.join(rule.rationale.split())}", indent=4)
        if rule.unverified:
            yield plain(self._words["unverified"], style="bold", indent=4)
        if rule.citations:
            yield plain(f"{self._words['sources']}: {', '.join(rule.citations)}", style="dim", indent=4)

    def _missed(self, miss: NearMiss) -> Iterator[RenderableType]:
        yield self._title(miss.rule)
        yield bullet(f"{self._words['blocked_by']}: {self._value(miss.blocked_by)}")
        for name in miss.held:
            yield bullet(f"{self._words['speaks_for']}: {self._value(name)}")

    def _undecided(self, rule: Rule) -> Iterator[RenderableType]:
        yield self._title(rule)
        names, word = open_findings_of(self._pack, rule, self._decision), self._words["open_on"]
        if rule.then.level not in (None, self._pack.default_level) or rule.then.out_of_scope:
            for name in names:
                yield bullet(f"{word}: {self._value(name)}")
        elif names:
            titles = [text_in(self._pack.findings[name].title, self._language) for name in names]
            yield bullet(f"{word}: {'; '.join(titles)}")

    def _title(self, rule: Rule) -> RenderableType:
        words, then = self._words, rule.then
        follows = []
        if then.level:
            follows.append(level_in_words(self._maker, then.level, self._language))
        if then.out_of_scope:
            follows.append(f"{words['out-of-scope']}: {then.out_of_scope}")
        if then.conclude:
            follows.append(f"{words['concludes']} {text_in(self._pack.findings[then.conclude].title, self._language)}")
        if then.advise:
            follows.append(f"{words['advises']} {', '.join(then.advise)}")
        if then.block:
            follows.append(f"{words['blocks']} {', '.join(then.block)}")
        place = f"{rule.file}:{rule.line}"
        return plain(f"{rule.id} ({place}): {rule.title} \N{RIGHTWARDS ARROW} {'; '.join(follows)}", "bold", 2, 1)

    def _value(self, name: str) -> str:
        """``Age: 34 a (answer age)``: a finding, its value, and where that came from."""
        value = self._decision.patient.values.get(name)
        told = self._words["unknown"] if value is None else self._view.value(name, value)
        readings = self._decision.patient.provenance.get(name, ())
        if value is not None:
            readings = tuple(reading for reading in readings if reading.value is not None)
        came = "; ".join(dict.fromkeys(self._source(reading) for reading in readings))
        return f"{text_in(self._pack.findings[name].title, self._language)}: {told}" + (f" ({came})" if came else "")

    def _source(self, reading: Reading) -> str:
        words = self._words
        codes = f" = {', '.join(reading.codes)}" if reading.codes else ""
        if reading.source == "chart":
            return f"{words['in_chart']} {reading.resource or '-'}{codes}"
        state = "" if reading.state in ("answered", "recorded") else f": {words[reading.state]}"
        return f"{words['answered']} {reading.link_id or '-'}{codes}{state}"

    def _sources(self, rules: Iterable[Rule]) -> Iterator[RenderableType]:
        keys = dict.fromkeys(key for rule in rules for key in rule.citations)
        if keys:
            yield heading(self._words["sources"])
        for key in keys:
            citation = self._pack.citations[key]
            yield bullet(f"{key}: {citation.title}", f"{citation.address} ({citation.strength}, {citation.read})")
