"""A real FHIR server behind the prefetch: what the client did not send, the service fetches itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.clients.case import Case, case, said
from tests.service.clients.ehr import Ehr
from tests.service.clients.filing import CALM, CHARTED, TREATED, URGENT, new, on_file
from tests.service.running import FIXTURES, bundle
from tests.service.served import Service

# Under pytest-xdist all that starts servers stays in one process.

CHARTS = sorted(file.stem for file in (FIXTURES / "charts").glob("*.json"))
INDICATORS = {"emergency": "critical", "same": "warning", "incomplete": "warning", "routine": "info", "self": "info"}
"""First word of the name of a fixture to the indicator of its first card."""


@pytest.mark.parametrize("name", CHARTS)
def test_without_prefetch_the_cards_are_those_of_the_full_prefetch(server: Ehr, service: Service, name: str) -> None:
    one = on_file(server, new(name))
    found = service.cards(one.request(**server.access()))
    assert said(found) == said(service.cards(one.request(prefetch=one.prefetch())))
    assert found[0]["indicator"] == INDICATORS[name.partition("-")[0]]


def test_an_emergency_that_stands_in_the_record_alone_is_found_there(server: Ehr, service: Service) -> None:
    one = on_file(server, new(CHARTED))
    without = one.request(prefetch={"questionnaireResponse": bundle(one.response)})
    assert service.cards(without)[0]["indicator"] == "warning"
    assert service.cards(without | server.access())[0]["indicator"] == "critical"


def referring(one: Case) -> list[dict[str, Any]]:
    """Make the prescriptions of a chart only refer to their medicines; gives these."""
    drugs: list[dict[str, Any]] = []
    for prescription in one.chart["medicationRequests"]:
        drug = {"resourceType": "Medication", "id": f"{prescription['id']}-m"}
        drugs.append(drug | {"code": prescription.pop("medicationCodeableConcept")})
        prescription["medicationReference"] = {"reference": f"Medication/{drug['id']}"}
    return drugs


def test_medicines_that_are_only_referred_to_are_fetched(server: Ehr, service: Service) -> None:
    one = new(TREATED)
    drugs = referring(one)
    server.put(*drugs)
    on_file(server, one)
    before = len(server.asked())
    found = service.cards(one.request(**server.access()))
    asked = [asked for asked in server.asked()[before:] if asked.startswith("Medication/")]
    assert asked == [f"Medication/{drug['id']} 200" for drug in drugs]
    assert asked
    assert found[0]["indicator"] == "critical"
    prefetch = one.prefetch() | {"medicationRequests": bundle(*one.chart["medicationRequests"], *drugs)}
    assert said(found) == said(service.cards(one.request(prefetch=prefetch)))


def test_a_medicine_that_is_not_on_the_server_is_said(server: Ehr, service: Service) -> None:
    one = new(TREATED)
    referring(one)
    on_file(server, one)
    found = service.cards(one.request(**server.access()))
    assert found[-1]["indicator"] == "warning"
    assert "prescriptions" in found[-1]["detail"]


def test_of_several_responses_the_newest_completed_one_counts(server: Ehr, service: Service) -> None:
    """Drafts and other forms come along, as the server ignores these two parameters."""
    one = on_file(server, new(URGENT))
    patient = one.patient
    now = case(CALM, patient).response | {"authored": one.response["authored"]}
    server.put(
        case(CALM, patient, days=30).response | {"id": f"{patient}-stale"},
        case(CALM, patient, days=1).response | {"id": f"{patient}-old"},
        now | {"id": f"{patient}-draft", "status": "in-progress"},
        now | {"id": f"{patient}-other", "questionnaire": "https://example.org/fhir/Questionnaire/other|1"},
    )
    found = service.cards(one.request(**server.access()))
    assert found[0]["indicator"] == "critical"
    assert said(found) == said(service.cards(one.request(prefetch=one.prefetch())))


def test_only_what_is_missing_is_asked_for(server: Ehr, service: Service) -> None:
    one = on_file(server, new(CHARTED))
    full = one.prefetch()
    before = len(server.asked())
    found = service.cards(one.request(prefetch=full) | server.access())
    assert len(server.asked()) == before
    partial = {key: full[key] for key in full if key not in ("conditions", "observations")}
    assert said(service.cards(one.request(prefetch=partial) | server.access())) == said(found)
    assert sorted(server.asked()[before:]) == ["Condition 200", "Observation 200"]


def test_what_was_looked_up_is_not_asked_for_again(server: Ehr, service: Service) -> None:
    """Null says that there is nothing; an OperationOutcome says that nobody knows, and a card passes that on."""
    one = on_file(server, new(CHARTED))
    before = len(server.asked())
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
    for state, cards in ((None, 1), (outcome, 2)):
        found = service.cards(one.request(prefetch=one.prefetch() | {"conditions": state}) | server.access())
        assert (found[0]["indicator"], len(found)) == ("warning", cards)
    assert len(server.asked()) == before


@pytest.mark.parametrize("hook", ["encounter-start", "org.cds-rules.questionnaireresponse-submit"])
def test_other_hooks_fetch_too(server: Ehr, service: Service, hook: str) -> None:
    one = on_file(server, new(CHARTED))
    body = one.request(hook, **server.access())
    if hook.endswith("submit"):
        body["context"]["questionnaireResponse"] = one.response
    before = len(server.asked())
    assert service.cards(body)[0]["indicator"] == "critical"
    assert ("QuestionnaireResponse 200" in server.asked()[before:]) == (hook == "encounter-start")
