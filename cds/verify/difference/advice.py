"""Patients for whom a piece of advice changes its status."""

from __future__ import annotations

from cds.verify.difference.change_class import ChangeClass
from cds.verify.difference.reading import ADVICE, NOT_GIVEN
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, both, negation, some


def advice_classes(search: Search) -> None:
    """Look for every change of every piece of advice; patients to whom both versions show advice come first."""
    old, new = search.pair.sides
    shown = [both(*(_shows_advice(side) for side in search.pair.sides))]
    for name in dict.fromkeys((*old.pack.advice, *new.pack.advice)):
        search.step(f"advice {name}")
        before, after = (_statuses(side, name) for side in search.pair.sides)
        if all(before[status].eq(after[status]) for status in ADVICE):
            continue
        for was in ADVICE:
            for now in ADVICE:
                if was != now:
                    change = ChangeClass("advice", was, now, "changed", name)
                    search.seek(change, before[was], after[now], prefer=shown)


def _statuses(side: Side, name: str) -> dict[str, Formula]:
    """When the rules make this of the advice; a version that does not have it never gives it."""
    if name not in side.pack.advice:
        return {status: TRUE if status == NOT_GIVEN else FALSE for status in ADVICE}
    wanted, blocked = side.rules.recommended(name), side.rules.blocked(name)
    replaced = some(
        side.rules.fires(rule).known
        for rule in side.pack.rules
        if name in rule.then.block and (rule.then.instead or side.pack.advice[name].instead)
    )
    given = {
        "advised": both(wanted, negation(blocked.possible)),
        "ask-first": both(wanted, blocked.possible, negation(blocked.known)),
        "instead": both(wanted, replaced),
    }
    return {**given, NOT_GIVEN: negation(some(given.values()))}


def _shows_advice(side: Side) -> Formula:
    """When the level is one with which advice is shown."""
    return some(
        both(reading.known, reading.possible)
        for level, reading in zip(side.pack.levels, side.levels, strict=True)
        if level.advice
    )
