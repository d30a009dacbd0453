"""HealthChain's SandboxClient as the EHR: it sends, and its own models read what the service answers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.service.clients.case import Case, case
from tests.service.peers.installed import PEERS, installed
from tests.service.running import PACK
from tests.service.served import Service, served

# Under pytest-xdist all that starts servers stays in one process.

SCRIPT = Path(__file__).with_name("healthchain_client.py")
EXPECTED = {
    "emergency-saddle-numbness": ("critical", "Emergency: call an ambulance"),
    "incomplete-half-filled": ("warning", "Not an all-clear: answers are missing"),
    "self-care-over-65": ("info", "Your answers show nothing urgent."),
}
"""The indicator, and how the summary begins."""


@pytest.fixture(scope="module")
def python() -> Path:
    """HealthChain's Python."""
    return installed("healthchain", PEERS / "healthchain", "CDS_HEALTHCHAIN") / "bin" / "python"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, python: Path) -> Iterator[Service]:
    """The service, without any FHIR server."""
    with served(tmp_path_factory.mktemp("service")) as found:
        yield found


def sent(python: Path, service: Service, folder: Path, patient: str, *cases: Case) -> tuple[dict[str, Any], str]:
    """What the client makes of the answers to some patients, and what it logs."""
    files = [folder / f"{number}.json" for number in range(len(cases))]
    for file, one in zip(files, cases, strict=True):
        file.write_text(json.dumps(one.prefetch()), encoding="utf-8")
    command = [str(word) for word in (python, SCRIPT, service.call, patient, *files)]
    direct = os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=direct)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found, done.stderr


@pytest.mark.parametrize("name", EXPECTED)
def test_its_model_reads_our_cards(python: Path, alone: Service, tmp_path: Path, name: str) -> None:
    one = case(name)
    found, _ = sent(python, alone, tmp_path, one.patient, one)
    (call,) = found["calls"]
    response = call["sent"]["prefetch"]["questionnaireResponse"]["entry"][0]["resource"]
    assert datetime.now(UTC) - datetime.fromisoformat(response["authored"]) < timedelta(days=1)
    assert call["sent"]["hook"] == "patient-view"
    assert call["sent"]["context"]["patientId"] == one.patient
    indicator, summary = EXPECTED[name]
    assert call["cards"][0]["indicator"] == indicator
    assert call["cards"][0]["summary"].startswith(summary)
    assert without_null(call["answered"]["cards"]) == call["cards"]


def without_null(value: Any) -> Any:
    """JSON without null, as the model writes it."""
    return json.loads(
        json.dumps(value), object_hook=lambda one: {name: one[name] for name in one if one[name] is not None}
    )


def test_its_model_wants_two_members_that_cds_hooks_leaves_optional(
    python: Path, alone: Service, tmp_path: Path
) -> None:
    """Then SandboxClient hands the cards on unread. If this fails because it wants less: take :data:`NEEDED` away."""
    one = case("emergency-saddle-numbness")
    found, _ = sent(python, alone, tmp_path, one.patient, one)
    assert found["calls"][0]["faults"] == [
        "missing cards links autoLaunchable",
        "missing cards suggestions isRecommended",
    ]


def test_a_made_up_patient_gets_an_answer_if_the_response_names_none(
    python: Path, alone: Service, tmp_path: Path
) -> None:
    one = case("emergency-saddle-numbness")
    del one.response["subject"]
    found, _ = sent(python, alone, tmp_path, "-", one)
    assert found["calls"][0]["sent"]["context"]["patientId"] != one.patient
    assert found["calls"][0]["cards"][0]["indicator"] == "critical"


def test_what_it_makes_of_a_refusal(python: Path, alone: Service, tmp_path: Path) -> None:
    """It logs the reason and gives an empty object, in its place among the others: neither a card nor an all-clear."""
    one = case("emergency-saddle-numbness")
    old = case("emergency-saddle-numbness", days=8)
    found, log = sent(python, alone, tmp_path, one.patient, old, one, one._replace(response=one.response | {"item": 1}))
    answered = [call["answered"] for call in found["calls"]]
    assert (answered[0], answered[2]) == ({}, {})
    assert answered[1]["cards"][0]["indicator"] == "critical"
    assert "412" in log
    assert "more than 7 days old" in log
    assert "422" in log


def test_its_model_reads_our_discovery_document(python: Path, alone: Service, tmp_path: Path) -> None:
    one = case("self-care-over-65")
    found, _ = sent(python, alone, tmp_path, one.patient, one)
    services = {service["hook"]: service for service in found["services"]}
    assert {service["id"] for service in found["services"]} == {PACK}
    assert services["patient-view"]["prefetch"]["patient"] == "Patient/{{context.patientId}}"
    assert len(services) == len(found["services"]) == 4
