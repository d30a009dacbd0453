"""``cds batch`` from the start of its process to its end, beside the ceiling on the same files."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.batch.ceiling import Ceiling
from benchmarks.batch.population import Population
from benchmarks.batch.usage import Usage, measured

FEW: Final = 10
"""Responses of a run that is nothing but start and end."""
_COUNTS: Final = re.compile(r"responses: (\d+) read = (\d+) assessed \+ 0 refused")


@dataclass(frozen=True, slots=True)
class Run:
    """How ``cds batch`` is called. ``pinned``: all its processes on one core."""

    charts: bool
    workers: int
    parquet: bool = True
    pinned: bool = False

    @property
    def name(self) -> str:
        """What the run is called in tables."""
        what = "responses and charts" if self.charts else "responses"
        who = f"{self.workers} worker{'s' if self.workers > 1 else ''}"
        return ", ".join(
            [what, who, *(["no Parquet"] if not self.parquet else []), *(["on one core"] if self.pinned else [])]
        )

    def command(self, source: Path, out: Path) -> list[str]:
        """The command line."""
        core = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if self.pinned else []
        options = [*(("--no-parquet",) if not self.parquet else ()), "--workers", str(self.workers)]
        return [*core, sys.executable, "-m", "cds", "batch", str(source), str(out), *options]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run on ``count`` responses, the same with :data:`FEW` for its start, and the ceiling around it."""

    count: int
    whole: Usage
    start: Usage
    ceiling: Ceiling

    @property
    def per_second(self) -> float:
        """Responses for each second of the clock, the start and the end of all processes included."""
        return self.count / self.whole.wall

    @property
    def per_cpu_second(self) -> float:
        """Responses for each CPU second of all processes, the start included."""
        return self.count / self.whole.cpu

    @property
    def steady_per_second(self) -> float:
        """As :attr:`per_second`, less the start."""
        return (self.count - FEW) / self.steady_wall

    @property
    def steady_per_cpu_second(self) -> float:
        """As :attr:`per_cpu_second`, less the start."""
        return (self.count - FEW) / (self.whole.cpu - self.start.cpu)

    @property
    def steady_wall(self) -> float:
        """Seconds of the clock, less the start."""
        return self.whole.wall - self.start.wall

    @property
    def ceiling_rate(self) -> float:
        """Responses for each CPU second of the ceiling."""
        return self.count / self.ceiling.cpu

    @property
    def share(self) -> float:
        """Responses for each CPU second beside those of the ceiling."""
        return self.per_cpu_second / self.ceiling_rate

    @property
    def steady_share(self) -> float:
        """As :attr:`share`, less the start."""
        return self.steady_per_cpu_second / self.ceiling_rate


Results = dict[Run, list[Measured]]
"""Each run with its repetitions."""


def measure(runs: Sequence[Run], population: Population, few: Population, repeat: int, scratch: Path) -> Results:
    """Measure all runs in turn, ``repeat`` times over, so that a slow minute hits each of them alike."""
    found: Results = {run: [] for run in runs}
    for _ in range(repeat):
        for run in runs:
            files = population.files(run.charts)
            before = Ceiling.of(files)
            start = _run(run, few, scratch)
            whole = _run(run, population, scratch)
            ceiling = before.beside(Ceiling.of(files))
            found[run].append(Measured(population.count, whole, start, ceiling))
            print(f"{run.name}: {population.count} in {whole.wall:.1f} s", file=sys.stderr)
    return found


def _run(run: Run, population: Population, scratch: Path) -> Usage:
    out = scratch / "out"
    usage = measured(run.command(population.folder(run.charts), out))
    shutil.rmtree(out)
    counts = _COUNTS.search(usage.output)
    if counts is None or set(counts.groups()) != {str(population.count)}:
        raise RuntimeError(f"{run.name}: not all of {population.count} responses were assessed:\n{usage.output}")
    return usage
