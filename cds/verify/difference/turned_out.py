"""Statements about findings, put together from the few kinds that they come down to."""

from __future__ import annotations

from collections.abc import Callable

from cds.pack.condition import Atom, Compare, Holds
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import both, either
from cds.verify.encoding.literals import Key

Truth = Callable[[Key], Kleene]
"""What is known of a statement of one of the few kinds."""


def keys_of(atom: Atom) -> tuple[Key, ...]:
    """The statements that an atom comes down to: of numbers, that they are at least so much."""
    match atom:
        case Holds(name):
            return (Key(name, "holds"),)
        case Compare(name, operator, value):
            ends = {">=": (value,), "<": (value,), ">": (value + 1,), "<=": (value + 1,)}
            return tuple(Key(name, "least", end) for end in ends.get(operator, (value, value + 1)))
        case _:
            return (Key(atom.finding, "has", atom.code),)


def turned_out(atom: Atom, truth: Truth) -> Kleene:
    """What is known of an atom."""
    first, *rest = (truth(key) for key in keys_of(atom))
    if not isinstance(atom, Compare) or atom.operator in (">=", ">"):
        return first
    if atom.operator in ("<", "<="):
        return Kleene(first.no, first.yes)
    (beyond,) = rest
    equal = Kleene(both(first.yes, beyond.no), either(first.no, beyond.yes))
    return equal if atom.operator == "=" else Kleene(equal.no, equal.yes)
