"""The store as the service sees it: async, with time limits, and loud when the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import select

from cds.service.store import kept_feedback, seen_tokens
from cds.service.store.backlog import Backlog
from cds.service.store.database import DEFAULT_PATIENCE, Database
from cds.service.store.errors import StoreUnavailable
from cds.service.store.feedback_item import FeedbackItem
from cds.service.store.migrate import migrate
from cds.service.store.showing import Showing
from cds.service.store.tables import seen_token

Answer = TypeVar("Answer")

_LIMIT: Final = 2.5
"""A call gives up after this many times the patience: connecting and then a statement, and a little."""


class Store:
    """One for each worker process, opened after it has started.

    The methods run SQL in a few threads, because a database driver blocks. They raise :class:`StoreUnavailable` when
    the database is away or too slow, and :class:`StoreFault` when it refuses a statement; nothing is swallowed.
    """

    def __init__(self, database: Database, patience: float = DEFAULT_PATIENCE, capacity: int = 20_000) -> None:
        self.database = database
        self._limit = _LIMIT * patience
        self._threads = ThreadPoolExecutor(database.threads, thread_name_prefix="cds-store")
        self._backlog = Backlog(database, capacity)

    @classmethod
    def open(cls, url: str, patience: float = DEFAULT_PATIENCE, capacity: int = 20_000) -> Store:
        """The store at a database URL; makes or updates its tables. Blocks: call it before there are requests.

        ``patience`` is how long (seconds) a lock or an answer is waited for, ``capacity`` how many showings may wait.
        Raises :class:`DatabaseUrlError`, :class:`SchemaError` (the tables are of a newer program) and
        :class:`StoreUnavailable`.
        """
        database = Database.of(url, patience)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, patience, capacity)

    async def first_use(self, issuer: str, jti: str, expires: float) -> bool:
        """Whether this token was not used before, by anybody who shares the database; ``expires`` is Unix time.

        A call that ended in :class:`StoreUnavailable` may have counted: the client then needs a new token.
        """
        return await self._call(lambda: seen_tokens.first_use(self.database, issuer, jti, expires))

    def shown(self, showing: Showing) -> None:
        """Note a card that was shown. Costs microseconds; see :class:`Backlog` for what can be lost."""
        self._backlog.add(showing)

    async def keep_feedback(self, service: str, issuer: str | None, items: Sequence[FeedbackItem]) -> None:
        """Keep feedback: all of it is on the disk when this returns. The same again changes nothing.

        After :class:`StoreUnavailable` it may be there or not; sending it again is safe either way.
        """
        await self._call(lambda: kept_feedback.keep(self.database, service, issuer, items))

    async def ping(self) -> None:
        """Raise :class:`StoreUnavailable` unless the database answers and has its tables."""
        await self._call(self._ask)

    async def close(self) -> None:
        """Write what waits, then close all connections."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """As :meth:`close`, for who has no event loop."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._backlog.close()
        self.database.close()

    @property
    def dropped(self) -> int:
        """How many showings were given up since the start."""
        return self._backlog.dropped

    @property
    def waiting(self) -> int:
        """How many showings wait to be written."""
        return self._backlog.waiting

    def _ask(self) -> None:
        with self.database.snapshot() as connection:
            connection.execute(select(seen_token.c.digest).limit(1))

    async def _call(self, work: Callable[[], Answer]) -> Answer:
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            async with asyncio.timeout(self._limit):
                return await future
        except TimeoutError:
            raise StoreUnavailable(
                f"the database {self.database.place} did not answer in {self._limit:g} seconds: check its load"
            ) from None
