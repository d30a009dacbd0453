"""What users wrote about cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from cds.service.feedback.selection import Selection
from cds.service.store.tables import feedback, shown, shown_rule


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment and the card that it is about; ``level`` is ``None`` where the card was never recorded.

    ``text`` is free text: it may name a patient, and hold anything.
    """

    at: datetime
    service: str
    level: str | None
    rules: tuple[str, ...]
    code: str | None
    text: str


def comments(connection: Connection, selection: Selection) -> list[Comment]:
    """All comments, also those of items that a later one of the same card has overtaken, by their time."""
    chosen = or_(and_(shown.c.card.is_not(None), *selection.of_cards()), and_(*selection.of_unknown(feedback)))
    about = shown_rule.join(feedback, feedback.c.card == shown_rule.c.card)
    rules: dict[str, list[str]] = {}
    with_comment = feedback.c.comment.is_not(None)
    pairs = select(shown_rule.c.card, shown_rule.c.rule).select_from(about).where(with_comment).distinct()
    for card, rule in connection.execute(pairs):
        rules.setdefault(card, []).append(rule)
    found = (
        select(feedback, shown.c.level)
        .select_from(feedback.outerjoin(shown, shown.c.card == feedback.c.card))
        .where(with_comment, chosen)
        .order_by(feedback.c.outcome_at, feedback.c.digest)
    )
    return [
        Comment(
            at=row.outcome_at,
            service=row.service,
            level=row.level,
            rules=tuple(sorted(rules.get(row.card, ()))),
            code=row.reason_code,
            text=row.comment,
        )
        for row in connection.execute(found)
    ]
