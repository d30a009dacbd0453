"""Units of UCUM that a pack may convert between: times, and those that only equal themselves."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

HOURS: Final[dict[str, Fraction]] = {
    "min": Fraction(1, 60),
    "h": Fraction(1),
    "d": Fraction(24),
    "wk": Fraction(168),
    "mo": Fraction("730.5"),
    "a": Fraction(8766),
}
"""Hours in each UCUM time unit; ``mo`` and ``a`` are the mean Julian month (30.4375 d) and year (365.25 d)."""

WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(("minute", "minutes"), "min"),
    **dict.fromkeys(("hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "wk"),
    **dict.fromkeys(("month", "months"), "mo"),
    **dict.fromkeys(("year", "years"), "a"),
}
"""Plain words that an author may write instead of the UCUM code."""


def conversion(from_unit: str | None, to_unit: str | None) -> Fraction | None:
    """The factor from one unit to another, or ``None`` when they do not measure the same thing."""
    source, target = WORDS.get(from_unit or "", from_unit), WORDS.get(to_unit or "", to_unit)
    if source == target:
        return Fraction(1)
    if source in HOURS and target in HOURS:
        return HOURS[source] / HOURS[target]
    return None
