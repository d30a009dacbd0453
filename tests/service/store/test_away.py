"""A database that is away: an error at once, no secret in it, and all is well when it is back."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from cds.service.store import (
    Database,
    DatabaseUrlError,
    FeedbackItem,
    OverrideReason,
    Showing,
    Store,
    StoreError,
    StoreFault,
    StoreUnavailable,
    place_of,
)
from cds.service.store.kept_feedback import keep
from tests.service.postgres import PASSWORD, QUOTED, Server

MARK = "marked-" + "value"
"""Not written in one piece, because a traceback quotes the lines of this file."""

ITEM = FeedbackItem("card", "overridden", datetime.now(UTC), (), OverrideReason(comment=MARK))
CALLS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "first_use": lambda store: store.first_use("issuer", str(time.monotonic_ns()), time.time() + 60),
    "keep_feedback": lambda store: store.keep_feedback("s", None, [ITEM]),
    "ping": lambda store: store.ping(),
}


async def _all_unavailable(store: Store) -> list[StoreUnavailable]:
    errors = []
    for call in CALLS.values():
        with pytest.raises(StoreUnavailable) as caught:
            await call(store)
        errors.append(caught.value)
    return errors


async def _all_well(store: Store) -> None:
    for call in CALLS.values():
        await call(store)


def test_postgresql_stopped_and_back(postgres: Server) -> None:
    url = postgres.new_database()
    store = Store.open(url)

    async def story() -> None:
        await _all_well(store)
        postgres.stop()
        errors = await _all_unavailable(store)
        said = "".join("".join(traceback.format_exception(error)) for error in errors)
        assert f"127.0.0.1:{postgres.port}" in said
        for secret in (PASSWORD, QUOTED, MARK):
            assert secret not in said
        store.shown(Showing("card", "s", "p", "1", "routine", "routine", "routine", "recommendation"))
        postgres.start()
        await _all_well(store)

    try:
        asyncio.run(story())
    finally:
        postgres.stop()
        postgres.start()
        store.close_now()
    assert (store.waiting, store.dropped) == (0, 0)


def test_postgresql_that_takes_calls_and_never_answers(postgres: Server) -> None:
    """A host that has gone silent: nothing hangs for longer than the patience allows."""
    store = Store.open(postgres.new_database(), patience=1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_base = Database.of(f"postgresql://u:{QUOTED}@127.0.0.1:{silent.getsockname()[1]}/x", patience=1.0)
        quiet = Store(silent_base, patience=1.0)
        with pytest.raises(StoreUnavailable):
            asyncio.run(quiet.ping())
        quiet.close_now()
    store.close_now()


def test_postgresql_statement_that_takes_too_long(postgres: Server) -> None:
    base = Database.of(postgres.new_database(), patience=0.2)
    with pytest.raises(StoreUnavailable, match="QueryCanceled 57014"), base.snapshot() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    base.close()


def test_sqlite_held_by_another_program_and_back(tmp_path: Path) -> None:
    file = tmp_path / "service.db"
    store = Store.open(f"sqlite:///{file}", patience=0.1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for name in ("first_use", "keep_feedback"):
        with pytest.raises(StoreUnavailable, match=r"SQLITE_BUSY.*no other program holds it"):
            asyncio.run(_await(CALLS[name](store)))
    asyncio.run(store.ping())  # reading goes on in WAL mode
    other.execute("ROLLBACK")
    other.close()
    asyncio.run(_all_well(store))
    store.close_now()


async def _await(call: Awaitable[object]) -> None:
    await call


def test_a_call_that_is_stuck_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds.service.store.seen_tokens.first_use", lambda *_: time.sleep(0.5))
    monkeypatch.setattr(store, "_limit", 0.05)
    with pytest.raises(StoreUnavailable, match=r"did not answer in 0.05 seconds"):
        asyncio.run(_await(CALLS["first_use"](store)))


def test_tables_that_are_gone_are_no_silence(store: Store) -> None:
    with store.database.quick.begin() as connection:
        connection.execute(text("DROP TABLE cds_seen_token"))
        connection.execute(text("DROP TABLE cds_feedback"))
    for call in CALLS.values():
        with pytest.raises(StoreError):
            asyncio.run(_await(call(store)))


def test_a_refused_row_is_not_quoted(database: Database) -> None:
    with database.quick.begin() as connection:
        connection.execute(text("DROP TABLE cds_feedback"))
        connection.execute(
            text(
                "CREATE TABLE cds_feedback (digest TEXT PRIMARY KEY, issuer TEXT, service TEXT, card TEXT,"
                " outcome TEXT, outcome_at TIMESTAMP, suggestions TEXT, reason_code TEXT, reason_system TEXT,"
                " comment TEXT CHECK (comment = 'x'), received_at TIMESTAMP)"
            )
        )
    bad = replace(ITEM, card=MARK)
    with pytest.raises(StoreFault, match="refused a statement") as caught:
        keep(database, "s", MARK, [bad])
    assert MARK not in "".join(traceback.format_exception(caught.value))


def test_a_value_that_postgresql_cannot_keep(postgres: Server) -> None:
    store = Store.open(postgres.new_database())
    bad = replace(ITEM, card=f"{MARK}\x00")
    with pytest.raises(StoreFault, match="refused a statement") as caught:
        asyncio.run(store.keep_feedback("s", None, [bad]))
    assert MARK not in "".join(traceback.format_exception(caught.value))
    store.close_now()


def test_no_password_in_the_log(postgres: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        store = Store.open(postgres.new_database())
        asyncio.run(_all_well(store))
        store.close_now()
        wrong = postgres.url("absent")
        with pytest.raises(StoreUnavailable):
            Store.open(wrong)
        with pytest.raises(StoreUnavailable):
            Store.open(wrong.replace(QUOTED, MARK))
    for secret in (PASSWORD, QUOTED, MARK):
        assert secret not in caplog.text


def test_places_have_no_secrets() -> None:
    assert place_of("postgresql+psycopg://me:secret@db.example.org:5433/cds?sslmode=require") == (
        "postgresql://db.example.org:5433/cds"
    )
    assert place_of("postgres:///cds?host=/run/postgresql&password=secret") == "postgresql:///cds"
    assert place_of("sqlite:////var/lib/cds/service.db") == "sqlite:////var/lib/cds/service.db"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "secret",
        "secret:secret@host",
        "mysql://me:secret@host/name",
        "postgresql+asyncpg://me:secret@host/name",
        "postgresql://me:secret@host:port/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:secret?uri=true",
        "sqlite:///service.db?mode=secret",
        "sqlite://secret/service.db",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="write sqlite:///FILE") as caught:
        Database.of(url)
    assert "secret" not in "".join(traceback.format_exception(caught.value)).replace(repr(url), "")
