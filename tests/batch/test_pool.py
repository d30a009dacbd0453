"""Workers die, by signals in the middle of their work, and every line still comes to something, in order."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from cds.batch.evaluator import Chunk, Evaluated, Evaluator
from cds.batch.lines import Line
from cds.batch.pool import Pool
from cds.batch.problem import BatchError
from cds.batch.worker import Setup


class Fragile:
    """Echoes lines; some of them kill the process, once or always."""

    def __init__(self, marks: Path) -> None:
        self._marks = marks

    def evaluate(self, chunk: Chunk) -> Evaluated:
        found = Evaluated()
        for line in chunk.lines:
            data = line.data or b""
            if data.startswith(b"always"):
                os.kill(os.getpid(), signal.SIGSEGV)
            if data.startswith(b"once") and not (self._marks / data.decode()).exists():
                (self._marks / data.decode()).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if data.startswith(b"sleep"):
                time.sleep(60)
            found.assessments += data + b"\n"
            found.assessed_count += 1
        return found


@dataclass(frozen=True, slots=True)
class FragileSetup(Setup):
    """Makes such evaluators; or none at all."""

    broken: bool = False

    def evaluator(self) -> Evaluator:
        if self.broken:
            raise SystemExit(3)
        return cast(Evaluator, Fragile(self.pack))


def _setup(folder: Path, **changes: Any) -> FragileSetup:
    return FragileSetup(folder, None, None, guidance=False, language=None, **changes)


def _chunks(*contents: list[bytes]) -> list[Chunk]:
    found, number = [], 0
    for index, lines in enumerate(contents):
        found.append(Chunk(index, 0, "file", tuple(Line(number + at + 1, data) for at, data in enumerate(lines))))
        number += len(lines)
    return found


def _results(pool: Pool, chunks: list[Chunk]) -> list[tuple[int, bytes, list[str]]]:
    told = []
    for chunk, found in pool.results(chunks):
        refused = [orjson.loads(line)["issue"][0]["diagnostics"] for line in found.refused.splitlines()]
        assert found.assessed_count + found.refused_count == len(chunk.lines)
        told.append((chunk.number, bytes(found.assessments), [one.partition(": ")[0] for one in refused]))
    return told


def test_results_come_in_order(tmp_path: Path) -> None:
    contents = [[b"%d" % number] for number in range(60)]
    with Pool(_setup(tmp_path), workers=3) as pool:
        assert _results(pool, _chunks(*contents)) == [(number, b"%d\n" % number, []) for number in range(60)]
        assert pool.replaced == 0


def test_what_kills_once_is_done_again(tmp_path: Path) -> None:
    with Pool(_setup(tmp_path), workers=2) as pool:
        told = _results(pool, _chunks([b"a"], [b"b", b"once-1", b"c"], [b"d"]))
        assert told == [(0, b"a\n", []), (1, b"b\nonce-1\nc\n", []), (2, b"d\n", [])]
        assert pool.replaced == 1


def test_the_line_that_kills_is_refused_and_those_around_it_are_not(tmp_path: Path) -> None:
    with Pool(_setup(tmp_path), workers=2) as pool:
        told = _results(pool, _chunks([b"a"], [b"b", b"always-1", b"c", b"always-2"], [b"d"]))
        assert told == [(0, b"a\n", []), (1, b"b\nc\n", ["file:3", "file:5"]), (2, b"d\n", [])]
        assert pool.replaced == 6


def test_a_worker_that_does_not_answer_is_replaced(tmp_path: Path) -> None:
    with Pool(_setup(tmp_path), workers=1, seconds=2.0) as pool:
        assert _results(pool, _chunks([b"a"], [b"sleep"])) == [(0, b"a\n", []), (1, b"", ["file:2"])]


def test_workers_that_cannot_begin_stop_the_run(tmp_path: Path) -> None:
    """Otherwise every line would be refused."""
    with pytest.raises(BatchError, match="cannot begin"), Pool(_setup(tmp_path, broken=True), workers=1):
        pass
