"""Patients whose outcome changes, ``incomplete`` and ``out-of-scope`` among them.

Whether a level is withheld is decided by the assessment itself. A patient can be incomplete in one version alone only
if some finding withholds in that version alone, so these patients are looked for among those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.verify.difference.change_class import ChangeClass, outcome_direction
from cds.verify.difference.only_here import OnlyHere, OnlyHereSearch
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import TRUE, Formula, both, either, every, negation, some


def outcome_classes(search: Search) -> None:
    """Look for every change of outcome between levels and out of scope, of patients from whom nothing is withheld."""
    settled = [negation(_may_withhold(side)) for side in search.pair.sides]
    for change, told in _changes(search):
        if INCOMPLETE not in (change.old, change.new):
            search.step(str(change))
            search.seek(change, *told, prefer=[settled], exact=False)


def withheld_outcome_classes(search: Search, seeking: OnlyHereSearch, withholding: Sequence[OnlyHere]) -> None:
    """Look for every change to and from incomplete; ``withholding`` are the findings that withhold in one version."""
    for change, told in _changes(search):
        if INCOMPLETE in (change.old, change.new):
            side = search.pair.old if change.old == INCOMPLETE else search.pair.new
            candidates = [one for one in withholding if one.side is side]
            if candidates:
                search.step(str(change))
                seeking.seek_outcome(change, candidates, *told)


def _changes(search: Search) -> Iterator[tuple[ChangeClass, tuple[Formula, Formula]]]:
    """Each change of outcome, and what holds for all its patients in the one and in the other version."""
    old, new = search.pair.sides
    may_be = {side.which: {outcome: _may_be(side, outcome) for outcome in _outcomes(side)} for side in (old, new)}
    for before, one in may_be["old"].items():
        for after, other in may_be["new"].items():
            if before != after:
                direction = outcome_direction(old.pack, new.pack, before, after)
                yield ChangeClass("outcome", before, after, direction), (one, other)


def _outcomes(side: Side) -> list[str]:
    return [*(level.id for level in side.pack.levels), INCOMPLETE, OUT_OF_SCOPE]


def _may_be(side: Side, outcome: str) -> Formula:
    """Holds for all patients with this outcome; and, if it is not withheld, for no others."""
    if outcome == INCOMPLETE:
        return _may_withhold(side)
    out = _out_of_scope(side)
    if outcome == OUT_OF_SCOPE:
        return out
    return both(side.levels[side.pack.rank[outcome]].known, negation(out))


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
    return both(side.rules.out_of_scope().known if rules else negation(TRUE), every(urgent))


def _may_withhold(side: Side) -> Formula:
    """The level may be withheld: it is such a level, and some rule that can decide is undecided."""
    undecided = some(
        both(side.rules.fires(rule).possible, negation(side.rules.fires(rule).known))
        for rule in side.pack.rules
        if rule.then.level not in (None, side.pack.default_level) or rule.then.out_of_scope
    )
    return both(side.withheld_level, undecided)
