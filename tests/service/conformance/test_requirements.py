"""The table of requirements is complete, names tests that exist, and stands in the documentation as it is."""

from __future__ import annotations

from collections import Counter

from tests.service.conformance.document import DOCUMENT, LEVELS, document
from tests.service.conformance.requirement import exists, requirements

RANGES = """
    1-14 16 27-29 34-36 52 54-61 74-78 80-85 87-90 92-96 98-100 103-113 115-125 127-136 138-142 144-148
    168 175-177 179 195 199-201 203 205-206 208 210-220
"""
LEVEL_COUNTS = {"SHALL": 69, "SHALL NOT": 4, "SHOULD": 17, "SHOULD NOT": 1, "MAY": 28}
"""As the published list has them."""


def known() -> list[int]:
    """The numbers of the published list that concern a service."""
    found: list[int] = []
    for part in RANGES.split():
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def test_every_requirement_has_its_row() -> None:
    assert [row.number for row in requirements()] == known()
    assert Counter(row.level for row in requirements()) == LEVEL_COUNTS
    assert set(LEVELS) == LEVEL_COUNTS.keys()


def test_every_row_says_what_is_asked_in_short() -> None:
    for row in requirements():
        assert 10 < len(row.says) <= 80, row.number
        assert row.says.endswith("."), row.number
        assert "|" not in row.says + row.reason, row.number


def test_every_row_has_a_test_or_a_reason() -> None:
    assert [row.number for row in requirements() if not (row.tests or row.planned or row.reason)] == []


def test_every_named_test_exists() -> None:
    assert sorted({test for row in requirements() for test in row.tests if not exists(test)}) == []


def test_nothing_is_only_planned() -> None:
    assert {row.number: row.planned for row in requirements() if row.planned} == {}


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run python -m tests.service.conformance.document"
