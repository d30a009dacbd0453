"""What is nested too deep is refused before it is parsed: neither time nor stack goes into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from cds.intake import strict_json
from cds.service.app import create_app
from cds.service.http.body import BODY_LIMITS
from cds.service.schema import OPERATION_OUTCOME
from tests.service.abuse.direct import Direct, direct
from tests.service.abuse.hostile_values import nested
from tests.service.abuse.valid_calls import FEEDBACK
from tests.service.running import CALL, CLOCK, fixture, request, settings

DEEP = 100_000
LISTS, OBJECTS = b"[" * DEEP + b"]" * DEEP, b'{"a":' * DEEP + b"1" + b"}" * DEEP
MIXED = b'[{"a":' * (DEEP // 2) + b'"]"' + b"}]" * (DEEP // 2)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    with direct(create_app(settings(tmp_path_factory.mktemp("service")), CLOCK)) as found:
        yield found


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what reached a parser."""
    sizes: list[int] = []

    def noted(parse: Any) -> Any:
        def call(data: bytes, **options: Any) -> Any:
            sizes.append(len(data))
            return parse(data, **options)

        return call

    parsers = {"json": json.loads, "orjson": orjson.loads}
    for module, parse in parsers.items():
        monkeypatch.setattr(getattr(strict_json, module), "loads", noted(parse))
    return sizes


def inside_a_call(deep: bytes) -> bytes:
    body = request(fixture("emergency-saddle-numbness"), conditions="HERE")
    return json.dumps(body).encode().replace(b'"HERE"', deep)


@pytest.mark.parametrize("path", [CALL, FEEDBACK])
@pytest.mark.parametrize("deep", [LISTS, OBJECTS, MIXED], ids=["lists", "objects", "mixed"])
@pytest.mark.parametrize("around", [bytes, inside_a_call], ids=["alone", "in-a-call"])
def test_a_hundred_thousand_levels_are_never_parsed(
    service: Direct, parsed: list[int], path: str, deep: bytes, around: Any
) -> None:
    sent = around(deep)
    parsed.clear()
    answer = service.post(path, sent)
    assert not parsed
    assert answer.status == 400
    assert not OPERATION_OUTCOME.problems(orjson.loads(answer.body))
    assert b"levels deep" in answer.body


def test_a_level_more_than_allowed_is_too_many(service: Direct, parsed: list[int]) -> None:
    """The call around it has two levels of its own."""
    allowed, more = (inside_a_call(json.dumps(nested(BODY_LIMITS.depth - 2 + extra)).encode()) for extra in (0, 1))
    parsed.clear()
    assert service.post(CALL, allowed).status == 200
    assert parsed == [len(allowed)]
    parsed.clear()
    assert service.post(CALL, more).status == 400
    assert not parsed


def test_brackets_in_a_text_are_no_levels(service: Direct) -> None:
    assert service.post(CALL, inside_a_call(json.dumps("[{" * DEEP).encode())).status == 200


@pytest.mark.parametrize("open_end", [b"[" * DEEP, b'{"a":' * DEEP, b"]" * DEEP, b'"' * DEEP, b'"\\' * DEEP])
def test_brackets_that_nobody_closes_are_no_json(service: Direct, open_end: bytes) -> None:
    assert service.post(CALL, open_end).status == 400
