"""JSON types of FHIR elements, checked before any model sees them.

Models take the word ``"false"`` for false and ``"7"`` for 7; here a boolean must be a JSON boolean. A check
gives nothing when all is well, and otherwise problems with their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from cds.intake.instant import is_date, is_date_time, is_instant, is_time
from cds.intake.type_problem import Check, Problems, problem, within, wrong

LONGEST: Final = 20_000
"""The most characters of one string; longer than any answer, far below FHIR's own megabyte."""


def text(value: Any) -> Problems:
    """A FHIR string: not empty, and not longer than :data:`LONGEST`."""
    if type(value) is str and 0 < len(value) <= LONGEST:
        return None
    if type(value) is not str:
        return wrong("a string", value)
    if not value:
        return problem("empty-value", kind="string")
    return problem("too-long", length=len(value), limit=LONGEST)


def boolean(value: Any) -> Problems:
    """A JSON boolean."""
    return None if type(value) is bool else wrong("true or false, without quotes", value)


def integer(value: Any) -> Problems:
    """A JSON integer of 32 bits."""
    if type(value) is not int:
        return wrong("a whole number, without quotes", value)
    return None if -(2**31) <= value < 2**31 else problem("integer-out-of-range")


def decimal(value: Any) -> Problems:
    """A JSON number."""
    return None if type(value) in (int, float) else wrong("a number, without quotes", value)


def formatted(type_name: str, pattern: str) -> Check:
    """A check for a string of a FHIR type that has a regular expression."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Problems:
        found = text(value)
        if found is None and not compiled.fullmatch(value):
            found = problem("bad-format", type=type_name)
        return found

    return check


def dated(type_name: str, valid: Callable[[str], bool]) -> Check:
    """A check for a date or time: the form of FHIR, and in the calendar."""

    def check(value: Any) -> Problems:
        found = text(value)
        if found is None and not valid(value):
            found = problem("bad-date", type=type_name)
        return found

    return check


identifier: Final = formatted("id", r"[A-Za-z0-9\-.]{1,64}")
code: Final = formatted("code", r"[^\s]+(\s[^\s]+)*")
uri: Final = formatted("uri", r"\S+")
date: Final = dated("date", is_date)
date_time: Final = dated("dateTime", is_date_time)
time: Final = dated("time", is_time)
instant: Final = dated("instant", is_instant)


def anything(value: Any) -> Problems:
    """Any JSON that FHIR allows: no null, nothing empty. For elements that are carried but not read."""
    if type(value) is str:
        return None if value else problem("empty-value", kind="string")
    if type(value) is dict:
        if not value:
            return problem("empty-value", kind="object")
        return _collect((name, _carried(value, name)) for name in value)
    if type(value) is list:
        if not value:
            return problem("empty-value", kind="array")
        return _collect((index, anything(entry)) for index, entry in enumerate(value))
    return problem("null-value") if value is None else None


def any_object(value: Any) -> Problems:
    """Any JSON object that FHIR allows."""
    return anything(value) if type(value) is dict else wrong("an object", value)


def _collect(parts: Iterable[tuple[str | int, Problems]]) -> Problems:
    found = [entry for step, problems in parts if problems for entry in within(step, problems)]
    return found or None


def _carried(holder: dict[str, Any], name: str) -> Problems:
    value = holder[name]
    twin = holder.get(name[1:] if name.startswith("_") else f"_{name}")
    if type(value) is list and type(twin) is list and len(value) == len(twin):
        # Where one of the two arrays has null, the other must say something.
        pairs = enumerate(zip(value, twin, strict=True))
        return _collect((i, None if one is None and other is not None else anything(one)) for i, (one, other) in pairs)
    return anything(value)
