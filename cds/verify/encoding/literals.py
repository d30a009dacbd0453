"""A formula over statements about findings, read with other truths: as they may turn out, or as they were chosen.

Each statement is one of a few kinds: a boolean holds, a number is at least so much, a code is there. All comparisons
come down to the second kind, so that what is assumed of a number in one place counts in all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import z3

from cds.pack.condition import Atom, Compare, Holds, Includes, IsCode
from cds.verify.encoding.kleene import Formula, Kleene, both, either


class Key(NamedTuple):
    """A statement about one finding: it ``holds``, it is at ``least`` this number, it ``has`` this code."""

    finding: str
    kind: Literal["holds", "least", "has"]
    value: int | str = ""


Truths = Callable[[Key], Kleene]
"""For each statement the formulas that make it true, and those that make it false."""


def keys_of(atom: Atom) -> tuple[Key, ...]:
    """The statements that an atom comes down to."""
    match atom:
        case Holds(name):
            return (Key(name, "holds"),)
        case Compare(name, operator, value):
            ends = {">=": (value,), "<": (value,), ">": (value + 1,), "<=": (value + 1,)}
            return tuple(Key(name, "least", end) for end in ends.get(operator, (value, value + 1)))
        case _:
            return (Key(atom.finding, "has", atom.code),)


def atom_of(key: Key, codes: bool) -> Atom:
    """The atom that says what a key says; ``codes`` if the finding may have several codes."""
    if key.kind == "holds":
        return Holds(key.finding)
    if key.kind == "least":
        return Compare(key.finding, ">=", int(key.value))
    return Includes(key.finding, str(key.value)) if codes else IsCode(key.finding, str(key.value))


def read(atom: Atom, truths: Truths) -> Kleene:
    """An atom by the truths of its keys."""
    first, *rest = (truths(key) for key in keys_of(atom))
    if not isinstance(atom, Compare) or atom.operator == ">=" or atom.operator == ">":
        return first
    if atom.operator in ("<", "<="):
        return Kleene(first.no, first.yes)
    (second,) = rest
    equal = Kleene(both(first.yes, second.no), either(first.no, second.yes))
    return equal if atom.operator == "=" else Kleene(equal.no, equal.yes)


def substituted(formula: Formula, named: Iterable[tuple[Atom, Kleene]], truths: Truths) -> Formula:
    """The formula over named atoms, with each read by the truths of its keys."""
    pairs = []
    for atom, names in named:
        other = read(atom, truths)
        pairs += [(names.yes, other.yes), (names.no, other.no)]
    return z3.substitute(formula, *pairs) if pairs else formula
