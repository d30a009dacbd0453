"""Brings the tables to what this program knows. Safe when many workers and hosts start at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from cds.service.store.database import Database, make_file
from cds.service.store.errors import SchemaError, reaching
from cds.service.store.tables import VERSION_TABLE

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6364735F73746F72
"""The advisory lock of PostgreSQL under which tables are changed: the bytes of ``cds_stor``."""

_PATIENCE: Final = 120.0
"""Seconds to wait for another process that is changing the tables."""


def migrate(database: Database) -> None:
    """Make or update the tables.

    Raises :class:`StoreUnavailable`, :class:`DatabaseUrlError` (the file cannot be made), and :class:`SchemaError` if
    the tables were made by a newer program: what the newer one relies on would be undone without a word.
    """
    if database.file is not None:
        make_file(database.file)
    with reaching(database.place):
        if database.is_sqlite:
            _use_wal(database)
        with database.snapshot() as connection:
            if _is_current(connection, database.place):
                return
        with _alone(database) as connection:
            if not _is_current(connection, database.place):
                command.upgrade(_config(connection), "head")


def check_schema(database: Database) -> None:
    """Raise :class:`SchemaError` unless the tables are those that this program knows; changes nothing."""
    if database.file is not None and not database.file.is_file():
        raise SchemaError(f"there is no database {database.place}: name the one that the service uses")
    with database.snapshot() as connection:
        if not _is_current(connection, database.place):
            raise SchemaError(
                f"the database {database.place} has no tables of this program, or older ones: "
                "start the service once with this version, which makes or updates them"
            )


def head() -> str:
    """The number of the newest migration."""
    return _scripts().get_current_head() or ""


def _is_current(connection: Connection, place: str) -> bool:
    """Whether nothing has to be done. Raises :class:`SchemaError` for tables of a newer program."""
    present = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads()
    known = {script.revision for script in _scripts().walk_revisions()}
    if not known.issuperset(present):
        raise SchemaError(
            f"the database {place} was made by a newer version of this program (its tables are at "
            f"{', '.join(sorted(present))}, this program knows {head()}): update the program, or use another database"
        )
    return present == (head(),)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_SCRIPTS))


def _config(connection: Connection) -> Config:
    config = Config()
    # A percent sign would be read as the beginning of an interpolation.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A transaction in which nobody else changes the tables: all of a migration is done, or nothing."""
    if database.is_sqlite:
        with database.durable.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(_PATIENCE * 1000)}")
            connection.rollback()
            try:
                with connection.begin():  # BEGIN IMMEDIATE: the lock of the file
                    yield connection
            finally:
                connection.invalidate()  # with its long timeout, it must not go back to the pool
        return
    # An engine of its own, because the others give up a statement or a lock after a moment.
    engine = create_engine(
        database.quick.url, hide_parameters=True, poolclass=NullPool, connect_args={"connect_timeout": 10}
    )
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {int(_PATIENCE * 1000)}"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection


def _use_wal(database: Database) -> None:
    """Keep the file in WAL mode, which it remembers: readers and a writer do not wait for each other."""
    until = time.monotonic() + _PATIENCE
    while True:
        connection = database.durable.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.close()
        except sqlite3.OperationalError as error:
            # Changing the mode does not wait for a lock as other statements do, so wait here.
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        else:
            return
        finally:
            connection.close()
        time.sleep(0.02)
