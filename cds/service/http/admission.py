"""Who comes in when there is a crowd: requests take turns, and those who would wait too long are sent away at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from cds.service.http.outcome import HttpFault

_FIRST_GUESS: Final = 0.002
_SMOOTHING: Final = 0.05
_RETRY_AFTER: Final = "1"


class Admission:
    """The queue of one worker.

    Evaluating keeps the processor busy, so patients are evaluated one at a time; in between the event loop sees who
    else has come. A request is refused when ``longest_wait`` seconds would not be enough for all who wait before it,
    or when ``most`` requests are already inside: early, cheaply, and before anything of it was used up.
    """

    def __init__(self, longest_wait: float, most: int = 512) -> None:
        self._longest_wait = longest_wait
        self._most = most
        self._turn = asyncio.Lock()
        self._mean = _FIRST_GUESS
        self._inside = 0
        self._away = 0

    @property
    def inside(self) -> int:
        """How many requests are being worked on or wait."""
        return self._inside

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Come in, until the end of the block. Raises :class:`HttpFault` 503 when it is too crowded."""
        if self._inside >= self._most or (self._inside - self._away) * self._mean > self._longest_wait:
            raise HttpFault(503, "too many requests at once: try again", headers={"Retry-After": _RETRY_AFTER})
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    @contextmanager
    def away(self) -> Iterator[None]:
        """Wait for somebody else, such as a FHIR server, until the end of the block: nobody has to wait for that."""
        self._away += 1
        try:
            yield
        finally:
            self._away -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn, and have the processor until the end of the block."""
        async with self._turn:
            # One round of the event loop: requests that came meanwhile are let in or refused now, not afterwards.
            await asyncio.sleep(0)
            start = time.perf_counter()
            try:
                yield
            finally:
                self._mean += _SMOOTHING * (time.perf_counter() - start - self._mean)
