"""The reference evaluator against the truth tables of strong Kleene logic, written out by hand."""

from __future__ import annotations

from itertools import product
from typing import Any, cast

import pytest

from cds.engine.reference import ReferenceEvaluator, reading
from cds.pack import Interval, Selection, Truth
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Holds, Includes, IsCode, Not
from tests.engine.random_packs import boolean, pack_of, rule_of

T, F, U = True, False, None
A, B = Holds("a"), Holds("b")


def _values(**truths: Truth) -> dict[str, Any]:
    return {name: truth for name, truth in truths.items() if truth is not None}


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, T, F, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, T, U, T),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_kleene_tables(a: Truth, b: Truth, both: Truth, either: Truth) -> None:
    values = _values(a=a, b=b)
    assert reading(All((A, B)))(values) is both
    assert reading(AnyOf((A, B)))(values) is either
    assert reading(Not(A))(values) is (None if a is None else not a)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_counts_what_is_certain_and_what_is_possible(count: int) -> None:
    condition = AtLeast(count, (A, B, Holds("c")))
    for truths in product((T, F, U), repeat=3):
        certain, possible = truths.count(T), truths.count(T) + truths.count(U)
        expected = T if certain >= count else U if possible >= count else F
        assert reading(condition)(_values(**dict(zip("abc", truths, strict=True)))) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    # for a value known to be 3, known to be 5, known to be 7, between 4 and 6, between 6 and 9, unknown
    [
        (">=", [F, T, T, U, T, U]),
        (">", [F, F, T, U, T, U]),
        ("<=", [T, T, F, U, F, U]),
        ("<", [T, F, F, U, F, U]),
        ("=", [F, T, F, U, F, U]),
        ("!=", [T, F, T, U, T, U]),
    ],
)
def test_comparisons_with_a_range(operator: str, expected: list[Truth]) -> None:
    read = reading(Compare("n", cast(Any, operator), 5))
    ranges = [(3, 3), (5, 5), (7, 7), (4, 6), (6, 9)]
    found = [read({"n": Interval(*ends)}) for ends in ranges] + [read({})]
    assert found == expected


def test_codes() -> None:
    assert reading(IsCode("c", "x"))({"c": "x"}) is T
    assert reading(IsCode("c", "x"))({"c": "y"}) is F
    assert reading(IsCode("c", "x"))({}) is U
    chosen = Selection(frozenset({"x"}), frozenset({"y"}))
    found = [reading(Includes("m", code))({"m": chosen}) for code in "xyz"]
    assert found == [T, U, F]
    assert reading(Includes("m", "x"))({}) is U


def test_a_derived_finding_is_true_if_any_rule_concludes_it_and_false_only_if_none_can() -> None:
    findings = [boolean("a"), boolean("b"), boolean("d", derived=True)]
    rules = [
        rule_of("use", Not(Holds("d")), level="routine"),
        rule_of("one", A, conclude="d"),
        rule_of("two", B, conclude="d"),
    ]
    evaluator = ReferenceEvaluator(pack_of(findings, rules))
    tables = [((T, U), T), ((U, F), U), ((F, F), F), ((F, U), U), ((U, U), U)]
    for (a, b), expected in tables:
        answer = evaluator.evaluate(_values(a=a, b=b))
        assert answer.derived["d"] is expected
        assert ("use" in answer.known) is (expected is F)
        assert ("use" in answer.possible) is (expected is not T)


def test_levels_are_the_most_urgent_known_and_possible() -> None:
    rules = [rule_of("r1", A, level="routine"), rule_of("r2", B, level="emergency")]
    evaluator = ReferenceEvaluator(pack_of([boolean("a"), boolean("b")], rules))
    answer = evaluator.evaluate({"a": True})
    assert (answer.level, answer.possible_level) == ("routine", "emergency")
    answer = evaluator.evaluate({"a": False, "b": False})
    assert (answer.level, answer.possible_level) == ("self-care", "self-care")
