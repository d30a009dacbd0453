"""Browsers as clients: every path and every error can be read by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cds.assessment import Assessor
from tests.service.running import CALL, fixture, request, running

ORIGIN = {"Origin": "https://ehr.example.org"}
PATHS = [("/cds-services", "GET"), (CALL, "POST"), (f"{CALL}/feedback", "POST")]


@pytest.mark.parametrize(("path", "method"), PATHS)
def test_a_browser_may_ask_first(tmp_path: Path, path: str, method: str) -> None:
    asked = ORIGIN | {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    with running(tmp_path) as client:
        answer = client.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed


def test_answers_and_errors_can_be_read_by_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = request(fixture("self-care-over-65"))
    with running(tmp_path) as client:
        answers: list[Any] = [
            client.get("/cds-services", headers=ORIGIN),
            client.post(CALL, json=good, headers=ORIGIN),
            client.post(CALL, json=request(), headers=ORIGIN),
            client.post(CALL, json={}, headers=ORIGIN),
            client.post(CALL, content=b"{", headers=ORIGIN | {"Content-Type": "application/json"}),
            client.post(CALL, content=b"{}", headers=ORIGIN | {"Content-Type": "text/plain"}),
            client.post("/cds-services/unknown", json=good, headers=ORIGIN),
            client.put(CALL, headers=ORIGIN),
        ]
        monkeypatch.setattr(Assessor, "assess", lambda *_: 1 / 0)
        answers.append(client.post(CALL, json=good, headers=ORIGIN))
    assert [answer.status_code for answer in answers] == [200, 200, 412, 422, 400, 415, 404, 405, 500]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()
