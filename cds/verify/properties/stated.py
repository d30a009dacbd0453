"""The properties of a pack, read: what is to be proved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cds.pack.condition import Condition
from cds.pack.finding import Finding
from cds.verify.properties.model import Consequent


class WorseNumber(NamedTuple):
    """A number whose worse values are ``higher`` or lower, within ``low`` to ``high`` of the finding's own parts."""

    finding: Finding
    higher: bool
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class StatedProperty:
    """A statement with its conditions read: ``certainly`` and ``possibly`` must hold, then ``then`` must follow."""

    id: str
    title: str
    certainly: Condition | None
    possibly: Condition | None
    then: Consequent


@dataclass(frozen=True, slots=True)
class Properties:
    """What a pack claims: the kinds of :data:`KINDS`, with what they need to be told, and statements of its own.

    ``may_wait_for`` are findings that urgent levels may wait for.

    ``left_out`` has the reason for each kind that is not claimed. ``declared`` is false where there is no file.
    """

    claimed: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    present: Mapping[str, Sequence[Condition]] = field(default_factory=dict)
    worse: tuple[WorseNumber, ...] = ()
    contraindications: Mapping[str, Sequence[Condition]] = field(default_factory=dict)
    statements: tuple[StatedProperty, ...] = ()
    may_wait_for: tuple[str, ...] = ()
    declared: bool = True

    def only(self, names: Collection[str]) -> Properties:
        """These properties alone."""
        claimed = tuple(name for name in self.claimed if name in names)
        return replace(self, claimed=claimed, statements=tuple(one for one in self.statements if one.id in names))
