"""The two patients of a pair: what they share, and what holds of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import z3

from cds.pack import Pack
from cds.verify.difference.not_compared import in_both_charts
from cds.verify.difference.questions import asks_alike, common_parts, shown_alike
from cds.verify.difference.records import reads_alike
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import Formula, as_any, some


def both_patients(old: Pack, new: Pack) -> tuple[tuple[SymbolicPatient, SymbolicPatient], set[str]]:
    """Both patients, and the names of the variables that they do not share."""
    parts = common_parts(old, new)
    common = [link_id for link_id in old.questionnaire.items if link_id in new.questionnaire.items]
    apart = {link_id for link_id in common if not asks_alike(old, new, link_id)}
    apart |= {f"chart.{name}" for name in in_both_charts(old, new) if not reads_alike(old, new, name)}
    first = SymbolicPatient(old, parts=parts)
    while True:
        second = SymbolicPatient(new, _prefix(frozenset(apart)), parts)
        others = {link_id for link_id in common if link_id in first.questions and link_id not in apart}
        changed = {link_id for link_id in others if not shown_alike(first, second, link_id)}
        if not changed:
            return (first, second), apart
        # What hangs on these questions is shown to others as well, so it is looked at once more.
        apart |= changed


def _prefix(apart: frozenset[str]) -> Callable[[str], str]:
    return lambda name: "new:" if name in apart else ""


def required(patient: SymbolicPatient) -> Iterator[Formula]:
    """A required question that was shown was answered; of a group, one of its questions."""
    items = patient.pack.questionnaire.items
    for link_id, item in items.items():
        if item.required:
            inside = [one for one in patient.questions if one == link_id or _is_inside(patient.pack, one, link_id)]
            if inside:
                answered = some(patient.questions[one].answered for one in inside)
                yield z3.Implies(patient.shown.state(link_id).shown, answered)


def _is_inside(pack: Pack, link_id: str, group: str) -> bool:
    parent = pack.questionnaire.items[link_id].parent
    return parent is not None and (parent == group or _is_inside(pack, parent, group))


def same_gates(old: SymbolicPatient, new: SymbolicPatient) -> Iterator[Formula]:
    """Comparisons of dates are not encoded; they turn out alike for both."""
    for one, other in ((old.shown, new.shown), (old.gates, new.gates)):
        if len(one.free) == len(other.free):
            yield from (as_any(mine == theirs) for mine, theirs in zip(one.free, other.free, strict=True))
