"""The report against a plain count in Python, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from cds.service.feedback import NO_RULE, By, Comment, Group, Reason, Report, Selection, comments, packs
from cds.service.feedback.layout import COLUMNS, UNKNOWN, as_json, comment_rows, rows, visible
from cds.service.store import Database, FeedbackItem, OverrideReason, Showing, Store
from cds.service.store.kept_feedback import keep
from cds.service.store.shown_cards import record
from cds.service.store.tables import feedback, metadata, shown

DAYS = [date(2026, 11, 20) + timedelta(days=number) for number in range(4)]
CARDS = [f"card-{number}" for number in range(6)]
_SHOWN = st.builds(
    Showing,
    card=st.sampled_from(CARDS),
    service=st.sampled_from(["back", "knee"]),
    pack=st.sampled_from(["back", "knee"]),
    version=st.just("1"),
    outcome=st.sampled_from(["incomplete", "routine"]),
    level=st.sampled_from(["routine", "emergency"]),
    possible_level=st.just("emergency"),
    kind=st.sampled_from(["recommendation", "open"]),
    rules=st.lists(st.sampled_from(["r1", "r2", "r3"]), max_size=3).map(tuple),
    day=st.sampled_from(DAYS),
)
_REASON = st.builds(
    OverrideReason,
    code=st.sampled_from([None, "a", "b"]),
    system=st.sampled_from([None, "s1", "s2"]),
    comment=st.sampled_from([None, "x", "y"]),
)
_ITEM = st.builds(
    FeedbackItem,
    card=st.sampled_from([*CARDS, "unknown-1", "unknown-2"]),
    outcome=st.sampled_from(["accepted", "overridden"]),
    # Each item has a moment of its own below: what comes at the same moment is a case of its own.
    at=st.just(datetime(2026, 11, 20, tzinfo=UTC)),
    reason=st.none() | _REASON,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An item, the service it was sent to, and the day it came."""

    item: FeedbackItem
    service: str
    day: date


_KEPT = st.builds(Kept, item=_ITEM, service=st.sampled_from(["back", "knee"]), day=st.sampled_from(DAYS))
_SELECTION = st.builds(
    Selection,
    since=st.none() | st.sampled_from(DAYS),
    until=st.none() | st.sampled_from(DAYS),
    pack=st.sampled_from([None, "back", "knee"]),
    kind=st.sampled_from([None, "open"]),
)


def _write(base: Database, showings: list[Showing], kept: list[Kept]) -> None:
    with base.quick.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    for showing in showings:
        record(base, [showing])
    for entry in kept:
        keep(base, entry.service, "issuer", [entry.item])
        came = datetime(entry.day.year, entry.day.month, entry.day.day, 23, 59, 59, tzinfo=UTC)
        with base.quick.begin() as connection:
            digest = entry.item.digest("issuer")
            connection.execute(update(feedback).where(feedback.c.digest == digest).values(received_at=came))


def _plain_count(showings: list[Showing], kept: list[Kept], selection: Selection, by: By) -> dict[str, Any]:
    """The same as the report, the slow and simple way."""
    cards = {showing.card: showing for showing in reversed(showings)}
    latest = {entry.item.card: entry for entry in sorted(kept, key=lambda entry: entry.item.at)}
    found: dict[str, Any] = {"total": _empty(), "unknown": _empty()}
    for showing in cards.values():
        if _chosen(selection, showing.day, showing.pack) and selection.kind in (None, showing.kind):
            names = sorted(set(showing.rules)) or [NO_RULE] if by == "rule" else [getattr(showing, by)]
            for name in [*(f"row {name}" for name in names), "total"]:
                group = found.setdefault(name, _empty())
                group["shown"] += 1
                if showing.card in latest:
                    _add(group, latest[showing.card].item)
    for card, entry in latest.items():
        if card not in cards and _chosen(selection, entry.day, entry.service):
            _add(found["unknown"], entry.item)
    return found


def _empty() -> dict[str, Any]:
    return {"shown": 0, "accepted": 0, "overridden": 0, "reasons": Counter()}


def _chosen(selection: Selection, day: date, pack: str) -> bool:
    return (selection.since or day) <= day <= (selection.until or day) and selection.pack in (None, pack)


def _add(group: dict[str, Any], item: FeedbackItem) -> None:
    group[item.outcome] += 1
    if item.outcome == "overridden":
        reason = item.reason or OverrideReason()
        group["reasons"][reason.code, reason.system, reason.code is None and reason.comment is not None] += 1


def _plain(group: Group) -> dict[str, Any]:
    reasons = Counter({tuple(reason): count for reason, count in group.reasons.items()})
    return {"shown": group.shown, "accepted": group.accepted, "overridden": group.overridden, "reasons": reasons}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_SHOWN, max_size=12), st.lists(_KEPT, max_size=12), st.randoms(use_true_random=False), _SELECTION)
def test_against_a_plain_count(
    database: Database, showings: list[Showing], kept: list[Kept], chance: Any, selection: Selection
) -> None:
    minutes = list(range(len(kept)))
    chance.shuffle(minutes)
    kept = [
        replace(entry, item=replace(entry.item, at=entry.item.at + timedelta(minutes=minute)))
        for entry, minute in zip(kept, minutes, strict=True)
    ]
    _write(database, showings, kept)
    every: tuple[By, ...] = ("rule", "level", "outcome", "service")
    for by in every:
        with database.snapshot() as connection:
            report = Report.of(connection, selection, by)
        groups = {f"row {name}": _plain(group) for name, group in report.groups.items()}
        groups |= {"total": _plain(report.total), "unknown": _plain(report.unknown)}
        assert groups == _plain_count(showings, kept, selection, by)
        for group in (*report.groups.values(), report.total, report.unknown):
            assert sum(group.reasons.values()) == group.overridden
        assert [len(row) for row in rows(report)] == [len(COLUMNS) + 1] * (len(report.groups) + 2)


def _showing(card: str, *rules: str) -> Showing:
    return Showing(card, "back", "back", "1", "routine", "routine", "routine", "recommendation", rules, DAYS[0])


def _overridden(card: str, minute: int = 0, **reason: str) -> FeedbackItem:
    at = datetime(2026, 11, 22, 8, minute, tzinfo=UTC)
    return FeedbackItem(card, "overridden", at, (), OverrideReason(**reason) if reason else None)


def test_of_two_at_the_same_moment_the_later_to_come_counts(database: Database) -> None:
    first, second = _overridden("card", code="first"), _overridden("card", code="second")
    for came, later in ((first, second), (second, first)):
        entries = [Kept(came, "back", DAYS[0]), Kept(later, "back", DAYS[1])]
        _write(database, [_showing("card")], entries)
        with database.snapshot() as connection:
            report = Report.of(connection, Selection(), "level")
        assert later.reason is not None
        assert report.total.reasons == {Reason(later.reason.code, None, False): 1}


def test_as_text(database: Database) -> None:
    record(database, [_showing("a", "r1", "r2"), _showing("b", "r1"), _showing("c")])
    items = [_overridden("a", code="x", system="s1"), _overridden("b", code="x", system="s2"), _overridden("z")]
    keep(database, "back", None, [*items, _overridden("y", comment="marked")])
    with database.snapshot() as connection:
        report = Report.of(connection, Selection(), "rule")
        assert packs(connection) == ["back"]
    assert list(rows(report)) == [
        ("r1", "2", "2", "0", "2", "100.0%", "100.0%", "x (s1): 1, x (s2): 1"),
        (NO_RULE, "1", "0", "0", "0", "0.0%", "", ""),
        ("r2", "1", "1", "0", "1", "100.0%", "100.0%", "x (s1): 1"),
        ("all recorded cards", "3", "2", "0", "2", "66.7%", "100.0%", "x (s1): 1, x (s2): 1"),
        (UNKNOWN, "", "2", "0", "2", "", "100.0%", "(comment only): 1, (no reason given): 1"),
    ]
    plain = as_json(report)
    assert plain["unknown_card"]["shown"] is None
    assert plain["rows"][1]["share_overridden"] is None
    assert "marked" not in str(plain)


def test_nothing_at_all(database: Database) -> None:
    with database.snapshot() as connection:
        report = Report.of(connection, Selection(date.min, date.max, "absent"), "rule")
        assert comments(connection, Selection()) == []
        assert packs(connection) == []
    assert (report.groups, report.total, report.unknown) == ({}, Group(), Group())


def test_comments(database: Database) -> None:
    record(database, [_showing("a", "r2", "r1"), _showing("b")])
    items = [_overridden("a", 1, comment="one"), _overridden("a", 2, code="x", comment="two"), _overridden("b", 3)]
    keep(database, "back", None, [*items, _overridden("z", 4, comment="three")])
    with database.snapshot() as connection:
        found = comments(connection, Selection())
        assert comments(connection, Selection(pack="other")) == []
        assert [entry.text for entry in comments(connection, Selection(until=DAYS[0]))] == ["one", "two"]
    assert [(entry.text, entry.code, entry.level, entry.rules) for entry in found] == [
        ("one", None, "routine", ("r1", "r2")),
        ("two", "x", "routine", ("r1", "r2")),
        ("three", None, None, ()),
    ]
    assert list(comment_rows(found))[2] == ("2026-11-22T08:04:00Z", "back", UNKNOWN, "", "", "three")


def test_a_report_sees_one_state(store: Store) -> None:
    """Cards that are recorded while a report is made are in all of its counts, or in none."""
    base = store.database
    record(base, [_showing("a", "r1")])
    with base.snapshot() as connection:
        before = Report.of(connection, Selection(), "rule")
        record(base, [_showing("b", "r2")])
        asyncio.run(store.keep_feedback("back", None, [_overridden("b")]))
        assert Report.of(connection, Selection(), "rule") == before
    with base.snapshot() as connection:
        assert Report.of(connection, Selection(), "rule").total.overridden == 1


def test_a_snapshot_cannot_write(postgres: Any) -> None:
    base = Store.open(postgres.new_database())
    with pytest.raises(Exception, match="25006"), base.database.snapshot() as connection:  # read_only_sql_transaction
        connection.execute(delete(shown))
    base.close_now()


def test_text_on_a_terminal() -> None:
    assert visible("a\n b\t\x1b[31mc\u202ed\x85e") == "a b \ufffd[31mc\ufffdd e"
    comment = Comment(datetime(2026, 1, 1, tzinfo=UTC), "s", "l", (), "\x1b", "two\nlines\x9b")
    assert list(comment_rows([comment])) == [("2026-01-01T00:00:00Z", "s", "l", "", "\ufffd", "two lines\ufffd")]
