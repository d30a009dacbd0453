"""Identifiers that are the same for the same input: UUIDs of version 5."""

from __future__ import annotations

from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5


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
        self._namespace: UUID = uuid5(NAMESPACE_URL, f"{pack_url}|{version}#{digest.hexdigest()}")

    def of(self, name: str) -> str:
        """The UUID of the part called ``name``."""
        return str(uuid5(self._namespace, name))
