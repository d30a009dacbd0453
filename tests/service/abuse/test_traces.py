"""Nothing that a caller sends is found again: not in a log, not in the metrics, not in the text of an error."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest

from cds.engine import DurableEngine, EngineFault
from cds.service.app import create_app
from cds.service.observe.log import JsonFormatter
from cds.service.prefetch.templates import RESPONSE_KEY
from cds.service.store import Store, StoreUnavailable
from tests.service.abuse.direct import JSON, Direct, Sent, direct
from tests.service.abuse.mutations import holder, places, written
from tests.service.abuse.server import Server, serving
from tests.service.abuse.test_ssrf import AUTHORIZATION
from tests.service.abuse.unfriendly import MARK, unfriendly
from tests.service.abuse.valid_calls import FEEDBACK
from tests.service.running import CALL, CLOCK, chart_prefetch, fixture, request, settings
from tests.service.trust.signing import OFFLINE_ISSUER, OMIT, SigningKit

_TRACE: Final = re.compile(rb"marked.{0,3}7f3a", re.IGNORECASE)
CHARTED: Final = "same-day-steroids-hard-session"


def assert_no_trace(text: bytes, of: str = "") -> None:
    found = _TRACE.search(text)
    assert found is None, f"{of}: {text[max(0, found.start() - 300) : found.end() + 300]!r}"


def logged() -> Iterator[StringIO]:
    """Every line that any logger of this process writes at any severity, in the form of the service."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(), *map(logging.getLogger, ("cds.service", "uvicorn", "uvicorn.error"))]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(handler)
    yield stream
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


log = pytest.fixture(logged)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    listed = ("http://127.0.0.1:9/fhir",)
    with direct(create_app(settings(tmp_path_factory.mktemp("service"), fhir_servers=listed), CLOCK)) as found:
        yield found


def call() -> dict[str, Any]:
    body = request(fixture(CHARTED), "encounter-start", **chart_prefetch(CHARTED))
    body |= {"fhirServer": "https://ehr.example.org/fhir", "fhirAuthorization": AUTHORIZATION, "extension": {"a": "b"}}
    return body


def feedback() -> dict[str, Any]:
    reason = {"reason": {"code": "c", "system": "s", "display": "d"}, "userComment": "u"}
    item = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:05:31Z", "overrideReason": reason}
    accepted = item | {"outcome": "accepted", "acceptedSuggestions": [{"id": "i", "extension": {"a": "b"}}]}
    return {"feedback": [item, accepted], "extension": {"a": "b"}}


def marked(body: dict[str, Any]) -> Iterator[bytes]:
    """The body with the mark in each place: instead of a value, behind it, as a name, as one more member."""
    for path in places(body):
        where, key = holder(body, path), path[-1]
        value = where[key]
        for stand_in in (MARK, f"{value}{MARK}", f"{MARK}/{value}", [MARK], {MARK: MARK}):
            where[key] = stand_in
            yield written(body)
        where[key] = value
        if isinstance(where, dict):
            del where[key]
            where[MARK] = value
            yield written(body)
            del where[MARK]
            where[key] = value


@pytest.mark.parametrize(("path", "body"), [(CALL, call()), (FEEDBACK, feedback())], ids=["call", "feedback"])
def test_bodies_leave_no_trace(service: Direct, log: StringIO, path: str, body: dict[str, Any]) -> None:
    CLOCK.after(fixture(CHARTED), hours=1)
    assert service.post(path, written(body)).status == 200
    refusals = 0
    for sent in marked(body):
        answer = service.post(path, sent)
        if answer.status != 200:
            refusals += 1
            assert_no_trace(answer.body, sent[:200].decode())
    assert refusals > 20
    assert log.getvalue().count('"event":"request"') > 100
    assert_no_trace(log.getvalue().encode())
    assert_no_trace(service.send(Sent("GET", "/metrics")).body)


MALFORMED = [
    MARK.encode(),
    f'{{"{MARK}"'.encode(),
    f'{{"{MARK}": 1, "{MARK}": 2}}'.encode(),
    f'"{MARK}"'.encode(),
    f'["{MARK}"]'.encode(),
    f'{{"hook": "{MARK}"}}'.encode(),
    b'{"a": "' + MARK.encode() + b'\xff"}',
    b"\xef\xbb\xbf" + MARK.encode(),
    f'"{MARK}'.encode() + b"[" * 50,
    (f'{{"{MARK}":' * 50 + "1" + "}" * 50).encode(),
]


@pytest.mark.parametrize("content", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_json_leaves_no_trace(service: Direct, log: StringIO, content: bytes) -> None:
    for path in (CALL, FEEDBACK):
        answer = service.post(path, content)
        assert answer.status in (400, 422)
        assert_no_trace(answer.body)
    assert_no_trace(log.getvalue().encode())


def test_what_is_around_a_body_leaves_no_trace(service: Direct, log: StringIO) -> None:
    mark = MARK.encode()
    named = (
        b"authorization",
        b"origin",
        b"content-type",
        b"content-encoding",
        b"content-length",
        b"host",
        b"cookie",
        mark,
    )
    # The names of headers that a browser asks for are told back to it, as CORS has it: any of them may be sent.
    preflight = [(b"origin", mark), (b"access-control-request-method", mark)]
    requests = [
        Sent("POST", f"/{MARK}", b"{}", JSON),
        Sent("POST", f"/cds-services/{MARK}", b"{}", JSON),
        Sent("POST", f"/cds-services/{MARK}/feedback", b"{}", JSON),
        Sent("POST", CALL, b"{}", JSON, mark),
        Sent(MARK, CALL, b"{}", JSON),
        Sent(MARK, f"/{MARK}"),
        Sent("OPTIONS", CALL, headers=preflight),
        *(Sent("POST", CALL, b"{}", [*JSON, (name, mark)]) for name in named),
    ]
    for sent in requests:
        answer = service.send(sent)
        assert answer.status >= 400
        assert_no_trace(answer.body)
        assert_no_trace(repr(answer.headers).encode())
    assert_no_trace(log.getvalue().encode())
    assert_no_trace(service.send(Sent("GET", "/metrics")).body)


@pytest.mark.parametrize(
    ("owner", "method", "error", "path", "status"),
    [
        (DurableEngine, "evaluate", EngineFault(MARK), CALL, 500),
        (DurableEngine, "evaluate", KeyError(MARK), CALL, 500),
        (DurableEngine, "evaluate", RecursionError(MARK), CALL, 500),
        (Store, "shown", ValueError(MARK), CALL, 500),
        (Store, "keep_feedback", StoreUnavailable(MARK), FEEDBACK, 503),
        (Store, "keep_feedback", RuntimeError(MARK), FEEDBACK, 500),
    ],
)
def test_what_goes_wrong_inside_leaves_no_trace(
    service: Direct,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    method: str,
    error: Exception,
    path: str,
    status: int,
) -> None:
    """The text of an exception may hold anything of the patient."""

    def fails(*_: Any) -> Any:
        try:
            raise ValueError(MARK)
        except ValueError as cause:
            raise error from cause

    monkeypatch.setattr(owner, method, fails)
    answer = service.post(path, written(call() if path == CALL else feedback()))
    assert answer.status == status
    assert_no_trace(answer.body)
    assert_no_trace(log.getvalue().encode())


def test_tokens_leave_no_trace(tmp_path: Path, log: StringIO) -> None:
    base = "https://cds.example.org"
    kit = SigningKit(base + CALL, base)
    offline: dict[str, Any] = {"iss": OFFLINE_ISSUER, "tenant": OMIT}
    claims = ("iss", "aud", "sub", "jti", "tenant", "exp", "iat", "nbf", MARK)
    headers = ("alg", "kid", "typ", "jku", "crit", "jwk", "x5u", MARK)
    tokens = [kit.authorization(offline | {name: MARK}, {"jku": OMIT}) for name in claims]
    tokens += [kit.authorization(offline, {"jku": OMIT} | {name: MARK}) for name in headers]
    tokens += [f"Bearer {MARK}", f"Bearer {MARK}.{MARK}.{MARK}", f"{MARK} {MARK}", f"Basic {MARK}", MARK]
    with direct(create_app(settings(tmp_path, base_url=base, trust=kit.write_trust(tmp_path)), CLOCK)) as service:
        for token in tokens:
            answer = service.post(CALL, written(call()), [*JSON, (b"authorization", token.encode())])
            if answer.status != 200:
                assert answer.status == 401
                assert_no_trace(answer.body)
        assert_no_trace(service.send(Sent("GET", "/metrics")).body)
    text = log.getvalue()
    assert text.count('"status":401') > 15
    assert_no_trace(text.encode())
    for token in tokens:
        assert token.removeprefix("Bearer ") not in text


def test_a_process_leaves_no_trace(tmp_path: Path) -> None:
    """Standard output, standard error and metrics of ``cds serve``, from its start to its end."""
    with unfriendly() as fhir, serving(tmp_path, "--log-level", "debug", "--fhir-server", fhir) as server:
        statuses = set()
        for path, body in ((CALL, call()), (FEEDBACK, feedback())):
            for sent in list(marked(body))[::7]:
                status, content = server.ask("POST", path, sent)
                statuses.add(status)
                if status != 200:
                    assert_no_trace(content)
        for content in MALFORMED:
            assert_no_trace(server.ask("POST", CALL, content)[1])
        for raw in _raw():
            _send(server, raw)
        asked = request(fixture(CHARTED))
        asked["prefetch"] = {RESPONSE_KEY: asked["prefetch"][RESPONSE_KEY]}
        asked |= {"fhirServer": fhir, "fhirAuthorization": AUTHORIZATION | {"access_token": MARK}}
        server.ask("POST", CALL, written(asked))
        assert_no_trace(server.ask("GET", "/metrics")[1])
    output = server.output()
    assert {200, 422} <= statuses
    assert output.count(b'"event":"request"') > 100
    assert b'"severity"' in output
    assert_no_trace(output)


def _raw() -> Iterator[bytes]:
    mark = MARK.encode()
    yield mark + b"\r\n\r\n"
    yield b"GET /" + mark + b"?" + mark + b"#" + mark + b" HTTP/1.1\r\nHost: " + mark + b"\r\n\r\n"
    yield mark + b" / HTTP/1.1\r\nHost: a\r\n\r\n"
    yield b"GET / HTTP/" + mark + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: a\r\n" + mark + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: a\r\n" + mark + b": " + mark + b"\xff\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: " + mark + b"\r\nConnection: Upgrade\r\n\r\n" + mark
    yield b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + mark + b"\r\n"
    yield b"POST " + CALL.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Length: " + mark + b"\r\n\r\n" + mark
    yield b"POST " + CALL.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + mark


def _send(server: Server, raw: bytes) -> None:
    with server.open(0.2) as connection:
        connection.sendall(raw)
        try:
            assert_no_trace(connection.recv(65_536))
        except (TimeoutError, ConnectionError):
            return
