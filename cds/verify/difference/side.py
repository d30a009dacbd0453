"""One of the two versions that are compared: its pack, its symbolic patient, its rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from cds.decision_support import DecisionSupport
from cds.pack import Pack
from cds.pack.condition import Atom
from cds.verify.encoding import Kleene, RuleReading, Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, some
from cds.verify.witness import Facts, WitnessMaker

Which = Literal["old", "new"]


@dataclass(frozen=True)
class Side:
    """One version. ``named`` has the statements of its rules under their names, ``ordinary`` the usual patient."""

    which: Which
    support: DecisionSupport
    patient: SymbolicPatient
    rules: Rules
    named: dict[Atom, Kleene]
    ordinary: Facts
    witnesses: WitnessMaker

    @property
    def pack(self) -> Pack:
        """The pack, with the day on which patients of both versions are assessed."""
        return self.support.pack

    @cached_property
    def levels(self) -> tuple[RuleReading, ...]:
        """When the certain, and when the possible level is each of the pack's, in their order."""
        return tuple(self.rules.level_is(rank) for rank in range(len(self.pack.levels)))

    @cached_property
    def withheld_level(self) -> Formula:
        """When the certain level is one that is withheld while an urgent question is open."""
        pairs = zip(self.pack.levels, self.levels, strict=True)
        return some(reading.known for level, reading in pairs if not level.given_with_gaps)


def at_one_time(old: Pack, new: Pack) -> Pack:
    """The old pack with the day of the new one, so that witnesses have the same dates in both versions.

    The day on which a pack takes effect decides nothing in an evaluation.
    """
    return replace_header(old, effective=new.header.effective)


def replace_header(pack: Pack, **changes: object) -> Pack:
    """The pack with other metadata."""
    return replace(pack, header=pack.header.model_copy(update=changes))
