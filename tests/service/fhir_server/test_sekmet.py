"""The client against a real FHIR server, with the queries of a CDS service."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import httpx2
import pytest

from cds.service.fhir_server import Budget, FhirClient, FhirServers, fill
from cds.service.prefetch.bundle import prefetch_state
from cds.service.prefetch.state import Failed, Found, Nothing
from tests.service.fhir_server.asking import State
from tests.service.peers.sekmet import Sekmet

# One server for all: under pytest-xdist these tests stay in one process.

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
_NUMBERS = count()


def asked(sekmet: Sekmet, template: str, patient: str, pages: int = 20) -> State:
    """What a template finds for a patient, the whole way: filled, allowed, searched."""
    base = FhirServers([sekmet.base]).base(sekmet.base)
    query = fill(template, {"context.patientId": patient})
    assert base
    assert query

    async def scenario() -> State:
        async with FhirClient(timeout=30.0) as client:
            return await client.search(base, query, None, Budget(60), pages)

    return asyncio.run(scenario())


def ids(found: State) -> list[str]:
    assert isinstance(found, Found)
    return [resource["id"] for resource in found.resources]


@pytest.fixture
def patient(sekmet: Sekmet) -> str:
    """The id of a new patient."""
    found = f"patient-{next(_NUMBERS)}"
    sekmet.put({"resourceType": "Patient", "id": found, "gender": "female", "birthDate": "1990-02-03"})
    return found


def coded(kind: str, patient: str, name: str, system: str, code: str, **elements: Any) -> dict[str, Any]:
    """A coded resource of a patient."""
    concept = {"coding": [{"system": system, "code": code}]}
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": kind, "id": f"{patient}-{name}", "subject": subject, "code": concept, **elements}


def test_a_patient(sekmet: Sekmet, patient: str) -> None:
    found = asked(sekmet, "Patient/{{context.patientId}}", patient)
    assert isinstance(found, Found)
    assert found.resources[0]["birthDate"] == "1990-02-03"
    assert not found.partial


def test_a_patient_who_is_not_there(sekmet: Sekmet) -> None:
    assert asked(sekmet, "Patient/{{context.patientId}}", "nobody") == Nothing()


def test_the_conditions_of_one_patient(sekmet: Sekmet, patient: str) -> None:
    for owner in (patient, f"{patient}-other"):
        sekmet.put({"resourceType": "Patient", "id": owner})
        sekmet.put(coded("Condition", owner, "c", SNOMED, "363346000"))
    found = asked(sekmet, "Condition?patient={{context.patientId}}&_count=200", patient)
    assert ids(found) == [f"{patient}-c"]
    assert isinstance(found, Found)
    assert not found.partial


def test_a_patient_without_conditions(sekmet: Sekmet, patient: str) -> None:
    assert asked(sekmet, "Condition?patient={{context.patientId}}&_count=200", patient) == Found(())


def measure(sekmet: Sekmet, patient: str, number: int) -> None:
    """One temperature for each day, the number-th one with another code beside it."""
    sekmet.put(
        coded("Observation", patient, f"t{number}", LOINC, "8310-5", status="final")
        | {"effectiveDateTime": f"2026-01-{number:02}", "valueQuantity": {"value": 37, "unit": "Cel"}}
    )


def test_the_latest_measurements_of_some_codes(sekmet: Sekmet, patient: str) -> None:
    for number in (2, 3, 1):
        measure(sekmet, patient, number)
    sekmet.put(coded("Observation", patient, "weight", LOINC, "29463-7", status="final"))
    codes = f"{LOINC}|8310-5,{LOINC}|8331-1"
    found = asked(sekmet, f"Observation?patient={{{{context.patientId}}}}&code={codes}&_sort=-date&_count=200", patient)
    assert ids(found) == [f"{patient}-t{number}" for number in (3, 2, 1)]
    assert isinstance(found, Found)
    assert not found.partial


def test_all_pages_of_a_search(sekmet: Sekmet, patient: str) -> None:
    for number in range(1, 8):
        measure(sekmet, patient, number)
    template = "Observation?patient={{context.patientId}}&_sort=-date&_count=2"
    found = asked(sekmet, template, patient)
    assert ids(found) == [f"{patient}-t{number}" for number in range(7, 0, -1)]
    assert isinstance(found, Found)
    assert not found.partial
    cut = asked(sekmet, template, patient, pages=2)
    assert (ids(cut), cut) == (
        [f"{patient}-t{number}" for number in (7, 6, 5, 4)],
        Found(found.resources[:4], None, True, lost=True),
    )


def test_a_prefetched_first_page_of_this_server_is_completed(sekmet: Sekmet, patient: str) -> None:
    for number in (1, 2, 3):
        measure(sekmet, patient, number)
    url = f"{sekmet.base}/Observation?patient={patient}&_sort=date&_count=2"
    page = httpx2.get(url, trust_env=False).json()

    async def scenario() -> State:
        async with FhirClient(timeout=30.0) as client:
            first = prefetch_state({"observations": page}, "observations")
            assert isinstance(first, Found)
            assert (len(first.resources), first.partial) == (2, False)
            return await client.complete(sekmet.base, first, None, Budget(60))

    found = asyncio.run(scenario())
    assert ids(found) == [f"{patient}-t{number}" for number in (1, 2, 3)]
    assert isinstance(found, Found)
    assert not found.partial


def test_a_server_that_ignores_parameters_gives_those_of_other_patients_too(sekmet: Sekmet, patient: str) -> None:
    """SEKMET cannot search QuestionnaireResponse: why nothing that a server gives is taken to be what was asked for."""
    form = "https://example.org/fhir/Questionnaire/back"
    for owner in (patient, f"{patient}-other"):
        sekmet.put({"resourceType": "Patient", "id": owner})
        subject = {"reference": f"Patient/{owner}"}
        kind = "QuestionnaireResponse"
        answers = {"resourceType": kind, "id": f"{owner}-r", "status": "completed", "questionnaire": f"{form}|1.0.0"}
        sekmet.put({**answers, "subject": subject, "authored": "2026-01-01T10:00:00Z"})
    query = "&status=completed,amended&_sort=-authored&_count=10"
    template = f"QuestionnaireResponse?patient={{{{context.patientId}}}}&questionnaire={form}{query}"
    found = asked(sekmet, template, patient)
    assert isinstance(found, Found)
    assert {f"{patient}-r", f"{patient}-other-r"} <= set(ids(found))
    assert not found.lost


@pytest.mark.parametrize(
    ("template", "reason"),
    [("Observation?date=soon", "status-4xx"), ("NoSuchType?patient=1", "status-4xx")],
)
def test_a_search_that_the_server_refuses(sekmet: Sekmet, template: str, reason: Any) -> None:
    assert asked(sekmet, template, "1") == Failed(reason)
