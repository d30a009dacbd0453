"""Resources of a chart from what they are to say: the opposite of the reader of charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding

UCUM: Final = "http://unitsofmeasure.org"
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_GENDERS: Final = ("female", "male", "other", "unknown")


class ChartWriter:
    """Writes what the chart of one patient says of findings. A resource says one thing and as little else as can be."""

    def __init__(self, pack: Pack, patient: str) -> None:
        self._pack = pack
        self._subject = {"reference": f"Patient/{patient}"}

    def record(self, source: ChartSource, identifier: str, coding: tuple[str, str] | None = None) -> dict[str, Any]:
        """A current Condition, MedicationRequest or MedicationStatement with ``coding``, or the source's plainest."""
        concept = {"coding": [self._coding(source, coding)]}
        found: dict[str, Any] = {"resourceType": source.resource, "id": identifier, "subject": self._subject}
        if source.resource == "Condition":
            return {**found, "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]}, "code": concept}
        if source.resource == "MedicationRequest":
            return {**found, "status": "active", "intent": "order", "medicationCodeableConcept": concept}
        return {**found, "status": "active", "medicationCodeableConcept": concept}

    def observation(
        self,
        source: ChartSource,
        identifier: str,
        effective: str,
        value: dict[str, Any],
        coding: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        """A final Observation of the FHIR dateTime ``effective`` whose ``value[x]`` is ``value``."""
        return {
            "resourceType": "Observation",
            "id": identifier,
            "status": "final",
            "subject": self._subject,
            "code": {"coding": [self._coding(source, coding)]},
            "effectiveDateTime": effective,
            **value,
        }

    def _coding(self, source: ChartSource, coding: tuple[str, str] | None) -> dict[str, str]:
        system, code = coding or plainest(self._pack, source)[0]
        return {"system": system, "code": code}


def plainest(pack: Pack, source: ChartSource) -> list[tuple[str, str]]:
    """The codes of a source's value set that stand in as few other value sets as can be, in order."""
    codes = sorted(pack.value_sets[source.value_set or ""])
    fewest = min(pack.memberships[coding] for coding in codes)
    return [coding for coding in codes if pack.memberships[coding] == fewest]


def gender_of(finding: Finding, code: str) -> str:
    """The ``Patient.gender`` that gives the finding this code. Raises ``ValueError`` if none does."""
    for source in finding.chart:
        for gender in _GENDERS:
            if source.element == "gender" and (source.map or {}).get(gender, gender) == code:
                return gender
    raise ValueError(f"no gender gives {finding.id} {code}")


def value_that_holds(source: ChartSource) -> dict[str, Any]:
    """The ``value[x]`` of an Observation that makes a boolean finding true."""
    if source.below is not None or source.above is not None:
        value = source.below - 1 if source.below is not None else (source.above or 0) + 1
        return {"valueQuantity": quantity(value, source.unit)}
    if source.when_true:
        return {"valueCodeableConcept": {"coding": [{"code": source.when_true[0]}]}}
    return {"valueBoolean": True}


def value_of_number(finding: Finding, number: int) -> dict[str, Any]:
    """The ``value[x]`` of an Observation that gives a finding this number of its own parts."""
    if finding.unit is None:
        return {"valueInteger": number}
    return {"valueQuantity": quantity(scaled_down(finding, number), finding.unit)}


def scaled_down(finding: Finding, number: int) -> int | float:
    """A stored number as records have it: 378 with a scale of 10 is 37.8."""
    return number if finding.scale == 1 else number / finding.scale


def quantity(value: float, unit: str | None) -> dict[str, Any]:
    """A FHIR Quantity; without a unit, a plain number."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit} if unit else {"value": value}


def bundle(resources: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The resources as one Bundle."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
