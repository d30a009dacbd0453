"""Reads the body of an answer, bounded before and after it is unpacked.

Unpacking is done here and not by the HTTP library, whose decoders turn one small packet into many megabytes before
anybody can look.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Final

_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """The body is larger than allowed."""


class Unreadable(Exception):
    """The body is packed in a way that was not asked for, is damaged, or ends too early."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """The whole body, of at most ``limit`` bytes; ``encoding`` is the answer's Content-Encoding.

    Raises :class:`TooLarge` and :class:`Unreadable`.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return await _plain(chunks, limit)
    if encoding in {"gzip", "x-gzip"}:
        return await _unpacked(chunks, limit)
    raise Unreadable


async def _plain(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        if len(body) + len(chunk) > limit:
            raise TooLarge
        body += chunk
    return bytes(body)


async def _unpacked(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    unpacker = zlib.decompressobj(_GZIP)
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)  # empty blocks unpack to nothing and could go on for ever
        try:
            body += unpacker.decompress(chunk, limit + 1 - len(body))
        except zlib.error:
            raise Unreadable from None
        if len(body) > limit or taken > limit:
            raise TooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise Unreadable
    return bytes(body)
