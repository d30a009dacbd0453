"""What can go wrong with the database. No message holds a password, a value of a row, or a statement's parameters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class StoreError(Exception):
    """Anything that the database or its URL can be the cause of."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, or does not answer in time: the caller answers 503 with Retry-After."""


class StoreFault(StoreError):
    """The database is there and refuses a statement. A fault of the program or of how the database is set up: 500."""


class DatabaseUrlError(StoreError, ValueError):
    """A database URL that cannot be used."""


class SchemaError(StoreError):
    """The tables of the database are not those that this program knows, or there are none."""


_REFUSED = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def _driver_errors() -> tuple[type[Exception], ...]:
    """The drivers' own errors, of those that are installed: PostgreSQL's is an extra."""
    try:
        import psycopg  # noqa: PLC0415
    except ImportError:
        return (sqlite3.Error,)
    return (sqlite3.Error, psycopg.Error)


_AWAY: tuple[type[Exception], ...] = (DatabaseError, InterfaceError, PoolTimeoutError, *_driver_errors())
"""The drivers' own classes come from what is done when a connection is made."""


@contextmanager
def reaching(place: str) -> Iterator[None]:
    """Turn what SQLAlchemy raises inside the block into the errors above, with ``place`` in the message.

    The cause is cut off (``from None``): a driver's message may quote the row that was being written.
    """
    try:
        yield
    except _REFUSED as error:
        raise StoreFault(
            f"the database {place} refused a statement ({_code(error)}): "
            "check that its tables were made by this program and that its user may read and write them"
        ) from None
    except _AWAY as error:
        raise StoreUnavailable(f"the database {place} cannot be used ({_code(error)}): {_advice(place)}") from None
    except SQLAlchemyError as error:
        raise StoreFault(f"the database {place} could not be used ({_code(error)})") from None


def _advice(place: str) -> str:
    if place.startswith("sqlite"):
        return "check that it is an SQLite file that may be written, and that no other program holds it"
    return "check that it runs, and its URL with user and password"


def _code(error: Exception) -> str:
    """The kind of an error: its class, and the SQLSTATE or the name of SQLite's error code where there is one."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    name = type(cause or error).__name__
    return f"{name} {state}" if state else name
