"""Conditions as data: a small tree over findings, the same for every evaluator and proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal[">=", ">", "<=", "<", "=", "!="]


@dataclass(frozen=True, slots=True)
class Holds:
    """A boolean finding is true."""

    finding: str


@dataclass(frozen=True, slots=True)
class Compare:
    """An integer finding compared with ``value``, which is in the finding's unit times its scale."""

    finding: str
    operator: Operator
    value: int


@dataclass(frozen=True, slots=True)
class IsCode:
    """A ``code`` finding has this code."""

    finding: str
    code: str


@dataclass(frozen=True, slots=True)
class Includes:
    """A ``codes`` finding includes this code."""

    finding: str
    code: str


@dataclass(frozen=True, slots=True)
class Not:
    """The operand is false."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every operand holds."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one operand holds."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` operands hold."""

    count: int
    operands: tuple[Condition, ...]


Atom = Holds | Compare | IsCode | Includes
Condition = Atom | Not | All | AnyOf | AtLeast


def atoms(condition: Condition) -> Iterator[Atom]:
    """All statements about single findings in a condition, from left to right, repeats included."""
    match condition:
        case Not(operand):
            yield from atoms(operand)
        case All(operands) | AnyOf(operands) | AtLeast(_, operands):
            for operand in operands:
                yield from atoms(operand)
        case _:
            yield condition


def findings_of(condition: Condition) -> frozenset[str]:
    """The ids of all findings that a condition reads."""
    return frozenset(atom.finding for atom in atoms(condition))
