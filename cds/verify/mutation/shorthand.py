"""A patient written in the shorthand of cases: a base patient, what differs, what is left out, what the chart says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any, Final

from cds.decision_support import DecisionSupport
from cds.intake import ComposeError, Composer, FindingReader, IntakeError, ResponseChecker
from cds.pack import Findings, Pack
from cds.pack.finding import Finding
from cds.pack.plain_value import read_plain, write_plain
from cds.pack.value import FindingValue, Interval
from cds.verify.cases import load_patients
from cds.verify.mutation.survivor import TellingPatient
from cds.verify.witness.facts import ChartFact

MOST_WAYS: Final = 27
"""So many ways to write a patient's ranges as numbers are tried."""


@dataclass(frozen=True, slots=True)
class Shorthand:
    """What stands in a case; ``base`` is a base patient. With ``in_file`` a response in a file of its own says it."""

    base: str | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    chart: dict[str, Any] = field(default_factory=dict)
    in_file: bool = False

    @property
    def length(self) -> int:
        """How much there is to read."""
        return len(self.changed) + len(self.left_out)


class ShorthandWriter:
    """Writes patients of one pack in shorthand, as briefly as can be."""

    def __init__(self, support: DecisionSupport) -> None:
        self._pack: Pack = support.pack
        self._bases = dict(load_patients(support.pack)) if (support.pack.folder / "patients.yaml").is_file() else {}
        self._composer = Composer(support.pack.questionnaire, support.pack.findings)
        self._checker = ResponseChecker(support.pack.questionnaire)
        self._reader = FindingReader(support.pack.findings, support.pack.questionnaire)
        self._authored = f"{support.pack.header.effective.isoformat()}T12:00:00Z"

    def write(self, patient: TellingPatient, named: Collection[str] = ()) -> Shorthand | None:
        """The patient in shorthand; ``None`` if no case can say what is known of it.

        Where one missing answer would do for another, as in a tick-list, it is one of the findings ``named``.
        """
        chart = dict(self._chart(patient.witness.facts.chart))
        if any(fact.doubt for fact in patient.witness.facts.chart.values()):
            return None
        wanted = self._answered(patient)
        found = [one for name in (*self._bases, None) if (one := self._from(name, wanted, chart, named)) is not None]
        return min(found, key=lambda one: one.length) if found else Shorthand(chart=chart, in_file=True)

    def _chart(self, facts: Mapping[str, ChartFact]) -> Iterator[tuple[str, Any]]:
        for name, fact in facts.items():
            finding = self._pack.findings[name]
            if fact.number is not None:
                yield name, write_plain(finding, Interval(fact.number, fact.number))
            elif fact.code is not None or fact.yes:
                yield name, fact.code if fact.code is not None else True

    def _answered(self, patient: TellingPatient) -> Findings:
        """The findings by the answers alone, without the chart."""
        return self._reader.read(self._checker.check(patient.witness.response)).values

    def _from(
        self, base: str | None, wanted: Findings, chart: dict[str, Any], named: Collection[str]
    ) -> Shorthand | None:
        """The patient as a change of a base patient (``None``: of one who answered nothing)."""
        usual: Findings = self._bases[base] if base is not None else {}
        meant = self._meant(usual, usual.keys()) or {}
        changed = [name for name, value in wanted.items() if meant.get(name) != value]
        left_out = [name for name in usual if name not in wanted]
        ways = product(*(tuple(self._plain(self._pack.findings[name], wanted[name])) for name in changed))
        tried = (dict(zip(changed, plain, strict=True)) for plain in islice(ways, MOST_WAYS))
        written = next((one for one in tried if self._says(usual, one, left_out, wanted)), None)
        if written is None:
            return None
        for name in changed:
            rest = {other: value for other, value in written.items() if other != name}
            if self._says(usual, rest, left_out, wanted):
                written = rest
        for name in sorted(left_out, key=lambda name: name in named):
            fewer = [other for other in left_out if other != name]
            if self._says(usual, written, fewer, wanted):
                left_out = fewer
        return Shorthand(base, written, tuple(left_out), chart)

    def _plain(self, finding: Finding, value: FindingValue) -> Iterator[Any]:
        """As an author may write it; of a range one number, which must lie in no other option's range."""
        if isinstance(value, Interval) and not value.exact:
            numbers = dict.fromkeys((value.low, value.low + 1, (value.low + value.high) // 2))
            yield from (write_plain(finding, Interval(number, number)) for number in numbers)
        elif not isinstance(plain := write_plain(finding, value), dict):
            yield plain

    def _says(self, usual: Findings, written: Mapping[str, Any], left_out: list[str], wanted: Findings) -> bool:
        """Whether a case with these values gives just the findings that are wanted."""
        base = {name: value for name, value in usual.items() if name not in left_out}
        try:
            values = {name: read_plain(self._pack.findings[name], value) for name, value in written.items()}
        except ValueError:
            return False
        return self._meant({**base, **values}, base.keys() - values.keys()) == wanted

    def _meant(self, values: Findings, droppable: Collection[str]) -> Findings | None:
        """The findings of one who answers so; ``None`` if nobody can."""
        try:
            response = self._composer.compose(values, self._authored, droppable=droppable)
            return self._reader.read(self._checker.check(response)).values
        except (ComposeError, IntakeError):
            return None
