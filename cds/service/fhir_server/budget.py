"""What all FHIR calls for one CDS request may take together."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from cds.intake import Limits

LARGEST: Final = 16 * 1024 * 1024
"""The most bytes of one answer, and of all together, unpacked: as much as a chart may have."""


class Budget:
    """``seconds`` from now, bytes and values of JSON, shared by all calls that hold it and run side by side."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic, size: int = LARGEST) -> None:
        """Start; ``clock`` gives seconds and never goes back; ``size`` is in bytes."""
        self._clock = clock
        self._end = clock() + seconds
        self._bytes = size
        self._values = Limits().values

    def left(self) -> float:
        """Seconds that are left, never below zero."""
        return max(0.0, self._end - self._clock())

    @property
    def bytes_left(self) -> int:
        """How many bytes may still come."""
        return self._bytes

    def take_bytes(self, number: int) -> bool:
        """Take so many bytes; ``False`` if there are not as many left, and then there are none left."""
        enough = number <= self._bytes
        self._bytes = self._bytes - number if enough else 0
        return enough

    def take_values(self, number: int) -> bool:
        """Take so many values of JSON (see :class:`Limits`); ``False`` if there are not as many left."""
        enough = number <= self._values
        self._values = self._values - number if enough else self._values
        return enough
