"""Feedback: the same is kept once, everything else is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import select

from cds.service.store import Database, FeedbackItem, OverrideReason, Store
from cds.service.store.tables import feedback

AT = datetime(2026, 11, 22, 8, 30, 0, 123456, UTC)
ITEM = FeedbackItem("card", "overridden", AT, (), OverrideReason("code", "system", "comment"))


def _keep(store: Store, *items: FeedbackItem, issuer: str | None = "issuer") -> None:
    asyncio.run(store.keep_feedback("back", issuer, items))


def _count(base: Database) -> int:
    with base.snapshot() as connection:
        return len(connection.execute(select(feedback)).all())


def test_kept_as_it_came(store: Store) -> None:
    _keep(store, replace(ITEM, at=AT.astimezone(timezone(timedelta(hours=5, minutes=45))), suggestions=("b", "a")))
    with store.database.snapshot() as connection:
        row = connection.execute(select(feedback)).one()
    assert (row.issuer, row.service, row.card, row.outcome) == ("issuer", "back", "card", "overridden")
    assert (row.outcome_at, row.outcome_at.utcoffset()) == (AT, timedelta(0))
    assert row.suggestions == ["b", "a"]
    assert (row.reason_code, row.reason_system, row.comment) == ("code", "system", "comment")
    assert abs(datetime.now(UTC) - row.received_at) < timedelta(hours=1)


def test_the_same_again_is_kept_once(store: Store) -> None:
    accepted = FeedbackItem("card", "accepted", AT, ("a", "b"))
    again = replace(accepted, at=AT.astimezone(timezone(timedelta(hours=-8))), suggestions=("b", "a", "b"))
    for items in ([accepted, again], [again], [ITEM, accepted], []):
        _keep(store, *items)
    assert _count(store.database) == 2


def test_every_difference_counts(store: Store) -> None:
    reason = OverrideReason("code", "system", "comment")
    items = [
        ITEM,
        replace(ITEM, card="other"),
        replace(ITEM, outcome="accepted"),
        replace(ITEM, at=AT + timedelta(microseconds=1)),
        replace(ITEM, suggestions=("a",)),
        replace(ITEM, reason=None),
        replace(ITEM, reason=replace(reason, code=None)),
        replace(ITEM, reason=replace(reason, code=None, system="code", comment="system")),
        replace(ITEM, reason=replace(reason, system="other")),
        replace(ITEM, reason=replace(reason, comment="other")),
        replace(ITEM, reason=replace(reason, comment="")),
    ]
    _keep(store, *items)
    _keep(store, ITEM, issuer="other")
    _keep(store, ITEM, issuer=None)
    _keep(store, ITEM, issuer="")
    assert _count(store.database) == len(items) + 3


def test_many_at_once(store: Store) -> None:
    items = [replace(ITEM, card=f"card-{number}") for number in range(1000)]

    async def twice() -> None:
        await asyncio.gather(*(store.keep_feedback("back", "issuer", order) for order in (items, items[::-1])))

    asyncio.run(twice())
    assert _count(store.database) == 1000


def test_a_comment_is_not_in_the_text_of_an_item() -> None:
    marked = replace(ITEM, reason=OverrideReason("code", None, "marked comment"))
    assert "marked" not in f"{marked!r} {marked}"
    assert "comment=None" in repr(OverrideReason("code"))
