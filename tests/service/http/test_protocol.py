"""Heads of requests that do not come to an end, sent over a socket to uvicorn with this protocol."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, cast

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

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


def test_a_body_that_comes_with_the_end_of_its_head_does_not_count_as_head(port: int) -> None:
    size = HEAD_LIMIT * 2
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.1)
        connection.sendall(b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
        assert said(connection).startswith(b"HTTP/1.1 200")


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Do nothing: bytes are given by hand."""

    def resume_reading(self) -> None:
        """Do nothing."""


class Connection:
    """A connection without a socket, of an application that answers when it is told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await self.may_answer.wait()
            await PlainTextResponse("here")(scope, receive, send)

        config = uvicorn.Config(app, http=BoundedHttpProtocol, ws="none", log_config=None, lifespan="off")
        self.wire = Wire()
        self.protocol = BoundedHttpProtocol(config, ServerState(), {})
        self.protocol.connection_made(cast("asyncio.Transport", self.wire))

    async def settle(self) -> None:
        """Let everything happen that can."""
        for _ in range(10):
            await asyncio.sleep(0)


def by_hand(work: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        connection = Connection()
        await work(connection)
        connection.protocol.connection_lost(None)

    asyncio.run(run())


def test_a_line_end_after_an_answer_starts_the_time_of_a_head() -> None:
    async def work(connection: Connection) -> None:
        connection.may_answer.set()
        connection.protocol.data_received(GOOD)
        await connection.settle()
        assert connection.wire.written.endswith(b"here")
        assert connection.protocol.timeout_keep_alive_task is not None
        connection.protocol.data_received(b"\r\n")
        first = connection.protocol._deadline
        assert first is not None, "nothing ends this connection"
        connection.protocol.data_received(b"\r\n")
        assert connection.protocol._deadline is first
        connection.protocol.data_received(GOOD)
        await connection.settle()
        assert connection.wire.written.count(b"here") == 2
        assert connection.protocol._deadline is None

    by_hand(work)


def test_half_a_pipelined_head_does_not_cut_off_the_answer() -> None:
    async def work(connection: Connection) -> None:
        connection.protocol.data_received(GOOD + b"GET / HTTP")
        connection.protocol._give_up()
        assert not connection.wire.closed
        assert connection.protocol._deadline is not None
        connection.may_answer.set()
        await connection.settle()
        assert connection.wire.written.endswith(b"here")
        connection.protocol._give_up()
        assert connection.wire.closed

    by_hand(work)


LONG_HEADER = b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_LIMIT + b"\r\n\r\n"
MANY_HEADERS = b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (HEAD_LIMIT // 6 + 1) + b"\r\n"


@pytest.mark.parametrize("head", [LONG_HEADER, MANY_HEADERS], ids=["long", "many"])
def test_a_head_too_large_that_comes_at_once_is_refused(head: bytes) -> None:
    async def work(connection: Connection) -> None:
        connection.may_answer.set()
        connection.protocol.data_received(head)
        await connection.settle()
        assert connection.wire.written.startswith(b"HTTP/1.1 431")
        assert connection.wire.written.count(b"HTTP/1.1") == 1
        assert connection.wire.closed

    by_hand(work)


@pytest.mark.parametrize(
    "second", [LONG_HEADER, b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_LIMIT * 2, b"\0\0\0"], ids=["whole", "open", "junk"]
)
def test_what_is_wrong_behind_a_request_does_not_spoil_its_answer(second: bytes) -> None:
    async def work(connection: Connection) -> None:
        connection.protocol.data_received(GOOD)
        for start in range(0, len(second), HEAD_LIMIT):
            connection.protocol.data_received(second[start : start + HEAD_LIMIT])
        connection.protocol.data_received(b"x" * HEAD_LIMIT)
        assert connection.wire.written == b""
        connection.may_answer.set()
        await connection.settle()
        assert connection.wire.written.startswith(b"HTTP/1.1 200")
        assert connection.wire.written.count(b"HTTP/1.1") == 1
        assert connection.wire.closed

    by_hand(work)


def test_a_broken_body_is_told_at_once() -> None:
    async def work(connection: Connection) -> None:
        connection.protocol.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
        assert connection.wire.written.startswith(b"HTTP/1.1 400")
        assert connection.wire.closed

    by_hand(work)
