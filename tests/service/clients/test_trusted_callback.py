"""Who may make the service call which FHIR server: signed tokens, a trust file, and real servers at both ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.clients.case import said
from tests.service.clients.ehr import Ehr
from tests.service.clients.filing import CHARTED, new, on_file
from tests.service.running import bundle
from tests.service.served import Service, free_port, served
from tests.service.trust.key_server import serve_keys
from tests.service.trust.signing import OFFLINE_ISSUER, OMIT, SigningKit

# Under pytest-xdist all that starts servers stays in one process.

_LISTED = "https://fhir.example.org/r4"
"""The FHIR server in the trust file of the kit."""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, server: Ehr) -> Iterator[tuple[Service, SigningKit]]:
    """A service of two processes with a trust file, and what its clients sign with. Only one may name the server."""
    folder, port = tmp_path_factory.mktemp("guarded"), free_port()
    with serve_keys() as key_server:
        kit = SigningKit("", key_server)
        trust = kit.write_trust(folder)
        text = trust.read_text(encoding="utf-8")
        assert text.count(_LISTED) == 1
        trust.write_text(text.replace(_LISTED, server.base), encoding="utf-8")
        with served(folder, ["--fhir-seconds", "30"], trust=trust, workers=2, port=port) as service:
            kit.audience = service.call
            yield service, kit


@pytest.mark.parametrize("kid", ["es-1", "rs-1"])
def test_for_a_trusted_client_its_server_is_asked(server: Ehr, guarded: tuple[Service, SigningKit], kid: str) -> None:
    service, kit = guarded
    one = on_file(server, new(CHARTED))
    found = service.cards(one.request(**server.access()), kit.authorization(kid=kid))
    assert found[0]["indicator"] == "critical"
    full = service.cards(one.request(prefetch=one.prefetch()), kit.authorization())
    assert said(found) == said(full)


def test_a_token_is_good_once_whichever_process_it_meets(server: Ehr, guarded: tuple[Service, SigningKit]) -> None:
    service, kit = guarded
    one = on_file(server, new(CHARTED))
    body, token = one.request(prefetch=one.prefetch()), kit.authorization()
    assert sorted(service.post(body, token).status_code for _ in range(8)) == [200] + 7 * [401]


def test_for_another_client_the_server_is_not_asked(server: Ehr, guarded: tuple[Service, SigningKit]) -> None:
    service, kit = guarded
    one = on_file(server, new(CHARTED))
    body, before = one.request(**server.access()), len(server.asked())
    offline = {"iss": OFFLINE_ISSUER, "tenant": OMIT}
    issue = service.refusal(body, 412, kit.authorization(offline, {"jku": OMIT}))
    assert "no FHIR server may be asked" in issue["diagnostics"]
    found = service.cards(
        body | {"prefetch": {"questionnaireResponse": bundle(one.response)}},
        kit.authorization(offline, {"jku": OMIT}),
    )
    assert [card["indicator"] for card in found] == ["warning", "info"]
    assert len(server.asked()) == before


def test_for_a_stranger_no_server_is_asked(server: Ehr, guarded: tuple[Service, SigningKit]) -> None:
    service, kit = guarded
    one = on_file(server, new(CHARTED))
    body, before = one.request(**server.access()), len(server.asked())
    for authorization in (None, kit.forged(), kit.authorization({"aud": service.base})):
        answer = service.post(body, authorization)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert len(server.asked()) == before
