"""Patients whose outcome changes, ``incomplete`` and ``out-of-scope`` among them."""

from __future__ import annotations

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.verify.difference.change_class import ChangeClass, outcome_direction
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import FALSE, Formula, both, either, every, negation, some


def outcome_classes(search: Search) -> None:
    """Look for every change of outcome."""
    old, new = search.pair.sides
    told = {side.which: _outcomes(side) for side in (old, new)}
    for before, one in told["old"].items():
        for after, other in told["new"].items():
            if before != after:
                direction = outcome_direction(old.pack, new.pack, before, after)
                change = ChangeClass("outcome", before, after, direction)
                search.step(str(change))
                search.seek(change, one, other)


def _outcomes(side: Side) -> dict[str, Formula]:
    """When a version has each outcome: withheld before all, out of scope before the levels."""
    incomplete, out = side.open.incomplete, _out_of_scope(side)
    neither = both(negation(incomplete), negation(out))
    levels = zip(side.pack.levels, side.levels, strict=True)
    return {
        **{level.id: both(reading.known, neither) for level, reading in levels},
        INCOMPLETE: incomplete,
        OUT_OF_SCOPE: both(out, negation(incomplete)),
    }


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
