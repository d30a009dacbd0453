"""The keys at one address, kept for a while so that the key server is asked rarely and may be down for some time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Final

import httpx2

from cds.service.trust.fetch import fetch_key_set
from cds.service.trust.jwk import KeySet, KeySetError, VerificationKey
from cds.service.trust.not_trusted import NotTrusted

FRESH_SECONDS: Final = 600.0
"""After this the keys are fetched again, so that a withdrawn key is trusted no longer than this."""

RETRY_SECONDS: Final = 10.0
"""The least time between two fetches, whatever callers send: unknown key ids cannot be used to flood a server."""

KEEP_SECONDS: Final = 4 * 3600.0
"""While the key server fails, keys are used up to this age: an outage should not stop care, nor last for ever."""

MOST_WAITING: Final = 64
"""The most callers that wait for one fetch: a key server that hangs must not fill the service with callers."""

_LOG: Final = logging.getLogger(__name__)


class FetchedKeys:
    """The keys at ``address``. ``clock`` gives seconds that never go back."""

    def __init__(self, address: str, http: httpx2.AsyncClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._address, self._http, self._clock = address, http, clock
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")
        self._running: asyncio.Task[None] | None = None
        self._waiting = 0

    async def find(self, kid: str, algorithm: str) -> VerificationKey:
        """The key with this id for this algorithm; fetches if the keys are old, or if there is none with this id.

        Raises :class:`NotTrusted`: ``unknown-key``, or ``keys-unavailable`` if the server has given none for
        long, or too many wait for it already; these go on with keys that are only old.
        """
        if self._clock() - self._fetched >= FRESH_SECONDS:
            await self._fetch()
        key = self._kept().find(kid, algorithm)
        if key is None:
            if not await self._fetch():
                raise NotTrusted("keys-unavailable")
            key = self._kept().find(kid, algorithm)
        if key is None:
            raise NotTrusted("unknown-key")
        return key

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    def _kept(self) -> KeySet:
        if self._keys is None or self._clock() - self._fetched >= KEEP_SECONDS:
            raise NotTrusted("keys-unavailable")
        return self._keys

    async def _fetch(self) -> bool:
        """Wait for the fetch that is under way, or begin one unless the last is only just over.

        ``False`` if a fetch is under way for which too many wait already.
        """
        if self._running is None:
            if self._clock() - self._tried < RETRY_SECONDS:
                return True
            self._tried = self._clock()
            self._running = asyncio.create_task(self._run())
        if self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        try:
            # A caller who hangs up must not end the fetch that others wait for.
            await asyncio.shield(self._running)
        finally:
            self._waiting -= 1
        return True

    async def _run(self) -> None:
        try:
            self._keys = await fetch_key_set(self._http, self._address)
            self._fetched = self._clock()
            for index, why in self._keys.unused:
                _LOG.info("key %d at %s is not used: %s", index, self._shown, why)
        except KeySetError as error:
            _LOG.warning("no keys from %s: %s", self._shown, error)
        finally:
            self._running = None

    @property
    def _shown(self) -> str:
        """The address for a log: its query may hold a password."""
        return self._address.partition("?")[0]
