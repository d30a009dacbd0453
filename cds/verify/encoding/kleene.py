"""Strong Kleene logic over formulas: a truth is a pair of formulas, *certainly true* and *certainly false*.

A patient for whom neither holds leaves it unknown. Constants are folded, so that formulas stay small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import z3

Formula = Any
"""A z3.BoolRef. z3 has no types that mypy can read."""

TRUE: Formula = z3.BoolVal(True)
FALSE: Formula = z3.BoolVal(False)
_TRUE, _FALSE = TRUE.get_id(), FALSE.get_id()
"""Terms are shared: the same formula has the same id, which is much faster to compare than to look inside."""


class Kleene(NamedTuple):
    """A three-valued truth: ``yes`` says when it is certainly true, ``no`` when it is certainly false."""

    yes: Formula
    no: Formula

    @property
    def possible(self) -> Formula:
        """When it is not certainly false."""
        return negation(self.no)

    @property
    def unknown(self) -> Formula:
        """When it is neither."""
        return both(negation(self.yes), negation(self.no))


UNKNOWN = Kleene(FALSE, FALSE)


def is_true(formula: Formula) -> bool:
    """Whether it is the constant true."""
    return bool(formula.get_id() == _TRUE)


def is_false(formula: Formula) -> bool:
    """Whether it is the constant false."""
    return bool(formula.get_id() == _FALSE)


def constant(truth: bool) -> Formula:
    """A truth of Python as a formula."""
    return TRUE if truth else FALSE


def negation(formula: Formula) -> Formula:
    """Not."""
    if is_true(formula):
        return FALSE
    if is_false(formula):
        return TRUE
    return formula.arg(0) if z3.is_not(formula) else z3.Not(formula)


def every(formulas: Iterable[Formula]) -> Formula:
    """All of them; true for none."""
    kept: dict[int, Formula] = {}
    for formula in formulas:
        key = formula.get_id()
        if key == _FALSE:
            return FALSE
        if key != _TRUE:
            kept[key] = formula
    return TRUE if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.And(list(kept.values()))


def some(formulas: Iterable[Formula]) -> Formula:
    """Any of them; false for none."""
    kept: dict[int, Formula] = {}
    for formula in formulas:
        key = formula.get_id()
        if key == _TRUE:
            return TRUE
        if key != _FALSE:
            kept[key] = formula
    return FALSE if not kept else next(iter(kept.values())) if len(kept) == 1 else z3.Or(list(kept.values()))


def both(*formulas: Formula) -> Formula:
    """All of the arguments."""
    return every(formulas)


def either(*formulas: Formula) -> Formula:
    """Any of the arguments."""
    return some(formulas)


def count_at_least(formulas: Sequence[Formula], count: int) -> Formula:
    """At least so many of them."""
    if count <= 0:
        return TRUE
    if count > len(formulas):
        return FALSE
    if count == 1:
        return some(formulas)
    if count == len(formulas):
        return every(formulas)
    return z3.PbGe([(formula, 1) for formula in formulas], count)


def at_most_one(formulas: Sequence[Formula]) -> Formula:
    """No two of them."""
    return z3.PbLe([(formula, 1) for formula in formulas], 1) if len(formulas) > 1 else TRUE


def conjunction(parts: Sequence[Kleene]) -> Kleene:
    """Kleene's *all*."""
    return Kleene(every(part.yes for part in parts), some(part.no for part in parts))


def disjunction(parts: Sequence[Kleene]) -> Kleene:
    """Kleene's *any*."""
    return Kleene(some(part.yes for part in parts), every(part.no for part in parts))


def threshold(parts: Sequence[Kleene], count: int) -> Kleene:
    """Kleene's *at least so many*: true when so many certainly hold, false when fewer can."""
    fails = [part.no for part in parts]
    certain = count_at_least([part.yes for part in parts], count)
    return Kleene(certain, count_at_least(fails, len(parts) - count + 1))


def as_any(formula: Any) -> Formula:
    """What z3's operators give, as the formula that it is (they are not typed)."""
    return constant(formula) if isinstance(formula, bool) else formula
