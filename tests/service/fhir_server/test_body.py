"""Bodies that are not FHIR, too large, without end, or packed to harm."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable

import pytest

from cds.service.fhir_server.body import TooLarge, read_body
from cds.service.fhir_server.budget import Budget
from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import ONE, searched
from tests.service.fhir_server.fake import answer, bundle, chunked


def test_a_packed_body() -> None:
    body = gzip.compress(json.dumps(bundle(ONE)).encode())
    assert searched(answer(body, content_encoding="gzip"))[0] == Found((ONE,))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"<html><body>Please log in</body></html>",
        b'{"resourceType": "Bundle", "type": "searchset", "entry": [',
        b'{"resourceType": "Bundle", "type": "searchset", "type": "searchset"}',
        b'{"resourceType": "Bundle", "type": "searchset", "total": NaN}',
        b'\xef\xbb\xbf{"resourceType": "Bundle", "type": "searchset"}',
        b'{"resourceType": "Bundle", "type": "searchset", "id": "\xff"}',
        json.dumps([ONE]).encode(),
        json.dumps("Condition").encode(),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda body: f"{body[:20]!r}-{len(body)}",
)
def test_a_body_that_is_not_fhir(body: bytes) -> None:
    found, fake = searched(answer(body))
    assert found == Failed("not-fhir")
    assert len(fake.targets) == 1


def test_an_operation_outcome_with_status_200() -> None:
    assert searched(answer({"resourceType": "OperationOutcome"}))[0] == Failed("operation-outcome")


def test_a_body_that_is_too_large() -> None:
    assert searched(answer(b" " * (16 * 1024 * 1024 + 1)))[0] == Failed("too-large")


def test_a_body_without_end() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(chunked())
        while True:
            writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            await writer.drain()

    assert searched(endless)[0] == Failed("too-large")


def test_a_small_body_that_unpacks_to_a_large_one() -> None:
    bomb = zlib_bomb(256 * 1024 * 1024)
    assert len(bomb) < 1024 * 1024
    assert searched(answer(bomb, content_encoding="gzip"))[0] == Failed("too-large")


def zlib_bomb(size: int) -> bytes:
    """Gzip that unpacks to ``size`` spaces, made without having them all at once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    block = b" " * (1024 * 1024)
    return b"".join([*(packer.compress(block) for _ in range(size // len(block))), packer.flush()])


def test_a_packed_body_that_unpacks_to_nothing_for_ever() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        packed = packer.flush(zlib.Z_FULL_FLUSH)
        writer.write(chunked("content-encoding: gzip") + f"{len(packed):x}\r\n".encode() + packed + b"\r\n")
        empty = b"\x00\x00\x00\xff\xff" * 10_000
        while True:
            writer.write(f"{len(empty):x}\r\n".encode() + empty + b"\r\n")
            await writer.drain()

    assert searched(endless)[0] == Failed("too-large")


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "unknown"])
def test_a_packing_that_was_not_asked_for(encoding: str) -> None:
    assert searched(answer(gzip.compress(b"{}"), content_encoding=encoding))[0] == Failed("not-fhir")


@pytest.mark.parametrize("harm", [lambda b: b[:-9], lambda b: b + b"x", lambda b: b"x" + b, lambda _: b""])
def test_a_packed_body_that_is_damaged(harm: Callable[[bytes], bytes]) -> None:
    body = harm(gzip.compress(json.dumps(bundle(ONE)).encode()))
    assert searched(answer(body, content_encoding="gzip"))[0] == Failed("not-fhir")


def test_unpacking_stops_at_the_limit_and_not_after_it() -> None:
    """A packet of 64 KiB may hold 64 MiB: looking at the size afterwards would be too late."""
    bomb = zlib_bomb(64 * 1024 * 1024)

    async def one_chunk() -> AsyncIterator[bytes]:
        yield bomb

    async def read() -> None:
        with pytest.raises(TooLarge):
            await read_body(one_chunk(), "gzip", 1024 * 1024, Budget(60))

    tracemalloc.start()
    try:
        asyncio.run(read())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
