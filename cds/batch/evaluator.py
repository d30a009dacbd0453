"""Lines in, records out: what one worker does with one chunk."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from cds.batch.case import Case
from cds.batch.chart_index import ChartIndex, owner_key
from cds.batch.lines import Line
from cds.batch.record import assessment_record, refusal
from cds.cards import fhir
from cds.decision_support import CHART_LIMITS, DecisionSupport, digest_of
from cds.engine import EngineFault
from cds.intake import IntakeError, parse_json

_CHARTS: Final = 2 << 20
"""Bytes of charts that are held at a time, unless that of a single patient has more."""


class Chunk(NamedTuple):
    """Some lines of one file, in order; ``number`` counts all chunks of a run, ``part`` those of its output."""

    number: int
    part: int
    file: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Evaluated:
    """What came of a chunk: NDJSON of each kind, how many lines of each, and how many have each outcome."""

    assessments: bytearray = field(default_factory=bytearray)
    guidance: bytearray = field(default_factory=bytearray)
    refused: bytearray = field(default_factory=bytearray)
    assessed_count: int = 0
    refused_count: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def refuse(self, source: str, faults: list[tuple[str, str]]) -> None:
        """Note a line that has no assessment."""
        self.refused += orjson.dumps(refusal(source, faults)) + b"\n"
        self.refused_count += 1

    def tell(self, case: Case) -> None:
        """Note what came of a line."""
        if case.faults:
            self.refuse(case.source, case.faults)
            return
        self.assessments += case.record + b"\n"
        self.guidance += case.guidance
        self.assessed_count += 1
        self.outcomes[case.outcome] += 1

    def add(self, other: Evaluated) -> None:
        """Note what came of the lines after these."""
        self.assessments += other.assessments
        self.guidance += other.guidance
        self.refused += other.refused
        self.assessed_count += other.assessed_count
        self.refused_count += other.refused_count
        self.outcomes += other.outcomes


class Evaluator:
    """Evaluates lines by one pack. ``charts`` is the index of the charts, if there are any."""

    def __init__(
        self,
        pack: Path,
        charts: Path | None,
        as_of: str | None,
        guidance: bool,
        language: str | None,
        charts_whole: bool,
    ) -> None:
        """Raises :class:`PackError` for a pack that cannot be used."""
        self._support = DecisionSupport.load(pack)
        self._charts = None if charts is None else ChartIndex(charts)
        self._as_of = as_of
        self._guidance = guidance
        self._language = language
        self._charts_whole = charts_whole

    def evaluate(self, chunk: Chunk) -> Evaluated:
        """What comes of each line, in their order: an assessment or a refusal, never neither.

        Each step is done for many patients before the next, which takes a quarter less time than patient by patient:
        the processor's caches hold one step at a time.
        """
        found = Evaluated()
        for group in self._groups(Case(f"{chunk.file}:{line.number}", line) for line in chunk.lines):
            for step in (self._read_chart, self._find):
                _each(step, group)
            self._evaluate(group)
            _each(self._record, group)
            for case in group:
                found.tell(case)
        return found

    def _groups(self, cases: Iterable[Case]) -> Iterator[list[Case]]:
        """The cases with their responses and charts, in groups whose charts are not too large together."""
        group: list[Case] = []
        size = 0
        for case in cases:
            _each(self._read, (case,))
            group.append(case)
            size += sum(map(len, case.resources))
            if size > _CHARTS:
                yield group
                group, size = [], 0
        if group:
            yield group

    def _read(self, case: Case) -> None:
        if case.line.data is None:
            case.faults = [("", case.line.problem)]
            return
        case.checked = self._support.check_json(case.line.data)
        case.resources, case.whole = self._chart(case.checked.subject, case.line)
        case.chart = len(case.resources)

    def _read_chart(self, case: Case) -> None:
        resources, case.resources = case.resources, ()  # first, so that one that cannot be read is not held either
        chart = [parse_json(one, CHART_LIMITS) for one in resources] if resources else None
        if chart is not None:
            case.recorded = self._support.read_chart(chart, self._as_of or case.checked.authored)
        if self._guidance and case.line.data is not None:
            # Only a GuidanceResponse says by which input it came about.
            case.digest = digest_of(parse_json(case.line.data), chart)

    def _find(self, case: Case) -> None:
        case.patient = self._support.find(case.checked, case.recorded, self._as_of)

    def _evaluate(self, group: Sequence[Case]) -> None:
        cases = [case for case in group if not case.faults]
        evaluations = self._support.assessor.evaluator.evaluate_all([case.patient.values for case in cases])
        for case, evaluation in zip(cases, evaluations, strict=True):
            if isinstance(evaluation, Exception):
                case.faults = _faults(evaluation)
            else:
                case.evaluation = evaluation

    def _record(self, case: Case) -> None:
        support = self._support
        decision = support.decision(case.checked, case.patient, case.evaluation, self._as_of, case.digest)
        case.outcome = decision.assessment.outcome
        case.record = orjson.dumps(assessment_record(support.pack, case.source, decision, case.chart, case.whole))
        if self._guidance:
            language = support.language(decision, self._language)
            case.guidance = orjson.dumps(fhir.guidance_response(support.cards, decision, language)) + b"\n"

    def _chart(self, subject: str | None, _line: Line) -> tuple[Sequence[bytes], bool]:
        """The chart of whom a response is about, and whether it is known to be all that there is of them."""
        if self._charts is None:
            return (), self._charts_whole
        if subject is None or owner_key(subject) is None:
            return (), False
        return self._charts.chart(subject), self._charts_whole


def _each(step: Callable[[Case], None], cases: Iterable[Case]) -> None:
    """Do a step for each case that is not refused yet."""
    for case in cases:
        if not case.faults:
            try:
                step(case)
            except Exception as error:
                case.faults = _faults(error)


def _faults(error: Exception) -> list[tuple[str, str]]:
    """Why there is no assessment: each fault with its path, which may be empty."""
    if isinstance(error, IntakeError) and error.faults:  # never an empty list, which would pass for no fault
        return [(one.path, str(one)) for one in error.faults]
    if isinstance(error, EngineFault):
        return [("", f"not evaluated: {error}")]
    return [("", f"not evaluated: {_unexpected(error)}")]


def _unexpected(error: Exception) -> str:
    """A fault of this program by its kind and place; its message is left out, which could tell of the patient."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"an unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}: report it"
