"""A database by its URL: engines with time limits, for SQLite in a file and for PostgreSQL."""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from cds.service.store.errors import DatabaseUrlError, reaching

DEFAULT_URL: Final = "sqlite:///cds-service.db"
"""A file in the working directory."""

DEFAULT_PATIENCE: Final = 2.0
"""Seconds after which a database that does not answer counts as away; libpq takes nothing below 2 for connecting."""

_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_RECYCLE: Final = 1800
"""Seconds after which a connection is renewed: firewalls forget quiet ones."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the tables are, and how to reach them.

    ``place`` names the database in messages, without user or password. ``quick`` is for what may lose its last
    moments when the power fails, ``single`` the same for a transaction of one statement (PostgreSQL then needs one
    round trip instead of three), ``durable`` is for what must not be lost. ``threads`` is how many may usefully write
    at once.
    """

    place: str
    quick: Engine
    single: Engine
    durable: Engine
    threads: int

    @classmethod
    def of(cls, url: str, patience: float = DEFAULT_PATIENCE) -> Database:
        """The database of a URL; nothing is opened yet. Raises :class:`DatabaseUrlError`.

        ``patience`` is how long (seconds) a lock, a free connection or a statement is waited for.
        """
        parsed = _checked(url)
        if parsed.drivername.startswith("sqlite"):
            quick, durable = (_sqlite(parsed, patience, level) for level in ("NORMAL", "FULL"))
            return cls(place_of(url), quick, quick, durable, threads=1)  # SQLite has one writer at a time
        try:
            engine = _postgresql(parsed, patience)
        except ImportError:
            raise DatabaseUrlError(
                "the driver of PostgreSQL is not installed: pip install 'cds-rules[postgres]', or write sqlite:///FILE"
            ) from None
        return cls(place_of(url), engine, engine.execution_options(isolation_level="AUTOCOMMIT"), engine, threads=4)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file."""
        return self.quick.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file, if it is one."""
        return Path(self.quick.url.database or "") if self.is_sqlite else None

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees the same state throughout. Raises as :func:`reaching` does."""
        options: dict[str, Any] = {"cds_reads_only": True}
        if not self.is_sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with reaching(self.place), self.quick.connect() as connection:
            yield connection.execution_options(**options)

    def close(self) -> None:
        """Close all connections."""
        self.quick.dispose()
        self.durable.dispose()


def place_of(url: str) -> str:
    """What a message may say of a database URL: its kind, host and name. Raises :class:`DatabaseUrlError`."""
    parsed = _checked(url)
    if parsed.drivername.startswith("sqlite"):
        return f"sqlite:///{parsed.database}"
    port = f":{parsed.port}" if parsed.port else ""
    return f"postgresql://{parsed.host or ''}{port}/{parsed.database or ''}"


def make_durable(connection: Connection) -> None:
    """Make the transaction that has just begun wait for the disk, also on a server that is set up not to."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT set_config('synchronous_commit', 'on', true)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        )


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUrlError(
            "this is not a database URL: write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        ) from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise DatabaseUrlError(
            "this kind of database is not supported: write sqlite:///FILE or "
            "postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        )
    if driver.startswith("sqlite"):
        name = parsed.database or ""
        if name in ("", ":memory:") or name.startswith("file:") or parsed.query or parsed.host:
            raise DatabaseUrlError(
                "SQLite needs a plain file, because what is in memory would be forgotten: write sqlite:///FILE, or "
                "sqlite:////FOLDER/FILE for an absolute path"
            )
    return parsed.set(drivername=driver)


def _sqlite(url: URL, patience: float, synchronous: str) -> Engine:
    # hide_parameters: an exception must not quote a comment.
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=4,
        max_overflow=4,
        pool_timeout=patience,
        connect_args={"timeout": patience},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a reader that turns writer later may be refused without waiting.
        reads = connection.get_execution_options().get("cds_reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, patience: float) -> Engine:
    milliseconds = math.ceil(patience * 1000)
    settings: dict[str, Any] = {
        "connect_timeout": max(2, math.ceil(patience)),
        "tcp_user_timeout": milliseconds,
        "keepalives_idle": 30,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
        "application_name": "cds-rules",
    }
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=6,
        max_overflow=2,
        pool_timeout=patience,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE,
        connect_args={name: value for name, value in settings.items() if name not in url.query},
    )


def make_file(file: Path) -> None:
    """Make an empty file that only its owner may read, if there is none. Raises :class:`DatabaseUrlError`.

    A file that is there must be ours, and nobody else's to read or write: it says what became of patients, and who
    could write to it could make a used token new again.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        found = file.stat()  # of what a link points to
    except OSError as error:
        raise DatabaseUrlError(
            f"the database file {file} cannot be made ({error.strerror}): check the folder and its permissions"
        ) from None
    if not stat.S_ISREG(found.st_mode):
        return  # SQLite says what is wrong with it
    if found.st_uid != os.geteuid():
        raise DatabaseUrlError(
            f"the database file {file} belongs to another user: run the service as that user, or chown the file"
            " to the user of the service and chmod 600"
        )
    if found.st_mode & 0o077:
        raise DatabaseUrlError(f"the database file {file} is open to other users: chmod 600 {file}")
