"""What :mod:`benchmarks.batch.end_to_end` measured, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks.batch.end_to_end import FEW, Measured, Results, Run
from benchmarks.batch.table import print_table

WORDS: Final = f"""\
*Per core* is per CPU second: responses by the user and system time of all processes of the run, in which the parent
reads, joins, writes, makes checksums and Parquet. A run of one worker is two processes, so it can take more than one
core; *on one core* it cannot. The ceiling is one process that reads the same files and does `orjson.loads` and
`orjson.dumps` of every line, measured before and after each run. *After the start* leaves out what the same command
takes for {FEW} responses, which is starting Python and loading the pack in each process; where that is more than half
of a run, too little is left to tell.
"""
_UNTOLD: Final = "-"

Get = Callable[[Measured], float]


def print_rates(results: Results) -> None:
    """Responses a second of each run, and as a share of the ceiling."""
    heads = ["run", "start: s", "responses/s", "per core", "share of the ceiling"]
    heads += ["after the start: responses/s", "per core", "share of the ceiling", "CPU microseconds for each"]
    rows = [_ceiling(results, charts) for charts in (False, True) if any(run.charts == charts for run in results)]
    rows += [
        (
            run.name,
            _text(found, lambda one: one.start.wall, ".1f"),
            _text(found, lambda one: one.per_second),
            _text(found, lambda one: one.per_cpu_second),
            _text(found, lambda one: one.share, ".3f"),
            _steady(found, lambda one: one.steady_per_second),
            _steady(found, lambda one: one.steady_per_cpu_second),
            _steady(found, lambda one: one.steady_share, ".3f"),
            _steady(found, lambda one: 1e6 / one.steady_per_cpu_second),
        )
        for run, found in results.items()
    ]
    print_table(heads, rows)


def _ceiling(results: Results, charts: bool) -> tuple[str, ...]:
    found = [one for run, some in results.items() if run.charts == charts for one in some]
    rate = _text(found, lambda one: one.ceiling_rate)
    each = _text(found, lambda one: 1e6 / one.ceiling_rate)
    return (f"ceiling: {'responses and charts' if charts else 'responses'}", "", rate, rate, "1", rate, rate, "1", each)


def print_scaling(results: Results) -> None:
    """How much quicker two workers on two cores are, by the clock, than one worker, and than all of a run on one core.

    One worker has the parent beside it, which reads and writes on the other core.
    """
    rows = []
    for run, twos in results.items():
        for pinned, beside in ((False, "1 worker"), (True, "1 worker, on one core")):
            ones = results.get(Run(run.charts, 1, run.parquet, pinned))
            if run.workers != 2 or not ones:
                continue
            pairs = list(zip(ones, twos, strict=True))
            whole = median(one.whole.wall / two.whole.wall for one, two in pairs)
            steady = median(one.steady_wall / two.steady_wall for one, two in pairs)
            seconds = (_text(found, lambda one: one.whole.wall, ".1f") for found in (ones, twos))
            told = _is_told(ones) and _is_told(twos)
            rows.append((run.name, beside, *seconds, f"{whole:.2f}", f"{steady:.2f}" if told else _UNTOLD))
    print_table(["run", "beside", "that: s", "the run: s", "times as fast", "after the start"], rows)


def print_sizes(by_size: Mapping[int, Sequence[Measured]]) -> None:
    """Rate and memory by the number of responses."""
    heads = ["responses", "responses/s", "after the start: responses/s", "per core"]
    heads += ["largest worker: MiB", "parent: MiB"]
    rows = [
        (
            f"{size:,}",
            _text(found, lambda one: one.per_second),
            _steady(found, lambda one: one.steady_per_second),
            _steady(found, lambda one: one.steady_per_cpu_second),
            str(max(one.whole.worker for one in found)),
            str(max(one.whole.parent for one in found)),
        )
        for size, found in sorted(by_size.items())
    ]
    print_table(heads, rows)


def _is_told(found: Sequence[Measured]) -> bool:
    """Whether most of each run was more than its start."""
    return all(one.start.wall * 2 < one.whole.wall for one in found)


def _steady(found: Sequence[Measured], get: Get, form: str = ".0f") -> str:
    return _text(found, get, form) if _is_told(found) else _UNTOLD


def _text(found: Sequence[Measured], get: Get, form: str = ".0f") -> str:
    return f"{median(get(one) for one in found):{form}}"
