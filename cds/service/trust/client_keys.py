"""Where the key of a client is looked for: in its file, or at one of the addresses that the trust file lists."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx2

from cds.service.trust.client import Client
from cds.service.trust.fetch import key_server_client
from cds.service.trust.fetched_keys import FetchedKeys
from cds.service.trust.jwk import VerificationKey
from cds.service.trust.key_file import KeyFile
from cds.service.trust.not_trusted import NotTrusted


class KeySource(Protocol):
    """Finds the public keys of clients."""

    async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
        """The key of ``client`` with the id ``kid`` for ``algorithm``; ``jku`` as in the header of the token.

        Raises :class:`NotTrusted` if there is none, or none can be had.
        """


class ClientKeys:
    """The keys of all clients: one for each process, used from one event loop.

    ``http`` is used for all key servers if given, and then stays open at :meth:`close`; redirects are never followed.
    ``clock`` gives seconds that never go back.
    """

    def __init__(self, http: httpx2.AsyncClient | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._owned = http is None
        self._http = http or key_server_client()
        self._clock = clock
        self._fetched: dict[str, FetchedKeys] = {}
        self._files: dict[Path, KeyFile] = {}

    async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
        """As :meth:`KeySource.find`. An address that the client does not list is never asked."""
        if jku is not None and jku not in client.jku:
            raise NotTrusted("jku")
        if client.jwks_file is not None:
            if client.jwks_file not in self._files:
                self._files[client.jwks_file] = KeyFile(client.jwks_file, self._clock)
            return await self._files[client.jwks_file].find(kid, algorithm)
        if jku is None and len(client.jku) == 1:
            jku = client.jku[0]
        if jku is None:
            raise NotTrusted("jku")
        if jku not in self._fetched:
            self._fetched[jku] = FetchedKeys(jku, self._http, self._clock)
        return await self._fetched[jku].find(kid, algorithm)

    async def close(self) -> None:
        """End what is under way, and close the HTTP client unless it was given."""
        for keys in self._fetched.values():
            await keys.close()
        if self._owned:
            await self._http.aclose()
