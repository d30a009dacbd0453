"""Which parts of a run are finished: written after each part, read when a run is resumed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from cds.batch.problem import BatchError


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: lines of one file up to ``last``, and the files that were written of them.

    ``files`` has for each file name its lines, bytes and SHA-256.
    """

    number: int
    file: str
    last: int
    read: int
    assessed: int
    refused: int
    outcomes: Mapping[str, int]
    files: Mapping[str, Mapping[str, Any]]


class Journal:
    """The journal of one run. ``run`` says what it is a run of: with anything else it must not be resumed."""

    def __init__(self, path: Path, run: Mapping[str, Any]) -> None:
        self._path = path
        self._run = orjson.loads(orjson.dumps(run))
        self.parts: list[Part] = []

    def begin(self) -> None:
        """Start anew."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._append({"run": self._run})

    def resume(self) -> None:
        """Read what is finished. Raises :class:`BatchError` if it is of another run."""
        whole, _, _ = self._path.read_bytes().rpartition(b"\n")  # a line that was cut off is of a part that is not done
        first, *rest = (orjson.loads(line) for line in whole.splitlines()) if whole else ({"run": None},)
        if first["run"] != self._run:
            changed = sorted(key for key in self._run if (first["run"] or {}).get(key) != self._run[key])
            raise BatchError(
                f"the run that was begun here was another one ({', '.join(changed)} changed): "
                "go on with what it was begun with, or write to an empty folder"
            )
        self.parts = [Part(**entry) for entry in rest]

    def add(self, part: Part) -> None:
        """Note a part whose files are complete."""
        self._append(asdict(part))
        self.parts.append(part)

    def _append(self, entry: Mapping[str, Any]) -> None:
        with self._path.open("ab") as stream:
            stream.write(orjson.dumps(entry) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
