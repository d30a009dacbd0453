"""Removes what is older than a day: nothing goes by itself."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, select

from cds.service.store.database import Database
from cds.service.store.errors import reaching
from cds.service.store.tables import feedback, shown

_BATCH: Final = 500
"""Rows that are removed in one transaction: a few milliseconds, so that no request waits for it."""


class Removed(NamedTuple):
    """How many cards that were shown, and how many feedback items, were removed or would be."""

    shown: int
    feedback: int


def old(connection: Connection, before: date) -> Removed:
    """How much :func:`prune` would remove now."""
    return Removed(
        *(
            connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
            for table, _key, condition in _old(before)
        )
    )


def prune(database: Database, before: date) -> Removed:
    """Remove cards first shown before a day (UTC), with their rules, and feedback that came before it.

    A few rows at a time, so that a running service goes on; after an error what went so far is gone, and it can be
    done again. In SQLite the bytes are overwritten in the file. Raises as :func:`reaching` does.
    """
    return Removed(*(_remove(database, *one) for one in _old(before)))


def _old(before: date) -> tuple[tuple[Table, Column[str], ColumnElement[bool]], ...]:
    return (
        (shown, shown.c.card, shown.c.day < before),
        (feedback, feedback.c.digest, feedback.c.received_at < datetime.combine(before, time_of_day(), UTC)),
    )


def _remove(database: Database, table: Table, key: Column[str], condition: ColumnElement[bool]) -> int:
    gone = 0
    while True:
        with reaching(database.place), database.durable.begin() as connection:
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")  # comments must not stay in free pages
            chosen = select(key).where(condition).limit(_BATCH).with_for_update(skip_locked=True)
            keys = connection.scalars(chosen).all()
            if keys:
                connection.execute(delete(table).where(key.in_(keys)))
        gone += len(keys)
        if len(keys) < _BATCH:
            return gone
        time.sleep(0.01)  # lets a request have the lock of SQLite
