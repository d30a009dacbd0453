"""Findings that one version holds open and the other does not, for the same patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cds.verify.difference.change_class import NO, YES, ChangeClass
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import Formula, both, negation, some


def open_classes(search: Search) -> None:
    """Look for every finding that is asked for, and every one that withholds a level, in one version only."""
    pair = search.pair
    sides = [(side, pair.other(side)) for side in pair.sides]
    # Most changes leave as it is whether a level is one that is withheld, which makes for much smaller formulas.
    alike = {
        side.which: not search.may_be(side.open.withheld_level, negation(other.open.withheld_level))
        for side, other in sides
    }
    for name in dict.fromkeys((*pair.old.patient.findings, *pair.new.patient.findings)):
        search.step(f"question {name}")
        for side, other in sides:
            here, there = side.open.asked(name), other.open.asked(name)
            asked = search.seek(_change("asked", side, name), _one_of(here, but=there), negation(some(there)))
            here, there = side.open.withholds(name), other.open.withholds(name)
            change, level = _change("withholds", side, name), side.open.withheld_level
            if not alike[side.which]:
                elsewhere = both(other.open.withheld_level, some(there))
                search.seek(change, level, some(here), negation(elsewhere))
            elif asked or not there:  # a finding that withholds in both is asked for in both
                search.seek(change, level, _one_of(here, but=there), negation(some(there)))


def _one_of(here: Sequence[Formula], but: Sequence[Formula]) -> Formula:
    """One of these; none of those that are the very same formula in the other version, which does not hold."""
    shared = {one.get_id() for one in but}
    return some(one for one in here if one.get_id() not in shared)


def _change(kind: Literal["asked", "withholds"], side: Side, name: str) -> ChangeClass:
    was, now = (YES, NO) if side.which == "old" else (NO, YES)
    return ChangeClass(kind, was, now, "changed", name)
