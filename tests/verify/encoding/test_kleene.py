"""Strong Kleene logic over formulas: the truth tables, over constants and over variables."""

from __future__ import annotations

from itertools import product

import pytest
import z3

from cds.pack import Truth
from cds.verify.encoding.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Formula,
    Kleene,
    at_most_one,
    both,
    conjunction,
    constant,
    count_at_least,
    disjunction,
    either,
    every,
    is_false,
    is_true,
    negation,
    some,
    threshold,
)

TRUTHS: dict[Truth, Kleene] = {True: Kleene(TRUE, FALSE), False: Kleene(FALSE, TRUE), None: UNKNOWN}
TRIPLES = list(product(TRUTHS, repeat=3))


def _truth(kleene: Kleene) -> Truth:
    yes, no = (is_true(z3.simplify(part)) for part in kleene)
    assert not (yes and no)
    return True if yes else False if no else None


def _all(truths: tuple[Truth, ...]) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(truths: tuple[Truth, ...]) -> Truth:
    return True if True in truths else None if None in truths else False


@pytest.mark.parametrize("truths", TRIPLES)
def test_truth_tables(truths: tuple[Truth, ...]) -> None:
    parts = [TRUTHS[truth] for truth in truths]
    assert _truth(conjunction(parts)) is _all(truths)
    assert _truth(disjunction(parts)) is _any(truths)
    for count in (1, 2, 3):
        sure, possible = truths.count(True), len(truths) - truths.count(False)
        expected = True if sure >= count else False if possible < count else None
        assert _truth(threshold(parts, count)) is expected


def test_of_nothing() -> None:
    assert _truth(conjunction([])) is True
    assert _truth(disjunction([])) is False
    assert is_true(every([]))
    assert is_false(some([]))
    assert is_true(at_most_one([]))


def test_possible_and_unknown() -> None:
    for truth, kleene in TRUTHS.items():
        assert is_true(kleene.possible) is (truth is not False)
        assert is_true(kleene.unknown) is (truth is None)


def test_constants_are_folded() -> None:
    """Formulas stay small, and nothing is left of what is decided."""
    a, b = z3.Bools("a b")
    assert every([TRUE, a, TRUE]) is a
    assert some([FALSE, a]) is a
    assert is_false(both(a, FALSE, b))
    assert is_true(either(a, TRUE, b))
    assert both(a, a).eq(a)
    assert negation(negation(a)).eq(a)
    assert is_false(negation(TRUE))
    assert is_true(negation(FALSE))
    assert is_true(constant(True))
    assert is_false(constant(False))
    assert is_true(count_at_least([a, b], 0))
    assert is_false(count_at_least([a, b], 3))
    assert not is_true(a)
    assert not is_false(a)


def _holds(formula: Formula, values: dict[str, bool]) -> bool:
    pairs = [(z3.Bool(name), constant(value)) for name, value in values.items()]
    return is_true(z3.simplify(z3.substitute(formula, *pairs)))


@pytest.mark.parametrize("values", list(product((False, True), repeat=4)))
def test_counts_over_variables(values: tuple[bool, ...]) -> None:
    names = ("a", "b", "c", "d")
    given = dict(zip(names, values, strict=True))
    variables = [z3.Bool(name) for name in names]
    for count in range(6):
        assert _holds(count_at_least(variables, count), given) is (sum(values) >= count)
    assert _holds(at_most_one(variables), given) is (sum(values) <= 1)
    assert _holds(every(variables), given) is all(values)
    assert _holds(some(variables), given) is any(values)
