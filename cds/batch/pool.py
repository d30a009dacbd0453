"""Chunks given to worker processes, and their results in order, whatever happens to the workers.

A worker that dies, also by a signal in C code, or that does not answer in time, is replaced, and its chunk is done
again. If that kills another, its lines are done one by one, and a line that kills two more is refused.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Final

from cds.batch.evaluator import Chunk, Evaluated
from cds.batch.problem import BatchError
from cds.batch.worker import READY, Setup, work

AHEAD: Final = 4
"""So many chunks for each worker are read ahead of the one whose result is wanted next."""
SECONDS: Final = 300.0
"""A worker that has not answered after so long is taken for dead."""
_DEATHS: Final = 2
"""A chunk, or then a line, is given up after it has killed so many workers."""


@dataclass(slots=True)
class _Task:
    """Some of the lines of a chunk. ``alone`` if it is one line that may have killed workers before."""

    chunk: Chunk
    alone: bool = False
    deaths: int = 0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    task: _Task | None = None
    since: float = field(default_factory=monotonic)


@dataclass(slots=True)
class _Open:
    """A chunk whose results are not complete: ``missing`` tasks, and what came of the others by first line."""

    chunk: Chunk
    missing: int = 1
    found: dict[int, Evaluated] = field(default_factory=dict)


class Pool:
    """Worker processes. To be used as a context, at the end of which there is none left."""

    def __init__(self, setup: Setup, workers: int, seconds: float = SECONDS) -> None:
        self._setup = setup
        self._size = workers
        self._seconds = seconds
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._open: dict[int, _Open] = {}
        self.replaced = 0
        """How many workers died and were replaced."""

    def __enter__(self) -> Pool:
        self._workers = [self._started() for _ in range(self._size)]
        try:
            for worker in self._workers:
                self._wait_until_ready(worker)
        except BatchError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def results(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Evaluated]]:
        """What comes of each chunk, in their order. Raises :class:`BatchError` if no worker can begin."""
        incoming, order = iter(chunks), deque[int]()
        more = True
        while more or order:
            while more and len(order) < self._size * AHEAD:
                chunk = next(incoming, None)
                more = chunk is not None
                if chunk is not None:
                    order.append(chunk.number)
                    self._open[chunk.number] = _Open(chunk)
                    self._waiting.append(_Task(chunk))
                    self._hand_out()
            while order and not self._open[order[0]].missing:
                done = self._open.pop(order.popleft())
                yield done.chunk, _joined(done.found)
            if order and self._open[order[0]].missing:
                self._hand_out()
                self._listen()

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._setup), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _wait_until_ready(self, worker: _Worker) -> None:
        """A worker that cannot even load the pack would have every line refused: then the run stops instead."""
        try:
            if worker.connection.poll(self._seconds) and worker.connection.recv() == READY:
                return
        except (EOFError, OSError):
            pass
        raise BatchError("a worker process cannot begin: see above for why, mend it and go on with --resume")

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        worker.process.close()

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.task, worker.since = self._waiting.popleft(), monotonic()
                with suppress(OSError):  # it is dead, which is seen when its answer is waited for
                    worker.connection.send(tuple(worker.task.chunk))

    def _listen(self) -> None:
        """Take the answers that are there, and see to workers that died or are late."""
        busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
        ready = wait(list(busy), timeout=1.0)
        for connection in ready:
            worker = busy[connection]  # type: ignore[index]  # only connections were waited for
            try:
                evaluated = worker.connection.recv()
            except (EOFError, OSError):
                self._died(worker)
                continue
            assert worker.task is not None  # noqa: S101 - it was busy
            self._done(worker.task, evaluated)
            worker.task = None
        for worker in busy.values():
            if worker.task is not None and monotonic() - worker.since > self._seconds:
                self._died(worker)

    def _done(self, task: _Task, evaluated: Evaluated) -> None:
        entry = self._open[task.chunk.number]
        entry.found[task.chunk.lines[0].number] = evaluated
        entry.missing -= 1

    def _died(self, worker: _Worker) -> None:
        task = worker.task
        assert task is not None  # noqa: S101 - only busy workers are waited for
        self._end(worker)
        self.replaced += 1
        place = self._workers.index(worker)
        self._workers[place] = self._started()
        self._wait_until_ready(self._workers[place])
        task.deaths += 1
        if task.deaths < _DEATHS:
            self._waiting.appendleft(task)
        elif task.alone:
            self._done(task, _refused(task.chunk))
        else:
            chunk = task.chunk
            self._open[chunk.number].missing += len(chunk.lines) - 1
            alone = [_Task(chunk._replace(lines=(line,)), alone=True) for line in chunk.lines]
            self._waiting.extendleft(reversed(alone))


def _refused(chunk: Chunk) -> Evaluated:
    found = Evaluated()
    for line in chunk.lines:
        found.refuse(
            f"{chunk.file}:{line.number}", [("", "not evaluated: the process that evaluates it ends: report it")]
        )
    return found


def _joined(found: dict[int, Evaluated]) -> Evaluated:
    (first, *others) = (found[number] for number in sorted(found))
    for other in others:
        first.add(other)
    return first
