"""Showings that wait to be written, and the thread that writes them."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from typing import Final

from cds.service.store import seen_tokens, shown_cards
from cds.service.store.database import Database
from cds.service.store.errors import StoreError, StoreUnavailable
from cds.service.store.showing import Showing

_LOG: Final = logging.getLogger(__name__)
_PAUSE: Final = 0.5
"""Seconds between two writes."""
_PURGE_EVERY: Final = 600.0
_BATCH: Final = 500


class Backlog:
    """Takes showings at once and writes them in the background.

    What a ``kill -9`` or a power cut takes along: the showings of the last half second (and what waits while the
    database is away). They are denominators of rates; feedback itself never goes this way. A card whose showing was
    lost and that gets feedback stands in the report as an unknown card.

    ``dropped`` counts showings that were given up: because ``capacity`` of them were waiting already, because the
    database refused them, because it was away when the service stopped, or because they came after that.
    """

    def __init__(self, database: Database, capacity: int = 20_000, remembered: int = 20_000) -> None:
        self.dropped = 0
        self._database = database
        self._capacity = capacity
        self._remembered = remembered
        self._lock = threading.Lock()
        self._waiting: dict[str, Showing] = {}
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._away = False
        self._some = threading.Event()
        self._stop = threading.Event()
        self._purged = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="cds-store-backlog", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many showings are not written yet."""
        return len(self._waiting)

    def add(self, showing: Showing) -> None:
        """Take a showing, unless its card was recorded a short while ago; never waits for the database."""
        with self._lock:
            if showing.card in self._recent:
                self._recent.move_to_end(showing.card)
                return
            if showing.card in self._waiting:
                return
            if len(self._waiting) >= self._capacity or self._stop.is_set():
                self.dropped += 1
                return
            self._waiting[showing.card] = showing
        self._some.set()

    def close(self) -> None:
        """Write what waits, once more, and end the thread."""
        self._stop.set()
        self._some.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._some.wait(timeout=_PURGE_EVERY)
            self._stop.wait(timeout=_PAUSE)
            self._some.clear()
            if not self._write_all():
                self._some.set()  # the database is away: again after a pause
            self._purge_now_and_then()
        if not self._write_all():
            lost = len(self._waiting)
            self.dropped += lost
            _LOG.warning("%d cards that were shown could not be recorded before the end", lost)

    def _write_all(self) -> bool:
        """Write what waits; false if the database is away, and then it goes on waiting."""
        while batch := self._batch():
            try:
                shown_cards.record(self._database, batch)
            except StoreUnavailable as error:
                if not self._away:
                    _LOG.warning("cards that are shown wait to be recorded: %s", error)
                self._away = True
                return False
            except Exception as error:  # the thread must outlive whatever happens to one batch
                said = str(error) if isinstance(error, StoreError) else type(error).__name__
                _LOG.error("%d cards that were shown are not recorded: %s", len(batch), said)
                self._done(batch, recorded=False)
            else:
                self._done(batch, recorded=True)
        if self._away:
            _LOG.info("cards that are shown are recorded again")
        self._away = False
        return True

    def _batch(self) -> list[Showing]:
        with self._lock:
            return [showing for showing, _ in zip(self._waiting.values(), range(_BATCH), strict=False)]

    def _done(self, batch: list[Showing], *, recorded: bool) -> None:
        with self._lock:
            for showing in batch:
                del self._waiting[showing.card]
                if recorded:
                    self._recent[showing.card] = None
            while len(self._recent) > self._remembered:
                self._recent.popitem(last=False)
            if not recorded:
                self.dropped += len(batch)

    def _purge_now_and_then(self) -> None:
        if time.monotonic() - self._purged < _PURGE_EVERY:
            return
        self._purged = time.monotonic()
        try:
            seen_tokens.purge(self._database, time.time())
        except Exception as error:  # as above; the next time will do
            said = str(error) if isinstance(error, StoreError) else type(error).__name__
            _LOG.warning("expired tokens were not purged: %s", said)
