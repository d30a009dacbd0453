"""The service in this process, with requests as an EHR makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from cds.service.app import create_app
from cds.service.settings import Settings
from cds.shipped import default_pack
from tests.schemas import SENT, faults

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
PACK = "exercise-low-back-pain"
CALL = f"/cds-services/{PACK}"


class Clock:
    """A clock that stands still where a test puts it."""

    time = datetime(2026, 11, 12, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.time

    def after(self, response: dict[str, Any], **passed: float) -> None:
        """Put the clock to some time after a response was given (arguments of ``timedelta``)."""
        self.time = datetime.fromisoformat(response["authored"]) + timedelta(**passed)


CLOCK = Clock()
"""The clock of services that are not given another."""
CHART_KEYS = ("patient", "conditions", "medicationRequests", "medicationStatements", "observations")


def settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a service whose database stands in ``folder``."""
    plain: dict[str, Any] = {
        "packs": (default_pack(),),
        "base_url": "http://testserver",
        "hosts": ("testserver",),  # what Starlette's client calls every service, whatever its base URL
        "database": f"sqlite:///{folder / 'cds.sqlite'}",
    }
    return Settings(**(plain | changes))


@contextmanager
def running(folder: Path, clock: Clock = CLOCK, **changes: Any) -> Iterator[TestClient]:
    """A client of a running service."""
    with TestClient(create_app(settings(folder, **changes), clock)) as client:
        yield client


def fixture(name: str) -> dict[str, Any]:
    """A response of ``fixtures/responses``."""
    found: dict[str, Any] = json.loads((FIXTURES / "responses" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def chart(name: str) -> list[dict[str, Any]]:
    """The resources of a chart of ``fixtures/charts``."""
    bundle = json.loads((FIXTURES / "charts" / f"{name}.json").read_text(encoding="utf-8"))
    return [entry["resource"] for entry in bundle["entry"]]


def bundle(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A searchset."""
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]} | more


def patient_of(response: dict[str, Any]) -> str:
    """The id of the patient that a response is about."""
    reference: str = response["subject"]["reference"]
    return reference.removeprefix("Patient/")


def request(response: dict[str, Any] | None = None, hook: str = "patient-view", **prefetch: Any) -> dict[str, Any]:
    """A call an hour after a response was given, with nothing in the record unless ``prefetch`` says more.

    A key whose value is ``...`` is left out.
    """
    if response is not None and "authored" in response:
        CLOCK.after(response, hours=1)
    keys: dict[str, Any] = dict.fromkeys(CHART_KEYS)
    if response is not None:
        keys["questionnaireResponse"] = bundle(response)
    keys |= prefetch
    context = {"userId": "Practitioner/1", "patientId": "p1" if response is None else patient_of(response)}
    if hook == "encounter-start":
        context["encounterId"] = "e1"
    body: dict[str, Any] = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": {key: value for key, value in keys.items() if value is not ...},
    }
    if hook == "appointment-book":
        body["context"]["appointments"] = bundle({"resourceType": "Appointment", "status": "proposed"})
    return body


def chart_prefetch(name: str) -> dict[str, Any]:
    """The chart of a fixture, sorted into the prefetch keys."""
    kinds = ("Patient", "Condition", "MedicationRequest", "MedicationStatement", "Observation")
    keys = dict(zip(kinds, CHART_KEYS, strict=True))
    found: dict[str, list[dict[str, Any]]] = {}
    for resource in chart(name):
        found.setdefault(keys.get(resource["resourceType"], "medicationRequests"), []).append(resource)
    return {key: bundle(*resources) for key, resources in found.items()}


def cards(client: TestClient, body: dict[str, Any], path: str = CALL) -> list[dict[str, Any]]:
    """The cards that a call is answered with; they conform to the specification, and there is always one."""
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert not faults(SENT, answer.json())
    found: list[dict[str, Any]] = answer.json()["cards"]
    assert found
    return found


def refusal(client: TestClient, body: Any, status: int, path: str = CALL) -> dict[str, Any]:
    """The OperationOutcome that a call is refused with."""
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    outcome: dict[str, Any] = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert "cards" not in outcome
    return outcome
