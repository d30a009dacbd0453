"""Identifiers that are the same for the same input: UUIDs of version 5."""

from __future__ import annotations

from hashlib import sha1, sha256
from uuid import NAMESPACE_URL, uuid5


class Identifiers:
    """Makes the UUIDs of one result.

    They depend on the pack and its version, the bytes of the input, the as-of time and the language, and on nothing
    else: no clock, no random number, no machine.
    """

    __slots__ = ("_namespace",)

    def __init__(self, pack_url: str, version: str, *parts: bytes | str | None) -> None:
        digest = sha256()
        for part in parts:
            data = b"" if part is None else part.encode() if isinstance(part, str) else part
            digest.update(len(data).to_bytes(8, "big") + data)
        self._namespace = uuid5(NAMESPACE_URL, f"{pack_url}|{version}#{digest.hexdigest()}").bytes

    def of(self, name: str) -> str:
        """The UUID of the part called ``name``."""
        # What uuid5 does, without the object: a card has several of these.
        octets = bytearray(sha1(self._namespace + name.encode(), usedforsecurity=False).digest()[:16])
        octets[6] = octets[6] & 0x0F | 0x50
        octets[8] = octets[8] & 0x3F | 0x80
        text = octets.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
