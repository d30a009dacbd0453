"""Broken and slow HTTP, byte by byte, against a real server: whatever comes, the next valid call is answered."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.service.abuse.mutations import written
from tests.service.abuse.server import HOST, Server, serving
from tests.service.running import CALL, fixture, request

HEAD = f"POST {CALL} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n".encode()
LAST = HEAD + b"Connection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
NOW = datetime.now(UTC).isoformat(timespec="seconds")
SLOW = 600
"""Connections held open: more calls than may wait for their turn, and more than may be awaited."""


def body() -> bytes:
    """A call with a response that was just given."""
    response = fixture("emergency-saddle-numbness")
    response["authored"] = NOW
    return written(request(response))


def whole(head: bytes = HEAD) -> bytes:
    content = body()
    return head + b"Content-Length: %d\r\n\r\n" % len(content) + content


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as found:
        yield found


def assert_alive(server: Server) -> None:
    status, content = server.ask("POST", CALL, body())
    assert status == 200
    assert json.loads(content)["cards"][0]["indicator"] == "critical"


def answer_to(server: Server, *pieces: bytes) -> bytes:
    """All that comes back until the server closes the connection.

    A server that waits for more is told that no more will come, after a moment; the end sooner would cut off answers.
    """
    got = b""
    with server.open(0.1) as connection, contextlib.suppress(ConnectionError):
        for piece in pieces:
            connection.sendall(piece)
        for last in (False, True):
            with contextlib.suppress(TimeoutError):
                while block := connection.recv(65_536):
                    got += block
                break
            if not last:
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(20)
    return got


def finished(server: Server, *pieces: bytes) -> bytes:
    """All that comes back to requests of which the last closes the connection."""
    got = b""
    with server.open() as connection:
        for piece in pieces:
            connection.sendall(piece)
        while block := connection.recv(65_536):
            got += block
    return got


BROKEN = {
    "nothing": b"",
    "one byte": b"P",
    "a line": b"POST / HTTP/1.1\r\n",
    "half a head": HEAD[:-20],
    "no body": HEAD + b"Content-Length: 1000\r\n\r\n",
    "half a body": whole()[:-500],
    "half a chunk": CHUNKED + b"ffff\r\n{",
    "no last chunk": CHUNKED + b"2\r\n{}\r\n",
    "a chunk of no size": CHUNKED + b"\r\n\r\n",
    "a chunk of an odd size": CHUNKED + b"xyz\r\n{}\r\n0\r\n\r\n",
    "a chunk of a negative size": CHUNKED + b"-1\r\n{}\r\n0\r\n\r\n",
    "a chunk of a huge size": CHUNKED + b"f" * 40 + b"\r\n{}\r\n0\r\n\r\n",
    "a chunk that is longer than it says": CHUNKED + b"1\r\n{}}}}\r\n0\r\n\r\n",
    "a chunk with an endless extension": CHUNKED + b"2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
    "chunks and a length": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "another coding": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": HEAD + b"Transfer-Encoding: x\r\n\r\n{}",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
    "a negative length": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "a length that is none": HEAD + b"Content-Length: two\r\n\r\n{}",
    "a length beyond all numbers": HEAD + b"Content-Length: " + b"9" * 100 + b"\r\n\r\n{}",
    "a length that is too short": HEAD + b"Content-Length: 2\r\n\r\n{}GARBAGE GARBAGE\r\n\r\n",
    "a length that is too long": HEAD + b"Content-Length: 200\r\n\r\n{}",
    "HTTP/0.9": b"GET /cds-services\r\n",
    "HTTP/0.9 and more": b"GET /\r\n\r\nGET /\r\n\r\n",
    "HTTP/1.0": b"GET /cds-services HTTP/1.0\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
    "HTTP/9.9": b"GET / HTTP/9.9\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "zeroes": bytes(100_000),
    "lines": b"\r\n" * 50_000,
    "no line at all": b"A" * 1_000_000,
    "bare line ends": HEAD.replace(b"\r\n", b"\n") + b"\n",
    "bare carriage returns": HEAD.replace(b"\r\n", b"\r") + b"\r",
    "a folded header": HEAD + b"X-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    "a header without a colon": HEAD + b"nothing\r\nContent-Length: 2\r\n\r\n{}",
    "a header without a name": HEAD + b": x\r\nContent-Length: 2\r\n\r\n{}",
    "a space before the colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "a NUL in a header": HEAD + b"X-A: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
    "bytes in a header": HEAD + b"X-A: \xff\xfe\x80\r\nContent-Length: 2\r\n\r\n{}",
    "a header of a megabyte": HEAD + b"X-A: " + b"a" * 1_000_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
    "five thousand headers": HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"Content-Length: 2\r\n\r\n{}",
    "a thousand tokens": HEAD + b"Authorization: Bearer x\r\n" * 1_000 + b"Content-Length: 2\r\n\r\n{}",
    "a path of a megabyte": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path of bytes": b"GET /\xff\xfe\x80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path of broken escapes": b"GET /%ff%fe%zz%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path with a space": b"GET / / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a whole address": b"GET http://evil.example/cds-services HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a broken address": b"GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n" + bytes(50),
    "no host": b"GET /cds-services HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /cds-services HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
    "a websocket": b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n\x81\x85abcd12345",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
    "an expectation": HEAD + b"Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}",
    "a method of our own": b"PROPFIND / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method that is none": b"MAKEITSO / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_after_broken_http_the_next_call_is_answered(server: Server, name: str) -> None:
    got = answer_to(server, BROKEN[name])
    assert not got or got.startswith(b"HTTP/1.")
    assert b'"cards"' not in got
    assert not got.startswith(b"HTTP/1.1 5")
    assert_alive(server)


@pytest.mark.parametrize("ends", range(0, len(whole()), 997))
def test_a_call_that_breaks_off_anywhere(server: Server, ends: int) -> None:
    assert b'"cards"' not in answer_to(server, whole()[:ends])
    assert_alive(server)


def test_connections_that_are_reset(server: Server) -> None:
    for sent in (b"", HEAD, whole()[:-1], whole(), whole() * 20):
        with server.open() as connection:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.sendall(sent)
    assert_alive(server)


def test_pipelined_calls_are_answered_in_order(server: Server) -> None:
    unknown = whole().replace(CALL.encode(), b"/cds-services/unknown")
    got = finished(server, (whole() + unknown) * 9 + whole() + whole(LAST))
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", got)
    assert statuses == [b"200", b"404"] * 9 + [b"200"] * 2


def test_a_call_in_single_bytes_is_a_call(server: Server) -> None:
    content = body()
    head = whole(LAST)[: -len(content)]
    one_by_one = [bytes([byte]) for byte in head + content[:500]]
    assert b'"cards"' in finished(server, *one_by_one, content[500:])


def test_chunks_are_a_call(server: Server) -> None:
    content = body()
    pieces = [content[at : at + 1_000] for at in range(0, len(content), 1_000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    coding = b"Transfer-Encoding: chunked\r\n\r\n"
    assert b'"cards"' in finished(server, LAST + coding + chunks + b"0\r\n\r\n")


def test_a_body_that_is_not_read_to_its_end_closes_the_connection(server: Server) -> None:
    """Else the rest of it would be taken for the next request."""
    inner = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
    got = answer_to(server, HEAD + b"Content-Length: 99999999\r\n\r\n" + inner * 100)
    assert got.startswith(b"HTTP/1.1 413")
    assert got.count(b"HTTP/1.1 ") == 1
    assert_alive(server)


def test_slow_callers_do_not_keep_others_out(server: Server) -> None:
    with contextlib.ExitStack() as held:
        for number in range(SLOW):
            connection = held.enter_context(server.open())
            connection.sendall(whole()[: len(HEAD) // 2] if number % 8 == 0 else whole()[:-100])
        for _ in range(5):
            assert_alive(server)
    assert_alive(server)


def test_callers_that_read_nothing_do_not_keep_others_out(server: Server) -> None:
    with contextlib.ExitStack() as held:
        senders = []
        for _ in range(8):
            connection = held.enter_context(server.open(3))
            senders.append(threading.Thread(target=_send_much, args=(connection,)))
            senders[-1].start()
        assert_alive(server)
        for sender in senders:
            sender.join()
        assert_alive(server)


def _send_much(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2_000)
