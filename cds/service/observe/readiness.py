"""Whether this worker can be trusted with patients: packs loaded, engine right, database within reach."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from cds.service.observe.self_test import SelfTest

_FRESH: Final = 1.0
"""Seconds for which the last result of the engine's self-test, and of asking the database, holds."""


class Readiness:
    """Answers whether the worker is ready.

    A case of the self-test runs at most every second, and the database is asked as rarely and by one at a time: nobody
    can keep its few threads busy by asking.
    """

    def __init__(self, tests: Sequence[SelfTest], ping: Callable[[], Awaitable[None]]) -> None:
        self._tests = tests
        self._ping = ping
        self._tested = float("-inf")
        self._engine = False
        self._asked = float("-inf")
        self._database = False
        self._asking = asyncio.Lock()

    async def checks(self) -> dict[str, bool]:
        """Name of the check to whether it passed."""
        return {"packs": bool(self._tests), "engine": self._engine_works(), "database": await self._database_answers()}

    def _engine_works(self) -> bool:
        if time.monotonic() - self._tested > _FRESH:
            self._engine = all(test.next_passes() for test in self._tests)
            self._tested = time.monotonic()
        return self._engine

    async def _database_answers(self) -> bool:
        async with self._asking:
            if time.monotonic() - self._asked > _FRESH:
                self._database = await self._reached()
                self._asked = time.monotonic()
            return self._database

    async def _reached(self) -> bool:
        try:
            await self._ping()
        except Exception:  # whatever is wrong with it, it cannot be used
            return False
        return True
