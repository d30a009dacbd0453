"""Reads the body of an answer, bounded before and after it is unpacked.

Unpacking is done here and not by the HTTP library, whose decoders turn one small packet into many megabytes before
anybody can look.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Final

from cds.service.fhir_server.budget import Budget

_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """The body is larger than allowed."""


class Unreadable(Exception):
    """The body is packed in a way that was not asked for, is damaged, or ends too early."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str, limit: int, budget: Budget) -> bytes:
    """The whole body, of at most ``limit`` bytes; ``encoding`` is the answer's Content-Encoding.

    What comes is taken from the bytes of the ``budget``, which other answers share.

    Raises :class:`TooLarge` and :class:`Unreadable`.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return await _plain(chunks, limit, budget)
    if encoding in {"gzip", "x-gzip"}:
        return await _unpacked(chunks, limit, budget)
    raise Unreadable


async def _plain(chunks: AsyncIterator[bytes], limit: int, budget: Budget) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        if len(body) + len(chunk) > limit or not budget.take_bytes(len(chunk)):
            raise TooLarge
        body += chunk
    return bytes(body)


async def _unpacked(chunks: AsyncIterator[bytes], limit: int, budget: Budget) -> bytes:
    body = bytearray()
    unpacker = zlib.decompressobj(_GZIP)
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)  # empty blocks unpack to nothing and could go on for ever
        try:
            part = unpacker.decompress(chunk, min(limit - len(body), budget.bytes_left) + 1)
        except zlib.error:
            raise Unreadable from None
        body += part
        if len(body) > limit or taken > limit or not budget.take_bytes(len(part)):
            raise TooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise Unreadable
    return bytes(body)
