"""Patients whose certain or possible level changes, for each ordered pair of levels."""

from __future__ import annotations

from cds.verify.difference.change_class import ChangeClass, level_direction
from cds.verify.difference.search import Search
from cds.verify.encoding.kleene import both


def level_classes(search: Search) -> None:
    """Look for every change of level; exact, for the level is a formula over the rules."""
    old, new = search.pair.sides
    for before in old.pack.levels:
        for after in new.pack.levels:
            if before.id == after.id:
                continue
            search.step(f"{before.id} to {after.id}")
            direction = level_direction(old.pack, new.pack, before.id, after.id)
            one = old.levels[old.pack.rank[before.id]]
            other = new.levels[new.pack.rank[after.id]]
            search.seek(ChangeClass("level", before.id, after.id, direction), both(one.known, other.known))
            possible = ChangeClass("possible-level", before.id, after.id, direction)
            search.seek(possible, both(one.possible, other.possible))
