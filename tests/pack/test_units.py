"""Units: exact conversion between times, and nothing else converts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.pack.units import HOURS, WORDS, conversion

UNITS = st.sampled_from([*HOURS, *WORDS])
OTHERS = ["Cel", "kg", "%", "mL/min/{1.73_m2}", None]


@pytest.mark.parametrize(
    ("unit", "other", "factor"),
    [
        ("h", "h", Fraction(1)),
        ("d", "h", Fraction(24)),
        ("wk", "d", Fraction(7)),
        ("min", "h", Fraction(1, 60)),
        ("a", "mo", Fraction(12)),
        ("a", "d", Fraction("365.25")),
        ("mo", "d", Fraction("30.4375")),
        ("days", "h", Fraction(24)),
        ("h", "hours", Fraction(1)),
        ("Cel", "Cel", Fraction(1)),
        (None, None, Fraction(1)),
    ],
)
def test_factor(unit: str | None, other: str | None, factor: Fraction) -> None:
    assert conversion(unit, other) == factor


@pytest.mark.parametrize("other", OTHERS)
@given(unit=UNITS)
def test_times_convert_to_times_only(other: str | None, unit: str) -> None:
    assert conversion(unit, other) is None
    assert conversion(other, unit) is None


@pytest.mark.parametrize("unit", ["D", "H", "s", "year(s)", "Day", "M", ""])
def test_unknown_units_do_not_convert(unit: str) -> None:
    assert conversion(unit, "h") is None


@given(UNITS, UNITS, UNITS)
def test_conversion_is_consistent(first: str, second: str, third: str) -> None:
    forth, on, directly = conversion(first, second), conversion(second, third), conversion(first, third)
    assert forth is not None
    assert on is not None
    assert forth * on == directly
    assert conversion(second, first) == 1 / forth
