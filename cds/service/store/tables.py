"""The tables. Whoever changes them writes a migration too; a test compares the two.

The names begin with ``cds_``, because a PostgreSQL database may be shared with other programs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

VERSION_TABLE: Final = "cds_schema_version"
"""Where Alembic keeps the number of the last migration."""

metadata: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}
)


class UtcTime(TypeDecorator[datetime]):
    """A moment. Aware datetimes go in and come out, in UTC, also where the database keeps no time zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, whatever zone the session of the database has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _SeenToken(TypedColumns):
    # sha-256 of issuer and jti: neither of them can be read here.
    digest: Named[str] = Column(String(64), primary_key=True)
    # Unix time, seconds, after which the row may go.
    expires: Named[int] = Column(BigInteger, index=True)


class _Shown(TypedColumns):
    card: Named[str] = Column(String, primary_key=True)
    service: Named[str] = Column(String)
    pack: Named[str] = Column(String)
    pack_version: Named[str] = Column(String)
    outcome: Named[str] = Column(String)
    level: Named[str] = Column(String)
    possible_level: Named[str] = Column(String)
    kind: Named[str] = Column(String)
    day: Named[date] = Column(Date, index=True)


class _ShownRule(TypedColumns):
    card: Named[str] = Column(ForeignKey("cds_shown.card", ondelete="CASCADE"), primary_key=True)
    rule: Named[str] = Column(String, primary_key=True)


class _Feedback(TypedColumns):
    # sha-256 of what makes an item the same item: sent again, it finds itself.
    digest: Named[str] = Column(String(64), primary_key=True)
    issuer: Named[str | None] = Column(String)
    service: Named[str] = Column(String)
    card: Named[str] = Column(String)
    outcome: Named[str] = Column(String)
    outcome_at: Named[datetime] = Column(UtcTime)
    suggestions: Named[list[str]] = Column(JSON)
    reason_code: Named[str | None] = Column(String)
    reason_system: Named[str | None] = Column(String)
    # Free text of a clinician.
    comment: Named[str | None] = Column(String)
    received_at: Named[datetime] = Column(UtcTime, index=True)


seen_token: Final = Table("cds_seen_token", metadata, _SeenToken)
shown: Final = Table("cds_shown", metadata, _Shown)
shown_rule: Final = Table("cds_shown_rule", metadata, _ShownRule)
feedback: Final = Table("cds_feedback", metadata, _Feedback)

Index(None, feedback.c.card, feedback.c.outcome_at)
