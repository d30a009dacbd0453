"""The few kinds of statements that all conditions come down to.

A boolean holds, a number is at least so much, a code is there.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cds.pack.condition import Atom, Compare, Holds, Includes, IsCode


class Key(NamedTuple):
    """A statement about one finding: it ``holds``, it is at ``least`` this number, it ``has`` this code."""

    finding: str
    kind: Literal["holds", "least", "has"]
    value: int | str = ""


def atom_of(key: Key, codes: bool) -> Atom:
    """The atom that says what a key says; ``codes`` if the finding may have several codes."""
    if key.kind == "holds":
        return Holds(key.finding)
    if key.kind == "least":
        return Compare(key.finding, ">=", int(key.value))
    return Includes(key.finding, str(key.value)) if codes else IsCode(key.finding, str(key.value))
