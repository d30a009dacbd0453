"""The ceiling: what reading each line as JSON and writing it again takes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import NamedTuple, Self

import orjson


class Ceiling(NamedTuple):
    """CPU seconds of one process, which for one process are those of the clock when nobody disturbs it."""

    cpu: float

    @classmethod
    def of(cls, files: Iterable[Path]) -> Self:
        """Measure ``orjson.loads`` and ``orjson.dumps`` of every line of the files, read from the disk."""
        started = process_time()
        for path in files:
            with path.open("rb") as stream:
                for line in stream:
                    orjson.dumps(orjson.loads(line))
        return cls(process_time() - started)

    def beside(self, other: Self) -> Self:
        """The mean of both: one before, one after what is measured."""
        return type(self)(fmean((self.cpu, other.cpu)))
