"""Every fault has its status and an OperationOutcome; none is answered with an empty list of cards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cds.assessment import Assessor
from cds.cards import CardMaker
from cds.engine import DurableEngine, EngineFault, Evaluation
from cds.service.http.body import BODY_LIMITS
from cds.service.schema import OPERATION_OUTCOME
from tests.service.running import CALL, fixture, refusal, request, running

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("service")) as found:
        yield found


def body() -> dict[str, Any]:
    return request(fixture("self-care-over-65"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"hook": NaN}', "not valid JSON"),
        (b"\xff\xfe{}", "not valid UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"hook": "patient-view", "hook": "x"}', "stands twice"),
        (b"[" * 100_000 + b"]" * 100_000, "levels deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "levels deep"),
    ],
)
def test_malformed_json_is_400(client: TestClient, content: bytes, says: str) -> None:
    answer = client.post(CALL, content=content, headers=JSON)
    assert answer.status_code == 400
    assert not OPERATION_OUTCOME.problems(answer.json())
    assert says in answer.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize("content", ["[]", '"text"', "7", "{}", '{"hook": "order-sign"}', '{"hook": ["x"]}'])
def test_a_wrong_shape_is_422(client: TestClient, content: str) -> None:
    refusal(client, json.loads(content), 422)


def test_the_places_of_a_wrong_shape_are_named(client: TestClient) -> None:
    wrong = body() | {"hookInstance": 7, "prefetch": []}
    wrong["context"] = {"userId": "nobody", "patientId": "a b"}
    places = [issue["expression"][0] for issue in refusal(client, wrong, 422)["issue"]]
    assert {"hookInstance", "prefetch", "context.userId", "context.patientId"} <= set(places)


def test_a_hook_must_be_one_that_the_service_listens_to(client: TestClient) -> None:
    outcome = refusal(client, body() | {"hook": "order-sign"}, 422)
    assert outcome["issue"][0]["expression"] == ["hook"]
    assert "patient-view" in outcome["issue"][0]["diagnostics"]


def test_an_authorization_needs_its_server(client: TestClient) -> None:
    wrong = body() | {"fhirAuthorization": {"access_token": "t"}}
    places = [issue["expression"][0] for issue in refusal(client, wrong, 422)["issue"]]
    assert "fhirServer" in places


@pytest.mark.parametrize(
    "path", ["/cds-services/unknown", "/cds-services/unknown/feedback", f"{CALL}/", "/nothing", "/"]
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    refusal(client, {}, 404, path)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "GET"])
def test_other_methods_are_405(client: TestClient, method: str) -> None:
    answer = client.request(method, CALL)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert not OPERATION_OUTCOME.problems(answer.json())


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/xml"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types_are_415(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(CALL, content=json.dumps(body()).encode(), headers=headers)
    assert answer.status_code == 415
    assert not OPERATION_OUTCOME.problems(answer.json())


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/fhir+json",
        "Application/JSON;charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
def test_json_by_any_of_its_names_is_fine(client: TestClient, kind: str) -> None:
    answer = client.post(CALL, content=json.dumps(body()).encode(), headers={"Content-Type": kind})
    assert answer.status_code == 200


def test_too_large_is_413_however_it_is_sent(client: TestClient) -> None:
    size = BODY_LIMITS.size + 1
    announced = client.post(CALL, content=b" " * size, headers=JSON)

    def parts() -> Iterator[bytes]:
        for _ in range(size // 65536 + 2):
            yield b" " * 65536

    streamed = client.post(CALL, content=parts(), headers=JSON)
    lying = client.post(CALL, content=b"{}", headers=JSON | {"Content-Length": "9" * 30})
    for answer in (announced, streamed, lying):
        assert answer.status_code == 413
        assert not OPERATION_OUTCOME.problems(answer.json())


def _fails(*_: object, **__: object) -> Any:
    raise EngineFault("a text with answers in it")


@pytest.mark.parametrize(
    ("owner", "method", "how"),
    [
        (DurableEngine, "evaluate", _fails),
        (Assessor, "assessment", lambda *_: 1 / 0),
        (CardMaker, "cards", lambda *_: dict[str, str]()["a name"]),
        (CardMaker, "cards", lambda *_: []),
    ],
    ids=["engine", "assessment", "rendering", "no-cards"],
)
def test_a_failure_is_500_and_never_an_empty_list(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, how: Any
) -> None:
    monkeypatch.setattr(owner, method, how)
    outcome = refusal(client, body(), 500)
    assert not OPERATION_OUTCOME.problems(outcome)
    assert "no all-clear" in outcome["issue"][0]["diagnostics"]
    assert "name" not in json.dumps(outcome)


def test_a_disagreement_of_the_evaluators_is_500_and_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = DurableEngine.evaluate

    def milder(self: DurableEngine, *values: Any) -> Evaluation:
        return replace(honest(self, *values), known=frozenset(), possible=frozenset())

    monkeypatch.setattr(DurableEngine, "evaluate", milder)
    refusal(client, request(fixture("emergency-saddle-numbness")), 500)
    counted = 'cds_engine_faults_total{kind="disagreement",service="exercise-low-back-pain"} 1.0'
    assert counted in client.get("/metrics").text


def test_in_a_crowd_requests_are_sent_away_with_503(tmp_path: Path) -> None:
    with running(tmp_path, longest_wait=-1.0) as client:
        answer = client.post(CALL, json=body())
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert not OPERATION_OUTCOME.problems(answer.json())
        assert client.get("/healthz").status_code == 200
