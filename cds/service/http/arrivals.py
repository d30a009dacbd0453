"""Callers whose body is still to come: how long each may take, and how many may at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from cds.service.http.outcome import HttpFault

PATIENCE: Final = 5.0
"""Seconds for which a body may stand still, or lag behind :data:`RATE`."""
RATE: Final = 64 * 1024
"""Bytes in a second that a body must bring on average."""
_CLOSE: Final = {"Connection": "close"}


class Arrival:
    """A body that is awaited."""

    def __init__(self, until: asyncio.Timeout) -> None:
        self._until = until
        self.gave_way = False

    def came(self, size: int) -> None:
        """So many bytes came: there is more time for the next ones, but never more than :data:`PATIENCE`."""
        latest = asyncio.get_running_loop().time() + PATIENCE
        when = self._until.when()
        if not self._until.expired() and when is not None and not self.gave_way:
            self._until.reschedule(min(when + size / RATE, latest))

    def give_way(self) -> None:
        """Wait no longer."""
        self.gave_way = True
        if not self._until.expired():
            self._until.reschedule(0.0)


class Arrivals:
    """All bodies that a worker awaits: at most ``most``, and half of them of one client.

    When there is no room, the one awaited for longest gives way: a body that comes at all comes within milliseconds,
    so that many who send none cannot keep out those who send theirs.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._of_one = max(1, most // 2)
        self._awaited: dict[Arrival, str | None] = {}
        self._each: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many bodies are awaited."""
        return len(self._awaited)

    @asynccontextmanager
    async def wait(self, client: str | None) -> AsyncIterator[Arrival]:
        """Wait, until the end of the block, for a body from ``client``, or from someone who is not known.

        Raises :class:`HttpFault` 408 if the body does not come in time, and 503 if it had to give way.
        """
        self._make_room(client)
        arrival: Arrival | None = None
        try:
            async with asyncio.timeout(PATIENCE) as until:
                arrival = Arrival(until)
                self._awaited[arrival] = client
                if client is not None:
                    self._each[client] += 1
                try:
                    yield arrival
                finally:
                    self._forget(arrival)
        except TimeoutError:
            if arrival is not None and arrival.gave_way:
                raise HttpFault(
                    503, "the body did not come while others waited: try again", headers={"Retry-After": "1"} | _CLOSE
                ) from None
            raise HttpFault(408, "the body did not come in time", headers=_CLOSE) from None

    def _make_room(self, client: str | None) -> None:
        if client is not None and self._each[client] >= self._of_one:
            oldest = next(one for one, of in self._awaited.items() if of == client)
        elif len(self._awaited) >= self._most:
            oldest = next(iter(self._awaited))
        else:
            return
        self._forget(oldest)
        oldest.give_way()

    def _forget(self, arrival: Arrival) -> None:
        if arrival not in self._awaited:
            return
        client = self._awaited.pop(arrival)
        if client is not None:
            self._each[client] -= 1
            if not self._each[client]:
                del self._each[client]
