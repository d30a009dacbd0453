"""A real FHIR server that has no data, does not let the service in, is down, or must not be called."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.service.clients.case import case
from tests.service.clients.ehr import Ehr, ehr
from tests.service.clients.filing import CALM, CHARTED, URGENT, new, on_file
from tests.service.running import bundle
from tests.service.served import Service, free_port, served

# Under pytest-xdist all that starts servers stays in one process.


def test_without_a_response_on_the_server_it_is_412(server: Ehr, service: Service) -> None:
    one = new(CHARTED)
    server.put(*one.resources)
    issue = service.refusal(one.request(**server.access()), 412)
    assert "ask the patient to fill in the questionnaire" in issue["diagnostics"]
    assert issue["expression"] == ["prefetch.questionnaireResponse"]


def test_an_old_response_on_the_server_is_none(server: Ehr, service: Service) -> None:
    one = on_file(server, new(URGENT, days=9))
    assert "more than 7 days old" in service.refusal(one.request(**server.access()), 412)["diagnostics"]


def test_a_server_that_does_not_let_the_service_in(server: Ehr, service: Service) -> None:
    one = on_file(server, new(CHARTED))
    out = server.access(access_token="of-somebody-else")  # noqa: S106 - of a test server
    assert "not-authorised" in service.refusal(one.request(**out), 412)["diagnostics"]
    found = service.cards(one.request(prefetch={"questionnaireResponse": bundle(one.response)}) | out)
    assert [card["indicator"] for card in found] == ["warning", "warning"]
    assert "Could not be read" in found[1]["detail"]


def test_nothing_of_the_patient_and_no_token_is_logged(server: Ehr, service: Service) -> None:
    one = on_file(server, new(CHARTED))
    assert service.cards(one.request(**server.access()))
    service.refusal(one.request(**server.access(access_token="of-somebody-else")), 412)  # noqa: S106 - as above
    log = service.log.read_text(encoding="utf-8")
    assert '"status":200' in log
    assert [
        secret for secret in (server.token, "of-somebody-else", one.patient, server.base) if str(secret) in log
    ] == []


def test_a_server_that_is_down(tmp_path: Path) -> None:
    base = f"http://127.0.0.1:{free_port()}/fhir"
    one = new(URGENT)
    with served(tmp_path, fhir_servers=[base]) as service:
        body = one.request(fhirServer=base)
        assert "could not be read (transport)" in service.refusal(body, 412)["diagnostics"]
        found = service.cards(body | {"prefetch": {"questionnaireResponse": bundle(one.response)}})
    assert [card["indicator"] for card in found] == ["critical", "warning"]
    for kind in ("age and sex", "conditions", "prescriptions", "medicines taken", "measurements"):
        assert kind in found[1]["detail"]


def test_a_server_that_is_not_listed_is_never_contacted(tmp_path: Path) -> None:
    one = new(URGENT)
    with served(tmp_path) as service, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        body = one.request(fhirServer=f"http://127.0.0.1:{listener.getsockname()[1]}/fhir")
        assert "no FHIR server may be asked" in service.refusal(body, 412)["diagnostics"]
        found = service.cards(body | {"prefetch": {"questionnaireResponse": bundle(one.response)}})
        with pytest.raises(BlockingIOError):
            listener.accept()
        assert [line for line in service.events() if line["event"].startswith("FHIR server refused")]
    assert [card["indicator"] for card in found] == ["critical", "info"]
    assert "Not given by the record" in found[1]["detail"]


def test_a_server_that_cannot_search_leads_to_no_wrong_pick(tmp_path: Path) -> None:
    """SEKMET as it comes gives the responses of all patients as they were stored, and says what it ignored."""
    folders = [tmp_path / "ehr", tmp_path / "service"]
    for folder in folders:
        folder.mkdir()
    one, other = new(URGENT), new(CALM)
    older = case(CALM, one.patient, days=1).response | {"id": "older"}
    with (
        ehr(folders[0], searched=()) as server,
        served(folders[1], ["--fhir-seconds", "30"], fhir_servers=[server.base]) as service,
    ):
        body, stranger = one.request(fhirServer=server.base), other.request(fhirServer=server.base)
        server.put(older, *other.resources)
        assert service.cards(body)[0]["indicator"] == "info"
        assert "another patient" in service.refusal(stranger, 422)["diagnostics"]
        server.put(one.response)
        assert service.cards(body)[0]["indicator"] == "critical"
