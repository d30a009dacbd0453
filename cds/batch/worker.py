"""A worker process: loads the pack once, then answers one task after the other until there is none."""

from __future__ import annotations

import gc
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from cds.batch.evaluator import Chunk, Evaluator

_BETWEEN_COLLECTIONS: Final = 20_000
"""New objects after which those without an owner are looked for: what a few dozen patients leave behind."""
READY: Final = "ready"
"""What a worker says first, once it has loaded the pack."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to begin: pack folder, index of the charts, and how to evaluate.

    ``charts_whole`` is false if some resource of the charts could not be read, whoever it is of.
    """

    pack: Path
    charts: Path | None
    as_of: str | None
    guidance: bool
    language: str | None
    charts_whole: bool = True

    def evaluator(self) -> Evaluator:
        """An evaluator of this process. Raises :class:`PackError`."""
        return Evaluator(self.pack, self.charts, self.as_of, self.guidance, self.language, self.charts_whole)


def work(connection: Connection, setup: Setup) -> None:
    """Evaluate the chunks that come, until ``None`` does, or the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the run tells the parent, which ends this process
    evaluator = setup.evaluator()
    gc.collect()
    gc.freeze()  # what is loaded stays: it need not be looked through again and again
    gc.set_threshold(_BETWEEN_COLLECTIONS, 20, 50)
    try:
        connection.send(READY)
        while (chunk := connection.recv()) is not None:
            connection.send(evaluator.evaluate(Chunk(*chunk)))
    except (EOFError, BrokenPipeError):
        return
