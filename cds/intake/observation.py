"""Observations of the chart: their results, and what these say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from cds.intake.coding import named
from cds.intake.number import out_of_range, scaled
from cds.pack.finding import ChartSource, Finding
from cds.pack.units import conversion
from cds.pack.value import FindingValue, Interval, Truth

FAHRENHEIT: Final = "[degF]"
"""The UCUM code in which the records of some countries hold every temperature."""
_SHARED: Final = (
    "resourceType",
    "id",
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "issued",
)
"""What a component has from its Observation."""
_MIRRORED: Final[dict[str | None, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
IGNORED: Final = frozenset({"entered-in-error", "cancelled"})
"""Statuses of an Observation that never was."""


def results(path: str, resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The places and results of an Observation: the components that have a value, then the Observation itself.

    A value of any type is a result. An Observation without a value comes as well if a component has one: its result
    may be there.
    """
    if resource.get("status") in IGNORED:
        return
    shared = {name: resource[name] for name in _SHARED if name in resource}
    found = False
    for index, component in enumerate(resource.get("component", ())):
        if has_value(component):
            found = True
            yield f"{path}.component[{index}]", shared | component
    if found or has_value(resource):
        yield path, resource


def has_value(resource: dict[str, Any]) -> bool:
    """Whether there is a value of its own, of whatever type."""
    return any(name.startswith("value") for name in resource)


def has_bound(source: ChartSource) -> bool:
    """Whether the source holds a number against a bound."""
    return source.below is not None or source.above is not None


def holds(resource: dict[str, Any], source: ChartSource) -> Truth:
    """Whether an Observation makes a boolean finding true.

    ``False`` if it says nothing: the contrary is not known from it. ``None`` if it may make it true and cannot be read:
    a unit that does not convert, a comparator that leaves both sides of the bound open, no number, a text in place of
    a code, a code that stands for "unknown".
    """
    if has_bound(source):
        return _beyond(resource, source)
    if "valueBoolean" in resource:
        return resource["valueBoolean"] is True
    concept = resource.get("valueCodeableConcept", {})
    if any(coding.get("code") in (source.when_true or ()) for coding in concept.get("coding", ())):
        return True
    return False if named(concept) else None


def is_understood(resource: dict[str, Any], source: ChartSource) -> bool:
    """Whether a result for which :func:`holds` gives ``None`` was read all the same, and leaves the finding open."""
    if has_bound(source):
        return "comparator" in resource.get("valueQuantity", {})
    return bool(resource.get("valueCodeableConcept", {}).get("coding"))


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


def _unit(quantity: dict[str, Any], expected: str | None) -> str | None:
    """The unit's code; its name where there is no code and the name is the very unit that is expected."""
    if "code" in quantity:
        code = quantity["code"]
        return None if code == "1" else str(code)
    unit = quantity.get("unit")
    return expected if unit == expected else f"text:{unit}"


def _exact(value: int | float) -> Fraction:
    return Fraction(Decimal(str(value)))
