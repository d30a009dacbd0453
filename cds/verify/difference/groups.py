"""Classes put together where one patient shows many: a question not asked any more is mostly one of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cds.verify.difference.change_class import FoundClass

_WORDS: Final = {
    "level": "level",
    "possible-level": "possible level",
    "outcome": "outcome",
    "advice": "advice",
    "asked": "asked",
    "withholds": "withholds a level",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Classes of one kind, from and to the same, by the same rules."""

    classes: tuple[FoundClass, ...]

    @property
    def first(self) -> FoundClass:
        """The class whose patient is shown: that with the fewest words."""
        return min(self.classes, key=lambda one: len("".join(one.patient.words)))

    @property
    def title(self) -> str:
        """What it is about, with all subjects."""
        subjects = ", ".join(one.change.subject for one in self.classes if one.change.subject)
        return f"{_WORDS[self.classes[0].change.kind]}{f': {subjects}' if subjects else ''}"


def grouped(classes: Sequence[FoundClass]) -> tuple[Group, ...]:
    """The groups, in the order of their first classes. Levels and outcomes stand alone."""
    found: dict[object, list[FoundClass]] = {}
    for one in classes:
        change = one.change
        found.setdefault((change.kind, change.old, change.new, change.direction, one.rules), []).append(one)
    return tuple(Group(tuple(members)) for members in found.values())
