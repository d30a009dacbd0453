"""What :mod:`benchmarks.batch.end_to_end` measured, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from benchmarks.batch.end_to_end import Measured, Results, Run, middle
from benchmarks.batch.table import print_table

WORDS = """\
*Per core* is per CPU second: responses by the user and system time of all processes of the run, the reading,
joining, writing, checksums and Parquet of the parent among it. The ceiling is one process that reads the same files
and does `orjson.loads` and `orjson.dumps` of every line, before and after each run. *After the start* leaves out what
the same command takes for ten responses: starting Python, loading the pack in each process.
"""


def print_rates(results: Results) -> None:
    """Responses a second of each run, and as a share of the ceiling."""
    heads = ["run", "responses/s", "per core", "share of the ceiling"]
    heads += ["after the start: responses/s", "per core", "share of the ceiling"]
    rows: list[tuple[str, ...]] = []
    for charts in (False, True):
        of_kind = [one for run, found in results.items() if run.charts == charts for one in found]
        if of_kind:
            rate = _middle(of_kind, lambda one: one.ceiling_rate)
            name = f"ceiling: {'responses and charts' if charts else 'responses'}"
            rows.append((name, f"{rate:.0f}", f"{rate:.0f}", "1", "", "", ""))
    for run, found in results.items():
        values = [_middle(found, get) for get in (_RATES)]
        rows.append(
            (
                run.name,
                *(f"{value:.0f}" for value in values[:2]),
                f"{values[2]:.3f}",
                *(f"{value:.0f}" for value in values[3:5]),
                f"{values[5]:.3f}",
            )
        )
    print_table(heads, rows)


_RATES: tuple[Callable[[Measured], float], ...] = (
    lambda one: one.per_second,
    lambda one: one.per_cpu_second,
    lambda one: one.share,
    lambda one: one.steady_per_second,
    lambda one: one.steady_per_cpu_second,
    lambda one: one.steady_share,
)


def print_scaling(results: Results) -> None:
    """How much quicker two workers are than one, by the clock."""
    rows = []
    for run, ones in results.items():
        two = Run(run.charts, 2, run.parquet)
        if run.workers == 1 and not run.pinned and two in results:
            pairs = list(zip(ones, results[two], strict=True))
            whole = middle(one.whole.wall / other.whole.wall for one, other in pairs)
            steady = middle(one.steady_wall / other.steady_wall for one, other in pairs)
            seconds = [f"{_middle(found, lambda one: one.whole.wall):.1f}" for found in (ones, results[two])]
            rows.append((run.name.replace(", 1 worker", ""), *seconds, f"{whole:.2f}", f"{steady:.2f}"))
    print_table(["run", "1 worker: s", "2 workers: s", "times as fast", "after the start"], rows)


def print_sizes(by_size: Mapping[int, Iterable[Measured]]) -> None:
    """Rate and memory by the number of responses."""
    heads = ["responses", "responses/s", "after the start", "per core after the start"]
    rows = []
    for size, found in sorted(by_size.items()):
        some = list(found)
        rates = [
            _middle(some, get)
            for get in (
                lambda one: one.per_second,
                lambda one: one.steady_per_second,
                lambda one: one.steady_per_cpu_second,
            )
        ]
        peaks = [max(one.whole.worker for one in some), max(one.whole.parent for one in some)]
        most = max(one.whole.largest for one in some)
        rows.append((f"{size:,}", *(f"{rate:.0f}" for rate in rates), *map(str, peaks), str(most)))
    print_table([*heads, "largest worker: MiB", "parent: MiB", "largest process, by the kernel: MiB"], rows)


def _middle(found: Iterable[Measured], get: Callable[[Measured], float]) -> float:
    return middle(get(one) for one in found)
