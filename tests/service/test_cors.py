"""Browsers as clients: every path and every error can be read by them, by those who may call."""

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
        monkeypatch.setattr(Assessor, "assessment", lambda *_: 1 / 0)
        answers.append(client.post(CALL, json=good, headers=ORIGIN))
    assert [answer.status_code for answer in answers] == [200, 200, 412, 422, 400, 415, 404, 405, 500]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"fhir_servers": ("https://fhir.example.org/r4",)}, None),
        ({"fhir_servers": ("https://fhir.example.org/r4",), "cors_origins": ("*",)}, "*"),
        ({"cors_origins": ("https://ehr.example.org",)}, "https://ehr.example.org"),
        ({"cors_origins": ("https://other.example.org",)}, None),
    ],
)
def test_which_pages_may_call_without_a_trust_file(
    tmp_path: Path, changes: dict[str, Any], allowed: str | None
) -> None:
    with running(tmp_path, **changes) as client:
        assert client.get("/cds-services", headers=ORIGIN).headers.get("access-control-allow-origin") == allowed


LOCAL = ["127.0.0.1:8000", "127.0.0.1", "localhost:3000", "LOCALHOST", "[::1]:8000", "127.8.9.1"]
FOREIGN = [
    *("evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5", ""),
    *("localhost@evil.example", "evil.example@localhost", "evil.example#localhost", "localhost/evil.example", "[::1"),
    *("localhost:x", "evil.example:80:127.0.0.1", "127.0.0.1 evil.example"),
]


@pytest.mark.parametrize("path", ["/cds-services", CALL, "/metrics", "/nothing"])
def test_a_page_with_a_name_of_its_own_for_this_machine_is_refused(tmp_path: Path, path: str) -> None:
    """DNS rebinding: the browser takes us for the page's own server, but says whom it means."""
    with running(tmp_path, base_url="http://127.0.0.1:8000", hosts=("127.0.0.1",)) as client:
        for host in FOREIGN:
            answer = client.request("POST" if path == CALL else "GET", path, headers={"Host": host})
            assert answer.status_code == 400, host
            assert answer.json()["resourceType"] == "OperationOutcome"
            assert "x-request-id" in answer.headers
            assert "evil" not in answer.text
        for host in LOCAL:
            assert client.get("/cds-services", headers={"Host": host}).status_code == 200, host


@pytest.mark.parametrize(
    ("changes", "host", "status"),
    [
        ({"base_url": "https://cds.example.org/x"}, "CDS.example.org", 200),
        ({"base_url": "https://cds.example.org/x"}, "evil.example", 400),
        ({"hosts": ("192.168.1.5",)}, "192.168.1.5:8000", 200),
        ({"hosts": ("0:0:0:0:0:0:0:5",)}, "[::5]:8000", 200),
        ({"hosts": ("*",)}, "evil.example", 200),
    ],
)
def test_names_that_are_ours(tmp_path: Path, changes: dict[str, Any], host: str, status: int) -> None:
    plain = {"base_url": "http://127.0.0.1:8000/x", "hosts": ()}
    with running(tmp_path, **(plain | changes)) as client:
        assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_with_a_trust_file_any_name_will_do(tmp_path: Path) -> None:
    """Tokens say whom they are for; a proxy may say what it likes."""
    trust = tmp_path / "trust.yaml"
    client_ = "{name: ehr, iss: 'https://ehr.example.org', jku: ['https://ehr.example.org/jwks.json']}"
    trust.write_text(f"clients:\n  - {client_}\n", encoding="utf-8")
    with running(tmp_path, base_url="https://cds.example.org", hosts=(), trust=trust) as client:
        assert client.get("/cds-services", headers={"Host": "internal.example"}).status_code == 200
