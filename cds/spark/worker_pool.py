"""The process that evaluates for a Python worker of Spark: it loads the pack once, and outlives the tasks.

Spark gives up a job if a line ends the worker four times. Behind :class:`Pool` a line that does so is refused alone,
as in a run without Spark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from cds.batch.chunks import BYTES, LINES
from cds.batch.evaluator import Chunk, Evaluated
from cds.batch.lines import Line
from cds.batch.pool import Pool
from cds.batch.worker import Setup

_pools: dict[Setup, Pool] = {}
_parts = 0


def new_part() -> int:
    """A number that no part of what this worker evaluates had before."""
    global _parts  # noqa: PLW0603 - one for each process is what is meant
    _parts += 1
    return _parts


def evaluated(setup: Setup, part: int, found: Iterable[tuple[str, Line]]) -> Iterator[tuple[Chunk, Evaluated]]:
    """What comes of lines (file and line), chunk by chunk in their order.

    Raises :class:`BatchError` if no process can load the pack.
    """
    pool = _pools.get(setup)
    if pool is None:
        for other in _pools.values():
            other.__exit__()  # of a run that is over, or of another pack
        _pools.clear()
        pool = _pools[setup] = Pool(setup, 1).__enter__()
    try:
        yield from pool.results(_chunks(part, found))
    except BaseException:
        # Whatever it was: chunks may be left in it, whose results would come for those of the next task.
        _pools.pop(setup, None)
        pool.__exit__()
        raise


def _chunks(part: int, found: Iterable[tuple[str, Line]]) -> Iterator[Chunk]:
    number = 0
    for file, group in groupby(found, key=lambda one: one[0]):
        chunk, size = list[Line](), 0
        for _, line in group:
            if chunk and (len(chunk) == LINES or size + len(line.data or b"") > BYTES):
                yield Chunk(number, part, file, tuple(chunk))
                number, chunk, size = number + 1, [], 0
            chunk.append(line)
            size += len(line.data or b"")
        yield Chunk(number, part, file, tuple(chunk))
        number += 1
