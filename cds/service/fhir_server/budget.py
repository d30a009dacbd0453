"""The time that all FHIR calls for one CDS request may take together."""

from __future__ import annotations

import time
from collections.abc import Callable


class Budget:
    """``seconds`` from now, shared by all calls that hold it, also by those that run side by side."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start; ``clock`` gives seconds and never goes back."""
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds that are left, never below zero."""
        return max(0.0, self._end - self._clock())
