"""``POST {base}/cds-services/{id}``: cards for a patient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from cds import DecisionSupport, default_pack
from cds.service.hooks.hook import HOOKS, SUBMIT
from tests.service.running import (
    CLOCK,
    FIXTURES,
    PACK,
    cards,
    chart_prefetch,
    fixture,
    patient_of,
    refusal,
    request,
    running,
)

RESPONSES = sorted(file.stem for file in (FIXTURES / "responses").glob("*.json"))
CHARTS = {file.stem for file in (FIXTURES / "charts").glob("*.json")}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="module")
def support() -> DecisionSupport:
    return DecisionSupport.load(default_pack())


@pytest.mark.parametrize("name", RESPONSES)
def test_every_fixture_gets_the_cards_of_the_command_line(
    client: TestClient, support: DecisionSupport, name: str
) -> None:
    response = fixture(name)
    given = chart_prefetch(name) if name in CHARTS else {}
    found = cards(client, request(response, **given))
    charted = [entry["resource"] for bundle in given.values() for entry in bundle["entry"]]
    decision = support.decide_parsed(response, charted or None)
    wanted = support.make_cards(decision)
    assert [_said(card) for card in found] == [_said(card) for card in wanted]
    assert decision.assessment.outcome in name or "with-gaps" in name


def _said(card: dict[str, Any]) -> str:
    """A card without the identifiers, which depend on how the chart was bundled."""
    plain = {key: value for key, value in card.items() if key not in ("uuid", "suggestions")}
    labels = [suggestion["label"] for suggestion in card.get("suggestions", [])]
    return json.dumps([plain, labels], sort_keys=True)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_gives_the_same_advice(client: TestClient, hook: str) -> None:
    response = fixture("emergency-saddle-numbness")
    body = request(response, hook)
    if hook == SUBMIT:
        body["context"]["questionnaireResponse"] = body["prefetch"].pop("questionnaireResponse")["entry"][0]["resource"]
    assert cards(client, body)[0]["indicator"] == "critical"


def test_the_same_call_gets_the_same_bytes(client: TestClient) -> None:
    body = request(fixture("incomplete-half-filled"))
    first, second = (client.post(f"/cds-services/{PACK}", json=body) for _ in range(2))
    assert first.content == second.content
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_incomplete_answers_get_a_warning_and_never_an_error(client: TestClient) -> None:
    for name in RESPONSES:
        if name.startswith("incomplete") and name not in CHARTS:
            first = cards(client, request(fixture(name)))[0]
            assert first["indicator"] in ("warning", "critical")


def test_a_card_is_never_cached_on_the_way(client: TestClient) -> None:
    answer = client.post(f"/cds-services/{PACK}", json=request(fixture("self-care-heavy-lift")))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/json"


def test_the_language_is_that_of_the_response(client: TestClient) -> None:
    response = fixture("self-care-heavy-lift") | {"language": "es"}
    spanish = cards(client, request(response))[0]["summary"]
    assert spanish != cards(client, request(response | {"language": "en"}))[0]["summary"]


def test_unknown_members_and_extensions_are_ignored(client: TestClient) -> None:
    body = request(fixture("self-care-heavy-lift"))
    more = body | {
        "hookInstance": "fhir-mcp-instance",
        "extension": {"org.example.thing": {"depth": [1, 2]}},
        "somethingNew": [True],
    }
    more["context"] = more["context"] | {"extension": {"a": {}}, "unknown": 1}
    assert cards(client, more) == cards(client, body)


def test_the_response_of_another_patient_is_refused(client: TestClient) -> None:
    body = request(fixture("self-care-heavy-lift"))
    body["context"]["patientId"] = "somebody-else"
    outcome = refusal(client, body, 422)
    assert outcome["issue"][0]["expression"] == ["prefetch.questionnaireResponse"]
    assert "another patient" in outcome["issue"][0]["diagnostics"]


def test_the_record_of_another_patient_is_left_out_and_said(client: TestClient) -> None:
    name = "emergency-sickle-trait"
    other = json.loads(
        json.dumps(chart_prefetch(name)).replace(f"Patient/{patient_of(fixture(name))}", "Patient/other")
    )
    found = cards(client, request(fixture(name), **other))
    alone = cards(client, request(fixture(name)))
    assert [card["summary"] for card in found if "not read in full" not in card["summary"]] == [
        card["summary"] for card in alone
    ]
    assert len(found) == len(alone) + 1


def test_a_token_for_another_patient_is_refused(client: TestClient) -> None:
    body = request(fixture("self-care-heavy-lift"))
    body["fhirServer"] = "https://ehr.example.org/fhir"
    body["fhirAuthorization"] = {
        "access_token": "t",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.read",
        "subject": "cds",
        "patient": "other",
    }
    assert "another patient" in refusal(client, body, 422)["issue"][0]["diagnostics"]


def test_a_response_that_the_intake_refuses_is_refused_with_its_place(client: TestClient) -> None:
    response = fixture("self-care-heavy-lift")
    response["item"][0]["linkId"] = "unknown"
    outcome = refusal(client, request(response), 422)
    place = "prefetch.questionnaireResponse.item[0]"
    assert any(issue["expression"][0].startswith(place) for issue in outcome["issue"])
    response = fixture("self-care-heavy-lift") | {"status": "in-progress"}
    body = request(response, SUBMIT)
    body["context"]["questionnaireResponse"] = response
    assert refusal(client, body, 422)["issue"][0]["expression"][0].startswith("context.questionnaireResponse")


def test_what_happens_in_the_record_after_the_answers_counts(client: TestClient) -> None:
    response = fixture("self-care-ordinary-soreness")
    fever = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
        "subject": response["subject"],
        "effectiveDateTime": "2026-11-25T11:00:00Z",
        "valueQuantity": {"value": 39.6, "system": "http://unitsofmeasure.org", "code": "Cel"},
    }
    calm = cards(client, request(response))[0]
    body = request(response, observations=fever)
    CLOCK.after(response, days=5)
    hot = cards(client, body)[0]
    assert calm["indicator"] == "info"
    assert hot["indicator"] in ("warning", "critical")


@pytest.mark.parametrize("name", [hook.rpartition(".")[2] for hook in HOOKS])
def test_the_calls_of_the_fixtures_are_answered(client: TestClient, name: str) -> None:
    body = json.loads((FIXTURES / "hooks" / f"{name}.json").read_text(encoding="utf-8"))
    CLOCK.after(fixture("emergency-sickle-trait"), hours=1)
    found = cards(client, body)
    assert [card["indicator"] for card in found] == ["critical"]
