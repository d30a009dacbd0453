"""What was acknowledged is there: after kill -9 of the service at any moment, and after a crash of PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from cds.service.store import Database, FeedbackItem, Store
from cds.service.store.tables import feedback
from tests.service.postgres import Server

ROOT = Path(__file__).resolve().parents[3]
KEEPS = """
import asyncio, sys, itertools
from datetime import UTC, datetime
from cds.service.store import FeedbackItem, Store, Showing

async def main():
    store = Store.open(sys.argv[1])
    for number in itertools.count():
        card = f"{sys.argv[2]}-{number}"
        store.shown(Showing(card, "s", "p", "1", "routine", "routine", "routine", "recommendation", ("r",)))
        await store.keep_feedback("s", "issuer", [FeedbackItem(card, "overridden", datetime.now(UTC))])
        print(card, flush=True)

asyncio.run(main())
"""


def _kill_after(url: str, name: str, acknowledged: int, delay: float = 0.0) -> list[str]:
    """Let a process keep feedback, kill it some time after so many acknowledgements; all that it acknowledged."""
    process = subprocess.Popen([sys.executable, "-c", KEEPS, url, name], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(acknowledged)]
    if delay:
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
    process.kill()
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    # A last line without its end was not acknowledged yet.
    said += [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    assert all(said)
    return said


def _kept(url: str) -> set[str]:
    base = Database.of(url)
    with base.snapshot() as connection:
        found = set(connection.scalars(select(feedback.c.card)))
    base.close()
    return found


def test_killed_right_after_it_acknowledged(url: str) -> None:
    Store.open(url).close_now()
    said = _kill_after(url, "one", 1)
    assert set(said) <= _kept(url)


def test_killed_at_random_moments(url: str) -> None:
    chance = random.Random(20261122)
    Store.open(url).close_now()
    said: list[str] = []
    for turn in range(12):
        said += _kill_after(url, f"turn-{turn}", chance.randint(1, 30), chance.uniform(0.001, 0.2))
        assert set(said) <= _kept(url)
    if url.startswith("sqlite"):
        base = Database.of(url)
        with base.snapshot() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        base.close()
    store = Store.open(url)  # and it goes on
    asyncio.run(store.ping())
    store.close_now()


def test_acknowledged_before_postgresql_crashed(postgres: Server) -> None:
    url = postgres.new_database()
    with postgres.connect(url.rpartition("/")[2]) as connection:
        # A server that answers before its disk has: the store asks for more than that.
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
    store = Store.open(url)
    try:
        asyncio.run(store.keep_feedback("s", None, [FeedbackItem("card", "overridden", datetime.now(UTC))]))
        postgres.stop(signal.SIGQUIT)
        postgres.start()
        assert _kept(url) == {"card"}
    finally:
        store.close_now()
        with postgres.connect() as connection:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")


def test_sqlite_waits_for_the_disk_with_feedback(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'service.db'}")
    with store.database.durable.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    with store.database.quick.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 1  # NORMAL
    store.close_now()
