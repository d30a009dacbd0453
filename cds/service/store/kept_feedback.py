"""Keeps feedback: when this returns, it is on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite

from cds.service.store.database import Database, make_durable
from cds.service.store.errors import reaching
from cds.service.store.feedback_item import FeedbackItem, OverrideReason
from cds.service.store.tables import feedback


def keep(database: Database, service: str, issuer: str | None, items: Sequence[FeedbackItem]) -> None:
    """Commit all items, or none; an item that is there already stays as it is."""
    now = datetime.now(UTC)
    rows = {item.digest(issuer): item for item in items}
    if not rows:
        return
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    # Sorted: two hosts that are sent the same items at once take the locks in the same order.
    values = [_row(digest, rows[digest], service, issuer, now) for digest in sorted(rows)]
    with reaching(database.place), database.durable.begin() as connection:
        make_durable(connection)
        connection.execute(insert(feedback).on_conflict_do_nothing(index_elements=["digest"]), values)


def _row(digest: str, item: FeedbackItem, service: str, issuer: str | None, now: datetime) -> dict[str, object]:
    reason = item.reason or OverrideReason()
    return {
        "digest": digest,
        "issuer": issuer,
        "service": service,
        "card": item.card,
        "outcome": item.outcome,
        "outcome_at": item.at,
        "suggestions": list(item.suggestions),
        "reason_code": reason.code,
        "reason_system": reason.system,
        "comment": reason.comment,
        "received_at": now,
    }
