"""Faults in conditions, counted by hand."""

from __future__ import annotations

import pytest

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.verify.mutation.conditions import faulty_conditions
from tests.engine.random_packs import boolean
from tests.verify.proofs.tiny_pack import coded, number

FINDINGS = {
    **{name: boolean(name) for name in "abc"},
    "i": number("i"),
    "c": coded("c", "code", "xyz"),
    "m": coded("m", "codes", "xy"),
}
A, B, C = (Holds(name) for name in "abc")


def made(condition: Condition) -> dict[str, list[Condition]]:
    """The faulty conditions by operator."""
    found: dict[str, list[Condition]] = {}
    for operator, clause, _ in faulty_conditions(condition, FINDINGS):
        found.setdefault(operator, []).append(clause)
    return found


def test_a_statement_is_negated() -> None:
    assert made(A) == {"clause-negated": [Not(A)]}
    assert made(Not(A)) == {"clause-negated": [A]}


def test_all_and_any() -> None:
    assert made(All((A, B))) == {
        "operand-dropped": [B, A],
        "clause-negated": [Not(All((A, B))), All((Not(A), B)), All((A, Not(B)))],
        "all-any-swapped": [AnyOf((A, B))],
    }
    assert made(AnyOf((A, Not(B)))) == {
        "operand-dropped": [Not(B), A],
        "clause-negated": [Not(AnyOf((A, Not(B)))), AnyOf((Not(A), Not(B))), AnyOf((A, B))],
        "all-any-swapped": [All((A, Not(B)))],
    }


def test_inner_clauses() -> None:
    found = made(All((A, AnyOf((B, C)))))
    assert len(found["operand-dropped"]) == 4
    assert len(found["clause-negated"]) == 5
    assert found["all-any-swapped"] == [AnyOf((A, AnyOf((B, C)))), All((A, All((B, C))))]


def test_at_least() -> None:
    condition = AtLeast(2, (A, B, C))
    found = made(condition)
    assert found["count-changed"] == [AtLeast(1, (A, B, C)), AtLeast(3, (A, B, C))]
    # two of two are all of them
    assert found["operand-dropped"] == [AtLeast(2, pair) for pair in ((B, C), (A, C), (A, B))]
    assert len(found["clause-negated"]) == 4
    assert "operand-dropped" not in made(AtLeast(3, (A, B, C)))  # three of two never hold


@pytest.mark.parametrize(
    ("operator", "value", "values"),
    [(">=", 2, [3, 1]), (">", 1, [2, 0]), ("<", 1, [2]), ("<=", 2, [1]), ("=", 0, [1]), (">=", 3, [2])],
)
def test_bounds_are_shifted_as_far_as_they_say_something(operator: str, value: int, values: list[int]) -> None:
    """The finding has 0 to 3; each bound is tried once, however it is written."""
    atom = Compare("i", operator, value)  # type: ignore[arg-type]
    assert made(atom)["bound-shifted"] == [Compare("i", operator, new) for new in values]  # type: ignore[arg-type]


def test_codes() -> None:
    assert made(IsCode("c", "x"))["code-swapped"] == [IsCode("c", "y")]
    assert made(IsCode("c", "z"))["code-swapped"] == [IsCode("c", "x")]
    # y is there already: with y twice the condition would say the same as with x dropped
    either = AnyOf((IsCode("c", "x"), IsCode("c", "y")))
    assert made(either)["code-swapped"] == [
        AnyOf((IsCode("c", "z"), IsCode("c", "y"))),
        AnyOf((IsCode("c", "x"), IsCode("c", "z"))),
    ]
    assert made(Includes("m", "y"))["code-swapped"] == [Includes("m", "x")]


def test_sentences_are_those_of_authors() -> None:
    condition = All((Compare("i", ">=", 2), AnyOf((A, Holds("b")))))
    said = {change for _, _, change in faulty_conditions(condition, FINDINGS)}
    assert "'i >= 2' becomes 'i >= 3'" in said
    assert "'a' is dropped from 'a or b'" in said
    assert "'i >= 2 and (a or b)' becomes 'i >= 2 or (a or b)'" in said
    assert "'a' becomes 'not a'" in said
