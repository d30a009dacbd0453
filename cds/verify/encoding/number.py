"""A number that is known within a range: the cases that decide about it, each with its two ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import product
from typing import Any, Literal, NamedTuple

import z3

from cds.pack.condition import Operator
from cds.verify.encoding.kleene import Formula, Kleene, as_any, both, either, every, is_false, negation, some

Number = Any
"""A whole number, or a formula that stands for one (z3.ArithRef)."""


class Case(NamedTuple):
    """If ``when`` holds, the number lies between ``low`` and ``high``, both included."""

    when: Formula
    low: Number
    high: Number


Cases = tuple[Case, ...]
"""Cases that exclude each other; where none holds, nothing is known."""


def known(cases: Cases) -> Formula:
    """When something is known of the number."""
    return some(case.when for case in cases)


def compared(cases: Cases, operator: Operator, value: int, low: int, high: int) -> Kleene:
    """The number compared with ``value``; where nothing is known, it may be all of ``low`` to ``high``."""
    whole = (*cases, Case(negation(known(cases)), low, high))
    yes, no = zip(*(_compared(case, operator, value) for case in whole), strict=True)
    return Kleene(some(yes), some(no))


def _compared(case: Case, operator: Operator, value: int) -> tuple[Formula, Formula]:
    when, low, high = case
    match operator:
        case ">=":
            yes, no = as_any(low >= value), as_any(high < value)
        case ">":
            yes, no = as_any(low > value), as_any(high <= value)
        case "<=":
            yes, no = as_any(high <= value), as_any(low > value)
        case "<":
            yes, no = as_any(high < value), as_any(low >= value)
        case _:
            equal = both(as_any(low >= value), as_any(high <= value))
            different = either(as_any(low > value), as_any(high < value))
            yes, no = (equal, different) if operator == "=" else (different, equal)
    return both(when, yes), both(when, no)


def differ(one: Cases, other: Cases) -> Formula:
    """When the first is known and the second is not known to be the same range."""
    pairs = product(one, other)
    same = (both(a.when, b.when, _same(a.low, b.low), _same(a.high, b.high)) for a, b in pairs)
    return both(known(one), negation(some(same)))


def agree(one: Cases, other: Cases) -> Formula:
    """When the two, if both are known, share a number."""
    pairs = product(one, other)
    return every(either(negation(both(a.when, b.when)), _share(a, b)) for a, b in pairs)


def _share(one: Case, other: Case) -> Formula:
    return as_any(larger(one.low, other.low) <= smaller(one.high, other.high))


def overlap(sources: Sequence[Cases], safer: Literal["high", "low"] | None) -> Cases:
    """What several sources say together: what they share, or, if they share nothing, the safer or all of it."""
    found: list[Case] = []
    for chosen in product(*((*cases, None) for cases in sources)):
        told = [case for case in chosen if case is not None]
        if not told:
            continue
        silent = (negation(known(cases)) for cases, case in zip(sources, chosen, strict=True) if case is None)
        when = every([*(case.when for case in told), *silent])
        found += _together(when, told, safer) if not is_false(when) else []
    return tuple(found)


def _together(when: Formula, told: Sequence[Case], safer: str | None) -> Iterable[Case]:
    if len(told) == 1:
        yield Case(when, told[0].low, told[0].high)
        return
    low, high = reduce(larger, (case.low for case in told)), reduce(smaller, (case.high for case in told))
    agree = as_any(low <= high)
    yield Case(both(when, agree), low, high)
    contradict = both(when, negation(agree))
    if is_false(contradict):
        return
    if safer is None:
        lowest, highest = reduce(smaller, (case.low for case in told)), reduce(larger, (case.high for case in told))
        yield Case(contradict, lowest, highest)
        return
    for index, case in enumerate(told):
        # The first that no other goes beyond, as the semantics has it: by its safer end, then by the other.
        beyond = [_beyond(other, case, safer, later) for other, later in _others(told, index)]
        yield Case(every([contradict, *map(negation, beyond)]), case.low, case.high)


def _others(told: Sequence[Case], index: int) -> Iterable[tuple[Case, bool]]:
    return ((other, place > index) for place, other in enumerate(told) if place != index)


def _beyond(other: Case, case: Case, safer: str, later: bool) -> Formula:
    """Whether the other is chosen before the case: it lies further on the safer side, or is equal and earlier."""
    if safer == "high":
        first, second = as_any(other.high > case.high), as_any(other.low > case.low)
    else:
        first, second = as_any(other.low < case.low), as_any(other.high < case.high)
    tie = (_same(other.high, case.high), _same(other.low, case.low))
    one, two = tie if safer == "high" else (tie[1], tie[0])
    strict = either(first, both(one, second))
    return strict if later else either(strict, both(one, two))


def larger(one: Number, other: Number) -> Number:
    """The larger of two numbers."""
    return max(one, other) if isinstance(one, int) and isinstance(other, int) else z3.If(one >= other, one, other)


def smaller(one: Number, other: Number) -> Number:
    """The smaller of two numbers."""
    return min(one, other) if isinstance(one, int) and isinstance(other, int) else z3.If(one <= other, one, other)


def _same(one: Number, other: Number) -> Formula:
    return as_any(one == other)
