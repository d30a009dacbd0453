"""Who comes in when there is a crowd: requests take turns, and those who would wait too long are sent away at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from cds.service.http.arrivals import Arrivals
from cds.service.http.outcome import HttpFault

_FIRST_GUESS: Final = 0.002
_SMOOTHING: Final = 0.05
_RETRY_AFTER: Final = "1"
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of all bodies that one worker holds: seven of the largest, or some thousand of the usual ones."""


class Place:
    """The place of a request that came in, and the bytes that it holds."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.bytes = 0

    def take(self, size: int) -> None:
        """Hold so many more bytes, until the request ends. Raises :class:`HttpFault` 503 when there is no room."""
        if self._admission.bytes_left < size:
            raise _crowded({"Connection": "close"})  # the rest of the body is not read
        self._admission.bytes_left -= size
        self.bytes += size


class Admission:
    """The queue of one worker.

    Evaluating keeps the processor busy, so patients are evaluated one at a time; in between the event loop sees who
    else has come. A request is refused when ``longest_wait`` seconds would not be enough for all who wait before it,
    or when ``most`` requests are already inside: early, cheaply, and before anything of it was used up. At most half
    of these may be without a body, and all bodies together may have ``most_bytes``.
    """

    def __init__(self, longest_wait: float, most: int = 512, most_bytes: int = MOST_BYTES) -> None:
        self._longest_wait = longest_wait
        self._most = most
        self.bytes_left = most_bytes
        self.arrivals = Arrivals(max(1, most // 2))
        self._turn = asyncio.Lock()
        self._mean = _FIRST_GUESS
        self._inside = 0
        self._away = 0

    @property
    def inside(self) -> int:
        """How many requests are being worked on or wait."""
        return self._inside

    @contextmanager
    def enter(self) -> Iterator[Place]:
        """Come in, until the end of the block. Raises :class:`HttpFault` 503 when it is too crowded."""
        if self._inside >= self._most or (self._inside - self._away) * self._mean > self._longest_wait:
            raise _crowded()
        self._inside += 1
        place = Place(self)
        try:
            yield place
        finally:
            self._inside -= 1
            self.bytes_left += place.bytes

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


def _crowded(more: Mapping[str, str] | None = None) -> HttpFault:
    headers = {"Retry-After": _RETRY_AFTER, **(more or {})}
    return HttpFault(503, "too many requests at once: try again", headers=headers)
