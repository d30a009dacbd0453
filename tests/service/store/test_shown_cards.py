"""Showings: written in the background, once for each card, bounded, and counted where they are given up."""

from __future__ import annotations

import dataclasses
import logging
import time
from datetime import date

import pytest
from sqlalchemy import select, text

from cds.service.store import Database, Showing, Store, StoreFault, StoreUnavailable
from cds.service.store.backlog import Backlog
from cds.service.store.shown_cards import record
from cds.service.store.tables import metadata, shown, shown_rule

DAY = date(2026, 11, 22)


def _showing(card: str, *rules: str, level: str = "routine") -> Showing:
    return Showing(card, "back", "back", "1.0", "incomplete", level, "emergency", "recommendation", rules, DAY)


def _cards(base: Database) -> dict[str, list[str]]:
    with base.snapshot() as connection:
        found: dict[str, list[str]] = {card: [] for card in connection.scalars(select(shown.c.card))}
        for card, rule in connection.execute(select(shown_rule).order_by(shown_rule.c.rule)):
            found[card].append(rule)
    return found


def test_everything_is_there_after_close(url: str) -> None:
    store = Store.open(url)
    for number in range(1700):
        store.shown(_showing(f"card-{number}", "b", "a", "b"))
    store.shown(_showing("no-rule"))
    store.close_now()
    assert (store.waiting, store.dropped) == (0, 0)
    store.shown(_showing("too-late"))
    assert (store.waiting, store.dropped) == (0, 1)
    base = Database.of(url)
    assert _cards(base) == {f"card-{number}": ["a", "b"] for number in range(1700)} | {"no-rule": []}
    with base.snapshot() as connection:
        row = connection.execute(select(shown).where(shown.c.card == "no-rule")).one()
    assert tuple(row) == ("no-rule", "back", "back", "1.0", "incomplete", "routine", "emergency", "recommendation", DAY)
    base.close()


def test_written_without_being_asked(store: Store) -> None:
    store.shown(_showing("card"))
    until = time.monotonic() + 20
    while store.waiting and time.monotonic() < until:
        time.sleep(0.02)
    assert list(_cards(store.database)) == ["card"]


def test_a_card_stays_as_it_was_first_shown(database: Database) -> None:
    record(database, [_showing("card", "a", level="routine"), _showing("card", "b", level="emergency")])
    record(database, [_showing("card", "c", level="emergency"), _showing("other", "d")])
    record(database, [])
    with database.snapshot() as connection:
        assert connection.scalars(select(shown.c.level)).all() == ["routine", "routine"]
    assert _cards(database) == {"card": ["a"], "other": ["d"]}


def test_what_was_recorded_lately_is_not_written_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(
        "cds.service.store.shown_cards.record", lambda _, batch: written.extend(showing.card for showing in batch)
    )
    base = Database.of(url)
    backlog = Backlog(base, remembered=2)
    for card in ("a", "b", "a", "a", "c"):
        backlog.add(_showing(card))
        until = time.monotonic() + 20
        while backlog.waiting and time.monotonic() < until:
            time.sleep(0.01)
    backlog.add(_showing("b"))  # forgotten by now: a was shown later
    backlog.close()
    assert written == ["a", "b", "c", "b"]
    base.close()


def test_a_full_buffer_is_counted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    store = Store.open(url, capacity=10)
    monkeypatch.setattr("cds.service.store.shown_cards.record", away)
    for number in range(25):
        store.shown(_showing(f"card-{number % 20}"))
    assert (store.waiting, store.dropped) == (10, 10)  # ten wait, five of those came twice
    monkeypatch.undo()
    store.close_now()
    assert (store.waiting, store.dropped) == (0, 10)
    base = Database.of(url)
    assert len(_cards(base)) == 10
    base.close()


def test_it_waits_while_the_database_is_away(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("cds.service.store.backlog._PAUSE", 0.01)
    tries = []

    def away(*_: object) -> None:
        tries.append(1)
        raise StoreUnavailable("the database is away")

    store = Store.open(url)
    with monkeypatch.context() as patch, caplog.at_level(logging.INFO, "cds.service.store.backlog"):
        patch.setattr("cds.service.store.shown_cards.record", away)
        store.shown(_showing("card"))
        until = time.monotonic() + 20
        while len(tries) < 4 and time.monotonic() < until:
            time.sleep(0.01)
        patch.undo()
        while store.waiting and time.monotonic() < until:
            time.sleep(0.01)
    store.close_now()
    assert [entry.getMessage() for entry in caplog.records] == [
        "cards that are shown wait to be recorded: the database is away",
        "cards that are shown are recorded again",
    ]
    assert store.dropped == 0


def test_what_cannot_be_written_in_the_end_is_counted(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr("cds.service.store.shown_cards.record", away)
    store = Store.open(url)
    for number in range(3):
        store.shown(_showing(f"card-{number}"))
    store.close_now()
    assert store.dropped == 3
    assert caplog.messages[-1] == "3 cards that were shown could not be recorded before the end"


@pytest.mark.parametrize("error", [StoreFault("refused"), ZeroDivisionError("marked value")])
def test_what_the_database_refuses_does_not_hold_up_the_rest(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    store = Store.open(url)
    with monkeypatch.context() as patch:
        patch.setattr("cds.service.store.shown_cards.record", refuse)
        store.shown(_showing("refused"))
        until = time.monotonic() + 20
        while store.waiting and time.monotonic() < until:
            time.sleep(0.01)
    store.shown(_showing("card"))
    store.close_now()
    assert store.dropped == 1
    assert "1 cards that were shown are not recorded" in caplog.text
    assert "marked" not in caplog.text
    base = Database.of(url)
    assert list(_cards(base)) == ["card"]
    base.close()


def test_a_showing_names_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    today = Showing("card", "s", "p", "1", "routine", "routine", "routine", "recommendation").day
    assert type(today) is date


def test_there_is_no_place_for_anything_else(database: Database) -> None:
    """What a table or a showing may hold. Whoever adds to this has to say why it is no patient data."""
    columns = {name: set(table.c.keys()) for name, table in metadata.tables.items()}
    assert columns == {
        "cds_seen_token": {"digest", "expires"},
        "cds_shown": {
            *("card", "service", "pack", "pack_version", "outcome", "level", "possible_level", "kind", "day"),
        },
        "cds_shown_rule": {"card", "rule"},
        "cds_feedback": {
            *("digest", "issuer", "service", "card", "outcome", "outcome_at", "suggestions"),
            *("reason_code", "reason_system", "comment", "received_at"),
        },
    }
    assert {entry.name for entry in dataclasses.fields(Showing)} == {
        *("card", "service", "pack", "version", "outcome", "level", "possible_level", "kind", "rules", "day"),
    }
    with database.snapshot() as connection:
        for table in metadata.tables:
            connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
