"""The process behind a worker of Spark: a line that ends it is refused, and it serves one partition after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cds.batch.lines import Line
from cds.spark import worker_pool
from cds.spark.worker_pool import evaluated, new_part
from tests.batch.test_pool import FragileSetup


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    for pool in worker_pool._pools.values():
        pool.__exit__()
    worker_pool._pools.clear()


def _setup(folder: Path) -> FragileSetup:
    return FragileSetup(folder, None, None, guidance=False, language=None)


def _told(setup: FragileSetup, *lines: bytes) -> tuple[bytes, int]:
    given = [("file", Line(number, data)) for number, data in enumerate(lines, start=1)]
    found = [result for _, result in evaluated(setup, new_part(), given)]
    return b"".join(bytes(one.assessments) for one in found), sum(one.refused_count for one in found)


def test_the_line_that_kills_is_refused_and_the_next_partition_needs_no_new_pool(tmp_path: Path) -> None:
    assert _told(_setup(tmp_path), b"a", b"always", b"b") == (b"a\nb\n", 1)
    (pool,) = worker_pool._pools.values()
    replaced = pool.replaced
    assert replaced > 0
    assert _told(_setup(tmp_path), *(b"%d" % number for number in range(450)))[1] == 0
    assert list(worker_pool._pools.values()) == [pool]
    assert pool.replaced == replaced


def test_another_setup_ends_the_pool_before(tmp_path: Path) -> None:
    assert _told(_setup(tmp_path), b"a") == (b"a\n", 0)
    (before,) = worker_pool._pools.values()
    (tmp_path / "other").mkdir()
    assert _told(_setup(tmp_path / "other"), b"b") == (b"b\n", 0)
    assert list(worker_pool._pools) == [_setup(tmp_path / "other")]
    assert before._workers == []


def test_a_task_that_ends_early_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    lines = [("file", Line(number, b"%d" % number)) for number in range(2_000)]
    first = evaluated(_setup(tmp_path), new_part(), lines)
    next(first)
    first.close()  # type: ignore[attr-defined]  # it is a generator
    assert _told(_setup(tmp_path), b"x", b"y") == (b"x\ny\n", 0)
