"""The JSON types of the chart: of the elements that are read, in the resources that are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.json_types import boolean, code, date, date_time, decimal, identifier, instant, integer, text
from cds.intake.shape import Shape, array, modifier
from cds.intake.type_problem import Check, as_faults

_CODING: Final = Shape(elements={"system": text, "code": text}, is_open=True)
_CONCEPT: Final = Shape(elements={"coding": array(_CODING)}, is_open=True)
_REFERENCE: Final = Shape(elements={"reference": text}, is_open=True)
_PERIOD: Final = Shape(elements={"start": date_time, "end": date_time}, is_open=True)
_QUANTITY: Final = Shape(
    elements={"value": decimal, "comparator": code, "unit": text, "system": text, "code": text}, is_open=True
)
_OWN: Final[dict[str, Check]] = {
    "id": identifier,
    "implicitRules": modifier("implicitRules"),
    "modifierExtension": modifier("modifierExtension"),
}


def _object(value: Any) -> Any:
    return Shape(is_open=True)(value)


_TAKEN: Final[dict[str, Check]] = {
    **_OWN,
    "status": code,
    "subject": _REFERENCE,
    "medicationCodeableConcept": _CONCEPT,
    "medicationReference": _REFERENCE,
    "contained": array(_object),
    "doNotPerform": boolean,
}
_RESULT: Final[dict[str, Check]] = {
    "code": _CONCEPT,
    "valueQuantity": _QUANTITY,
    "valueCodeableConcept": _CONCEPT,
    "valueBoolean": boolean,
    "valueInteger": integer,
}
_COMPONENT: Final = Shape(elements={**_RESULT, "modifierExtension": modifier("modifierExtension")}, is_open=True)
SHAPES: Final = {
    "Patient": Shape(elements={**_OWN, "birthDate": date, "gender": code}, is_open=True),
    "Condition": Shape(
        elements={
            **_OWN,
            "subject": _REFERENCE,
            "code": _CONCEPT,
            "clinicalStatus": _CONCEPT,
            "verificationStatus": _CONCEPT,
        },
        is_open=True,
    ),
    "MedicationRequest": Shape(elements=_TAKEN, is_open=True),
    "MedicationStatement": Shape(elements=_TAKEN, is_open=True),
    "Medication": Shape(elements={**_OWN, "code": _CONCEPT}, is_open=True),
    "Observation": Shape(
        elements={
            **_OWN,
            **_RESULT,
            "status": code,
            "subject": _REFERENCE,
            "effectiveDateTime": date_time,
            "effectiveInstant": instant,
            "effectivePeriod": _PERIOD,
            "issued": instant,
            "component": array(_COMPONENT),
        },
        is_open=True,
    ),
}
"""What is checked of each resource type that is read; all other types are only known to be objects."""


class Entry(NamedTuple):
    """One resource of the chart: where it stands, the resource, and its ``fullUrl`` if it is in a Bundle."""

    path: str
    resource: dict[str, Any]
    full_url: str | None


class Contents(NamedTuple):
    """What a chart holds: the resources whose JSON types are right, those that are ``broken``, and the faults."""

    sound: list[Entry]
    broken: list[Entry]
    faults: list[Fault]


def contents(chart: Any) -> Contents:
    """All resources of a chart, which is a resource, a Bundle, or a list of these; JSON types are checked.

    Raises :class:`IntakeError` if it is none of these.
    """
    faults: list[Fault] = []
    if isinstance(chart, list):
        found = [entry for index, one in enumerate(chart) for entry in _flat(one, f"chart[{index}]", None, faults)]
    else:
        found = list(_flat(chart, "chart", None, faults))
        if not found and any(one.path == "chart" for one in faults):
            raise IntakeError(faults)
    sound: list[Entry] = []
    broken: list[Entry] = []
    for entry in found:
        shape = SHAPES.get(entry.resource["resourceType"])
        problems = shape(entry.resource) if shape else None
        (broken if problems else sound).append(entry)
        faults.extend(as_faults(entry.path, entry.resource, problems or []))
    return Contents(sound, broken, faults)


def _flat(resource: Any, path: str, full_url: str | None, faults: list[Fault]) -> Iterator[Entry]:
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        faults.append(fault("not-a-chart", path))
    elif resource["resourceType"] != "Bundle":
        yield Entry(path, resource, full_url)
    else:
        bundled = resource.get("entry", [])
        if not isinstance(bundled, list):
            faults.append(fault("wrong-json-type", f"{path}.entry", expected="an array"))
            return
        for index, entry in enumerate(bundled):
            place = f"{path}.entry[{index}]"
            if not isinstance(entry, dict):
                faults.append(fault("wrong-json-type", place, expected="an object"))
            elif "resource" in entry:
                url = entry.get("fullUrl")
                yield from _flat(entry["resource"], f"{place}.resource", url if isinstance(url, str) else None, faults)
