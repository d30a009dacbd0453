"""What a command takes: time on the clock, time of processors, and memory of each of its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

_EVERY: Final = 0.05
"""Seconds between two looks at the memory: the peak of each process is kept by the kernel until it ends."""
_MIB: Final = 1024
_HELPERS: Final = b"resource_tracker"
"""A process of the standard library that evaluates nothing."""


@dataclass(frozen=True, slots=True)
class Usage:
    """``wall`` and ``cpu`` in seconds; ``cpu`` is user and system time of the command and all processes it started.

    ``parent`` and ``worker`` are peak resident memory in MiB: of the command's own process, and of the largest other
    one; 0 where there is no ``/proc``. (What ``wait4`` tells will not do: it counts the memory of whoever started the
    command as well.)
    """

    wall: float
    cpu: float
    parent: int
    worker: int
    output: str


def measured(command: Sequence[str]) -> Usage:
    """Run a command from start to end. Raises ``RuntimeError`` if its exit status is not 0."""
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    watch = _Watch(process.pid)
    watch.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - started
    watch.end()
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}\n{output}")
    cpu = used.ru_utime + used.ru_stime
    return Usage(wall, cpu, watch.parent, watch.worker, output)


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all that it started."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.parent = self.worker = 0

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            self.parent = max(self.parent, _peak(self._pid))
            self.worker = max([self.worker, *map(_peak, _descendants(self._pid))])

    def end(self) -> None:
        self._ended.set()
        self.join()


def _descendants(pid: int) -> Iterator[int]:
    try:
        words = [word for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]
        for child in map(int, words):
            if _HELPERS not in Path(f"/proc/{child}/cmdline").read_bytes():
                yield child
            yield from _descendants(child)
    except OSError:
        return  # it has ended meanwhile, or this is not Linux


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(next(found, "0")) // _MIB
