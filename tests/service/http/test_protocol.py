"""Heads of requests that do not come to an end, sent over a socket to uvicorn with this protocol."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from cds.service.http import protocol
from cds.service.http.protocol import HEAD_LIMIT, BoundedHttpProtocol

MUCH = 64 * 1024 * 1024
"""More than fits on the way."""
GOOD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    config = uvicorn.Config(
        PlainTextResponse("here"), port=0, http=BoundedHttpProtocol, ws="none", log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def answer(connection: socket.socket) -> bytes:
    """One answer; it ends with the text that all have."""
    found = b""
    connection.settimeout(20)
    while not found.endswith(b"here"):
        found += connection.recv(65536)
    return found


def said(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    found = b""
    connection.settimeout(20)
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def test_requests_are_answered_one_after_the_other(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(3):
            connection.sendall(GOOD)
            assert answer(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(GOOD + GOOD.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        assert said(connection).count(b"HTTP/1.1 200") == 2


def test_a_body_may_be_larger_than_a_head(port: int) -> None:
    size = HEAD_LIMIT * 4
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head + b"x" * size)
        assert said(connection).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "start", [b"GET /", b"GET / HTTP/1.1\r\nX-Long: ", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=["path", "header", "many"]
)
def test_a_head_without_an_end_is_refused(port: int, start: bytes) -> None:
    part = b"A: b\r\n" * 10_000 if start.endswith(b"\r\n") else b"a" * 60_000
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(start)
        sent = 0
        try:
            while sent < MUCH:
                connection.sendall(part)
                sent += len(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < MUCH, "it took everything"
    with socket.create_connection(("127.0.0.1", port)) as other:
        other.sendall(GOOD)
        assert answer(other).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "start", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "line", "header"]
)
def test_a_head_that_does_not_come_is_not_waited_for(port: int, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(start)
        assert said(connection) == b""


def test_a_head_too_large_is_told_so(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        time.sleep(0.1)
        connection.sendall(b"a" * (HEAD_LIMIT + 1))
        assert said(connection).startswith(b"HTTP/1.1 431")
