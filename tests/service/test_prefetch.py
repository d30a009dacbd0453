"""The four states of every prefetch key, told apart, and what a patient is told in each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cds.service.hooks.hook import SUBMIT
from tests.service.fhir_stub import AUTHORIZATION, serve_fhir
from tests.service.running import CHART_KEYS, CLOCK, bundle, cards, chart_prefetch, fixture, refusal, request, running

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
CALM, URGENT, CHARTED = "self-care-over-65", "emergency-saddle-numbness", "emergency-sickle-trait"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (..., "not in the prefetch"),
        (None, "has no response"),
        (OUTCOME, "operation-outcome"),
        ("text", "not-fhir"),
        (17, "not-fhir"),
        ([], "not-fhir"),
        ({"resourceType": "Bundle", "type": "searchset"}, "none of 0 resources"),
        (bundle(OUTCOME), "operation-outcome"),
        (bundle({"resourceType": "Patient", "id": "x"}), "none of 1 resources"),
    ],
    ids=["absent", "null", "outcome", "text", "number", "list", "empty", "bundled-outcome", "other-resource"],
)
def test_without_a_response_it_is_412_and_nothing_else(client: TestClient, state: Any, says: str) -> None:
    outcome = refusal(client, request(questionnaireResponse=state), 412)
    assert says in outcome["issue"][0]["diagnostics"]
    assert outcome["issue"][0]["expression"] == ["prefetch.questionnaireResponse"]


def test_without_any_prefetch_it_is_412(client: TestClient) -> None:
    body = request()
    del body["prefetch"]
    refusal(client, body, 412)


def test_a_single_response_stands_for_a_bundle(client: TestClient) -> None:
    response = fixture(URGENT)
    assert cards(client, request(response, questionnaireResponse=response)) == cards(client, request(response))


@pytest.mark.parametrize("state", [None, {"resourceType": "Bundle", "type": "searchset", "total": 0}])
def test_nothing_in_the_record_is_no_failure(client: TestClient, state: Any) -> None:
    assert len(cards(client, request(fixture(URGENT), conditions=state))) == 1


@pytest.mark.parametrize(
    ("state", "indicator"),
    [
        (..., "info"),
        (OUTCOME, "warning"),
        ("text", "warning"),
        (bundle(OUTCOME), "warning"),
        (bundle(total=3), "warning"),
        (bundle(link=[{"relation": "next", "url": "https://ehr.example.org/fhir?page=2"}]), "warning"),
    ],
    ids=["absent", "outcome", "text", "bundled-outcome", "too-few", "paged"],
)
def test_a_record_that_was_not_read_is_said(client: TestClient, state: Any, indicator: str) -> None:
    found = cards(client, request(fixture(CALM), conditions=state))
    notice = found[1]
    assert notice["indicator"] == indicator
    assert "conditions" in notice["detail"]
    assert "check the record" in notice["detail"]
    assert len(found) == len(cards(client, request(fixture(CALM)))) + 1


def test_the_notice_is_in_the_language_of_the_response(client: TestClient) -> None:
    response = fixture(CALM) | {"language": "es"}
    assert "diagnósticos" in cards(client, request(response, conditions=OUTCOME))[1]["detail"]


def test_an_urgent_answer_does_not_wait_for_the_record(client: TestClient) -> None:
    broken = {"resourceType": "Condition", "code": {"coding": "not a list"}}
    found = cards(client, request(fixture(URGENT), conditions=bundle(broken)))
    assert found[0]["indicator"] == "critical"
    assert found[-1]["indicator"] == "warning"
    assert "Could not be read" in found[-1]["detail"]


def test_a_malformed_kind_leaves_the_others_in(client: TestClient) -> None:
    given = chart_prefetch(CHARTED)
    broken = {"resourceType": "Observation", "status": 7}
    found = cards(client, request(fixture(CHARTED), **(given | {"observations": bundle(broken)})))
    assert found[0]["indicator"] == "critical"
    assert "measurements" in found[-1]["detail"]


def test_the_record_changes_the_advice(client: TestClient) -> None:
    with_record = cards(client, request(fixture(CHARTED), **chart_prefetch(CHARTED)))
    without = cards(client, request(fixture(CHARTED)))
    assert with_record[0]["indicator"] == "critical"
    assert without[0]["indicator"] != "critical"


def test_a_medicine_that_is_only_referred_to_is_not_taken_for_none(client: TestClient) -> None:
    prescription = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": fixture(CALM)["subject"],
        "medicationReference": {"reference": "Medication/m1"},
    }
    found = cards(client, request(fixture(CALM), medicationRequests=bundle(prescription)))
    assert "prescriptions" in found[1]["detail"]
    code = {"coding": [{"system": "http://example.org/medicines", "code": "something"}]}
    known = {"resourceType": "Medication", "id": "m1", "code": code}
    assert len(cards(client, request(fixture(CALM), medicationRequests=bundle(prescription, known)))) == len(found) - 1


def test_a_medicine_on_another_server_is_not_taken_for_one_of_the_same_id(client: TestClient) -> None:
    base = "https://ehr.example.org/fhir"
    code = {"coding": [{"system": "http://example.org/medicines", "code": "something"}]}
    known = {"resourceType": "Medication", "id": "m1", "code": code}
    for address, is_known in ((base, True), ("https://other.example.org/fhir", False)):
        prescription = {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": fixture(CALM)["subject"],
            "medicationReference": {"reference": f"{address}/Medication/m1"},
        }
        body = request(fixture(CALM), medicationRequests=bundle(prescription, known)) | {"fhirServer": base}
        said = [card for card in cards(client, body) if "prescriptions" in card["detail"]]
        assert bool(said) is not is_known


def _dated(name: str, authored: str | None, **more: Any) -> dict[str, Any]:
    response = fixture(name) | {"subject": {"reference": "Patient/p1"}} | more
    if authored is None:
        del response["authored"]
    else:
        response["authored"] = authored
    return response


def _several(*responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    CLOCK.time = CLOCK.time.replace(year=2026, month=11, day=20)
    return request(questionnaireResponse=bundle(*responses, **more))


@pytest.mark.parametrize("swapped", [False, True])
def test_the_newest_completed_response_counts(client: TestClient, swapped: bool) -> None:
    old = _dated(CALM, "2026-11-18T10:00:00Z")
    new = _dated(URGENT, "2026-11-19T10:00:00+01:00")
    draft = _dated(CALM, "2026-11-19T12:00:00Z", status="in-progress")
    other = _dated(CALM, "2026-11-19T13:00:00Z", questionnaire="https://example.org/other|1")
    some = [old, new, draft, other]
    found = cards(client, _several(*(reversed(some) if swapped else some)))
    assert found[0]["indicator"] == "critical"


def test_an_amended_response_counts(client: TestClient) -> None:
    found = cards(
        client,
        _several(_dated(CALM, "2026-11-18T10:00:00Z"), _dated(URGENT, "2026-11-19T10:00:00Z", status="amended")),
    )
    assert found[0]["indicator"] == "critical"


def test_a_response_older_than_the_limit_of_the_pack_is_none(client: TestClient) -> None:
    assert cards(client, _several(_dated(URGENT, "2026-11-14T10:00:00Z")))
    outcome = refusal(client, _several(_dated(URGENT, "2026-11-12T10:00:00Z")), 412)
    assert "more than 7 days old" in outcome["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "responses",
    [
        [_dated(CALM, "2026-11-19T10:00:00Z"), _dated(URGENT, "2026-11-19T10:00:00Z")],
        [_dated(CALM, "2026-11-19"), _dated(URGENT, "2026-11-19T10:00:00Z")],
        [_dated(CALM, "2026-11-19T10:00:00Z"), _dated(URGENT, None)],
        [_dated(CALM, "2026-11-19T10:00:00Z"), _dated(URGENT, "2026-13-45")],
        [_dated(CALM, "2030-11-19T10:00:00Z")],
        [_dated(CALM, None)],
        [_dated(URGENT, "2026-11-19T10:00:00Z", status="Completed"), _dated(CALM, "2026-11-18T10:00:00Z")],
        [_dated(URGENT, "2026-11-19T10:00:00Z", subject={"reference": "#p"}), _dated(CALM, "2026-11-18T10:00:00Z")],
    ],
    ids=["same-time", "same-day", "no-time", "no-date", "future", "alone-without-time", "status", "subject"],
)
def test_when_it_is_unclear_which_response_counts_none_is_picked(
    client: TestClient, responses: list[dict[str, Any]]
) -> None:
    assert "newest" in json.dumps(refusal(client, _several(*responses), 422))


def test_responses_of_others_are_passed_over(client: TestClient) -> None:
    """As a server gives them that does not know the search parameter for the patient."""
    other = _dated(CALM, "2026-11-19T12:00:00Z", subject={"reference": "Patient/other"})
    silent = {key: value for key, value in _dated(CALM, "2026-11-19T13:00:00Z").items() if key != "subject"}
    own = _dated(URGENT, "2026-11-19T10:00:00Z")
    assert cards(client, _several(other, own))[0]["indicator"] == "critical"
    assert "subject" in json.dumps(refusal(client, _several(other, silent, own), 422))
    outcome = refusal(client, _several(other, other | {"id": "second"}), 422)
    assert "another patient" in outcome["issue"][0]["diagnostics"]


def test_copies_of_one_response_are_one(client: TestClient) -> None:
    one = _dated(URGENT, "2026-11-19T10:00:00Z")
    assert cards(client, _several(one, one | {"id": "copy", "meta": {"versionId": "2"}}))


def test_one_response_without_a_time_may_be_of_any(client: TestClient) -> None:
    assert "authored" in json.dumps(refusal(client, _several(_dated(URGENT, None)), 422))


@pytest.mark.parametrize(("authored", "status"), [("2016-11-19T10:00:00Z", 422), ("2036-11-19T10:00:00Z", 422)])
def test_a_submitted_response_is_held_to_its_time_too(client: TestClient, authored: str, status: int) -> None:
    body = _several(_dated(URGENT, "2026-11-19T10:00:00Z"))
    del body["prefetch"]["questionnaireResponse"]
    body["hook"] = SUBMIT
    body["context"]["questionnaireResponse"] = _dated(URGENT, "2026-11-19T10:00:00Z")
    assert cards(client, body)[0]["indicator"] == "critical"
    body["context"]["questionnaireResponse"] = _dated(URGENT, None)
    assert cards(client, body)[0]["indicator"] == "critical"
    body["context"]["questionnaireResponse"] = _dated(URGENT, authored)
    assert refusal(client, body, status)["issue"][0]["expression"] == ["context.questionnaireResponse.authored"]


def test_answers_that_are_not_of_today_are_said_to_be(client: TestClient) -> None:
    fresh = cards(client, _several(_dated(CALM, "2026-11-20T08:00:00Z")))
    old = cards(client, _several(_dated(CALM, "2026-11-15T08:00:00Z")))
    assert len(old) == len(fresh) + 1
    assert [card["indicator"] for card in old] == ["info", "info", "info"]
    assert "5 days ago" in old[1]["detail"]
    assert "not of today" in old[1]["summary"]
    failed = _several(_dated(CALM, "2026-11-15T08:00:00Z"))
    failed["prefetch"]["conditions"] = OUTCOME
    both = cards(client, failed)[1]
    assert both["indicator"] == "warning"
    assert "5 days ago" in both["detail"]


def test_a_notice_comes_before_advice_and_after_what_is_urgent(client: TestClient) -> None:
    found = cards(client, request(fixture(CALM), conditions=OUTCOME))
    assert ["record" in found[0]["summary"], "record" in found[1]["summary"]] == [False, True]
    assert len(found) == 3


def test_one_malformed_resource_costs_only_itself(client: TestClient) -> None:
    given = chart_prefetch(CHARTED)
    broken = {"resourceType": "Condition", "id": "has_underscore", "code": {"coding": []}}
    conditions = bundle(broken, *[entry["resource"] for entry in given["conditions"]["entry"]])
    found = cards(client, request(fixture(CHARTED), **(given | {"conditions": conditions})))
    assert [card["indicator"] for card in found] == ["critical", "warning"]


def test_what_was_not_asked_for_under_a_key_is_said(client: TestClient) -> None:
    listing = {"resourceType": "List", "status": "current", "mode": "working"}
    found = cards(client, request(fixture(CALM), observations=bundle(listing)))
    assert "measurements" in found[1]["detail"]


def test_what_counts_in_the_record_later_gives_another_card(client: TestClient) -> None:
    response = fixture("self-care-ordinary-soreness") | {"language": "en"}
    fever = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
        "subject": response["subject"],
        "effectiveDateTime": "2026-11-24T20:00:00Z",
        "valueQuantity": {"value": 39.6, "system": "http://unitsofmeasure.org", "code": "Cel"},
    }
    body = request(response, observations=fever)
    before = cards(client, body)[0]
    CLOCK.after(response, days=3)
    after = cards(client, body)[0]
    assert (before["indicator"], after["indicator"]) == ("info", "warning")
    assert before["uuid"] != after["uuid"]


def test_more_pages_of_sorted_responses_are_not_needed(client: TestClient) -> None:
    more = {"link": [{"relation": "next", "url": "https://ehr.example.org/fhir?page=2"}]}
    new, old = _dated(URGENT, "2026-11-19T10:00:00Z"), _dated(CALM, "2026-11-18T10:00:00Z")
    assert cards(client, _several(new, old, **more))[0]["indicator"] == "critical"
    assert "not sorted" in json.dumps(refusal(client, _several(old, new, **more), 422))


def test_the_prefetch_is_bounded_in_nothing_but_size(client: TestClient) -> None:
    """A record of a thousand conditions is read whole."""
    response = fixture(CHARTED)
    sickle = chart_prefetch(CHARTED)["conditions"]["entry"][0]["resource"]
    others = [
        {"resourceType": "Condition", "id": f"c{number}", "subject": response["subject"], "code": {"text": "cold"}}
        for number in range(1000)
    ]
    assert cards(client, request(response, conditions=bundle(*others, sickle)))[0]["indicator"] == "critical"


def test_what_is_missing_is_read_from_the_fhir_server(tmp_path: Path) -> None:
    given = chart_prefetch(CHARTED)
    response = fixture(CHARTED)
    with serve_fhir(response, *[entry["resource"] for part in given.values() for entry in part["entry"]]) as ehr:
        nothing: dict[str, Any] = dict.fromkeys((*CHART_KEYS, "questionnaireResponse"), ...)
        body = request(response, **nothing)
        body |= {"fhirServer": ehr.base, "fhirAuthorization": AUTHORIZATION}
        with running(tmp_path, fhir_servers=(ehr.base,)) as client:
            found = cards(client, body)
            whole = cards(client, request(response, **given))
        assert ehr.tokens == {f"Bearer {AUTHORIZATION['access_token']}"}
    assert [card["summary"] for card in found] == [card["summary"] for card in whole]
    with running(tmp_path) as client:
        assert "no FHIR server may be asked" in json.dumps(refusal(client, body, 412))


def test_a_database_is_not_needed_to_answer(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        (tmp_path / "cds.sqlite").unlink()
        assert cards(client, request(fixture(URGENT)))
