"""``make bench-batch``: all measurements of one run, as Markdown tables."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.batch import end_to_end, engines, full_way, rule_counts, stages
from benchmarks.batch.curve import can_draw, draw_curve
from benchmarks.batch.end_to_end import FEW, Run
from benchmarks.batch.end_to_end_tables import WORDS, print_rates, print_scaling, print_sizes
from benchmarks.batch.population import population

SIZES: Final = (1_000, 10_000, 100_000)
"""Responses of the exports by which it is seen whether the rate stays the same; the last is that of all ratios."""
MILLION: Final = 1_000_000
REPEAT: Final = 3
"""How often exports but the largest are run."""
STAGED: Final = 4_000
"""Responses whose stages are measured."""
RULED: Final = 400
"""Responses to each generated pack."""
PARTS: Final = ("stages", "ways", "engines", "rules", "runs")
_RUNS: Final = tuple(
    Run(charts, workers, pinned=pinned)
    for charts in (False, True)
    for workers, pinned in ((1, True), (1, False), (2, False))
)
_SMALL_RUNS: Final = (
    Run(charts=False, workers=1),
    Run(charts=False, workers=2),
    Run(charts=False, workers=1, parquet=False),
    Run(charts=False, workers=2, parquet=False),
    Run(charts=False, workers=1, pinned=True),
)
_SIZED: Final = Run(charts=True, workers=2)


def main() -> None:
    """Measure, and print as it comes."""
    parser = ArgumentParser(prog="python -m benchmarks.batch.run", description="Measure cds batch.")
    sizes = os.environ.get("CDS_BENCH_RESPONSES")
    largest = int(sizes) if sizes else SIZES[-1]
    parser.add_argument("--responses", type=int, default=largest, help="responses of the largest export")
    parser.add_argument("--million", action="store_true", help="and 1,000,000 responses")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="a part of it")
    parser.add_argument("--curve", type=Path, help="draw rules and time as SVG, to this file")
    given = parser.parse_args()
    if given.curve is not None and not can_draw():
        print("the curve will not be drawn: it needs matplotlib", file=sys.stderr)
    started = perf_counter()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), given.responses, given.million, given.only, given.curve)
    print(f"{(perf_counter() - started) / 60:.0f} minutes in all", file=sys.stderr)


def _measure(folder: Path, largest: int, million: bool, only: Sequence[str], curve: Path | None) -> None:
    count = min(STAGED, largest)
    some = population(folder, count + stages.WARM_UP)
    if "stages" in only:
        print("### Stages\n")
        stages.print_costs(stages.measure(some, count, folder))
    if "ways" in only:
        print("### The plain path\n")
        full_way.print_ways(*full_way.measure(some, count // 2))
    if "engines" in only:
        print("### Engines\n")
        engines.print_engines(*engines.measure(some, count // 2))
    if "rules" in only:
        print("### Rules\n")
        found = rule_counts.measure(folder, min(RULED, count), REPEAT)
        rule_counts.print_rule_counts(found)
        if curve is not None and can_draw():
            draw_curve(found, curve)
    if "runs" in only:
        _runs(folder, largest, million)


def _runs(folder: Path, largest: int, million: bool) -> None:
    few = population(folder, FEW)
    smaller = [population(folder, size) for size in SIZES if size < largest]
    print(f"### End to end: {largest:,} responses\n\n{WORDS}")
    results = end_to_end.measure(_RUNS, population(folder, largest), few, 1, folder)
    print_rates(results)
    print_scaling(results)
    by_size = {largest: results[_SIZED], **{each.count: [] for each in smaller}}
    for _ in range(REPEAT):
        for each in smaller:
            by_size[each.count] += end_to_end.measure([_SIZED], each, few, 1, folder)[_SIZED]
    if smaller:
        print(f"### End to end: {smaller[-1].count:,} responses, median of {REPEAT} runs\n")
        repeated = end_to_end.measure(_SMALL_RUNS, smaller[-1], few, REPEAT, folder)
        print_rates(repeated)
        print_scaling(repeated)
    if million:
        by_size[MILLION] = end_to_end.measure([_SIZED], population(folder, MILLION), few, 1, folder)[_SIZED]
    print(f"### End to end by size: {_SIZED.name}\n")
    print_sizes(by_size)


if __name__ == "__main__":
    main()
