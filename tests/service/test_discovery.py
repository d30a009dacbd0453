"""``GET {base}/cds-services``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cds.service.hooks.hook import HOOKS, SUBMIT
from cds.service.schema import DISCOVERY
from tests.pack.overlay import MINIMAL
from tests.service.running import PACK, running

_QUERY = re.compile(
    r"[A-Z][A-Za-z]+(/\{\{context\.patientId\}\}|\?patient=\{\{context\.patientId\}\}(&[a-z_]+=[^&?{}]*)*)"
)
_TOKEN = re.compile(r"\{\{(.*?)\}\}")


def test_every_hook_is_listed_under_one_id(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        answer = client.get("/cds-services")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert not DISCOVERY.problems(answer.json())
    services = answer.json()["services"]
    assert {service["id"] for service in services} == {PACK}
    assert [service["hook"] for service in services] == list(HOOKS)


def test_description_title_and_version_come_from_the_pack(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        service = client.get("/cds-services").json()["services"][0]
    assert service["title"] == "Low back pain after exercise"
    assert service["description"].startswith("Says how soon")
    assert service["version"] == "0.1.0"
    assert "\n" not in service["description"]


def test_prefetch_templates_use_the_recommended_subset_only(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        services = client.get("/cds-services").json()["services"]
    for service in services:
        for query in service["prefetch"].values():
            assert _QUERY.fullmatch(query), query
            assert "_include" not in query
            names = set(_TOKEN.findall(query))
            assert {name.removeprefix("context.") for name in names} <= HOOKS[service["hook"]].tokens
        assert ("questionnaireResponse" in service["prefetch"]) is (service["hook"] != SUBMIT)


def test_a_second_pack_is_a_second_service(tmp_path: Path) -> None:
    with running(tmp_path, packs=(MINIMAL,)) as client:
        services = client.get("/cds-services").json()["services"]
    assert {service["id"] for service in services} == {"fever-and-cough"}
    assert "observations" not in services[0]["prefetch"] or "Observation" in services[0]["prefetch"]["observations"]


def test_it_needs_no_token_and_no_body(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert client.get("/cds-services", headers={"Accept": "*/*"}).status_code == 200
        assert client.head("/cds-services").status_code == 200


@pytest.mark.parametrize("prefix", ["/cds", "/a/b"])
def test_the_base_address_may_have_a_path(tmp_path: Path, prefix: str) -> None:
    with running(tmp_path, base_url=f"http://testserver{prefix}") as client:
        assert client.get(f"{prefix}/cds-services").status_code == 200
        assert client.get("/cds-services").status_code == 404
        assert client.get("/healthz").status_code == 200
