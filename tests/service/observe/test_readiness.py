"""A worker that is not right says so, and one that starts wrong does not start."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cds import DecisionSupport, default_pack
from cds.engine import DurableEngine
from cds.service.observe.readiness import Readiness
from cds.service.observe.self_test import SelfTest
from cds.service.store import Store, StoreUnavailable
from tests.pack.overlay import MINIMAL
from tests.service.running import running


def _nothing_fires(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine loses all rules, which the comparison with the reference sees."""
    honest = DurableEngine.evaluate
    monkeypatch.setattr(
        DurableEngine, "evaluate", lambda *all_: replace(honest(*all_), known=frozenset(), possible=frozenset())
    )


def test_ready_when_all_is_well(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"packs": True, "engine": True, "database": True}


def test_not_ready_without_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: Store) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(Store, "ping", away)
    with running(tmp_path) as client:
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_not_ready_when_the_engine_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path) as client:
        _nothing_fires(monkeypatch)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["engine"] is False


def test_a_worker_with_a_wrong_engine_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _nothing_fires(monkeypatch)
    with pytest.raises(ValueError, match="self-test"), running(tmp_path):
        pass


def test_two_packs_of_one_id_do_not_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same id"), running(tmp_path, packs=(MINIMAL, MINIMAL)):
        pass


@pytest.mark.parametrize("folder", [default_pack(), MINIMAL], ids=["shipped", "minimal"])
def test_the_self_test_has_a_case_for_each_outcome(folder: Path) -> None:
    support = DecisionSupport.load(folder)
    test: Any = SelfTest(support)
    assert test.passes()
    assert all(test.next_passes() for _ in range(12))
    if folder == default_pack():
        expected = {case.expect.outcome for case in test._cases}
        assert {"emergency", "self-care", "incomplete", "out-of-scope"} <= expected


def test_the_database_is_asked_by_one_at_a_time_and_not_for_each_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("cds.service.observe.readiness.time", SimpleNamespace(monotonic=lambda: now))
    asked: list[float] = []

    async def ping() -> None:
        asked.append(now)
        await asyncio.sleep(0)
        if now > 1:
            raise StoreUnavailable("away")

    async def ask(found: Readiness) -> list[bool]:
        return [checks["database"] for checks in await asyncio.gather(*(found.checks() for _ in range(50)))]

    async def all_of_it() -> None:
        nonlocal now
        found = Readiness((), ping)
        assert await ask(found) == [True] * 50
        now = 1.0
        assert await ask(found) == [True] * 50
        now = 1.5
        assert await ask(found) == [False] * 50

    asyncio.run(all_of_it())
    assert asked == [0.0, 1.5]
