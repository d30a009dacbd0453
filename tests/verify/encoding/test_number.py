"""Ranges as cases: compared, made one and held against each other as the intake and plain Python have it."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any, Literal, get_args

import pytest
import z3

from cds.intake.merge import merge
from cds.intake.reading import Reading
from cds.pack import Interval, Truth
from cds.pack.condition import Compare, Operator
from cds.pack.finding import Finding
from cds.verify.encoding.kleene import FALSE, TRUE, Kleene, is_true
from cds.verify.encoding.number import Case, Cases, agree, compared, differ, known, larger, overlap, smaller
from tests.engine.random_packs import TEXT

LOW, HIGH = 0, 6
OPERATORS: tuple[Operator, ...] = get_args(Operator)
RANGES = [None, *(Interval(low, high) for low in range(LOW, HIGH + 1) for high in range(low, HIGH + 1))]


def _cases(value: Interval | None) -> Cases:
    return () if value is None else (Case(TRUE, value.low, value.high),)


def _symbolic(value: Interval | None, name: str) -> tuple[Cases, list[tuple[Any, Any]]]:
    """The same over variables, with what to put in their places."""
    given, low, high = z3.Bool(f"{name} given"), z3.Int(f"{name} low"), z3.Int(f"{name} high")
    numbers = Interval(0, 0) if value is None else value
    pairs = [(given, z3.BoolVal(value is not None)), (low, z3.IntVal(numbers.low)), (high, z3.IntVal(numbers.high))]
    return (Case(given, low, high),), pairs


def _value(cases: Cases, pairs: list[tuple[Any, Any]]) -> Interval | None:
    """The one case that holds, as a range."""
    found = [
        Interval(*(_number(end, pairs) for end in (case.low, case.high))) for case in cases if _true(case.when, pairs)
    ]
    assert len(found) <= 1, "cases exclude each other"
    return found[0] if found else None


def _true(formula: Any, pairs: list[tuple[Any, Any]]) -> bool:
    return is_true(z3.simplify(z3.substitute(formula, *pairs)))


def _number(end: Any, pairs: list[tuple[Any, Any]]) -> int:
    return end if isinstance(end, int) else int(z3.simplify(z3.substitute(end, *pairs)).as_long())


def _truth(kleene: Kleene, pairs: list[tuple[Any, Any]]) -> Truth:
    yes, no = (_true(part, pairs) for part in kleene)
    assert not (yes and no)
    return True if yes else False if no else None


@pytest.mark.parametrize("operator", OPERATORS)
def test_compared_with_every_number_that_it_may_be(operator: Operator) -> None:
    tests = {
        ">=": int.__ge__,
        ">": int.__gt__,
        "<=": int.__le__,
        "<": int.__lt__,
        "=": int.__eq__,
        "!=": int.__ne__,
    }
    for value, bound in product(RANGES, range(LOW - 1, HIGH + 2)):
        span = value or Interval(LOW, HIGH)
        told = {tests[operator](number, bound) for number in range(span.low, span.high + 1)}
        expected = told.pop() if len(told) == 1 else None
        assert _truth(compared(_cases(value), operator, bound, LOW, HIGH), []) is expected, (value, bound)
        cases, pairs = _symbolic(value, "a")
        assert _truth(compared(cases, operator, bound, LOW, HIGH), pairs) is expected, (value, bound)


def test_every_operator_is_tried() -> None:
    assert set(OPERATORS) == {">=", ">", "<=", "<", "=", "!="}
    assert Compare("i", "=", 1).operator in OPERATORS


@pytest.mark.parametrize("safer", ["high", "low", None])
def test_several_ranges_are_one_as_the_intake_has_it(safer: Literal["high", "low"] | None) -> None:
    random = Random(3)
    finding = Finding(id="i", type="integer", title=TEXT, range=[LOW, HIGH], safer=safer)
    contradictions = 0
    for _ in range(400):
        values = [random.choice(RANGES) for _ in range(random.randint(1, 4))]
        readings = [Reading("answer", "answered", value, f"q{index}") for index, value in enumerate(values)]
        expected, differs = merge(finding, readings, [frozenset()] * len(values))
        contradictions += differs
        constant = overlap([_cases(value) for value in values if value is not None], safer)
        assert _value(constant, []) == expected, values
        symbolic = [_symbolic(value, str(index)) for index, value in enumerate(values)]
        cases = overlap([one for one, _ in symbolic], safer)
        pairs = [pair for _, more in symbolic for pair in more]
        assert _value(cases, pairs) == expected, values
        assert _true(known(cases), pairs) is (expected is not None)
    assert contradictions > 50


def test_agreement_and_difference_of_two_ranges() -> None:
    for one, other in product(RANGES, repeat=2):
        (a, first), (b, second) = _symbolic(one, "a"), _symbolic(other, "b")
        pairs = [*first, *second]
        share = one is None or other is None or max(one.low, other.low) <= min(one.high, other.high)
        assert _true(agree(a, b), pairs) is share
        assert _true(differ(a, b), pairs) is (one is not None and one != other)


def test_the_larger_and_the_smaller() -> None:
    a, b = z3.Ints("a b")
    for one, other in product(range(3), repeat=2):
        pairs = [(a, z3.IntVal(one)), (b, z3.IntVal(other))]
        assert larger(one, other) == _number(larger(a, b), pairs) == max(one, other)
        assert smaller(one, other) == _number(smaller(a, b), pairs) == min(one, other)
        assert _number(larger(a, other), pairs) == max(one, other)


def test_nothing_is_known_of_no_cases() -> None:
    assert known(()).eq(FALSE)
    assert overlap([(), ()], "high") == ()
