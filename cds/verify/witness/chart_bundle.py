"""A chart that says certain things: the FHIR Bundle that goes with a witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding
from cds.pack.units import WORDS
from cds.verify.witness.facts import ChartFact, _last_day, noon

UCUM: Final = "http://unitsofmeasure.org"
_PATIENT: Final = "witness"
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def chart_bundle(pack: Pack, chart: Mapping[str, ChartFact]) -> dict[str, Any] | None:
    """A Bundle that says just this; ``None`` where there is nothing to say."""
    person: dict[str, Any] = {"resourceType": "Patient", "id": _PATIENT}
    resources: list[dict[str, Any]] = []
    for name, fact in chart.items():
        finding = pack.findings[name]
        if fact.code is not None:
            person["gender"] = _gender(finding, fact.code)
        for source in _needed(finding, fact):
            if source.resource == "Patient":
                person["birthDate"] = _born(pack, source, fact)
            else:
                resources.append(_resource(pack, finding, source, fact, len(resources) + 1))
        if fact.doubt:
            source = next(one for one in finding.chart if one.resource == "Observation")
            resources.append(_observation(pack, source, len(resources) + 1, {"valueString": "see the letter"}))
    if len(person) > 2:
        resources.insert(0, person)
    if not resources:
        return None
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def _needed(finding: Finding, fact: ChartFact) -> Iterator[ChartSource]:
    """The one source by which the chart says it."""
    if fact.yes or fact.number is not None:
        yield next(source for source in finding.chart if source.element != "gender")


def _gender(finding: Finding, code: str) -> str:
    for source in finding.chart:
        for gender in ("female", "male", "other", "unknown"):
            if source.element == "gender" and (source.map or {}).get(gender, gender) == code:
                return gender
    raise AssertionError(f"no gender gives {finding.id} {code}")


def _born(pack: Pack, source: ChartSource, fact: ChartFact) -> str:
    """The day of birth; of a range of two ages, the year in which the patient is one or the other."""
    number = fact.number or 0
    unit = WORDS.get(source.elapsed or "a", source.elapsed or "a")
    now = noon(pack)
    if fact.high is not None:
        return f"{now.year - fact.high:04d}"
    months = now.year * 12 + now.month - 1 - number * (12 if unit == "a" else 1)
    return _last_day(months // 12, months % 12 + 1, now.day).isoformat()


def _resource(pack: Pack, finding: Finding, source: ChartSource, fact: ChartFact, number: int) -> dict[str, Any]:
    if source.resource == "Observation":
        return _observation(pack, source, number, _result(finding, source, fact))
    concept = {"coding": [_coding(pack, source)]}
    found: dict[str, Any] = {
        "resourceType": source.resource,
        "id": f"{source.resource.lower()}-{number}",
        "subject": {"reference": f"Patient/{_PATIENT}"},
    }
    if source.resource == "Condition":
        return {**found, "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]}, "code": concept}
    if source.resource == "MedicationRequest":
        return {**found, "status": "active", "intent": "order", "medicationCodeableConcept": concept}
    return {**found, "status": "active", "medicationCodeableConcept": concept}


def _result(finding: Finding, source: ChartSource, fact: ChartFact) -> dict[str, Any]:
    if fact.number is not None:
        if finding.unit is None and fact.high is None:
            return {"valueInteger": fact.number}
        if fact.high is None:
            return {"valueQuantity": _quantity(_scaled(finding, fact.number), finding.unit)}
        comparator, end = ("<=", fact.high) if fact.number == finding.low else (">=", fact.number)
        return {"valueQuantity": {**_quantity(_scaled(finding, end), finding.unit), "comparator": comparator}}
    if source.below is not None or source.above is not None:
        value = source.below - 1 if source.below is not None else (source.above or 0) + 1
        return {"valueQuantity": _quantity(value, source.unit)}
    if source.when_true:
        return {"valueCodeableConcept": {"coding": [{"code": source.when_true[0]}]}}
    return {"valueBoolean": True}


def _scaled(finding: Finding, number: int) -> int | float:
    return number if finding.scale == 1 else number / finding.scale


def _quantity(value: float, unit: str | None) -> dict[str, Any]:
    return (
        {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
        if unit
        else {"value": value}
    )


def _observation(pack: Pack, source: ChartSource, number: int, result: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"observation-{number}",
        "status": "final",
        "subject": {"reference": f"Patient/{_PATIENT}"},
        "code": {"coding": [_coding(pack, source)]},
        "effectiveDateTime": noon(pack).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **result,
    }


def _coding(pack: Pack, source: ChartSource) -> dict[str, str]:
    """A code of the value set, of as few other value sets as can be: it is to say this and nothing else."""
    codes = pack.value_sets[source.value_set or ""]
    system, code = min(codes, key=lambda coding: (pack.memberships[coding], coding))
    return {"system": system, "code": code}
