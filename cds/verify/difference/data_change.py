"""What changed in the data of a pack, entry by entry, whether or not any patient notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Weight = Literal["major", "minor", "patch"]
How = Literal["added", "removed", "changed", "texts"]

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class DataChange:
    """One entry that differs: ``kind`` and ``name`` say which, ``details`` how, ``weight`` what that is by itself.

    ``how`` is *texts* if nothing but wording or metadata changed.
    """

    kind: str
    name: str
    how: How
    weight: Weight
    details: tuple[str, ...] = ()
    place: str = ""


Compared = Callable[[Any, Any], Iterator[tuple[str, Weight]]]
"""What is different between two entries that both versions have, and how much that weighs."""


def compared(
    kind: str,
    old: Mapping[str, Entry],
    new: Mapping[str, Entry],
    differences: Callable[[Entry, Entry], Iterable[tuple[str, Weight]]],
    removed: Weight = "minor",
    added: Weight = "minor",
    place: Callable[[Entry], str] = lambda _: "",
) -> Iterator[DataChange]:
    """The changes of one kind of entries, by their names."""
    for name in dict.fromkeys((*new, *old)):
        if name not in new:
            yield DataChange(kind, name, "removed", removed, place=place(old[name]))
        elif name not in old:
            yield DataChange(kind, name, "added", added, place=place(new[name]))
        else:
            found = list(differences(old[name], new[name]))
            if found:
                weight = heaviest(weight for _, weight in found)
                details = tuple(text for text, _ in found)
                how: How = "texts" if weight == "patch" else "changed"
                yield DataChange(kind, name, how, weight, details, place(new[name]))


def fields(old: Any, new: Any, weights: Mapping[str, Weight], rest: Weight = "patch") -> Iterator[tuple[str, Weight]]:
    """The fields in which two models differ; a value that fits on a line is shown."""
    before, after = old.model_dump(), new.model_dump()
    for name in before:
        if before[name] != after.get(name):
            yield shown(name, before[name], after.get(name)), weights.get(name, rest)


def shown(name: str, before: object, after: object) -> str:
    """What changed, with its values if they are short."""
    texts = [_short(before), _short(after)]
    return f"{name}: {texts[0]} -> {texts[1]}" if all(texts) else name


def _short(value: object) -> str:
    simple = isinstance(value, str | int | float | bool) or value is None
    listed = isinstance(value, list) and all(isinstance(one, str | int | float) for one in value)
    text = "none" if value is None else ", ".join(map(str, value)) if isinstance(value, list) and listed else str(value)
    return text if (simple or listed) and 0 < len(text) <= 60 else ""


def heaviest(weights: Iterable[Weight]) -> Weight:
    """The weightiest of some weights; *patch* for none."""
    order: tuple[Weight, ...] = ("major", "minor", "patch")
    return min(weights, key=order.index, default="patch")
