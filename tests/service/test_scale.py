"""Two hosts behind one address: all state is in the database, so neither has to know of the other."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.service.postgres import Server
from tests.service.running import CALL, fixture, request
from tests.service.served import Service, served
from tests.service.trust.key_server import serve_keys
from tests.service.trust.signing import SigningKit

BASE = "https://cds.example.org"


class Hosts:
    """Two services with one trust file and one database."""

    def __init__(self, first: Service, second: Service, keys: str, postgres: Server, url: str) -> None:
        self.both = (first, second)
        self.calls = SigningKit(f"{BASE}{CALL}", keys)
        self.feedback = SigningKit(f"{BASE}{CALL}/feedback", keys)
        self._postgres, self._database = postgres, url.rpartition("/")[2]

    def ask(self, query: str) -> list[Any]:
        """What the database says."""
        with self._postgres.connect(self._database) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Hosts]:
    url = postgres.new_database()
    with ExitStack() as stack:
        keys = stack.enter_context(serve_keys())
        trust = SigningKit(BASE, keys).write_trust(tmp_path_factory.mktemp("trust"))
        options = ["--base-url", BASE]
        pool = stack.enter_context(ThreadPoolExecutor())
        folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
        # Both start at once, on an empty database: the tables are made once.
        starts = [pool.submit(stack.enter_context, served(one, options, trust=trust, database=url)) for one in folders]
        first, second = [start.result() for start in starts]
        yield Hosts(first, second, keys, postgres, url)


def body() -> dict[str, Any]:
    return request(fixture("emergency-saddle-numbness") | {"authored": datetime.now(UTC).isoformat(timespec="seconds")})


def test_a_token_is_good_once_on_all_hosts(hosts: Hosts) -> None:
    first, second = hosts.both
    token = hosts.calls.authorization()
    assert first.post(body(), token).status_code == 200
    assert second.post(body(), token).status_code == 401
    assert first.post(body(), token).status_code == 401


def test_of_many_at_once_one_is_let_in(hosts: Hosts) -> None:
    for _ in range(5):
        token, call = hosts.calls.authorization(), body()
        start = threading.Barrier(8)

        def knock(number: int, token: str = token, call: Any = call, start: threading.Barrier = start) -> int:
            start.wait(20)
            return hosts.both[number % 2].post(call, token).status_code

        with ThreadPoolExecutor(8) as pool:
            found = sorted(pool.map(knock, range(8)))
        assert found == [200] + [401] * 7


def test_feedback_for_a_card_of_another_host(hosts: Hosts) -> None:
    first, second = hosts.both
    card = first.cards(body(), hosts.calls.authorization())[0]["uuid"]
    item = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:05:00Z"}
    for host in (second, first, second):
        answer = httpx2.post(
            f"{host.call}/feedback",
            json={"feedback": [item]},
            headers={"Authorization": hosts.feedback.authorization()},
            trust_env=False,
        )
        assert answer.status_code == 200
    assert hosts.ask(f"select count(*) from cds_feedback where card = '{uuid.UUID(card)}'") == [(1,)]  # noqa: S608


def test_a_card_that_both_hosts_showed_counts_once(hosts: Hosts) -> None:
    call = body()
    shown = {host.cards(call, hosts.calls.authorization())[0]["uuid"] for host in hosts.both}
    assert len(shown) == 1
    for _ in range(100):
        rows = hosts.ask(f"select count(*) from cds_shown where card = '{uuid.UUID(*shown)}'")  # noqa: S608
        if rows == [(1,)]:
            return
        threading.Event().wait(0.1)
    pytest.fail("it was not recorded")
