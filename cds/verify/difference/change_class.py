"""A class of patients whose result changes: what was, what is, whether that is lower, and a patient who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.pack import Pack
from cds.verify.difference.patient import PairWitness
from cds.verify.difference.rules_behind import RuleBehind

Kind = Literal["level", "possible-level", "outcome", "advice", "asked", "withholds"]
Direction = Literal["lowered", "raised", "changed"]
YES: Final = "yes"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """All patients for whom something goes from ``old`` to ``new``.

    ``subject`` is the advice or the finding, where the kind has one. ``asked``: an open question about the finding is
    listed; ``withholds``: while it is open, no level is given.
    """

    kind: Kind
    old: str
    new: str
    direction: Direction
    subject: str = ""

    @property
    def name(self) -> str:
        """A name for files."""
        return ".".join(part for part in (self.kind, self.subject, self.old, self.new) if part)

    def __str__(self) -> str:
        return f"{self.kind}{f' {self.subject}' if self.subject else ''}: {self.old} -> {self.new}"


@dataclass(frozen=True, slots=True)
class FoundClass:
    """A class that is not empty: one of its patients, and the changed rules that fire otherwise for some of them."""

    change: ChangeClass
    patient: PairWitness
    rules: tuple[RuleBehind, ...]


def level_direction(old: Pack, new: Pack, before: str, after: str) -> Direction:
    """Whether a level is lower or higher than another; by the newer order, where both versions have both."""
    for pack in (new, old):
        if before in pack.rank and after in pack.rank:
            return _compared(pack.rank[before], pack.rank[after])
    # Each is in one version only: their places among the levels that both have tell.
    common = old.rank.keys() & new.rank.keys()
    places = [
        sum(level in common and pack.rank[level] < pack.rank[own] for level in pack.rank)
        for pack, own in ((old, before), (new, after))
    ]
    return _compared(*places)


def _compared(before: int, after: int) -> Direction:
    return "changed" if before == after else "lowered" if after > before else "raised"


def outcome_direction(old: Pack, new: Pack, before: str, after: str) -> Direction:
    """Whether an outcome reassures more than another.

    A low level that is no longer withheld does, and one in place of "not for you". From a low level to out of scope,
    the pack is made for other patients than before: neither more nor less.
    """
    withheld = (INCOMPLETE, OUT_OF_SCOPE)
    if before in withheld and after in withheld:
        return "changed"
    if before in withheld:
        return "raised" if new.levels[new.rank[after]].given_with_gaps else "lowered"
    if after in withheld:
        if old.levels[old.rank[before]].given_with_gaps:
            return "lowered"
        return "raised" if after == INCOMPLETE else "changed"
    return level_direction(old, new, before, after)
