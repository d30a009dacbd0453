"""Keys in a file beside the trust file, for clients whose keys were handed over and for services without network."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cds.service.trust.fetched_keys import KEEP_SECONDS
from cds.service.trust.jwk import LARGEST_SET, KeySet, KeySetError, VerificationKey, parse_key_set
from cds.service.trust.not_trusted import NotTrusted

_LOG: Final = logging.getLogger(__name__)


def read_key_file(path: Path) -> KeySet:
    """The key set in a file. Raises :class:`KeySetError` for its content and ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        return parse_key_set(file.read(LARGEST_SET + 1))


class KeyFile:
    """The keys in ``path``, read again when the file changes. ``clock`` gives seconds that never go back."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._keys: KeySet | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._broken_since: float | None = None

    async def find(self, kid: str, algorithm: str) -> VerificationKey:
        """The key with this id for this algorithm.

        While the file is missing or broken, the keys read last are used, for a bounded time. Raises
        :class:`NotTrusted`: ``unknown-key``, or ``keys-unavailable`` if the file has given none for long.
        """
        self._look()
        stale = self._broken_since is not None and self._clock() - self._broken_since >= KEEP_SECONDS
        if self._keys is None or stale:
            raise NotTrusted("keys-unavailable")
        key = self._keys.find(kid, algorithm)
        if key is None:
            raise NotTrusted("unknown-key")
        return key

    def _look(self) -> None:
        """Read the file if it is not the one that was read last."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp == self._stamp:
                return
            self._keys = read_key_file(self._path)
            self._stamp, self._broken_since = stamp, None
        except (KeySetError, OSError) as error:
            self._stamp = None
            if self._broken_since is None:
                self._broken_since = self._clock()
                why = str(error) if isinstance(error, KeySetError) else type(error).__name__
                _LOG.warning("no keys from the file %s: %s", self._path.name, why)
