"""Statements about findings of which everything is known: true or false, and nothing between."""

from __future__ import annotations

from collections.abc import Callable

from cds.pack.condition import Atom, Compare, Holds
from cds.verify.encoding.kleene import Formula, both, either, negation
from cds.verify.encoding.literals import Key

Truth = Callable[[Key], Formula]
"""When a statement of one of the few kinds is true."""


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


def turned_out(atom: Atom, truth: Truth) -> Formula:
    """When an atom is true."""
    first, *rest = (truth(key) for key in keys_of(atom))
    if not isinstance(atom, Compare):
        return first
    match atom.operator:
        case ">=" | ">":
            return first
        case "<" | "<=":
            return negation(first)
        case "=":
            return both(first, negation(rest[0]))
        case _:
            return either(negation(first), rest[0])
