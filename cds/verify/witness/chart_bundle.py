"""A chart that says certain things: the FHIR Bundle that goes with a witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cds.intake.chart_writer import (
    ChartWriter,
    bundle,
    gender_of,
    quantity,
    scaled_down,
    value_of_number,
    value_that_holds,
)
from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding
from cds.pack.units import WORDS
from cds.verify.witness.facts import ChartFact, _last_day, noon

_PATIENT: Final = "witness"


def chart_bundle(pack: Pack, chart: Mapping[str, ChartFact]) -> dict[str, Any] | None:
    """A Bundle that says just this; ``None`` where there is nothing to say."""
    writer = ChartWriter(pack, _PATIENT)
    person: dict[str, Any] = {"resourceType": "Patient", "id": _PATIENT}
    resources: list[dict[str, Any]] = []
    for name, fact in chart.items():
        finding = pack.findings[name]
        if fact.code is not None:
            person["gender"] = gender_of(finding, fact.code)
        for source in _needed(finding, fact):
            if source.resource == "Patient":
                person["birthDate"] = _born(pack, source, fact)
            else:
                resources.append(_resource(writer, pack, finding, source, fact, len(resources) + 1))
        if fact.doubt:
            source = next(one for one in finding.chart if one.resource == "Observation")
            identifier = f"observation-{len(resources) + 1}"
            unread = writer.observation(source, identifier, _time(pack), {"valueString": "see the letter"})
            resources.append(unread)
    if len(person) > 2:
        resources.insert(0, person)
    if not resources:
        return None
    return bundle(resources)


def _needed(finding: Finding, fact: ChartFact) -> Iterator[ChartSource]:
    """The one source by which the chart says it."""
    if fact.yes or fact.number is not None:
        yield next(source for source in finding.chart if source.element != "gender")


def _born(pack: Pack, source: ChartSource, fact: ChartFact) -> str:
    """The day of birth; of a range of two ages, the year in which the patient is one or the other."""
    number = fact.number or 0
    unit = WORDS.get(source.elapsed or "a", source.elapsed or "a")
    now = noon(pack)
    if fact.high is not None:
        return f"{now.year - fact.high:04d}"
    months = now.year * 12 + now.month - 1 - number * (12 if unit == "a" else 1)
    return _last_day(months // 12, months % 12 + 1, now.day).isoformat()


def _resource(
    writer: ChartWriter, pack: Pack, finding: Finding, source: ChartSource, fact: ChartFact, number: int
) -> dict[str, Any]:
    identifier = f"{source.resource.lower()}-{number}"
    if source.resource == "Observation":
        return writer.observation(source, identifier, _time(pack), _result(finding, source, fact))
    return writer.record(source, identifier)


def _result(finding: Finding, source: ChartSource, fact: ChartFact) -> dict[str, Any]:
    if fact.number is None:
        return value_that_holds(source)
    if fact.high is None:
        return value_of_number(finding, fact.number)
    comparator, end = ("<=", fact.high) if fact.number == finding.low else (">=", fact.number)
    return {"valueQuantity": {**quantity(scaled_down(finding, end), finding.unit), "comparator": comparator}}


def _time(pack: Pack) -> str:
    return noon(pack).strftime("%Y-%m-%dT%H:%M:%SZ")
