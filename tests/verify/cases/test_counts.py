"""Counts are exact, and equal those made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.verify.cases import Count, counts
from tests.verify.cases.tiny_pack import covered, tiny_pack

BY_HAND = {
    "rules that fire": (2, 3),  # tiny.neither never
    "rules that do not fire": (3, 3),
    "rules that are undecided": (1, 3),  # only tiny.neither
    "statements true": (5, 5),
    "statements false": (5, 5),
    "statements unknown": (2, 5),  # hot in two rules; neither age < 5 nor rash, which stands in two
    "combined clauses true": (2, 3),  # not the negation
    "combined clauses false": (2, 3),  # not the alternative
    "combined clauses unknown": (2, 3),  # not the conjunction: the age alone makes it false
    "answer options chosen": (5, 7),  # not sure of the signs; it does not itch
    "numbers, dates and texts given": (1, 2),  # the age, and no comment
    "questions left unanswered": (2, 4),  # hot and the comment; the age is required, the itch was hidden
}


def test_counted_by_hand(tmp_path: Path) -> None:
    found = counts(covered(tiny_pack(tmp_path / "pack")))
    assert {count.what: (count.seen, count.of) for count in found} == BY_HAND
    excused = {count.what: count.not_coverable for count in found if count.not_coverable}
    assert excused == {"statements unknown": 1}


@pytest.mark.parametrize(
    ("count", "missing"),
    [(Count("x", 9_999, 10_000), 1), (Count("x", 9_998, 10_000, 1), 1), (Count("x", 9_999, 10_000, 1), 0)],
)
def test_one_of_ten_thousand_is_missing(count: Count, missing: int) -> None:
    assert count.missing == missing
