"""A chart of which a part is faulty: the rest is read, and the faults are told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.intake.chart import ChartReader, ChartReadings
from cds.intake.faults import IntakeError
from tests.intake.example import AUTHORED, VALUE_SETS
from tests.intake.sources import FINDINGS
from tests.intake.test_chart import RXNORM, concept, condition, heat, kidneys, medication, observation

READER = ChartReader(FINDINGS, VALUE_SETS)
MEDICINE = {"resourceType": "Medication", "id": "1", "code": concept(RXNORM, "11289")}


def _read(*chart: Any) -> ChartReadings:
    return READER.read(list(chart), AUTHORED, tolerant=True)


def _faults(found: ChartReadings) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in found.faults]


def _request(reference: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "medicationReference": {"reference": reference}, **more}


def _entry(resource: dict[str, Any], url: str) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"fullUrl": url, "resource": resource}]}


@pytest.mark.parametrize(
    ("faulty", "fault"),
    [
        (condition(code=[]), ("wrong-json-type", "chart[0].code")),
        (condition(modifierExtension=[{"url": "x"}]), ("modifier", "chart[0].modifierExtension")),
        (condition(id="a_b"), ("bad-format", "chart[0].id")),
        ({"resourceType": "Patient", "birthDate": "2026-13-01"}, ("bad-date", "chart[0].birthDate")),
        ("Condition", ("not-a-chart", "chart[0]")),
        ({"resourceType": "Bundle", "entry": {}}, ("wrong-json-type", "chart[0].entry")),
        ({"resourceType": "Bundle", "entry": [None]}, ("wrong-json-type", "chart[0].entry[0]")),
        (
            observation("85353-1", component=[{"valueQuantity": {"value": "39"}}]),
            ("wrong-json-type", "chart[0].component[0].valueQuantity.value"),
        ),
    ],
)
def test_what_is_faulty_is_left_out_alone(faulty: Any, fault: tuple[str, str]) -> None:
    found = _read(faulty, condition(), heat(39))
    assert _faults(found) == [fault]
    assert set(found.readings) == {"cancer", "cancer_now", "temperature"}
    with pytest.raises(IntakeError):
        READER.read([faulty, condition()], AUTHORED)


@pytest.mark.parametrize(
    ("one", "name", "fault"),
    [
        (heat(102), "temperature", ("value-out-of-range", "chart[0].valueQuantity")),
        (heat(312, code="K"), "temperature", ("unreadable-value", "chart[0].value")),
        (kidneys(30, unit="mL/min"), "weak_kidneys", ("unreadable-value", "chart[0].value")),
        (observation("2106-3", valueString="yes"), "pregnant", ("unreadable-value", "chart[0].value")),
        ({"resourceType": "Patient", "birthDate": "2027-01-01"}, "age", ("date-in-future", "chart[0].birthDate")),
        ({"resourceType": "Patient", "birthDate": "1890-01-01"}, "age", ("value-out-of-range", "chart[0].birthDate")),
    ],
)
def test_a_value_that_cannot_be_read_is_unknown_and_a_fault(
    one: dict[str, Any], name: str, fault: tuple[str, str]
) -> None:
    found = _read(one)
    assert _faults(found) == [fault]
    assert [reading.value for reading in found.readings[name]] == [None]


def test_a_value_that_was_read_and_leaves_it_open_is_no_fault() -> None:
    unknown = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}]}
    found = _read(kidneys(70, comparator="<"), observation("2106-3", valueCodeableConcept=unknown), heat(39, None))
    assert found.faults == ()
    assert set(found.readings) == {"weak_kidneys", "pregnant", "temperature"}


def test_only_a_chart_of_nobody_in_particular_is_refused() -> None:
    other = condition(subject={"reference": "Patient/p2"})
    with pytest.raises(IntakeError, match="more than one patient"):
        _read({"resourceType": "Patient", "id": "p1"}, other, condition(code=[]))
    for chart in ("Condition", 7, {"id": "x"}, True):
        with pytest.raises(IntakeError, match="must be a FHIR resource"):
            READER.read(chart, AUTHORED, tolerant=True)


@pytest.mark.parametrize("tolerant", [False, True])
def test_a_patient_without_an_id_is_nobody_else(tolerant: bool) -> None:
    chart = [{"resourceType": "Patient"}, {"resourceType": "Patient", "id": "p1"}, {"resourceType": "Patient"}]
    assert READER.read(chart, AUTHORED, tolerant=tolerant).patient == "p1"


@pytest.mark.parametrize(
    "one",
    [
        _request("Medication/2"),
        _request("https://other.example/fhir/Medication/1"),
        _request("#gone"),
        _request("Medication/3"),
        medication("MedicationStatement", "active", medicationCodeableConcept={"text": "pills"}),
        medication("MedicationRequest", None, medicationCodeableConcept={"coding": [{"code": "11289"}]}),
        {"resourceType": "MedicationRequest", "medicationReference": {"display": "pills"}},
        {"resourceType": "MedicationRequest"},
    ],
)
def test_a_prescription_of_nobody_knows_what_is_told(one: dict[str, Any]) -> None:
    chart = [one, _entry(MEDICINE, "https://example.org/fhir/Medication/1"), {"resourceType": "Medication", "id": "3"}]
    found = _read(*chart)
    assert _faults(found) == [("no-code", "chart[0].medication")]
    assert found.readings == {}
    assert _read(one | {"status": "stopped"}, *chart[1:]).faults == ()
    assert READER.read(chart, AUTHORED).readings == {}


def test_what_refers_to_a_broken_medication_is_faulty_too() -> None:
    broken = MEDICINE | {"modifierExtension": [{"url": "x"}]}
    found = _read(broken, _request("Medication/1"), _request("Medication/1", status="stopped"))
    assert _faults(found) == [("modifier", "chart[0].modifierExtension"), ("no-code", "chart[1].medication")]
    assert found.readings == {}
    assert _faults(_read(_request("#1", contained=[broken]))) == [("modifier", "chart[0].contained.modifierExtension")]


@pytest.mark.parametrize(
    ("reference", "url", "found"),
    [
        ("https://example.org/fhir/Medication/1", "https://example.org/fhir/Medication/1", True),
        ("https://example.org/fhir/Medication/1/_history/2", "https://example.org/fhir/Medication/1", True),
        ("Medication/1", "https://example.org/fhir/Medication/1", True),
        ("https://example.org/fhir/Medication/1", "urn:uuid:7", True),
        ("https://other.example/fhir/Medication/1", "https://example.org/fhir/Medication/1", False),
        ("urn:uuid:Medication/1", "urn:uuid:7", False),
    ],
)
def test_a_reference_finds_no_medication_of_another_server(reference: str, url: str, found: bool) -> None:
    chart = [_request(reference), _entry(MEDICINE, url)]
    assert ("thinner" in READER.read(chart, AUTHORED).readings) == found


def test_two_medications_of_one_name_both_count() -> None:
    other = MEDICINE | {"code": concept(RXNORM, "1")}
    chart = [_request("Medication/1"), _entry(MEDICINE, "https://a.example/Medication/1")]
    assert "thinner" in _read(*chart, _entry(other, "https://b.example/Medication/1")).readings


def test_a_text_gives_way_to_the_medication_that_is_referred_to() -> None:
    one = _request("Medication/1", medicationCodeableConcept={"text": "pills"})
    found = _read(one, MEDICINE)
    assert found.faults == ()
    assert "thinner" in found.readings


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["coding", "code", "value"]), inner),
    max_leaves=5,
)
_ELEMENTS = st.dictionaries(
    st.sampled_from(
        ["id", "code", "component", "valueQuantity", "effectivePeriod", "contained", "medicationReference"]
    ),
    _VALUES,
)
_KINDS = st.sampled_from(["Patient", "Condition", "Observation", "MedicationRequest", "Medication", "Bundle", "Other"])


@given(st.lists(st.builds(lambda kind, rest: {**rest, "resourceType": kind}, _KINDS, _ELEMENTS) | _VALUES, max_size=4))
def test_whatever_else_is_there_a_sound_resource_is_read(others: list[Any]) -> None:
    patients = [one for one in others if isinstance(one, dict) and one.get("resourceType") == "Patient"]
    found = READER.read([*(one for one in others if one not in patients), condition()], AUTHORED, tolerant=True)
    assert found.readings["cancer"][-1].value is True
