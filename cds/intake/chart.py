"""The chart as readings of findings.

The chart never says "no": what is not in it is unknown. Only the patient's age and gender are read as they
stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from cds.intake.chart_status import counts, is_past
from cds.intake.chart_types import SHAPES, Entry, entries
from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.instant import Moment, moment
from cds.intake.number import since, time_factor
from cds.intake.observation import Observed, holds, latest, number, observed
from cds.intake.patient import patient_of
from cds.intake.reading import Reading, UnreadableError
from cds.intake.type_problem import as_faults
from cds.pack.finding import ChartSource, Finding
from cds.pack.value import FindingValue

ValueSets = Mapping[str, frozenset[tuple[str, str]]]
_Rule = tuple[str, Finding, ChartSource]


class ChartReadings(NamedTuple):
    """What the chart says, by finding, and the id of its ``patient`` if known."""

    readings: Mapping[str, tuple[Reading, ...]]
    patient: str | None


NO_CHART: Final = ChartReadings({}, None)
"""The chart of which nothing is known."""


def read_chart(chart: Any, value_sets: ValueSets, findings: Mapping[str, Finding], as_of: str | None) -> ChartReadings:
    """The readings of one chart; for more than one make a :class:`ChartReader`."""
    return ChartReader(findings, value_sets).read(chart, as_of)


class ChartReader:
    """Reads charts for the findings of a pack; compiled once.

    Raises ``KeyError`` for a value set that is not in ``value_sets`` (id to ``(system, code)`` pairs) and
    ``ValueError`` for a source that does not fit its finding.
    """

    def __init__(self, findings: Mapping[str, Finding], value_sets: ValueSets) -> None:
        self._patient: list[_Rule] = []
        self._coded: dict[str, dict[tuple[str, str], list[_Rule]]] = {}
        for name, finding in findings.items():
            for source in finding.chart:
                self._add((name, finding, source), value_sets)

    def _add(self, rule: _Rule, value_sets: ValueSets) -> None:
        _, finding, source = rule
        if source.resource == "Patient":
            if source.element == "birthDate":
                time_factor(finding, source.elapsed or "a")
            self._patient.append(rule)
        else:
            codes = self._coded.setdefault(source.resource, {})
            for coding in value_sets[source.value_set or ""]:
                codes.setdefault(coding, []).append(rule)

    def read(self, chart: Any, as_of: str | None, until: str | None = None) -> ChartReadings:
        """What a chart says: a resource, a Bundle, or a list of these (FHIR R4 JSON); ``None`` says nothing.

        ``as_of`` (FHIR date or dateTime) is the time of the assessment; without it all that depends on time
        is unknown. ``until`` is the time up to which observations count (default: ``as_of``): a chart that is read
        days after the questions were answered may hold a newer one. Raises :class:`IntakeError` with all faults.
        """
        if chart is None:
            return NO_CHART
        moment_of = _moment(as_of)
        until_moment = moment_of if until is None else _moment(until)
        return _Pass(self._patient, self._coded, entries(chart), moment_of, until_moment).run()


class _Pass:
    """One pass over one chart."""

    def __init__(
        self,
        patient_rules: list[_Rule],
        coded_rules: dict[str, dict[tuple[str, str], list[_Rule]]],
        chart: list[Entry],
        as_of: Moment | None,
        until: Moment | None,
    ) -> None:
        self._patient_rules = patient_rules
        self._coded_rules = coded_rules
        self._chart = chart
        self._as_of = as_of
        self._until = until
        self._medications = {
            address: resource
            for _, resource, full_url in chart
            if resource["resourceType"] == "Medication"
            for address in (full_url, f"Medication/{resource.get('id')}")
        }
        self._faults: list[Fault] = []
        self._readings: dict[str, list[Reading]] = {}
        self._observed: dict[int, tuple[_Rule, list[tuple[Observed, str]]]] = {}
        self._done: set[int] = set()

    def run(self) -> ChartReadings:
        patients = set()
        for path, resource, _ in self._chart:
            kind = resource["resourceType"]
            if kind not in SHAPES or kind == "Medication":
                continue
            if kind == "Patient":
                patients.add(resource.get("id", path))
                self._patient(path, resource)
            else:
                patients.add(patient_of(resource.get("subject", {}).get("reference")))
                self._coded(kind, path, resource)
        patients.discard(None)
        if len(patients) > 1:
            self._faults.append(fault("several-patients", "chart"))
        for rule, found in self._observed.values():
            self._observations(rule, found)
        if self._faults:
            raise IntakeError(self._faults)
        readings = {name: tuple(found) for name, found in self._readings.items()}
        return ChartReadings(readings, next(iter(patients), None))

    def _patient(self, path: str, resource: dict[str, Any]) -> None:
        for name, finding, source in self._patient_rules:
            given = resource.get(source.element or "")
            if given is None:
                continue
            value: FindingValue | None = None
            if source.element == "gender":
                value = (source.map or {}).get(given, given)
                value = value if value in finding.code_ids else None
            elif self._as_of is not None:
                try:
                    unit = source.elapsed or "a"
                    value = since(finding, given, self._as_of, unit, time_factor(finding, unit))
                except UnreadableError as error:
                    self._faults.append(fault(error.code, f"{path}.{source.element}", None, **error.details))
            if value is not None:
                self._record(name, value, (), resource)

    def _coded(self, kind: str, path: str, resource: dict[str, Any]) -> None:
        rules = self._coded_rules.get(kind)
        if not rules or not counts(kind, resource):
            return
        concept = resource.get("code") if kind in ("Condition", "Observation") else self._medication(path, resource)
        for coding in (concept or {}).get("coding", ()):
            code = coding.get("code", "")
            for rule in rules.get((coding.get("system", ""), code), ()):
                if kind == "Observation":
                    one = observed(path, resource, rule[2], self._as_of, self._until)
                    found = self._observed.setdefault(id(rule), (rule, []))[1]
                    if one is not None and not (found and found[-1][0].path == path):
                        found.append((one, code))
                elif id(rule) not in self._done and (kind != "Condition" or rule[2].ever or not is_past(resource)):
                    self._done.add(id(rule))
                    self._record(rule[0], True, (code,), resource)

    def _observations(self, rule: _Rule, found: list[tuple[Observed, str]]) -> None:
        name, finding, source = rule
        codes = {id(one): code for one, code in found}
        chart = [one for one, _ in found]
        # What cannot be read is not nothing: the finding is unknown then, even if its question was hidden.
        values = self._numbers(chart, finding, source) if finding.type == "integer" else self._truths(chart, source)
        for one, value in values:
            self._record(name, value, (codes[id(one)],), one.resource)

    def _truths(self, found: list[Observed], source: ChartSource) -> list[tuple[Observed, FindingValue | None]]:
        """The latest that make a finding true, or may; one that cannot be read hides no earlier one that can."""
        truths = {id(one): holds(one.resource, source) for one in found}
        newest = latest(found, source, self._as_of)
        if any(truths[id(one)] is None for one in newest):
            readable = [one for one in found if truths[id(one)] is not None]
            newest += [one for one in latest(readable, source, self._as_of) if one not in newest]
        return [(one, truths[id(one)]) for one in newest if truths[id(one)] is not False]

    def _numbers(
        self, found: list[Observed], finding: Finding, source: ChartSource
    ) -> list[tuple[Observed, FindingValue | None]]:
        """The latest as numbers of the finding; ``None`` for one that cannot be read."""
        values: list[tuple[Observed, FindingValue | None]] = []
        for one in latest(found, source, self._as_of):
            try:
                values.append((one, number(one.resource, finding, source)))
            except UnreadableError as error:
                self._faults.append(fault(error.code, f"{one.path}.valueQuantity", None, **error.details))
        return values

    def _medication(self, path: str, resource: dict[str, Any]) -> dict[str, Any] | None:
        """The code of what is taken, in the resource or in the Medication that it refers to."""
        concept = resource.get("medicationCodeableConcept")
        reference = resource.get("medicationReference", {}).get("reference")
        if concept is not None or reference is None:
            return concept
        contained = {f"#{one.get('id')}": one for one in resource.get("contained", ())}
        relative = "/".join(reference.partition("/_history/")[0].split("/")[-2:])
        known = contained if reference.startswith("#") else self._medications
        medication = known.get(reference) or known.get(relative)
        if medication is None:
            return None
        if problems := SHAPES["Medication"](medication):
            self._faults.extend(as_faults(f"{path}.contained", medication, problems))
            return None
        found: dict[str, Any] | None = medication.get("code")
        return found

    def _record(self, name: str, value: FindingValue | None, codes: Iterable[str], resource: dict[str, Any]) -> None:
        kind, key = resource["resourceType"], resource.get("id")
        where = f"{kind}/{key}" if key else kind
        reading = Reading("chart", "recorded", value, None, tuple(codes), where)
        self._readings.setdefault(name, []).append(reading)


def _moment(text: str | None) -> Moment | None:
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError:
        raise IntakeError([fault("bad-date", "as_of", type="dateTime")]) from None
