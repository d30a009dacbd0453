"""Which part of what was kept a report is on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, exists, select, union

from cds.service.store.tables import feedback, shown


@dataclass(frozen=True, slots=True)
class Selection:
    """``since`` and ``until`` are days of UTC, both included; ``pack`` is the id of a pack, ``kind`` that of a card.

    Cards are chosen by the day they were first shown, with all feedback on them, whenever it came. Feedback on
    unknown cards, which were shown on no known day, is chosen by the day it came, and by its service in place of the
    pack (a service has the id of its pack); of what kind its card was, nobody knows.
    """

    since: date | None = None
    until: date | None = None
    pack: str | None = None
    kind: str | None = None

    def of_cards(self) -> Iterator[ColumnElement[bool]]:
        """What must be true of a card."""
        if self.since is not None:
            yield shown.c.day >= self.since
        if self.until is not None:
            yield shown.c.day <= self.until
        if self.pack is not None:
            yield shown.c.pack == self.pack
        if self.kind is not None:
            yield shown.c.kind == self.kind

    def of_unknown(self, items: FromClause) -> Iterator[ColumnElement[bool]]:
        """What must be true of feedback, in a table or query with its columns, whose card was never recorded."""
        known = shown.alias()  # not the table itself, which the query around this may name too
        yield ~exists().where(known.c.card == items.c.card)
        if self.since is not None:
            yield items.c.received_at >= _midnight(self.since)
        if self.until is not None and self.until < date.max:
            yield items.c.received_at < _midnight(self.until + timedelta(days=1))
        if self.pack is not None:
            yield items.c.service == self.pack


def packs(connection: Connection) -> list[str]:
    """The ids of the packs of which a card was shown or feedback was kept, in order."""
    unknown = select(feedback.c.service).where(*Selection().of_unknown(feedback))
    return sorted(connection.scalars(union(select(shown.c.pack), unknown)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
