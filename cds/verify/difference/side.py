"""One of the two versions that are compared: its pack, its symbolic patient, its rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from cds.decision_support import DecisionSupport
from cds.pack import Pack
from cds.verify.difference.open_reading import OpenReading
from cds.verify.encoding import RuleReading, Rules, SymbolicPatient
from cds.verify.witness import Facts, WitnessMaker

Which = Literal["old", "new"]


@dataclass(frozen=True)
class Side:
    """One version. ``open`` says which findings are open for its patient, ``ordinary`` is the usual patient."""

    which: Which
    support: DecisionSupport
    patient: SymbolicPatient
    rules: Rules
    open: OpenReading
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


def at_one_time(old: Pack, new: Pack) -> Pack:
    """The old pack with the day of the new one, so that witnesses have the same dates in both versions.

    The day on which a pack takes effect decides nothing in an evaluation.
    """
    return replace_header(old, effective=new.header.effective)


def replace_header(pack: Pack, **changes: object) -> Pack:
    """The pack with other metadata."""
    return replace(pack, header=pack.header.model_copy(update=changes))
