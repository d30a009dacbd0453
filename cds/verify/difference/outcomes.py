"""Patients whose outcome changes, ``incomplete`` and ``out-of-scope`` among them."""

from __future__ import annotations

from typing import NamedTuple

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.verify.difference.change_class import ChangeClass, outcome_direction
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import FALSE, Formula, both, either, every, negation, some


class _Outcome(NamedTuple):
    """``rules``: what the fired rules say if it is the outcome; ``gaps``: what the open questions do then.

    The rules are far easier to ask about, and most changes of outcome are ruled out by them.
    """

    rules: Formula
    gaps: Formula


def outcome_classes(search: Search) -> None:
    """Look for every change of outcome."""
    old, new = search.pair.sides
    before, after = _outcomes(old), _outcomes(new)
    for was, one in before.items():
        for now, other in after.items():
            if was != now and search.may_be(one.rules, other.rules):
                change = ChangeClass("outcome", was, now, outcome_direction(old.pack, new.pack, was, now))
                search.step(str(change))
                search.seek(change, *one, *other)


def _outcomes(side: Side) -> dict[str, _Outcome]:
    """When a version has each outcome: withheld before all, out of scope before the levels."""
    incomplete, out = side.open.incomplete, _out_of_scope(side)
    found = {INCOMPLETE: _Outcome(side.open.withheld_level, incomplete)}
    found[OUT_OF_SCOPE] = _Outcome(out, negation(incomplete))
    for level, reading in zip(side.pack.levels, side.levels, strict=True):
        found[level.id] = _Outcome(both(reading.known, negation(out)), negation(incomplete))
    return found


def _out_of_scope(side: Side) -> Formula:
    """A rule says that the pack is not for them, and no other rule asks for more urgency than these do."""
    rules = [rule for rule in side.pack.rules if rule.then.out_of_scope]
    own = [
        some(
            side.rules.fires(rule).known
            for rule in rules
            if rule.then.level is not None and side.pack.rank[rule.then.level] <= rank
        )
        for rank in range(len(side.pack.levels) - 1)
    ]
    urgent = (either(negation(side.rules.reaches(rank).known), own[rank]) for rank in range(len(own)))
    return both(side.rules.out_of_scope().known if rules else FALSE, every(urgent))
