"""How the cost of a response grows with the rules of a pack: generated packs, and responses that were never seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.batch.clock import Clock
from benchmarks.batch.table import print_table
from benchmarks.generated_pack import write_pack
from benchmarks.patients import varied
from cds import DecisionSupport
from cds.batch.chunks import LINES
from cds.batch.evaluator import Chunk, Evaluator
from cds.batch.lines import Line

SIZES: Final = ((30, 20), (100, 40), (300, 80), (1000, 200))
"""Rules and findings of the packs."""
WHOLE: Final = "evaluation, line to record"
STAGES: Final = ("engine", "reference", "assessment")
_WARM_UP: Final = 200
_LEFT_OUT: Final = 0.01
"""The share of answers that are skipped."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What was measured with one pack: microseconds for each response, by stage."""

    rules: int
    findings: int
    bytes: int
    microseconds: dict[str, float]


def measure(folder: Path, count: int, repeat: int) -> list[RuleCount]:
    """Measure all sizes in turn, ``repeat`` times over, each time with evaluators that start anew."""
    packs = {size: write_pack(folder / f"{size[0]}-rules", rules=size[0], findings=size[1]) for size in SIZES}
    lines = {size: _lines(packs[size], _WARM_UP + count) for size in SIZES}
    clocks = {size: Clock() for size in SIZES}
    for _ in range(repeat):
        for size in SIZES:
            _measure(packs[size], lines[size], clocks[size])
    return [
        RuleCount(
            *size,
            bytes=sum(len(line.data or b"") for line in lines[size]) // len(lines[size]),
            microseconds={name: clocks[size].seconds[name] / (count * repeat) * 1e6 for name in (WHOLE, *STAGES)},
        )
        for size in SIZES
    ]


def _lines(pack: Path, count: int) -> list[Line]:
    responses = varied(DecisionSupport.load(pack), _LEFT_OUT, count)
    return [Line(number, data) for number, data in enumerate(responses, start=1)]


def _measure(folder: Path, lines: list[Line], clock: Clock) -> None:
    """The whole evaluation, and each stage by itself, of the same responses."""
    support = DecisionSupport.load(folder)
    worker = Evaluator(folder, None, None, False, None, False)
    assessor = support.assessor
    evaluator = assessor.evaluator
    before = Clock()
    for start in range(0, len(lines), LINES):
        timed = (clock if start >= _WARM_UP else before).timed
        chunk = Chunk(0, 0, "responses", tuple(lines[start : start + LINES]))
        if timed(WHOLE, worker.evaluate, chunk).refused_count:
            raise RuntimeError(f"{folder.name}: a response was refused")
        values = [support.decide(line.data or b"").patient.values for line in chunk.lines]
        evaluations = timed("engine", lambda: list(map(evaluator.engine.evaluate, values)))  # noqa: B023 - called at once
        timed("reference", lambda: list(map(evaluator.reference.evaluate, values)))  # noqa: B023 - as above
        timed("assessment", lambda: list(map(assessor.assessment, values, evaluations)))  # noqa: B023 - as above


def print_rule_counts(found: list[RuleCount]) -> None:
    """A row for each pack."""
    print("CPU microseconds for a response that was never seen, generated packs, one process:\n")
    rows = [
        (
            f"{one.rules:,} ({one.findings}, {one.bytes})",
            f"{1e6 / one.microseconds[WHOLE]:.0f}",
            *(f"{one.microseconds[name]:.0f}" for name in (WHOLE, *STAGES)),
        )
        for one in found
    ]
    print_table(["rules (findings, bytes of a response)", "responses/s", WHOLE, *STAGES], rows)
