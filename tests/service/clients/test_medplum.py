"""Medplum's client as the EHR: it discovers the service, fills the prefetch from a real FHIR server, and calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.service.clients.case import Case, case, said
from tests.service.clients.ehr import Ehr, ehr
from tests.service.clients.filing import CALM, CHARTED, URGENT, new, on_file
from tests.service.peers.installed import installed
from tests.service.running import CHART_KEYS, PACK
from tests.service.served import Service, free_port, served

# Under pytest-xdist all that starts servers stays in one process.

FOLDER: Final = Path(__file__).with_name("medplum")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ehr]:
    """A FHIR server that asks for no token: Medplum sends its own only to addresses below its base address."""
    installed("@medplum/core", FOLDER / "node_modules" / "@medplum" / "core")
    if shutil.which("node") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("node is not installed: version 20 or newer")
    with ehr(tmp_path_factory.mktemp("ehr")) as found:
        yield found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, record: Ehr) -> Iterator[Service]:
    """The service; it may not call the FHIR server."""
    with served(tmp_path_factory.mktemp("service")) as found:
        yield found


def called(service: Service, record: Ehr, one: Case, hook: str = "patient-view", *left_out: str) -> dict[str, Any]:
    """What the client did and got."""
    context = one.request()["context"]
    if hook == "appointment-book":
        context["appointments"] = {"resourceType": "Bundle", "type": "collection"}
    arguments = {
        "base": f"http://127.0.0.1:{free_port()}/",
        "cds": f"{service.base}/cds-services",
        "fhir": record.base,
        "hook": hook,
        "context": context,
        "leaveOut": left_out,
    }
    done = subprocess.run(
        ["node", "call.mjs"], cwd=FOLDER, input=json.dumps(arguments), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def responses(found: dict[str, Any]) -> list[str]:
    """The ids of the responses that were sent; the search result also holds what the server has to say of it."""
    entries = [entry["resource"] for entry in found["request"]["prefetch"]["questionnaireResponse"]["entry"]]
    return [one["id"] for one in entries if one["resourceType"] == "QuestionnaireResponse"]


@pytest.mark.parametrize("name", [CALM, URGENT, CHARTED, "incomplete-half-filled", "same-day-steroids-hard-session"])
def test_it_fills_the_prefetch_and_gets_the_cards(alone: Service, record: Ehr, name: str) -> None:
    one = on_file(record, new(name))
    found = called(alone, record, one)
    prefetch = found["request"]["prefetch"]
    assert set(prefetch) == {"questionnaireResponse", *CHART_KEYS}
    assert prefetch["patient"]["id"] == one.patient
    assert responses(found) == [f"{one.patient}-r"]
    indicators = {"self": "info", "emergency": "critical", "incomplete": "warning", "same": "warning"}
    assert found["answer"]["cards"][0]["indicator"] == indicators[name.partition("-")[0]]
    assert said(found["answer"]["cards"]) == said(alone.cards(one.request(prefetch=one.prefetch())))


def test_it_asks_the_fhir_server_what_the_templates_say(alone: Service, record: Ehr) -> None:
    one = on_file(record, new(CALM))
    found = called(alone, record, one)
    assert {service["id"] for service in found["services"]} == {PACK}
    gets = [address.removeprefix(f"GET {record.base}/") for address in found["fetched"] if record.base in address]
    assert [get.partition("?")[0] for get in gets] == [
        "QuestionnaireResponse",
        f"Patient/{one.patient}",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "Observation",
    ]
    assert found["fetched"][0] == f"GET {alone.base}/cds-services"
    assert found["fetched"][-1] == f"POST {alone.call}"


@pytest.mark.parametrize("hook", ["encounter-start", "appointment-book"])
def test_it_calls_on_other_hooks(alone: Service, record: Ehr, hook: str) -> None:
    one = on_file(record, new(URGENT))
    assert called(alone, record, one, hook)["answer"]["cards"][0]["indicator"] == "critical"


def test_the_newest_of_several_responses_counts(alone: Service, record: Ehr) -> None:
    one = on_file(record, new(URGENT))
    record.put(case(CALM, one.patient, days=1).response | {"id": f"{one.patient}-old"})
    found = called(alone, record, one)
    assert responses(found) == [f"{one.patient}-r", f"{one.patient}-old"]
    assert found["answer"]["cards"][0]["indicator"] == "critical"


def test_a_key_that_it_leaves_out_is_said(alone: Service, record: Ehr) -> None:
    one = on_file(record, new(URGENT))
    cards = called(alone, record, one, "patient-view", "conditions")["answer"]["cards"]
    assert [card["indicator"] for card in cards] == ["critical", "info"]
    assert "Not given by the record: conditions." in cards[1]["detail"]


def test_without_the_response_it_gets_a_refusal_that_it_can_read(alone: Service, record: Ehr) -> None:
    one = on_file(record, new(URGENT))
    found = called(alone, record, one, "patient-view", "questionnaireResponse")
    assert "answer" not in found
    assert found["refused"]["resourceType"] == "OperationOutcome"
    assert "not in the prefetch" in found["refused"]["issue"][0]["diagnostics"]
    assert sum(address.startswith("POST") for address in found["fetched"]) == 1


def test_without_any_response_on_file_it_gets_a_refusal(alone: Service, record: Ehr) -> None:
    one = new(URGENT)
    record.put({"resourceType": "Patient", "id": one.patient})
    found = called(alone, record, one)
    assert "ask the patient to fill in the questionnaire" in found["refused"]["issue"][0]["diagnostics"]


def test_for_a_patient_who_is_not_on_file_it_does_not_call_at_all(alone: Service, record: Ehr) -> None:
    """One key that cannot be read, and Medplum gives up: an integrator must show that to somebody."""
    found = called(alone, record, new(URGENT))
    assert found["refused"]["resourceType"] == "OperationOutcome"
    assert not [address for address in found["fetched"] if address.startswith("POST")]
