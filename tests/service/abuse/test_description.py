"""Schemathesis attacks every operation of the description that the service itself serves, over a real connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests.service.abuse.server import Server, serving
from tests.service.running import CALL
from tests.service.trust.signing import SigningKit

OPERATIONS: Final = {
    "GET /cds-services",
    "POST /cds-services/{id}",
    "POST /cds-services/{id}/feedback",
    "GET /metrics",
    "GET /healthz",
    "GET /readyz",
}
"""All but ``GET /openapi.json``: Schemathesis leaves out the page that the description came from."""
CHECKS: Final = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
}
"""The checks that can find something here. Of the others ``use_after_free``, ``ensure_resource_availability`` and
``object_level_authorization`` are about resources that calls create and delete, which this service has none of, and
``max_response_time`` would be a timed assertion."""
OTHER_CHECKS: Final = ("use_after_free", "ensure_resource_availability", "object_level_authorization")


def config(examples: int, accepted: list[str]) -> SchemathesisConfig:
    """Valid and invalid data, the same in every run; ``accepted`` are the answers to a valid call."""
    calls = {"positive_data_acceptance": {"expected-statuses": accepted}}
    found: SchemathesisConfig = SchemathesisConfig.from_dict(
        {
            "seed": 20261122,
            "generation": {"mode": "all", "max-examples": examples, "deterministic": True, "database": "none"},
            "phases": {"stateful": {"enabled": False}},  # no answer leads to another call
            "checks": {name: {"enabled": False} for name in OTHER_CHECKS},
            "operations": [
                {"include-path": "/cds-services/{id}", "checks": calls},
                {"include-path": "/cds-services/{id}/feedback", "checks": calls},
            ],
        }
    )
    return found


def attack(
    server: Server, examples: int, accepted: list[str]
) -> tuple[list[str], Counter[str], Counter[str], Counter[int]]:
    """What is wrong; and how often there was an operation, a check, and a status."""
    wrong: list[str] = []
    operations: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    schema: Any = schemathesis.openapi.from_url(f"{server.address}/openapi.json", config=config(examples, accepted))
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(repr(event))
        if not isinstance(event, events.ScenarioFinished):
            continue
        for case in event.recorder.cases.values():
            operations[case.value.operation.label] += 1
        for interaction in event.recorder.interactions.values():
            statuses[interaction.response.status_code if interaction.response else 0] += 1
        for check in (check for some in event.recorder.checks.values() for check in some):
            checks[check.name] += 1
            if check.status is not Status.SUCCESS:
                info = check.failure_info
                wrong.append(f"{check.name}: {info and info.failure}\n{info and info.code_sample}")
    return wrong, operations, checks, statuses


@pytest.fixture
def open_server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "open") as found:
        yield found


@pytest.fixture
def guarded_server(tmp_path: Path) -> Iterator[Server]:
    trust = SigningKit(f"http://127.0.0.1{CALL}", "http://127.0.0.1:9").write_trust(tmp_path)
    with serving(tmp_path / "guarded", "--trust", str(trust)) as found:
        yield found


def test_the_service_is_as_described(open_server: Server) -> None:
    # 412 and 422 are answers to valid calls too: whether a response can be evaluated is not for a schema
    # to say, nor whether a time of feedback is still to come.
    wrong, operations, checks, statuses = attack(open_server, 10, ["2xx", "412", "422"])
    assert not wrong, "\n".join(wrong)
    assert operations.keys() == OPERATIONS
    assert checks.keys() == CHECKS
    assert {200, 405, 412, 422} <= statuses.keys()
    assert statuses.total() > 200


def test_with_a_trust_file_it_lets_nobody_in(guarded_server: Server) -> None:
    wrong, operations, _, statuses = attack(guarded_server, 3, ["401"])
    assert not wrong, "\n".join(wrong)
    assert operations.keys() == OPERATIONS
    assert statuses[401] > 100
    assert not statuses.keys() & {412, 422}
