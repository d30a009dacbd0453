"""Ways to answer badly, or not at all."""

from __future__ import annotations

import asyncio

from tests.service.fhir_server.asking import ONE
from tests.service.fhir_server.fake import answer, bundle, chunked


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def drip_of_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_of_the_body(writer: asyncio.StreamWriter) -> None:
    writer.write(chunked())
    while True:
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def interim_answers(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def reset_in_the_body(writer: asyncio.StreamWriter) -> None:
    writer.write(answer(bundle(ONE))[:-5])
    await writer.drain()


async def garbage(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    await writer.drain()


async def huge_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000)
    await writer.drain()
