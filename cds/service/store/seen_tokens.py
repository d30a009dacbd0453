"""Which tokens have been used: the first use wins, over all threads, processes and hosts of one database."""

from __future__ import annotations

import math
import time
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from cds.service.store.database import Database
from cds.service.store.errors import reaching
from cds.service.store.feedback_item import digest_of
from cds.service.store.tables import seen_token

KEPT: Final = 3600
"""Seconds that a token is remembered after it has expired: more than any leeway, and than clocks of hosts differ."""

_FOREVER: Final = 2**53
_BATCH: Final = 500
"""Rows that are purged in one transaction: a few milliseconds, so that no request waits for it."""


def first_use(database: Database, issuer: str, jti: str, expires: float) -> bool:
    """Whether nobody has used this token before; from now on it is used. ``expires`` is Unix time, in seconds."""
    values = {"digest": digest_of(issuer, jti), "expires": _kept_until(expires)}
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    statement = insert(seen_token).values(values).on_conflict_do_nothing(index_elements=["digest"])
    with reaching(database.place), database.single.begin() as connection:
        # A row that comes back was inserted by us. (The row count is not kept by every driver.)
        return connection.scalar(statement.returning(seen_token.c.digest)) is not None


def purge(database: Database, now: float) -> int:
    """Forget tokens that expired long ago, a few at a time; how many went."""
    gone = 0
    while True:
        with reaching(database.place), database.quick.begin() as connection:
            count = _purge_some(connection, int(now) - KEPT)
        gone += count
        if count < _BATCH:
            return gone
        time.sleep(0.01)  # lets a request have the lock of SQLite


def _purge_some(connection: Connection, before: int) -> int:
    # SKIP LOCKED (PostgreSQL): two hosts that purge at once take different rows. SQLite has one writer anyway.
    chosen = (
        select(seen_token.c.digest).where(seen_token.c.expires < before).limit(_BATCH).with_for_update(skip_locked=True)
    )
    digests = connection.scalars(chosen).all()
    if digests:
        connection.execute(delete(seen_token).where(seen_token.c.digest.in_(digests)))
    return len(digests)


def _kept_until(expires: float) -> int:
    """The expiry as a number that the column holds; what is no number is kept for good."""
    if math.isnan(expires) or expires > _FOREVER:
        return _FOREVER
    # Somebody who says that it expired long ago must not have it forgotten at once.
    return max(int(max(expires, 0.0)), int(time.time()))
