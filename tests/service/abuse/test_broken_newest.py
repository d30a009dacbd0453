"""When the newest response is broken, an older and calmer one must not stand in for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cds.service.app import create_app
from tests.service.abuse.direct import Direct, direct
from tests.service.abuse.mutations import written
from tests.service.abuse.verdict import refused
from tests.service.running import CALL, CLOCK, bundle, fixture, request, settings


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    with direct(create_app(settings(tmp_path_factory.mktemp("service")), CLOCK)) as found:
        yield found


def call(**broken: Any) -> bytes:
    """A calm response, and an urgent one of the next day with elements that are ``broken``."""
    urgent = fixture("emergency-saddle-numbness") | {"authored": "2026-11-19T10:00:00Z"}
    calm = fixture("self-care-over-65") | {"authored": "2026-11-18T10:00:00Z", "subject": urgent["subject"]}
    return written(request(urgent, questionnaireResponse=bundle(urgent | broken, calm)))


def test_the_newest_counts_and_a_draft_does_not(service: Direct) -> None:
    assert service.post(CALL, call()).json["cards"][0]["indicator"] == "critical"
    for status in ("in-progress", "entered-in-error", "stopped"):
        assert service.post(CALL, call(status=status)).json["cards"][0]["indicator"] == "info"


@pytest.mark.parametrize("authored", [None, 7, "", "yesterday", "2026-11-19T25:00:00Z", []], ids=repr)
def test_a_time_that_cannot_be_read(service: Direct, authored: object) -> None:
    refused(service.post(CALL, call(authored=authored)))


@pytest.mark.parametrize("status", [None, 7, "", "Completed", "final", ["completed"]], ids=repr)
def test_a_status_that_cannot_be_read(service: Direct, status: object) -> None:
    refused(service.post(CALL, call(status=status)))


@pytest.mark.parametrize("questionnaire", [None, 7, "", []], ids=repr)
def test_a_questionnaire_that_cannot_be_read(service: Direct, questionnaire: object) -> None:
    refused(service.post(CALL, call(questionnaire=questionnaire)))
