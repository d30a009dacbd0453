"""What became of the cards: how many were shown, got feedback, were accepted or overridden, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from sqlalchemy import Column, Connection, FromClause, Subquery, and_, func, select, true

from cds.service.feedback.selection import Selection
from cds.service.store.tables import feedback, shown, shown_rule

By = Literal["rule", "level", "outcome", "service"]

NO_RULE: Final = "(no rule)"
"""The row of cards whose level no rule gave: that of a patient for whom none fired."""

_KEYS: Final[Mapping[By, Column[str]]] = {
    "rule": shown_rule.c.rule,
    "level": shown.c.level,
    "outcome": shown.c.outcome,
    "service": shown.c.service,
}


class Reason(NamedTuple):
    """Why a card was overridden: the code and its system, or ``commented`` without a code, or neither."""

    code: str | None
    system: str | None
    commented: bool


@dataclass(slots=True)
class Group:
    """The cards of one row. A card counts once, with the latest of its feedback by ``outcomeTimestamp``.

    ``shown`` are all, ``accepted`` and ``overridden`` those with such feedback; ``reasons`` adds up to ``overridden``.
    """

    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)

    @property
    def with_feedback(self) -> int:
        """Cards with any feedback."""
        return self.accepted + self.overridden

    def count(self, outcome: str, reason: Reason, cards: int) -> None:
        """Add cards with the same feedback."""
        if outcome == "accepted":
            self.accepted += cards
        else:
            self.overridden += cards
            self.reasons[reason] = self.reasons.get(reason, 0) + cards


@dataclass(frozen=True, slots=True)
class Report:
    """Counts for each value of ``by``; in ``total`` each card counts once, although it may stand under several rules.

    ``unknown`` are cards with feedback that were never recorded as shown; their ``shown`` is 0 and means not known.
    """

    by: By
    groups: Mapping[str, Group]
    total: Group
    unknown: Group

    @classmethod
    def of(cls, connection: Connection, selection: Selection, by: By) -> Report:
        """Count in the database, which may hold millions of cards. Rows by how often they were shown, then by name.

        The connection must see one state of the database throughout (:meth:`Database.snapshot`).
        """
        groups = _groups(connection, selection, by)
        ordered = dict(sorted(groups.items(), key=lambda row: (-row[1].shown, row[0])))
        each_once = groups if by != "rule" else _groups(connection, selection, "service")
        total = Group()
        for group in each_once.values():
            total.shown += group.shown
            total.accepted += group.accepted
            total.overridden += group.overridden
            for reason, cards in group.reasons.items():
                total.reasons[reason] = total.reasons.get(reason, 0) + cards
        return cls(by, ordered, total, _unknown(connection, selection))


def _groups(connection: Connection, selection: Selection, by: By) -> dict[str, Group]:
    cards: FromClause = shown
    if by == "rule":
        cards = shown.outerjoin(shown_rule, shown_rule.c.card == shown.c.card)
    key = _KEYS[by]
    chosen = and_(true(), *selection.of_cards())
    groups: dict[str, Group] = {}
    for name, count in connection.execute(select(key, func.count()).select_from(cards).where(chosen).group_by(key)):
        groups[NO_RULE if name is None else name] = Group(shown=count)
    latest = _latest()
    columns = (key, latest.c.outcome, latest.c.reason_code, latest.c.reason_system, latest.c.commented)
    counted = (
        select(*columns, func.count())
        .select_from(cards.join(latest, latest.c.card == shown.c.card))
        .where(chosen)
        .group_by(*columns)
    )
    for name, outcome, code, system, commented, count in connection.execute(counted):
        groups[NO_RULE if name is None else name].count(outcome, Reason(code, system, bool(commented)), count)
    return groups


def _unknown(connection: Connection, selection: Selection) -> Group:
    latest = _latest()
    columns = (latest.c.outcome, latest.c.reason_code, latest.c.reason_system, latest.c.commented)
    group = Group()
    counted = select(*columns, func.count()).where(*selection.of_unknown(latest)).group_by(*columns)
    for outcome, code, system, commented, count in connection.execute(counted):
        group.count(outcome, Reason(code, system, bool(commented)), count)
    return group


def _latest() -> Subquery:
    """For each card the item that counts: the latest by its own time, then by when it came."""
    order = (feedback.c.outcome_at.desc(), feedback.c.received_at.desc(), feedback.c.digest.desc())
    ranked = select(
        feedback.c.card,
        feedback.c.service,
        feedback.c.received_at,
        feedback.c.outcome,
        feedback.c.reason_code,
        feedback.c.reason_system,
        and_(feedback.c.reason_code.is_(None), feedback.c.comment.is_not(None)).label("commented"),
        func.row_number().over(partition_by=feedback.c.card, order_by=order).label("place"),
    ).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()
