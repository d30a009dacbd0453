"""A token is used once: by one of several calls, threads, processes; and the record of it is cleared away in time."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cds.service.store import Database, Store
from cds.service.store.seen_tokens import KEPT, first_use, purge
from cds.service.store.tables import seen_token

ROOT = Path(__file__).resolve().parents[3]
SOON = time.time() + 300


def test_first_and_again(store: Store) -> None:
    async def uses() -> list[bool]:
        pairs = [
            ("a", "1"),
            ("a", "1"),
            ("b", "1"),
            ("a", "2"),
            ("a", "1"),
            ("a1", ""),
            ("", "a1"),
            ("a", "\ud800\x00"),
        ]
        return [await store.first_use(issuer, jti, SOON) for issuer, jti in pairs]

    assert asyncio.run(uses()) == [True, False, True, True, False, True, True, True]


def test_one_of_many_calls_wins(store: Store) -> None:
    async def uses() -> list[bool]:
        return await asyncio.gather(*(store.first_use("issuer", "token", SOON) for _ in range(40)))

    assert sum(asyncio.run(uses())) == 1


def test_one_of_several_processes_wins(url: str) -> None:
    Store.open(url).close_now()
    program = (
        "import json, sys\n"
        "from cds.service.store import Database\n"
        "from cds.service.store.seen_tokens import first_use\n"
        "base = Database.of(sys.argv[1], patience=30)\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(json.dumps([first_use(base, 'issuer', str(n), 4e9) for n in range(300)]))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    won = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert [sum(wins) for wins in zip(*won, strict=True)] == [1] * 300


def test_nothing_of_the_token_can_be_read(database: Database) -> None:
    first_use(database, "https://ehr.example.org", "marked-jti", SOON)
    with database.snapshot() as connection:
        (row,) = connection.execute(select(seen_token)).all()
    assert len(row.digest) == 64
    assert "marked" not in str(row)
    assert "ehr" not in str(row)


def test_purged_when_long_expired_and_not_before(database: Database) -> None:
    now = time.time()
    for jti in range(1200):
        assert first_use(database, "old", str(jti), now + 10)
    assert first_use(database, "new", "1", now + 60)
    assert purge(database, now + 10) == 0
    assert purge(database, now + KEPT) == 0
    assert not first_use(database, "old", "5", now + 10)
    assert purge(database, now + KEPT + 30) == 1200
    assert first_use(database, "old", "5", now + 10)
    assert not first_use(database, "new", "1", now + 60)


@pytest.mark.parametrize("expires", [math.nan, math.inf, -math.inf, -5.0, 0.0, 1e300, 2.0**63])
def test_any_expiry_is_remembered_for_a_while(database: Database, expires: float) -> None:
    assert first_use(database, "issuer", "token", expires)
    assert purge(database, time.time()) == 0
    assert not first_use(database, "issuer", "token", expires)


def test_the_store_purges_by_itself(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds.service.store.backlog._PURGE_EVERY", 0.01)
    monkeypatch.setattr("cds.service.store.seen_tokens.KEPT", -1000)
    store = Store.open(url)
    first_use(store.database, "issuer", "token", time.time() + 10)
    left = 1
    until = time.monotonic() + 20
    while left and time.monotonic() < until:
        time.sleep(0.05)
        with store.database.snapshot() as connection:
            left = connection.scalar(select(func.count()).select_from(seen_token)) or 0
    store.close_now()
    assert left == 0
