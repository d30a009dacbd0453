"""Products mean what the condition means, for either polarity, with and without hidden findings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.engine.facts import FactBuilder
from cds.engine.normal_form import Literal, Normalizer, Product, no, yes
from cds.engine.reference import reading
from cds.pack import Findings
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Not
from cds.pack.finding import Finding
from tests.engine.random_packs import boolean, coded, conditions, integer, pack_of, patients

FINDINGS: list[Finding] = [
    boolean("b0"),
    boolean("b1"),
    boolean("b2"),
    integer("i0"),
    coded("c0"),
    coded("m0", "codes"),
]
BOOLEANS = tuple(Holds(f"x{index}") for index in range(9))


def _possible(terms: list[Product], hidden: dict[str, list[Product]], fact: dict[str, int | bool]) -> bool:
    """Whether a sum of products holds on a fact, hidden findings followed to their own products."""

    def holds(literal: Literal) -> bool:
        name = literal.name.partition(".")[0]
        if name in hidden:
            return _possible(hidden[name], hidden, fact)
        value = fact.get(literal.name)
        if value is None:
            return False
        if literal.test == "==":
            return True
        return value >= literal.value if literal.test == ">=" else value <= literal.value

    return any(all(holds(literal) for literal in term) for term in terms)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.booleans(), st.sampled_from([1, 8, 10_000]))
def test_products_hold_exactly_when_the_condition_does(data: st.DataObject, positive: bool, limit: int) -> None:
    condition: Condition = data.draw(conditions(FINDINGS))
    values: Findings = data.draw(patients(pack_of(FINDINGS, [])))
    normalizer = Normalizer(limit=limit)
    terms = normalizer.products(condition, positive)
    used = frozenset(literal.name for part in (terms, *normalizer.hidden.values()) for term in part for literal in term)
    known, possible = FactBuilder({finding.id: finding for finding in FINDINGS}, used).build(values)
    truth = reading(condition)(dict(values))
    expected = truth if positive or truth is None else not truth
    assert _possible(terms, normalizer.hidden, known) is (expected is True)
    assert _possible(terms, normalizer.hidden, possible) is (expected is not False)


def test_negation_is_pushed_to_the_leaves() -> None:
    condition = Not(All((Holds("a"), Not(Holds("b")))))
    assert Normalizer().products(condition) == [frozenset({no("a")}), frozenset({yes("b")})]


def test_a_product_that_another_implies_is_dropped() -> None:
    condition = AnyOf((Holds("a"), All((Holds("a"), Holds("b")))))
    assert Normalizer().products(condition) == [frozenset({yes("a")})]


@pytest.mark.parametrize(("count", "expected"), [(1, 9), (4, 45), (8, 45), (9, 1)])
def test_at_least_needs_far_fewer_products_than_all_combinations(count: int, expected: int) -> None:
    normalizer = Normalizer()
    terms = normalizer.products(AtLeast(count, BOOLEANS))
    assert len(terms) + sum(map(len, normalizer.hidden.values())) <= expected


def test_wide_products_are_broken_up() -> None:
    sums = tuple(AnyOf(tuple(Holds(f"{name}{index}") for index in range(5))) for name in "abc")
    normalizer = Normalizer()
    terms = normalizer.products(All(sums))
    assert len(terms) == 1
    assert sorted(map(len, normalizer.hidden.values())) == [5, 5, 5]


@pytest.mark.parametrize(
    ("operator", "literals"),
    [
        (">=", [[("n.up", ">=", 3)]]),
        (">", [[("n.up", ">=", 4)]]),
        ("<=", [[("n.down", "<=", 3)]]),
        ("<", [[("n.down", "<=", 2)]]),
        ("=", [[("n.down", "<=", 3), ("n.up", ">=", 3)]]),
        ("!=", [[("n.down", "<=", 2)], [("n.up", ">=", 4)]]),
    ],
)
def test_comparisons(operator: str, literals: list[list[tuple[str, str, int]]]) -> None:
    terms = Normalizer().products(Compare("n", operator, 3))  # type: ignore[arg-type]
    assert [sorted(term) for term in terms] == [[Literal(*entry) for entry in term] for term in literals]
