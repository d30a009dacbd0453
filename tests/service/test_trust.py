"""Who may call, over HTTP: tokens for the very endpoint, once; everything else is a bare 401."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from starlette.testclient import TestClient

from cds.service.store import Store, StoreUnavailable
from tests.service.running import CALL, PACK, fixture, request, running
from tests.service.trust.attacks import ATTACKS
from tests.service.trust.conftest import key_server  # noqa: F401 - a fixture
from tests.service.trust.signing import OFFLINE_ISSUER, OMIT, SigningKit

BASE = "https://cds.example.org"
FEEDBACK = f"{CALL}/feedback"


def kit_for(path: str, server: str) -> SigningKit:
    return SigningKit(f"{BASE}{path}", server)


@contextmanager
def guarded(folder: Path, server: str, **changes: Any) -> Iterator[TestClient]:
    """A service with a trust file."""
    folder.mkdir(exist_ok=True)
    trust = kit_for(CALL, server).write_trust(folder)
    with running(folder, base_url=BASE, trust=trust, **changes) as client:
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, key_server: str) -> Iterator[TestClient]:  # noqa: F811
    with guarded(tmp_path_factory.mktemp("service"), key_server) as found:
        yield found


@pytest.fixture
def kit(key_server: str) -> SigningKit:  # noqa: F811
    return kit_for(CALL, key_server)


def body() -> dict[str, Any]:
    return request(fixture("emergency-saddle-numbness"))


def post(client: TestClient, authorization: str | None, path: str = CALL, value: Any = None) -> Any:
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    return client.post(path, json=body() if value is None else value, headers=headers)


def is_bare_refusal(answer: Any) -> bool:
    """401 without any reason."""
    return bool(
        answer.status_code == 401
        and answer.json() == {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "login"}]}
        and answer.headers["www-authenticate"] == "Bearer"
    )


@pytest.mark.parametrize("kid", ["es-1", "rs-1"])
def test_a_client_is_let_in(client: TestClient, kit: SigningKit, kid: str) -> None:
    answer = post(client, kit.authorization(kid=kid))
    assert answer.status_code == 200
    assert answer.json()["cards"][0]["indicator"] == "critical"


def test_keys_may_be_agreed_out_of_band(client: TestClient, kit: SigningKit) -> None:
    offline = kit.authorization({"iss": OFFLINE_ISSUER, "tenant": OMIT}, {"jku": OMIT})
    assert post(client, offline).status_code == 200


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_get_a_bare_401(client: TestClient, kit: SigningKit, name: str) -> None:
    assert post(client, kit.spent).status_code == 200
    try:
        answer = post(client, ATTACKS[name](kit))
    except UnicodeEncodeError:
        pytest.fail("an attack is made of bytes")
    assert is_bare_refusal(answer), answer.text


def test_there_are_many_attacks() -> None:
    assert len(ATTACKS) >= 25


def test_no_token_or_two_are_a_bare_401(client: TestClient, kit: SigningKit) -> None:
    assert is_bare_refusal(post(client, None))
    one = ("Authorization", kit.authorization())
    answer = client.post(CALL, json=body(), headers=[one, ("Authorization", kit.authorization())])
    assert is_bare_refusal(answer)


def test_a_token_is_good_once(client: TestClient, kit: SigningKit) -> None:
    token = kit.authorization()
    assert post(client, token).status_code == 200
    assert is_bare_refusal(post(client, token))


def test_a_token_is_for_the_very_endpoint(client: TestClient, key_server: str) -> None:  # noqa: F811
    for_feedback, for_call = kit_for(FEEDBACK, key_server), kit_for(CALL, key_server)
    item = {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}
    assert is_bare_refusal(post(client, for_feedback.authorization()))
    assert is_bare_refusal(post(client, for_call.authorization(), FEEDBACK, {"feedback": [item]}))
    assert post(client, for_feedback.authorization(), FEEDBACK, {"feedback": [item]}).status_code == 200


def test_who_is_not_trusted_learns_nothing_of_what_is_there(client: TestClient) -> None:
    refused = [
        post(client, None, path, value)
        for path, value in ((CALL, None), ("/cds-services/unknown", None), (CALL, {}), (FEEDBACK, {}))
    ]
    assert all(is_bare_refusal(answer) for answer in refused)
    assert len({answer.content for answer in refused}) == 1


def test_discovery_is_open_and_a_wrong_token_is_told(client: TestClient, key_server: str) -> None:  # noqa: F811
    kit = kit_for("/cds-services", key_server)
    assert client.get("/cds-services").status_code == 200
    assert client.get("/cds-services", headers={"Authorization": kit.authorization()}).status_code == 200
    assert is_bare_refusal(client.get("/cds-services", headers={"Authorization": kit.forged()}))


def test_clocks_may_differ_by_half_a_minute(client: TestClient, kit: SigningKit) -> None:
    now = int(kit.clock())
    assert post(client, kit.authorization({"iat": now + 25, "nbf": now - 300})).status_code == 200
    assert is_bare_refusal(post(client, kit.authorization({"iat": now + 90})))


def test_refusals_are_counted_by_reason(client: TestClient, kit: SigningKit) -> None:
    post(client, kit.forged())
    assert 'cds_tokens_refused_total{reason="signature"}' in client.get("/metrics").text


def test_a_refused_token_may_be_used_again(client: TestClient, kit: SigningKit) -> None:
    """A forged token with the jti of a true one does not use it up."""
    jti = "a-true-one"
    assert is_bare_refusal(post(client, kit.forged({"jti": jti})))
    assert post(client, kit.authorization({"jti": jti})).status_code == 200


def test_without_the_database_no_token_is_trusted(
    client: TestClient, kit: SigningKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> bool:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(Store, "first_use", away)
    answer = post(client, kit.authorization())
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_tokens_are_not_kept(tmp_path: Path, kit: SigningKit, key_server: str) -> None:  # noqa: F811
    token = kit.authorization({"jti": "the-very-jti"})
    with guarded(tmp_path, key_server) as client:
        assert post(client, token).status_code == 200
    kept = (tmp_path / "cds.sqlite").read_bytes()
    assert b"the-very-jti" not in kept
    assert token.rpartition(".")[2].encode() not in kept
    with create_engine(f"sqlite:///{tmp_path / 'cds.sqlite'}", poolclass=NullPool).connect() as connection:
        tables = connection.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
    assert tables


def test_origins_come_from_the_trust_file(tmp_path: Path, key_server: str) -> None:  # noqa: F811
    trust = kit_for(CALL, key_server).write_trust(tmp_path)
    trust.write_text(f"cors_origins: [https://ehr.example.org]\n{trust.read_text(encoding='utf-8')}", encoding="utf-8")
    with running(tmp_path, base_url=BASE, trust=trust) as client:
        listed = client.get("/cds-services", headers={"Origin": "https://ehr.example.org"})
        foreign = client.get("/cds-services", headers={"Origin": "https://evil.example"})
    assert listed.headers["access-control-allow-origin"] == "https://ehr.example.org"
    assert "access-control-allow-origin" not in foreign.headers
    assert PACK in listed.text
