"""Conditions of a generated pack with the ways in which they hold, so that no rule makes another needless.

A way is a whole number with a bit for each statement that must hold, and for all that such a statement implies: of
``age >= 65`` also ``age >= 50``, of a question that is only shown after a yes also that yes. So one way implies
another if it has all its bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations, product
from operator import or_
from typing import Any, Final

DEFAULT: Final = 4
"""The rank of the last level: what holds when no rule says more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A condition as it stands in a rule file, the findings it names, and its ways."""

    when: Any
    findings: frozenset[str]
    ways: tuple[int, ...]

    @property
    def lean(self) -> bool:
        """Whether each of its ways says something that no other says."""
        return not any(one & two in (one, two) for one, two in combinations(self.ways, 2))


def all_of(*parts: Part) -> Part:
    """All of the parts hold."""
    return _joined("all", parts, (reduce(or_, chosen) for chosen in product(*(part.ways for part in parts))))


def any_of(*parts: Part) -> Part:
    """Some part holds."""
    return _joined("any", parts, (way for part in parts for way in part.ways))


def at_least(count: int, *parts: Part) -> Part:
    """So many of the parts hold."""
    inner = [all_of(*chosen) for chosen in combinations(parts, count)]
    joined = _joined("of", parts, (way for part in inner for way in part.ways))
    return Part({"at_least": count, **joined.when}, joined.findings, joined.ways)


def named(name: str, parts: Iterable[Part]) -> Part:
    """A derived finding that holds when some part holds."""
    return Part(name, frozenset({name}), tuple(way for part in parts for way in part.ways))


def _joined(key: str, parts: tuple[Part, ...], ways: Iterable[int]) -> Part:
    findings = frozenset[str]().union(*(part.findings for part in parts))
    return Part({key: [part.when for part in parts]}, findings, tuple(ways))


@dataclass(slots=True)
class Ledger:
    """The ways that rules have taken, each with the rank of its level (0 is the most urgent)."""

    _taken: list[tuple[int, int]] = field(default_factory=list)

    def free(self, part: Part) -> range:
        """The ranks that a rule with this condition may have so that neither it nor another rule is needless.

        It is more urgent than all that holds whenever it holds, and less urgent than all that make it hold.
        """
        first, end = 0, DEFAULT
        for way in part.ways if part.lean else ():
            for taken, rank in self._taken:
                if taken & way == taken:
                    end = min(end, rank)
                if taken & way == way:
                    first = max(first, rank + 1)
        return range(first, end) if part.lean else range(0)

    def add(self, part: Part, rank: int) -> None:
        """Note a rule."""
        self._taken += [(way, rank) for way in part.ways]

    def add_apart(self, part: Part) -> bool:
        """Note a rule without a level, if it neither implies another nor is implied; whether that is so."""
        apart = part.lean and not any(taken & way in (taken, way) for taken, _ in self._taken for way in part.ways)
        if apart:
            self.add(part, 0)
        return apart
