"""Lines in, records out: what one worker does with one chunk."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import orjson

from cds.batch.chart_index import ChartIndex, owner_key
from cds.batch.lines import Line
from cds.batch.record import assessment_record, refusal
from cds.cards import fhir
from cds.decision_support import CHART_LIMITS, DecisionSupport, digest_of
from cds.engine import EngineFault
from cds.intake import NO_CHART, IntakeError, parse_json


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
        """What comes of each line: an assessment or a refusal, never neither."""
        found = Evaluated()
        for line in chunk.lines:
            source = f"{chunk.file}:{line.number}"
            if line.data is None:
                found.refuse(source, [("", line.problem)])
                continue
            try:
                self._assess(line.data, source, found)
            except IntakeError as error:
                found.refuse(source, [(one.path, str(one)) for one in error.faults])
            except EngineFault as error:
                found.refuse(source, [("", f"not evaluated: {error}")])
            except Exception as error:  # whatever it is, the other patients still get their answer
                found.refuse(source, [("", f"not evaluated: {_unexpected(error)}")])
        return found

    def _assess(self, data: bytes, source: str, found: Evaluated) -> None:
        support, as_of = self._support, self._as_of
        checked = support.check_json(data)
        resources, whole = self._chart(checked.subject)
        chart = [parse_json(one, CHART_LIMITS) for one in resources] if resources else None
        recorded = NO_CHART if chart is None else support.read_chart(chart, as_of or checked.authored)
        # Only a GuidanceResponse says by which input it came about.
        digest = digest_of(parse_json(data), chart) if self._guidance else ""
        decision = support.decide_checked(checked, recorded, as_of, digest)
        record = orjson.dumps(assessment_record(support.pack, source, decision, len(resources), whole))
        guidance = b""
        if self._guidance:
            language = support.language(decision, self._language)
            guidance = orjson.dumps(fhir.guidance_response(support.cards, decision, language)) + b"\n"
        # Both or neither: nothing above may fail after something is written.
        found.assessments += record + b"\n"
        found.guidance += guidance
        found.assessed_count += 1
        found.outcomes[decision.assessment.outcome] += 1

    def _chart(self, subject: str | None) -> tuple[list[bytes], bool]:
        """The chart of whom a response is about, and whether it is known to be all that there is of them."""
        if self._charts is None:
            return [], self._charts_whole
        if subject is None or owner_key(subject) is None:
            return [], False
        return self._charts.chart(subject), self._charts_whole


def _unexpected(error: Exception) -> str:
    """A fault of this program by its kind and place; its message is left out, which could tell of the patient."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"an unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}: report it"
