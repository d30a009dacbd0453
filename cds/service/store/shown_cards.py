"""Writes down which cards were shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite

from cds.service.store.database import Database
from cds.service.store.errors import reaching
from cds.service.store.showing import Showing
from cds.service.store.tables import shown, shown_rule


def record(database: Database, showings: Sequence[Showing]) -> None:
    """Keep showings, in one transaction; a card that is there already stays as it was first shown."""
    # Sorted: two hosts that write the same cards at once take the locks in the same order.
    first = {showing.card: showing for showing in reversed(showings)}
    cards = [first[card] for card in sorted(first)]
    if not cards:
        return
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    with reaching(database.place), database.quick.begin() as connection:
        new = insert(shown).on_conflict_do_nothing().returning(shown.c.card)
        inserted = connection.scalars(new, [_row(entry) for entry in cards]).all()
        rules = [{"card": card, "rule": rule} for card in inserted for rule in sorted(set(first[card].rules))]
        if rules:
            connection.execute(shown_rule.insert(), rules)


def _row(showing: Showing) -> dict[str, object]:
    return {
        "card": showing.card,
        "service": showing.service,
        "pack": showing.pack,
        "pack_version": showing.version,
        "outcome": showing.outcome,
        "level": showing.level,
        "possible_level": showing.possible_level,
        "kind": showing.kind,
        "day": showing.day,
    }
