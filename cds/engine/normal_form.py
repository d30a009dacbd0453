"""Conditions as sums of products of literals, the only form that durable-rules evaluates reliably.

Negation is pushed to the leaves, so every literal is a property that must *hold*. Both rails use the same products:
on the *known* rail a literal holds when it is certainly true, on the *possible* rail when it is not certainly false
(docs/decisions/0001-one-ruleset-two-readings.md). Where a product of sums would grow, the sum becomes a hidden
derived finding of its own (Tseitin's idea); ``at_least`` is split in halves (a totalizer, Bailleux and Boufkhad 2003).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Final, NamedTuple

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not

MAX_PRODUCTS: Final = 8
"""A product of sums with more terms than this is broken up by hidden findings."""


class Literal(NamedTuple):
    """A property of the engine's flat fact, and the test on it: ``test`` is ``==`` (true), ``>=`` or ``<=``."""

    name: str
    test: str = "=="
    value: int | bool = True


Product = frozenset[Literal]


def yes(name: str) -> Literal:
    """The finding holds."""
    return Literal(f"{name}.yes")


def no(name: str) -> Literal:
    """The finding fails."""
    return Literal(f"{name}.no")


def code_property(finding: str, code: str, holds: bool) -> str:
    """The property that says that a code is chosen, or that it is not. Codes have hyphens, property names cannot."""
    return f"{finding}.{'is' if holds else 'isnt'}.{code.replace('-', '_')}"


@dataclass(slots=True)
class Normalizer:
    """Turns conditions into products; ``hidden`` collects the findings invented on the way, in order of need.

    ``limit`` is how many terms a product of sums may have before hidden findings break it up.
    """

    limit: int = MAX_PRODUCTS
    hidden: dict[str, list[Product]] = field(default_factory=dict)
    _known: dict[frozenset[Product], str] = field(default_factory=dict)

    def products(self, condition: Condition, positive: bool = True) -> list[Product]:
        """The products of a condition, or of its negation."""
        match condition:
            case Holds(name):
                return [frozenset({yes(name) if positive else no(name)})]
            case IsCode(name, code) | Includes(name, code):
                return [frozenset({Literal(code_property(name, code, positive))})]
            case Compare():
                return _comparison(condition, positive)
            case Not(operand):
                return self.products(operand, not positive)
            case All(operands) | AnyOf(operands):
                parts = [self.products(operand, positive) for operand in operands]
                conjunction = isinstance(condition, All) == positive
                return self._conjoin(parts) if conjunction else _absorb(term for part in parts for term in part)
            case AtLeast(count, operands):
                # not (at least n of m) is: at least m - n + 1 of the negations
                needed = count if positive else len(operands) - count + 1
                parts = [self.products(operand, positive) for operand in operands]
                return self._at_least(needed, parts)

    def _conjoin(self, parts: list[list[Product]]) -> list[Product]:
        size = 1
        for part in parts:
            size *= len(part)
        if size > self.limit:
            parts = [self._name(part) for part in parts]
        terms: list[Product] = [frozenset()]
        for part in parts:
            terms = _absorb(one | other for one in terms for other in part)
        return terms

    def _name(self, part: list[Product]) -> list[Product]:
        """A sum as one literal: a hidden finding that its products conclude. A single product stays as it is."""
        if len(part) == 1:
            return part
        key = frozenset(part)
        if key not in self._known:
            self._known[key] = name = f"X{len(self.hidden)}"
            self.hidden[name] = part
        return [frozenset({yes(self._known[key])})]

    def _at_least(self, count: int, parts: list[list[Product]]) -> list[Product]:
        if count <= 0:
            return [frozenset()]
        if count > len(parts):
            return []
        if count == 1:
            return _absorb(term for part in parts for term in part)
        if comb(len(parts), count) <= self.limit:
            return _absorb(term for chosen in combinations(parts, count) for term in self._conjoin(list(chosen)))
        half = len(parts) // 2
        left, right = parts[:half], parts[half:]
        found: list[Product] = []
        for from_left in range(max(0, count - len(right)), min(count, len(left)) + 1):
            sides = [self._at_least(from_left, left), self._at_least(count - from_left, right)]
            found += self._conjoin([self._name(side) for side in sides])
        return _absorb(found)


def _comparison(atom: Compare, positive: bool) -> list[Product]:
    """``up`` is the bound that counts for ``>=``, ``down`` the one for ``<=``; see ``facts.py``."""
    name, value = atom.finding, atom.value
    opposite = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "!=", "!=": "="}
    operator = atom.operator if positive else opposite[atom.operator]
    at_least = Literal(f"{name}.up", ">=", value + 1 if operator in (">", "!=") else value)
    at_most = Literal(f"{name}.down", "<=", value - 1 if operator in ("<", "!=") else value)
    if operator in (">=", ">"):
        return [frozenset({at_least})]
    if operator in ("<=", "<"):
        return [frozenset({at_most})]
    if operator == "=":
        return [frozenset({at_least, at_most})]
    return [frozenset({at_most}), frozenset({at_least})]


def _absorb(terms: Iterable[Product]) -> list[Product]:
    """The products without those that another one implies, in the order they came."""
    distinct = list(dict.fromkeys(terms))
    return [term for term in distinct if not any(other < term for other in distinct)]
