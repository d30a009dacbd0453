"""The plain path: every response through fhir.resources, item by item, and then the same evaluation.

Beside it the evaluator that ``cds batch`` uses, which reads responses of the common form in one pass. All in one
process and on the same responses, chunk by chunk in turn.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Final, cast

import orjson

from benchmarks.batch.clock import Clock
from benchmarks.batch.population import Population
from benchmarks.batch.table import print_table
from cds import DecisionSupport, default_pack
from cds.batch.chunks import LINES, chunks
from cds.batch.evaluator import Chunk, Evaluator
from cds.batch.record import assessment_record
from cds.intake import CheckedResponse, ResponseChecker, parse_json
from cds.intake.models import validate_whole
from cds.pack import Pack

OURS: Final = "cds batch: the evaluator of a worker"
PLAIN: Final = "the plain path: the same, with fhir.resources for each response"
MODELS: Final = "fhir.resources alone, of parsed responses"
CEILING: Final = "orjson.loads and orjson.dumps"
_WARM_UP: Final = 2
"""Chunks that are evaluated before anything is measured."""


class _FullWay(DecisionSupport):
    """Nothing is read in one pass, and no item that was valid before is remembered."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self._full = ResponseChecker(pack.questionnaire)

    def check(self, resource: Any) -> CheckedResponse:
        """A parsed response that has passed all checks, every item of it."""
        checked = self._full.check(resource)
        validate_whole(resource)
        return checked


def measure(population: Population, count: int) -> tuple[Clock, int]:
    """The seconds of each way, and over how many responses."""
    pack = default_pack()
    evaluator, full = Evaluator(pack, None, None, False, None, False), _FullWay.load(pack)
    clock, responses = Clock(), 0
    source = chunks([(path.name, path) for path in population.responses], population.count, {}, 0)
    for turn, chunk in enumerate(islice(source, _WARM_UP + count // LINES)):
        if turn == _WARM_UP:
            clock, responses = Clock(), 0
        resources = [orjson.loads(cast("bytes", line.data)) for line in chunk.lines]
        ours = clock.timed(OURS, evaluator.evaluate, chunk).assessments
        if ours != clock.timed(PLAIN, _plainly, full, chunk):
            raise RuntimeError(f"{chunk.file}: the plain path says something else of a chunk")
        clock.timed(MODELS, _validate, resources)
        clock.timed(CEILING, _ceiling, chunk)
        responses += len(chunk.lines)
    return clock, responses


def _plainly(full: DecisionSupport, chunk: Chunk) -> bytes:
    written = []
    for line in chunk.lines:
        decision = full.decide_parsed(parse_json(cast("bytes", line.data)), digest="")
        record = assessment_record(full.pack, f"{chunk.file}:{line.number}", decision, 0, whole=False)
        written.append(orjson.dumps(record) + b"\n")
    return b"".join(written)


def _validate(resources: list[Any]) -> None:
    for resource in resources:
        validate_whole(resource)


def _ceiling(chunk: Chunk) -> None:
    for line in chunk.lines:
        orjson.dumps(orjson.loads(cast("bytes", line.data)))


def print_ways(clock: Clock, responses: int) -> None:
    """Microseconds and responses a second of each way, and how many times as fast as the plain path it is."""
    print(f"One process, {responses:,} responses, no charts, CPU time:\n")
    rows = [
        (
            name,
            f"{clock.seconds[name] / responses * 1e6:.0f}",
            f"{responses / clock.seconds[name]:.0f}",
            f"{clock.seconds[PLAIN] / clock.seconds[name]:.1f}",
        )
        for name in (CEILING, OURS, PLAIN, MODELS)
    ]
    print_table(["way", "microseconds", "responses/s", "times as fast as the plain path"], rows)
