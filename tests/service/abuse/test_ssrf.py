"""Addresses in a call that lead somewhere else: only a listed FHIR server is ever connected to.

No connection is made here at all: each attempt is recorded and fails, so that nothing of a refusal rests on what
happens to listen where.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cds.service.app import create_app
from cds.service.schema import OPERATION_OUTCOME
from tests.service.abuse.direct import JSON, Answer, Direct, Sent, begun, direct, exchange
from tests.service.abuse.hostile_values import REFERENCES, TEXTS
from tests.service.abuse.mutations import written
from tests.service.fhir_server.fake import Fake, answer, serving
from tests.service.running import CALL, CHART_KEYS, CLOCK, bundle, fixture, request, settings
from tests.service.trust.signing import OFFLINE_ISSUER, OMIT, SigningKit

BASE: Final = "https://cds.example.org"
PORT: Final = 4711
LISTED: Final = f"http://127.0.0.1:{PORT}/fhir"
ELSEWHERE: Final = (
    "http://127.0.0.1/fhir",
    "http://127.0.0.1:4712/fhir",
    f"http://127.0.0.1:{PORT}/",
    f"http://127.0.0.1:{PORT}/fhir/../admin",
    f"http://127.0.0.1:{PORT}/fhir/%2e%2e/admin",
    f"http://127.0.0.1:{PORT}/fhir?x=y",
    f"http://127.0.0.1:{PORT}/fhir#x",
    f"http://127.0.0.1:{PORT}/FHIR",
    f"http://127.0.0.1:{PORT}/fhirx",
    f"https://127.0.0.1:{PORT}/fhir",
    f"http://127.0.0.1:{PORT}@169.254.169.254/fhir",
    f"http://user:word@127.0.0.1:{PORT}/fhir",
    f"http://169.254.169.254#@127.0.0.1:{PORT}/fhir",
    f"http://169.254.169.254\\@127.0.0.1:{PORT}/fhir",
    f"http://127.0.0.1:{PORT}\\.evil.example/fhir",
    f"http://127.0.0.1:{PORT}.evil.example/fhir",
    f"http://127.0.0.1:{PORT}:80/fhir",
    f"http://localhost:{PORT}/fhir",
    f"http://LOCALHOST.:{PORT}/fhir",
    f"http://localtest.me:{PORT}/fhir",
    f"http://127.0.0.1.nip.io:{PORT}/fhir",
    f"http://0.0.0.0:{PORT}/fhir",
    f"http://0:{PORT}/fhir",
    f"http://127.1:{PORT}/fhir",
    f"http://127.0.1:{PORT}/fhir",
    f"http://2130706433:{PORT}/fhir",
    f"http://0x7f000001:{PORT}/fhir",
    f"http://0x7f.0.0.1:{PORT}/fhir",
    f"http://0177.0.0.1:{PORT}/fhir",
    f"http://00000177.0.0.1:{PORT}/fhir",
    f"http://127.0.0.001:{PORT}/fhir",
    f"http://[::1]:{PORT}/fhir",
    f"http://[::]:{PORT}/fhir",
    f"http://[::ffff:127.0.0.1]:{PORT}/fhir",
    f"http://[::ffff:7f00:1]:{PORT}/fhir",
    f"http://[0:0:0:0:0:0:0:1]:{PORT}/fhir",
    f"http://[::1%25lo]:{PORT}/fhir",
    f"http://127\u30020\u30020\u30021:{PORT}/fhir",
    f"http://\uff11\uff12\uff17.0.0.1:{PORT}/fhir",
    f"http://\u2460\u2461\u2466.0.0.1:{PORT}/fhir",
    "http://127.0.0.1:\uff14\uff17\uff11\uff11/fhir",
    f"http://loc\u00adalhost:{PORT}/fhir",
    f"http://%31%32%37.0.0.1:{PORT}/fhir",
    f"http:127.0.0.1:{PORT}/fhir",
    f"http:/127.0.0.1:{PORT}/fhir",
    f"http:///127.0.0.1:{PORT}/fhir",
    f"//127.0.0.1:{PORT}/fhir",
    f"127.0.0.1:{PORT}/fhir",
    f" http://127.0.0.1:{PORT}/fhir",
    f"http://127.0.0.1:{PORT}/fhir ",
    f"http://127.0.0.1:{PORT}/fhir\r\nHost: evil.example",
    f"http://127.0.0.1:{PORT}/fhir\x00",
    f"http://127.0.0.1:{PORT}/fh\tir",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://metadata/computeMetadata/v1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://10.0.0.1/fhir",
    "http://192.168.1.1/fhir",
    "http://172.16.0.1/fhir",
    "https://ehr.example.org/fhir",
    "https://xn--ehr-.example.org/fhir",
    "http://[/fhir",
    "http://]/fhir",
    "http://:80/fhir",
    "http://@/fhir",
    "http://a:99999/fhir",
    "http://a:-1/fhir",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_MAIL",
    "dict://127.0.0.1:11211/stat",
    "ftp://127.0.0.1/",
    "ldap://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "data:application/json,{}",
    "javascript:alert(1)",
    "urn:uuid:3c6f1f5a-9d0e-4d43-9a53-52a1f0f7d7aa",
    "http://" + "a" * 300 + ".example/fhir",
    "http://a/" + "b" * 100_000,
    *TEXTS,
)
AUTHORIZATION: Final = {
    "access_token": "a-token",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "user/*.read",
    "subject": "cds",
}


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses that somebody tried to connect to, and the names that somebody looked up."""
    found: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        found.append(address)
        raise ConnectionRefusedError

    def look_up(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        found.append(host)
        raise socket.gaierror

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return found


@pytest.fixture(scope="module", params=["open", "guarded"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    folder = tmp_path_factory.mktemp("service")
    changes: dict[str, Any] = {"fhir_servers": (LISTED,)}
    if request.param == "guarded":
        trust = SigningKit(BASE + CALL, BASE).write_trust(folder)
        trust.write_text(f"{trust.read_text(encoding='utf-8')}    fhir_servers: [{LISTED}]\n", encoding="utf-8")
        changes = {"trust": trust}
    with direct(create_app(settings(folder, base_url=BASE, **changes), CLOCK)) as found:
        yield found


def call(service: Direct, body: dict[str, Any]) -> Answer:
    """Call with a token that is good; without a trust file nobody reads it."""
    kit = SigningKit(BASE + CALL, BASE)
    token = kit.authorization({"iss": OFFLINE_ISSUER, "tenant": OMIT}, {"jku": OMIT})
    return service.post(CALL, written(body), [*JSON, (b"authorization", token.encode())])


def without_record(url: str, *absent: str) -> dict[str, Any]:
    found = request(fixture("emergency-saddle-numbness"))
    for key in absent:
        del found["prefetch"][key]
    return found | {"fhirServer": url, "fhirAuthorization": AUTHORIZATION}


@pytest.mark.parametrize("url", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_nobody_else_is_ever_called(service: Direct, reached: list[Any], url: str) -> None:
    without_answers = call(service, without_record(url, *CHART_KEYS, "questionnaireResponse"))
    with_answers = call(service, without_record(url, *CHART_KEYS))
    assert not reached
    assert without_answers.status in (400, 412, 422), without_answers.body
    assert not OPERATION_OUTCOME.problems(without_answers.json)
    assert with_answers.status in (200, 400, 422), with_answers.body
    if with_answers.status == 200:
        first, *_, notice = with_answers.json["cards"]
        assert first["indicator"] == "critical"
        assert "Not given by the record" in notice["detail"]


@pytest.mark.parametrize("url", [LISTED, f"{LISTED}/"])
def test_the_listed_server_would_be_called(service: Direct, reached: list[Any], url: str) -> None:
    """Without this, a service that never calls anybody would pass."""
    found = call(service, without_record(url, *CHART_KEYS))
    assert set(reached) == {("127.0.0.1", PORT)}
    assert found.status == 200
    assert "Could not be read" in found.json["cards"][-1]["detail"]


@pytest.mark.parametrize("url", [*ELSEWHERE, *REFERENCES], ids=range(len(ELSEWHERE) + len(REFERENCES)))
def test_links_and_references_lead_nowhere_else(service: Direct, reached: list[Any], url: str) -> None:
    body = without_record(LISTED)
    response = body["prefetch"]["questionnaireResponse"]["entry"][0]["resource"]
    prescription = {
        "resourceType": "MedicationRequest",
        "subject": response["subject"],
        "medicationReference": {"reference": url},
    }
    links = [{"relation": "next", "url": url}]
    body["prefetch"] |= {"medicationRequests": bundle(prescription, link=links), "conditions": bundle(link=links)}
    found = call(service, body)
    assert set(reached) <= {("127.0.0.1", PORT)}
    assert found.status in (200, 400), found.body
    if found.status == 200:
        first, *_, notice = found.json["cards"]
        assert first["indicator"] == "critical"
        assert "Could not be read" in notice["detail"]


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent", "300 M"]
)
def test_redirects_are_not_followed(tmp_path: Path, status: str) -> None:
    def reply(other: Fake) -> bytes:
        return answer({}, status, location=f"{other.base}/Condition", refresh=f"0; url={other.base}")

    asyncio.run(_answered_with(tmp_path, reply))


def test_next_pages_elsewhere_are_not_fetched(tmp_path: Path) -> None:
    def reply(other: Fake) -> bytes:
        return answer(bundle(link=[{"relation": "next", "url": f"{other.base}/Condition?page=2"}]))

    asyncio.run(_answered_with(tmp_path, reply))


async def _answered_with(folder: Path, reply: Any) -> None:
    """The listed server answers everything with ``reply``, which leads to another server."""
    async with serving() as listed, serving() as other:
        listed.replies = Everything(reply(other))
        found = settings(folder, fhir_servers=(listed.base,))
        async with begun(create_app(found, CLOCK)) as app:
            body = without_record(listed.base, *CHART_KEYS)
            got = await exchange(app, Sent("POST", CALL, written(body), JSON))
        assert listed.connections > 0
        assert other.connections == 0
        assert got.status == 200
        first, *_, notice = got.json["cards"]
        assert first["indicator"] == "critical"
        assert "Could not be read" in notice["detail"]


class Everything(dict[str, Any]):
    """The same reply to whatever is asked."""

    def __init__(self, reply: bytes) -> None:
        super().__init__()
        self._reply = reply

    def get(self, key: str, default: Any = None) -> Any:
        """The reply."""
        return self._reply
