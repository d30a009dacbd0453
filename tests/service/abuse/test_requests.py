"""What is odd about a request apart from its body: methods, paths, queries, headers, the way the body comes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from cds.service.app import create_app
from cds.service.http.body import BODY_LIMITS
from cds.service.schema import OPERATION_OUTCOME
from tests.service.abuse.direct import JSON, Answer, Direct, Sent, direct
from tests.service.abuse.hostile_values import TEXTS
from tests.service.abuse.mutations import written
from tests.service.running import CALL, CLOCK, fixture, request, settings

TYPES = [
    b"application/json, text/plain",
    b"application/json;charset=utf-8;charset=utf-16",
    b"application/json; boundary=x",
    b"multipart/form-data; boundary=x",
    b"\xff\xfe",
    b"a" * 10_000,
    b"application/json\x00",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    with direct(create_app(settings(tmp_path_factory.mktemp("service")), CLOCK)) as found:
        yield found


def body() -> bytes:
    return written(request(fixture("emergency-saddle-numbness")))


def assert_refused(answer: Answer, *statuses: int) -> None:
    assert answer.status in statuses, (answer.status, answer.body)
    assert answer.headers["content-type"] == "application/fhir+json"
    assert not OPERATION_OUTCOME.problems(answer.json)


@pytest.mark.parametrize(
    "text", [text for text in TEXTS if "\ud800" <= max(text, default="") <= "\udfff"] + ["é", "\x00"]
)
@pytest.mark.parametrize("form", ["/{}", "/cds-services/{}", CALL + "{}x", "/cds-services/{}/feedback", "{}", "//{}"])
def test_a_path_that_is_none_is_404(service: Direct, form: str, text: str) -> None:
    assert_refused(service.post(form.format(text), body()), 404)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_service_of_any_other_name_is_404(service: Direct, text: str) -> None:
    assert_refused(service.post(f"/cds-services/x{text}", body()), 404)


@pytest.mark.parametrize("method", ["get", "post", "POST ", "TRACE", "CONNECT", "PROPFIND", "", "\x00", "x" * 5_000])
@pytest.mark.parametrize("path", [CALL, f"{CALL}/feedback", "/cds-services", "/metrics"])
def test_any_other_method_is_405(service: Direct, method: str, path: str) -> None:
    assert_refused(service.send(Sent(method, path, body(), JSON)), 405)


@pytest.mark.parametrize("query", [b"x" * 100_000, b"\xff\x00", b"%", b"hook=patient-view&" * 1000])
def test_a_query_changes_nothing(service: Direct, query: bytes) -> None:
    assert service.send(Sent("POST", CALL, body(), JSON, query)).status == 200


@pytest.mark.parametrize("kind", TYPES, ids=range(len(TYPES)))
def test_any_other_media_type_is_415(service: Direct, kind: bytes) -> None:
    assert_refused(service.post(CALL, body(), [(b"content-type", kind)]), 415)


def test_headers_of_random_bytes_change_nothing(service: Direct) -> None:
    random = Random(7)
    for _ in range(200):
        more = [(random.randbytes(random.randint(1, 40)).lower(), random.randbytes(random.randint(0, 200)))]
        named = (b"origin", b"cookie", b"expect", b"forwarded", b"x-forwarded-host", b"range", b"accept")
        more += [(random.choice(named), random.randbytes(random.randint(0, 40)))]
        assert service.post(CALL, body(), [*JSON, *more]).status == 200


@pytest.mark.parametrize("length", [b"-1", b"+5", b"0x5", b"", b"5, 5", "٣".encode(), b"\xb2", b"0", b"5"])
def test_a_length_that_lies_is_not_believed(service: Direct, length: bytes) -> None:
    assert service.post(CALL, body(), [*JSON, (b"content-length", length)]).status == 200


def test_a_body_in_many_pieces_is_one(service: Direct) -> None:
    whole = body()
    parts = [{"type": "http.request", "body": whole[at : at + 7], "more_body": True} for at in range(0, len(whole), 7)]
    parts += [{"type": "http.request", "more_body": True}, {"type": "http.request"}]
    answer = service.send(Sent("POST", CALL, headers=JSON, parts=parts))
    assert answer.json == service.post(CALL, whole).json


@pytest.mark.parametrize("begun", [b"", b"{", b'{"hook":'])
def test_a_body_that_breaks_off_is_no_body(service: Direct, begun: bytes) -> None:
    """Not even if what has come would do."""
    for start in (begun, body()):
        parts: list[Any] = [{"type": "http.request", "body": start, "more_body": True}, {"type": "http.disconnect"}]
        assert_refused(service.send(Sent("POST", CALL, headers=JSON, parts=parts)), 400)


def test_no_more_is_read_than_may_be_sent(service: Direct) -> None:
    read = 0

    def parts() -> Iterator[dict[str, Any]]:
        nonlocal read
        while True:
            read += 65_536
            yield {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    assert_refused(service.send(Sent("POST", CALL, headers=JSON, parts=parts())), 413)
    assert read <= BODY_LIMITS.size + 65_536


def test_what_is_announced_as_too_much_is_not_read(service: Direct) -> None:
    def parts() -> Iterator[dict[str, Any]]:
        raise AssertionError("the body was read")
        yield {}

    for length in (b"%d" % (BODY_LIMITS.size + 1), b"9" * 30, b"9" * 5_000):
        headers = [*JSON, (b"content-length", length)]
        assert_refused(service.send(Sent("POST", CALL, headers=headers, parts=parts())), 413)
