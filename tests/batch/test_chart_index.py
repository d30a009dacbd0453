"""Charts by patient, from files in any order."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cds.batch.chart_index import UNPLACED, ChartIndex, build_index, owner_key
from tests.batch.exports import write


def _condition(number: int, reference: str) -> bytes:
    return orjson.dumps({"resourceType": "Condition", "id": f"c{number}", "subject": {"reference": reference}})


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("Patient/1", "Patient/1"),
        ("https://example.org/fhir/Patient/1", "Patient/1"),
        ("Patient/1/_history/2", "Patient/1"),
        ("urn:uuid:1", None),
        ("Group/1", None),
        ("Patient/", None),
        ("OtherPatient/1", None),
        ("Patient/1\n", None),
        ("Patient/1/_history/2\n", None),
    ],
)
def test_keys(reference: str, key: str | None) -> None:
    assert owner_key(reference) == key


def test_each_patient_has_its_own_in_the_order_of_the_files(tmp_path: Path) -> None:
    write(tmp_path / "Patient.ndjson", [b'{"resourceType": "Patient", "id": "1"}'])
    write(
        tmp_path / "Condition.ndjson",
        [_condition(1, "Patient/1"), _condition(2, "Patient/2"), _condition(3, "https://example.org/fhir/Patient/1")],
    )
    files = [(path.name, path) for path in sorted(tmp_path.glob("*.ndjson"))]
    counts = build_index(tmp_path / "charts.sqlite", files)
    assert (counts.read, counts.refused) == (4, [])
    index = ChartIndex(tmp_path / "charts.sqlite")
    found = [orjson.loads(one)["id"] for one in index.chart("Patient/1")]
    assert found == ["c1", "c3", "1"]
    assert index.chart("Patient/3") == []
    assert index.chart("urn:uuid:3") == []


def test_medications_come_with_those_who_take_them(tmp_path: Path) -> None:
    taken = {"resourceType": "MedicationRequest", "subject": {"reference": "Patient/1"}}
    taken["medicationReference"] = {"reference": "Medication/m"}
    write(tmp_path / "a.ndjson", [orjson.dumps(taken), orjson.dumps(taken)])
    write(tmp_path / "b.ndjson", [b'{"resourceType": "Medication", "id": "m"}'])
    build_index(tmp_path / "charts.sqlite", [(name, tmp_path / name) for name in ("a.ndjson", "b.ndjson")])
    found = [orjson.loads(one)["resourceType"] for one in ChartIndex(tmp_path / "charts.sqlite").chart("Patient/1")]
    assert found == ["MedicationRequest", "MedicationRequest", "Medication"]


def test_no_reference_brings_the_chart_of_another_patient(tmp_path: Path) -> None:
    taken = {"resourceType": "MedicationRequest", "subject": {"reference": "Patient/1"}}
    taken["medicationReference"] = {"reference": "Patient/2"}
    write(tmp_path / "a.ndjson", [orjson.dumps(taken), _condition(2, "Patient/2")])
    build_index(tmp_path / "charts.sqlite", [("a.ndjson", tmp_path / "a.ndjson")])
    assert ChartIndex(tmp_path / "charts.sqlite").chart("Patient/1") == [orjson.dumps(taken)]


def test_a_resource_that_nobody_can_place_is_told(tmp_path: Path) -> None:
    response = b'{"resourceType": "QuestionnaireResponse", "subject": {"reference": "Patient/1"}}'
    lines = [b"{broken", b"[]", b'{"resourceType": "Condition"}', response, _condition(1, "Patient/1")]
    write(tmp_path / "Condition.ndjson", lines)
    counts = build_index(tmp_path / "charts.sqlite", [("Condition.ndjson", tmp_path / "Condition.ndjson")])
    assert counts.read == 1
    assert counts.refused == [("Condition.ndjson", number, UNPLACED) for number in (1, 2, 3, 4)]
