"""What is older than a day goes, all of it and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from cds.service.store import Database, FeedbackItem, OverrideReason, Showing, pruning
from cds.service.store.kept_feedback import keep
from cds.service.store.migrate import migrate
from cds.service.store.pruning import Removed, old, prune
from cds.service.store.shown_cards import record
from cds.service.store.tables import feedback

DAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def _fill(database: Database, cards: int) -> None:
    """As many cards and items of the day before as of the day; each card has two rules."""
    days = [DAY - timedelta(days=1), DAY]
    record(
        database,
        [
            Showing(f"{day}/{n}", "s", "s", "1", "routine", "routine", "routine", "open", ("r1", "r2"), day)
            for day in days
            for n in range(cards)
        ],
    )
    for moment in (MIDNIGHT - timedelta(microseconds=1), MIDNIGHT):
        reason = OverrideReason(comment=f"Maria {moment.isoformat()}")
        items = [FeedbackItem(f"{moment.isoformat()}/{n}", "overridden", moment, (), reason) for n in range(cards)]
        keep(database, "s", None, items)
        with database.durable.begin() as connection:
            mine = feedback.c.outcome_at == moment
            connection.execute(update(feedback).where(mine).values(received_at=moment))


def _count(database: Database, table: str) -> int:
    with database.snapshot() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608


def test_what_is_older_goes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_BATCH", 3)
    _fill(database, 7)
    with database.snapshot() as connection:
        assert old(connection, DAY) == Removed(7, 7)
    assert prune(database, DAY) == Removed(7, 7)
    assert _count(database, "cds_shown") == 7
    assert _count(database, "cds_shown_rule") == 14
    assert _count(database, "cds_feedback") == 7
    assert prune(database, DAY) == Removed(0, 0)
    with database.snapshot() as connection:
        assert connection.scalar(text("SELECT min(day) FROM cds_shown")) in (DAY, str(DAY))


def test_a_comment_does_not_stay_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "service.db"
    database = Database.of(f"sqlite:///{file}")
    migrate(database)
    _fill(database, 5)
    prune(database, DAY + timedelta(days=2))
    database.close()
    assert b"Maria" not in file.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["service.db"]
