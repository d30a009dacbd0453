"""Findings that one version holds open and the other does not, for the same patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cds.verify.difference.change_class import NO, YES, ChangeClass
from cds.verify.difference.search import Search
from cds.verify.encoding.kleene import Formula, negation, some


def open_classes(search: Search) -> None:
    """Look for every finding that is asked for, and every one that withholds a level, in one version only."""
    pair = search.pair
    for name in dict.fromkeys((*pair.old.patient.findings, *pair.new.patient.findings)):
        search.step(f"question {name}")
        old, new = (side.open for side in pair.sides)
        _seek(search, "asked", name, old.asked(name), new.asked(name))
        _seek(search, "withholds", name, old.withholds(name), new.withholds(name))


def _seek(
    search: Search, kind: Literal["asked", "withholds"], name: str, old: Sequence[Formula], new: Sequence[Formula]
) -> None:
    for told, here, there in (((YES, NO), old, new), ((NO, YES), new, old)):
        # What both versions ask for by the very same formula need not be looked at.
        shared = {one.get_id() for one in there}
        own = [one for one in here if one.get_id() not in shared]
        if own:
            search.seek(ChangeClass(kind, *told, "changed", name), some(own), negation(some(there)))
