"""Evaluators beside each other, on the findings of the same patients: durable-rules, zen-engine and the reference.

Patient by patient in turn. All must give the same evaluation of each, or nothing is printed.
"""

from __future__ import annotations

from itertools import islice
from typing import Final, cast

import orjson

from benchmarks.batch.clock import Clock
from benchmarks.batch.population import Population
from benchmarks.batch.table import print_table
from benchmarks.batch.zen_rules import ZenChecked, ZenEvaluator
from cds import DecisionSupport, default_pack
from cds.assessment import Assessor
from cds.batch.chunks import chunks
from cds.batch.lines import Line
from cds.batch.record import assessment_record
from cds.engine import CheckedEvaluator
from cds.intake import NO_CHART, parse_json
from cds.pack import load_pack

DURABLE: Final = "durable-rules"
ZEN: Final = "zen-engine"
ZEN_ITSELF: Final = "zen-engine: its evaluation alone, without making its input and reading its result"
REFERENCE: Final = "the reference"
WHOLE: Final = "whole path, durable-rules and the reference"
WHOLE_ZEN: Final = "whole path, zen-engine and the reference"
_WARM_UP: Final = 200


def measure(population: Population, count: int) -> tuple[Clock, int]:
    """The seconds of each evaluator, and of the whole path with each engine; and over how many responses.

    Raises ``RuntimeError`` if two say different things of a patient.
    """
    pack = load_pack(default_pack())
    ours, theirs = DecisionSupport(pack), DecisionSupport(pack)
    theirs.assessor = Assessor(pack, ZenChecked(pack))
    zen, evaluator = ZenEvaluator(pack), CheckedEvaluator(pack)
    source = chunks([(path.name, path) for path in population.responses], population.count, {}, 0)
    lines = islice((line for chunk in source for line in chunk.lines), _WARM_UP + count)
    clock, responses = Clock(), 0
    for turn, line in enumerate(lines):
        if turn == _WARM_UP:
            clock, responses = Clock(), 0
        if clock.timed(WHOLE, _record, ours, line) != clock.timed(WHOLE_ZEN, _record, theirs, line):
            raise RuntimeError(f"line {line.number}: the records differ")
        values = ours.read(parse_json(cast("bytes", line.data))).values
        answer = clock.timed(DURABLE, evaluator.engine.evaluate, values)
        given = zen.context(values)
        clock.timed(ZEN_ITSELF, zen.run, given)
        others = (clock.timed(ZEN, zen.evaluate, values), clock.timed(REFERENCE, evaluator.reference.evaluate, values))
        if any(other != answer for other in others):
            raise RuntimeError(f"line {line.number}: the evaluators differ")
        responses += 1
    return clock, responses


def _record(support: DecisionSupport, line: Line) -> bytes:
    checked = support.check_json(cast("bytes", line.data))
    decision = support.decide_checked(checked, NO_CHART, None, "")
    return orjson.dumps(assessment_record(support.pack, str(line.number), decision, 0, whole=False))


def print_engines(clock: Clock, responses: int) -> None:
    """Microseconds and responses a second of each."""
    print(
        f"One process, {responses:,} responses, no charts, CPU time, and the same evaluation by all of each of them:\n"
    )
    rows = [
        (name, f"{clock.seconds[name] / responses * 1e6:.0f}", f"{responses / clock.seconds[name]:.0f}")
        for name in (DURABLE, ZEN, ZEN_ITSELF, REFERENCE, WHOLE, WHOLE_ZEN)
    ]
    print_table(["evaluator", "microseconds", "responses/s"], rows)
