"""The chart as readings."""

from __future__ import annotations

from typing import Any

import pytest

from cds.intake.chart import NO_CHART, ChartReader, ChartReadings
from cds.intake.faults import IntakeError
from cds.intake.findings import read_findings
from cds.intake.response import check_response
from cds.pack.value import FindingValue, Interval
from tests.intake.example import AUTHORED, LOINC, QUESTIONNAIRE, SNOMED, UCUM, VALUE_SETS, about, answer, response
from tests.intake.sources import FINDINGS

READER = ChartReader(FINDINGS, VALUE_SETS)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def read(*resources: dict[str, Any], as_of: str | None = AUTHORED) -> dict[str, FindingValue | None]:
    found = READER.read(list(resources), as_of).readings
    return {name: readings[0].value for name, readings in found.items()}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": "https://example.org/other", "code": "x"}, {"system": system, "code": code}]}


def condition(clinical: str | None = None, verification: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"resourceType": "Condition", "id": "c1", "code": concept(SNOMED, "363346000"), **more}
    if clinical:
        found["clinicalStatus"] = concept(CLINICAL, clinical)
    if verification:
        found["verificationStatus"] = concept(VERIFICATION, verification)
    return found


@pytest.mark.parametrize(
    ("clinical", "verification", "found"),
    [
        (None, None, {"cancer", "cancer_now"}),
        ("active", "confirmed", {"cancer", "cancer_now"}),
        ("recurrence", "unconfirmed", {"cancer", "cancer_now"}),
        ("relapse", "provisional", {"cancer", "cancer_now"}),
        ("resolved", "confirmed", {"cancer"}),
        ("inactive", None, {"cancer"}),
        ("remission", None, {"cancer"}),
        ("active", "refuted", set()),
        ("active", "entered-in-error", set()),
    ],
)
def test_conditions(clinical: str | None, verification: str | None, found: set[str]) -> None:
    assert read(condition(clinical, verification)) == dict.fromkeys(found, True)


def test_both_system_and_code_must_match() -> None:
    assert read(condition(code=concept("https://example.org/other", "363346000"))) == {}
    assert read(condition(code={"text": "cancer"})) == {}
    assert read({"resourceType": "Condition"}) == {}


def medication(kind: str, status: str | None, **more: Any) -> dict[str, Any]:
    found = {"resourceType": kind, "medicationCodeableConcept": concept(RXNORM, "11289"), **more}
    return found | ({"status": status} if status else {})


@pytest.mark.parametrize(
    ("kind", "status", "counts"),
    [
        *(("MedicationRequest", status, True) for status in ("active", "on-hold", "unknown", None)),
        *(
            ("MedicationRequest", status, False)
            for status in ("cancelled", "completed", "entered-in-error", "stopped", "draft")
        ),
        *(("MedicationStatement", status, True) for status in ("active", "intended", "on-hold", "unknown", None)),
        *(
            ("MedicationStatement", status, False)
            for status in ("completed", "entered-in-error", "stopped", "not-taken")
        ),
    ],
)
def test_medication(kind: str, status: str | None, counts: bool) -> None:
    assert read(medication(kind, status)) == ({"thinner": True} if counts else {})


def test_what_must_not_be_given_does_not_count() -> None:
    assert read(medication("MedicationRequest", "active", doNotPerform=True)) == {}


@pytest.mark.parametrize("reference", ["#m", "Medication/m", "https://example.org/fhir/Medication/m", "urn:uuid:m"])
def test_medication_by_reference(reference: str) -> None:
    drug = {"resourceType": "Medication", "id": "m", "code": concept(RXNORM, "11289")}
    request = {"resourceType": "MedicationRequest", "medicationReference": {"reference": reference}}
    if reference == "#m":
        assert read(request | {"contained": [drug]}) == {"thinner": True}
        return
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": request}, {"fullUrl": "urn:uuid:m", "resource": drug}, {"response": {"status": "200"}}],
    }
    assert read(bundle) == {"thinner": True}
    assert read(request) == {}


def test_patient() -> None:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "2008-02-29", "gender": "female"}
    assert read(patient) == {"age": Interval(18, 18), "sex": "female"}
    assert read(patient | {"birthDate": "2008"}) == {"age": Interval(17, 18), "sex": "female"}
    assert read({"resourceType": "Patient", "gender": "other"}) == {}
    assert read(patient, as_of=None) == {"sex": "female"}
    with pytest.raises(IntakeError, match="birthDate"):
        read(patient | {"birthDate": "2027-01-01"})
    with pytest.raises(IntakeError, match="birthDate"):
        read(patient | {"birthDate": "1890-01-01"})


def observation(code: str, at: str | None = "2026-11-22T08:00:00+01:00", **parts: Any) -> dict[str, Any]:
    found = {"resourceType": "Observation", "status": "final", "code": concept(LOINC, code), **parts}
    return found | ({"effectiveDateTime": at} if at else {})


def heat(value: float, at: str | None = "2026-11-22T08:00:00+01:00", **parts: Any) -> dict[str, Any]:
    return observation("8310-5", at, valueQuantity={"value": value, "system": UCUM, "code": "Cel", **parts})


def test_the_latest_observation_counts() -> None:
    assert read(heat(39), heat(37.2, "2026-11-22T09:00:00+01:00")) == {"temperature": Interval(372, 372)}
    assert read(heat(37.2, "2026-11-22T09:00:00+01:00"), heat(39)) == {"temperature": Interval(372, 372)}
    late = heat(37.2, None) | {"effectivePeriod": {"start": "2026-11-21", "end": "2026-11-22T09:30:00+01:00"}}
    assert read(heat(39), late) == {"temperature": Interval(372, 372)}
    assert read(heat(39), heat(37.2, None) | {"issued": "2026-11-22T09:30:00+01:00"}) == {
        "temperature": Interval(372, 372)
    }


def test_observations_that_may_both_be_the_latest_are_both_read() -> None:
    found = READER.read([heat(39), heat(37.2, "2026-11-22")], AUTHORED).readings["temperature"]
    assert {one.value for one in found} == {Interval(390, 390), Interval(372, 372)}


def test_an_observation_with_two_matching_codes_is_read_once() -> None:
    sets = VALUE_SETS | {"heat": frozenset({(LOINC, "8310-5"), (LOINC, "8331-1")})}
    one = heat(39) | {"code": {"coding": [{"system": LOINC, "code": code} for code in ("8310-5", "8331-1")]}}
    assert len(ChartReader(FINDINGS, sets).read(one, AUTHORED).readings["temperature"]) == 1


def test_observations_that_do_not_count() -> None:
    old, later = heat(39, "2026-11-20T09:59:59+01:00"), heat(39, "2026-11-24")
    for one in (
        old,
        later,
        heat(39) | {"status": "entered-in-error"},
        heat(39) | {"status": "cancelled"},
    ):
        assert read(one) == {}
    assert read(observation("8310-5", dataAbsentReason={"text": "refused"}), heat(39, "2026-11-22T01:00:00Z"))
    assert read(heat(310, code="K")) == {"temperature": None}  # there is one, and it cannot be read
    with pytest.raises(IntakeError, match="valueQuantity"):
        read(heat(102))


def test_a_chart_read_later_holds_what_came_after_the_answers() -> None:
    later, beyond = heat(39.5, "2026-11-25T09:00:00+01:00"), heat(40.5, "2026-12-24")
    chart = [heat(37.2), later, beyond]
    assert READER.read(chart, AUTHORED).readings["temperature"][0].value == Interval(372, 372)
    found = READER.read(chart, AUTHORED, "2026-11-26T09:00:00Z").readings["temperature"]
    assert [reading.value for reading in found] == [Interval(395, 395)]
    with pytest.raises(IntakeError, match="real date"):
        READER.read(chart, AUTHORED, "today")


def test_fahrenheit_is_read_as_celsius() -> None:
    assert read(heat(104, code="[degF]")) == {"temperature": Interval(400, 400)}
    assert read(heat(100.3, code="[degF]")) == {"temperature": Interval(379, 380)}
    assert read(heat(104, code="[degF]", comparator=">")) == {"temperature": Interval(400, 430)}


def test_a_period_without_an_end_goes_on() -> None:
    positive = observation("2106-3", None, valueBoolean=True)
    assert read(positive | {"effectivePeriod": {"start": "2025-01-01"}}) == {"pregnant": True}
    assert read(positive | {"effectivePeriod": {"start": "2025-01-01", "end": "2025-02-01"}}) == {}
    assert read(positive | {"effectivePeriod": {"start": "2027-01-01"}}) == {}


def test_comparators_leave_a_side_open() -> None:
    assert read(heat(38, comparator=">")) == {"temperature": Interval(380, 430)}
    assert read(heat(38, comparator="<=")) == {"temperature": Interval(300, 380)}


def kidneys(value: float, unit: str = "mL/min/{1.73_m2}", **parts: Any) -> dict[str, Any]:
    return observation("98979-8", valueQuantity={"value": value, "system": UCUM, "code": unit, **parts})


UNREADABLE: dict[str, FindingValue | None] = {"weak_kidneys": None}


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (kidneys(59.9), {"weak_kidneys": True}),
        (kidneys(60), {}),
        (kidneys(60, comparator="<"), {"weak_kidneys": True}),
        (kidneys(59, comparator="<="), {"weak_kidneys": True}),
        (kidneys(60, comparator=">="), {}),
        (kidneys(60, comparator=">"), {}),
        (observation("98979-8", valueQuantity={"value": 30, "unit": "mL/min/{1.73_m2}"}), {"weak_kidneys": True}),
        (observation("98979-8", "2025-11-21", valueQuantity={"value": 30, "unit": "mL/min/{1.73_m2}"}), {}),
        (observation("98979-8", dataAbsentReason={"text": "no sample"}), {}),
        # It may be below the bound, and cannot be read.
        (kidneys(60, comparator="<="), UNREADABLE),
        (kidneys(90, comparator="<"), UNREADABLE),
        (kidneys(59, comparator=">"), UNREADABLE),
        (kidneys(70, comparator="ad"), UNREADABLE),
        (kidneys(30, unit="mL/min"), UNREADABLE),
        (kidneys(90, unit="mL/min"), UNREADABLE),
        (observation("98979-8", valueQuantity={"value": 30, "unit": "ml/min"}), UNREADABLE),
        (observation("98979-8", valueQuantity={"unit": "mL/min/{1.73_m2}"}), UNREADABLE),
        (observation("98979-8", valueInteger=30), UNREADABLE),
        (observation("98979-8", valueString="30"), UNREADABLE),
        (observation("98979-8", "2025-11-21", valueString="30"), {}),
    ],
)
def test_a_number_below_a_bound(one: dict[str, Any], found: dict[str, FindingValue | None]) -> None:
    assert read(one) == found


@pytest.mark.parametrize(
    ("earlier", "values"), [(kidneys(30), {True, None}), (kidneys(90), {None}), (kidneys(30, unit="mL/min"), {None})]
)
def test_what_cannot_be_read_hides_no_earlier_number(earlier: dict[str, Any], values: set[bool | None]) -> None:
    later = kidneys(90, unit="mL/min") | {"effectiveDateTime": "2026-11-22T09:00:00+01:00"}
    found = READER.read([later, earlier], AUTHORED).readings["weak_kidneys"]
    assert {one.value for one in found} == values


def test_a_later_number_settles_what_could_not_be_read() -> None:
    later = kidneys(90) | {"effectiveDateTime": "2026-11-22T09:00:00+01:00"}
    assert read(later, kidneys(30, unit="mL/min")) == {}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"valueCodeableConcept": concept("https://example.org", "POS")}, True),
        ({"valueCodeableConcept": concept("https://example.org", "NEG")}, False),
        ({"valueBoolean": True}, True),
        ({"valueBoolean": False}, False),
    ],
)
def test_a_coded_value(value: dict[str, Any], found: bool) -> None:
    assert read(observation("2106-3", **value)) == ({"pregnant": True} if found else {})


def test_a_bundle_a_list_and_one_resource_are_the_same() -> None:
    one = condition()
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one}]}
    ours = READER.read(one, AUTHORED)
    assert ours == READER.read([one], AUTHORED) == READER.read(bundle, AUTHORED) == READER.read([bundle], AUTHORED)
    assert ours.readings["cancer"][0].resource == "Condition/c1"
    assert READER.read(None, AUTHORED) == NO_CHART
    assert READER.read([], AUTHORED) == NO_CHART


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        (condition(code=[]), "chart.code"),
        (condition(code={"coding": [{"code": 5}]}), "chart.code.coding[0].code"),
        (heat(39) | {"valueQuantity": {"value": "39"}}, "chart.valueQuantity.value"),
        (heat(39, "2026-02-30"), "chart.effectiveDateTime"),
        ({"resourceType": "Patient", "birthDate": "2026-13-01"}, "chart.birthDate"),
        (condition(modifierExtension=[{"url": "x"}]), "chart.modifierExtension"),
        ({"resourceType": "Bundle", "entry": {}}, "chart.entry"),
        ({"resourceType": "Bundle", "entry": [None]}, "chart.entry[0]"),
        ("Condition", "chart"),
        ({"id": "x"}, "chart"),
    ],
)
def test_json_types(resource: Any, path: str) -> None:
    with pytest.raises(IntakeError) as caught:
        READER.read(resource, AUTHORED)
    assert [found.path for found in caught.value.faults] == [path]


def test_other_resources_and_elements_are_not_looked_at() -> None:
    assert read({"resourceType": "Encounter", "status": 7}, condition(onsetAge=None)) == {
        "cancer": True,
        "cancer_now": True,
    }


def test_chart_and_answers() -> None:
    def merged(chart: ChartReadings, *items: dict[str, Any]) -> tuple[FindingValue | None, int]:
        checked = check_response(response(about(answer("age", valueInteger=40)), *items), QUESTIONNAIRE)
        found = read_findings(FINDINGS, QUESTIONNAIRE, checked, chart)
        return found.values.get("cancer"), len(found.contradictions)

    ill = READER.read(condition(), AUTHORED)
    assert merged(ill, answer("both", valueBoolean=False)) == (True, 1)
    assert merged(ill, answer("both", valueBoolean=True)) == (True, 0)
    assert merged(ill) == (True, 0)
    assert merged(NO_CHART, answer("both", valueBoolean=False)) == (False, 0)


@pytest.mark.parametrize("reference", ["Patient/p2", "https://example.org/fhir/Patient/p2/_history/1"])
def test_one_patient_at_a_time(reference: str) -> None:
    patient = {"resourceType": "Patient", "id": "p1"}
    with pytest.raises(IntakeError, match="more than one patient"):
        READER.read([patient, condition(subject={"reference": reference})], AUTHORED)
    assert READER.read([patient, condition(subject={"reference": "urn:uuid:1"})], AUTHORED).patient == "p1"
