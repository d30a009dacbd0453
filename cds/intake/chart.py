"""The chart as readings of findings.

The chart never says "no": what is not in it is unknown. Only the patient's age and gender are read as they
stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from cds.intake.chart_medication import Medications, no_code
from cds.intake.chart_observations import CodedRule, Observations
from cds.intake.chart_status import counts, is_past
from cds.intake.chart_types import SHAPES, Contents, contents
from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.instant import Moment, moment
from cds.intake.number import since, time_factor
from cds.intake.patient import patient_of
from cds.intake.reading import Reading, UnreadableError
from cds.intake.window import Window
from cds.pack.finding import Finding
from cds.pack.value import FindingValue

ValueSets = Mapping[str, frozenset[tuple[str, str]]]


class ChartReadings(NamedTuple):
    """What the chart says, by finding, and the id of its ``patient`` if known.

    ``faults`` are those of what was left out or could not be read; only a tolerant reading can have any.
    """

    readings: Mapping[str, tuple[Reading, ...]]
    patient: str | None
    faults: tuple[Fault, ...] = ()


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
        self._patient: list[CodedRule] = []
        self._coded: dict[str, dict[tuple[str, str], list[CodedRule]]] = {}
        for name, finding in findings.items():
            for source in finding.chart:
                self._add((name, finding, source), value_sets)

    def _add(self, rule: CodedRule, value_sets: ValueSets) -> None:
        _, finding, source = rule
        if source.resource == "Patient":
            if source.element == "birthDate":
                time_factor(finding, source.elapsed or "a")
            self._patient.append(rule)
        else:
            codes = self._coded.setdefault(source.resource, {})
            for coding in value_sets[source.value_set or ""]:
                codes.setdefault(coding, []).append(rule)

    def read(self, chart: Any, as_of: str | None, until: str | None = None, *, tolerant: bool = False) -> ChartReadings:
        """What a chart says: a resource, a Bundle, or a list of these (FHIR R4 JSON); ``None`` says nothing.

        ``as_of`` (FHIR date or dateTime) is the time of the assessment; without it all that depends on time
        is unknown. ``until`` is the time up to which observations count (default: ``as_of``): a chart that is read
        days after the questions were answered may hold a newer one.

        Raises :class:`IntakeError` with all faults. If ``tolerant``, what is faulty is left out alone, what cannot be
        read leaves its finding unknown, and the faults are in the result; only a chart that is none of the above, or
        of several patients, is an error then.
        """
        if chart is None:
            return NO_CHART
        as_of_moment = _moment(as_of)
        until_moment = as_of_moment if until is None else _moment(until)
        found = contents(chart)
        if found.faults and not tolerant:
            raise IntakeError(found.faults)
        return _Pass(self._patient, self._coded, found, as_of_moment, until_moment, tolerant).run()


class _Pass:
    """One pass over one chart."""

    def __init__(
        self,
        patient_rules: list[CodedRule],
        coded_rules: dict[str, dict[tuple[str, str], list[CodedRule]]],
        chart: Contents,
        as_of: Moment | None,
        until: Moment | None,
        tolerant: bool,
    ) -> None:
        self._patient_rules = patient_rules
        self._coded_rules = coded_rules
        self._chart = chart
        self._as_of = as_of
        self._tolerant = tolerant
        self._medications = Medications(chart.sound, chart.broken)
        self._observations = Observations(Window(as_of, until))
        self._faults: list[Fault] = list(chart.faults)
        self._readings: dict[str, list[Reading]] = {}
        self._done: set[int] = set()

    def run(self) -> ChartReadings:
        patients = set()
        for path, resource, _ in self._chart.sound:
            kind = resource["resourceType"]
            if kind not in SHAPES or kind == "Medication":
                continue
            if kind == "Patient":
                patients.add(resource.get("id"))
                self._patient(path, resource)
            else:
                patients.add(patient_of(resource.get("subject", {}).get("reference")))
                self._coded(kind, path, resource)
        patients.discard(None)
        if len(patients) > 1:
            several = fault("several-patients", "chart")
            raise IntakeError([several] if self._tolerant else [*self._faults, several])
        for name, one, value, code in self._observations.read():
            self._record(name, value, (code,), one.resource)
        self._faults += self._observations.out_of_range
        if self._tolerant:
            self._faults += self._observations.unreadable
        elif self._faults:
            raise IntakeError(self._faults)
        readings = {name: tuple(found) for name, found in self._readings.items()}
        faults = tuple(dict.fromkeys(self._faults))
        return ChartReadings(readings, next(iter(patients), None), faults)

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
                    self._record(name, None, (), resource)
            if value is not None:
                self._record(name, value, (), resource)

    def _coded(self, kind: str, path: str, resource: dict[str, Any]) -> None:
        rules = self._coded_rules.get(kind)
        if not rules or not counts(kind, resource):
            return
        if kind == "Observation":
            self._observations.add(path, resource, rules)
            return
        codings = resource.get("code", {}).get("coding", ()) if kind == "Condition" else self._taken(path, resource)
        for coding in codings:
            code = coding.get("code", "")
            for rule in rules.get((coding.get("system", ""), code), ()):
                if id(rule) not in self._done and (kind != "Condition" or rule[2].ever or not is_past(resource)):
                    self._done.add(id(rule))
                    self._record(rule[0], True, (code,), resource)

    def _taken(self, path: str, resource: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The codings of the medicine; a fault if there are none, for a tolerant caller has no other way to know."""
        codings, faults = self._medications.read(path, resource)
        self._faults += faults
        if self._tolerant and not faults and not codings:
            self._faults.append(no_code(path))
        return codings

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
