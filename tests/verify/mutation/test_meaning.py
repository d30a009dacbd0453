"""When two conditions are found to say the same."""

from __future__ import annotations

import pytest

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.verify.mutation.meaning import meaning

A, B, C = Holds("a"), Holds("b"), Holds("c")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Compare("i", ">", 7), Compare("i", ">=", 8)),
        (Compare("i", "<=", 7), Not(Compare("i", ">=", 8))),
        (Compare("i", "<", 8), Compare("i", "<=", 7)),
        (Compare("i", "!=", 3), Not(Compare("i", "=", 3))),
        (Not(Not(A)), A),
        (Not(All((A, B))), AnyOf((Not(B), Not(A)))),
        (Not(AnyOf((A, B))), All((Not(A), Not(B)))),
        (All((A, All((B, C)))), All((C, B, A))),
        (AnyOf((A, A)), A),
        (AtLeast(1, (A, B)), AnyOf((A, B))),
        (AtLeast(2, (A, B)), All((A, B))),
        (Not(AtLeast(2, (A, B, C))), AtLeast(2, (Not(A), Not(B), Not(C)))),
    ],
)
def test_the_same_however_written(one: Condition, other: Condition) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A, Not(A)),
        (All((A, B)), AnyOf((A, B))),
        (Compare("i", ">", 7), Compare("i", ">", 8)),
        (Compare("i", "=", 7), Compare("i", ">=", 7)),
        (IsCode("c", "x"), IsCode("c", "y")),
        (Includes("c", "x"), Not(Includes("c", "x"))),
        (AtLeast(2, (A, A, B)), AtLeast(2, (A, B, B))),
        (AtLeast(2, (A, B, C)), AtLeast(3, (A, B, C))),
    ],
)
def test_different(one: Condition, other: Condition) -> None:
    assert meaning(one) != meaning(other)
