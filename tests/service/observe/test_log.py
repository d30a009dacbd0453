"""Lines of the log: one JSON object each, and nothing in them that came from outside."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import httpx2
import pytest

from cds.service.observe.log import FIELDS, LOGGER, JsonFormatter, event
from cds.service.trust import NotTrusted
from cds.service.trust.fetched_keys import FetchedKeys
from tests.service.running import CALL, PACK, fixture, request, running


def written(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    formatter = JsonFormatter()
    return [json.loads(formatter.format(record)) for record in caplog.records if record.name == LOGGER.name]


def test_a_call_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(tmp_path) as client:
        caplog.set_level(logging.INFO, "cds.service")
        answer = client.post(CALL, json=request(fixture("emergency-saddle-numbness")))
    [line] = [one for one in written(caplog) if one["event"] == "request"]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line | {"time": "", "ms": 0, "request_id": ""} == {
        "time": "",
        "severity": "info",
        "event": "request",
        "request_id": "",
        "method": "POST",
        "route": "call",
        "service": PACK,
        "hook": "patient-view",
        "status": 200,
        "ms": 0,
        "outcome": "emergency",
        "level": "emergency",
        "open_questions": 0,
    }


def test_an_exception_leaves_its_place_and_not_its_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cds.service")
    try:
        raise ValueError("Maria Example, 41")
    except ValueError as error:
        event("request failed", logging.ERROR, error, route="call")
    [line] = written(caplog)
    assert line["error"] == "ValueError"
    assert "Maria" not in json.dumps(line)
    assert any("test_log.py" in place for place in line["at"])  # type: ignore[attr-defined]


def test_the_arguments_of_foreign_loggers_are_left_out() -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "", 0, "request of %s", ("Maria",), None)
    assert json.loads(JsonFormatter().format(record))["event"] == "request of %s"


def test_only_known_fields_are_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cds.service")
    event("request", route="call", patient="Maria")
    [line] = written(caplog)
    assert set(line) <= {"time", "severity", "event", *FIELDS}
    assert "patient" not in line


def test_a_key_fetch_that_fails_names_address_and_cause(caplog: pytest.LogCaptureFixture) -> None:
    def away(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("Maria")

    async def find() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(away)) as http:
            await FetchedKeys("https://ehr.example.org/jwks.json?secret=1", http).find("kid-of-a-caller", "ES384")

    with pytest.raises(NotTrusted):
        asyncio.run(find())
    [line] = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert line["event"] == "no keys from https://ehr.example.org/jwks.json: ConnectError"
    assert "logger" not in line
