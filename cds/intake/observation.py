"""Observations of the chart: the latest that fits, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, NamedTuple

from cds.intake.instant import TOLERANCE, Moment, moment
from cds.intake.number import out_of_range, scaled
from cds.pack.finding import ChartSource, Finding
from cds.pack.units import conversion
from cds.pack.value import FindingValue, Interval, Truth

_DAY: Final = 86_400_000_000
_ALWAYS: Final = (-1, 1 << 62)
FAHRENHEIT: Final = "[degF]"
"""The UCUM code in which the records of some countries hold every temperature."""
_VALUES: Final = ("valueBoolean", "valueCodeableConcept", "valueQuantity", "valueInteger")
_MIRRORED: Final[dict[str | None, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
IGNORED: Final = frozenset({"entered-in-error", "cancelled"})
"""Statuses of an Observation that never was."""


class Observed(NamedTuple):
    """An Observation with a value, the range of when it was made (microseconds in UTC), and its place."""

    first: int
    last: int
    path: str
    resource: dict[str, Any]


def observed(
    path: str, resource: dict[str, Any], source: ChartSource, as_of: Moment | None, until: Moment | None
) -> Observed | None:
    """The Observation with its time; ``None`` if it has no value, does not count, or was made after ``until``.

    A time without a zone is taken to be in that of ``as_of``. Where a number is held against a bound, a value of any
    kind counts: a result written as text is a result.
    """
    if resource.get("status") in IGNORED:
        return None
    if not any(name in resource for name in _VALUES) and not (has_bound(source) and _has_value(resource)):
        return None
    first, last = _time(resource, as_of)
    if until is not None and first != -1 and first > until.last - (until.zone or 0) + TOLERANCE:
        return None
    return Observed(first, last, path, resource)


def latest(found: Sequence[Observed], source: ChartSource, as_of: Moment | None) -> list[Observed]:
    """Those that may be the latest (several if times are equal or partial), if they are recent enough."""
    if source.within_days is not None:
        if as_of is None:
            return []
        since = as_of.first - (as_of.zone or 0) - source.within_days * _DAY
        found = [one for one in found if one.first != -1 and one.last >= since]
    newest = max((one.first for one in found), default=0)
    return [one for one in found if one.last >= newest]


def has_bound(source: ChartSource) -> bool:
    """Whether the source holds a number against a bound."""
    return source.below is not None or source.above is not None


def holds(resource: dict[str, Any], source: ChartSource) -> Truth:
    """Whether an Observation makes a boolean finding true.

    ``False`` if it says nothing: the contrary is not known from it. ``None`` if it may make it true and cannot be read:
    a unit that does not convert, a comparator that leaves both sides of the bound open, no number.
    """
    if has_bound(source):
        return _beyond(resource, source)
    if resource.get("valueBoolean") is True:
        return True
    codings = resource.get("valueCodeableConcept", {}).get("coding", ())
    return any(coding.get("code") in (source.when_true or ()) for coding in codings)


def number(resource: dict[str, Any], finding: Finding, source: ChartSource) -> FindingValue | None:
    """The value of an Observation as a number of the finding; ``None`` if it has no unit that converts.

    Fahrenheit is read as Celsius. A comparator leaves the range open on its side. Raises ``UnreadableError``
    (``value-out-of-range``).
    """
    if "valueInteger" in resource:
        return scaled(finding, resource["valueInteger"], Fraction(1)) if finding.unit is None else None
    quantity = resource.get("valueQuantity", {})
    unit = _unit(quantity, source.unit or finding.unit)
    if "value" not in quantity:
        return None
    value = _exact(quantity["value"])
    if unit == FAHRENHEIT and finding.unit == "Cel":
        value, unit = (value - 32) * Fraction(5, 9), "Cel"
    factor = conversion(unit, finding.unit)
    if factor is None:
        return None
    comparator = quantity.get("comparator")
    if comparator is None:
        return scaled(finding, value, factor)
    bound = value * factor * finding.scale
    if comparator in ("<", "<="):
        if bound < finding.low:
            raise out_of_range(finding)
        return Interval(finding.low, min(ceil(bound), finding.high))
    if comparator in (">", ">="):
        if bound > finding.high:
            raise out_of_range(finding)
        return Interval(max(floor(bound), finding.low), finding.high)
    return None


def _beyond(resource: dict[str, Any], source: ChartSource) -> Truth:
    quantity = resource.get("valueQuantity", {})
    if "valueInteger" in resource and source.unit is None:
        quantity = {"value": resource["valueInteger"]}
    factor = conversion(_unit(quantity, source.unit), source.unit)
    if factor is None or "value" not in quantity:
        return None
    value, comparator = _exact(quantity["value"]) * factor, quantity.get("comparator")
    sides: list[Truth] = []
    if source.below is not None:
        sides.append(_below(value, comparator, _exact(source.below)))
    if source.above is not None:
        sides.append(_below(-value, _MIRRORED.get(comparator, comparator), -_exact(source.above)))
    return True if True in sides else None if None in sides else False


def _below(value: Fraction, comparator: str | None, bound: Fraction) -> Truth:
    """Whether a number that may have a comparator lies below the bound; ``None`` if it may or may not."""
    if comparator is None:
        return value < bound
    if comparator in ("<", "<="):
        return True if value < bound or (value == bound and comparator == "<") else None
    return False if comparator in (">", ">=") and value >= bound else None


def _has_value(resource: dict[str, Any]) -> bool:
    return any(name.startswith("value") for name in resource)


def _unit(quantity: dict[str, Any], expected: str | None) -> str | None:
    """The unit's code; its name where there is no code and the name is the very unit that is expected."""
    if "code" in quantity:
        code = quantity["code"]
        return None if code == "1" else str(code)
    unit = quantity.get("unit")
    return expected if unit == expected else f"text:{unit}"


def _exact(value: int | float) -> Fraction:
    return Fraction(Decimal(str(value)))


def _time(resource: dict[str, Any], as_of: Moment | None) -> tuple[int, int]:
    period = resource.get("effectivePeriod", {})
    for text in (
        resource.get("effectiveDateTime"),
        resource.get("effectiveInstant"),
        period.get("end") or period.get("start"),
        resource.get("issued"),
    ):
        if text is not None:
            at = moment(text)
            zone = at.zone if at.zone is not None else (as_of.zone or 0) if as_of else 0
            # A period that has a start and no end still goes on.
            lasts = text == period.get("start") and "end" not in period
            return at.first - zone, _ALWAYS[1] if lasts else at.last - zone
    return _ALWAYS
