"""Reads and searches a FHIR server, page by page."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from cds.service.fhir_server.allow_list import checked_base
from cds.service.fhir_server.budget import LARGEST, Budget
from cds.service.fhir_server.exchange import Answer, Exchange
from cds.service.fhir_server.page_url import page_url, request
from cds.service.fhir_server.paging import read_pages
from cds.service.prefetch.bundle import read_page
from cds.service.prefetch.state import Failed, Found, Nothing

PAGES: Final = 20
"""The most pages of one search."""
LARGEST_MEDICATION: Final = 64 * 1024
"""The most bytes of a Medication that is read: many are read for one patient, and only the code of each counts."""

Observer = Callable[[str, str, float], None]
"""Called after each operation with its name (``read``, ``search`` or ``follow``), the outcome (``found``, ``partial``,
``nothing`` or a reason of :data:`cds.service.prefetch.state.REASONS`) and the seconds it took."""


def _unobserved(operation: str, outcome: str, seconds: float) -> None:
    """The observer that does nothing."""


class FhirClient:
    """Calls FHIR servers; one for each worker, shared by all its requests. Use it as ``async with``, or close it.

    A ``base`` must come from :meth:`FhirServers.base`: this class calls what it is told. What it gives is not yet
    known to be of the right patient: a server may ignore a search parameter.
    """

    def __init__(
        self,
        observer: Observer = _unobserved,
        timeout: float = 2.0,
        connections: int = 20,
        tls: ssl.SSLContext | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``timeout``: seconds of one HTTP call. ``tls``: authorities to trust; None trusts those of the system."""
        self._observer = observer
        self._exchange = Exchange(timeout, connections, tls, pause)
        for name in ("httpx2", "httpcore2"):
            # They log addresses, and with them patient ids, at INFO and below.
            logging.getLogger(name).setLevel(logging.WARNING)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._exchange.aclose()

    async def search(
        self, base: str, query: str, token: str | None, budget: Budget, pages: int = PAGES
    ) -> Nothing | Failed | Found:
        """What ``query`` finds: a read (``Patient/1``) or a search (``Condition?patient=1``), at most ``pages`` of it.

        :class:`Nothing` is only for a read of what is not there. A search that went wrong after its first page is
        partial, with what was found until then. Raises :class:`ValueError` for a query that is neither, or a base
        that could not be listed; never shows the token.
        """
        kind, resource_id = request(query)
        url = f"{checked_base(base)}/{query}"
        start = time.monotonic()
        if resource_id is None:
            found: Nothing | Failed | Found = await self._pages(base, url, token, budget, pages, is_first=True)
            self._observe("search", found, start)
        else:
            found = await self._read(url, kind, resource_id, token, budget)
            self._observe("read", found, start)
        return found

    async def follow(
        self, base: str, next_url: str, token: str | None, budget: Budget, pages: int = PAGES
    ) -> Failed | Found:
        """The page at ``next_url`` and those after it; ``next-elsewhere`` if it does not lie below ``base``."""
        start = time.monotonic()
        url = page_url(checked_base(base), next_url)
        found: Failed | Found = Failed("next-elsewhere")
        if url is not None:
            found = await self._pages(base, url, token, budget, pages, is_first=False)
        self._observe("follow", found, start)
        return found

    async def complete(self, base: str, found: Found, token: str | None, budget: Budget, pages: int = PAGES) -> Found:
        """``found`` with all pages that follow it; partial if they cannot be had."""
        if found.next is None:
            return found
        rest = await self.follow(base, found.next, token, budget, pages)
        if isinstance(rest, Failed):
            return replace(found, next=None, partial=True, lost=True)
        return Found(found.resources + rest.resources, None, found.partial or rest.partial, found.lost or rest.lost)

    async def _read(
        self, url: str, kind: str, resource_id: str, token: str | None, budget: Budget
    ) -> Nothing | Failed | Found:
        limit = LARGEST_MEDICATION if kind == "Medication" else LARGEST
        answer = await self._exchange.get(url, token, budget, limit)
        if isinstance(answer, Failed):
            return answer
        if answer.gone:
            return Nothing()
        page = read_page(answer.value)
        if isinstance(page, Failed):
            return page
        if [(one["resourceType"], one.get("id")) for one in page.resources] != [(kind, resource_id)]:
            return Failed("other-resource")
        return Found(page.resources, None, page.partial)

    async def _pages(
        self, base: str, url: str, token: str | None, budget: Budget, pages: int, *, is_first: bool
    ) -> Failed | Found:
        async def get(address: str, limit: int) -> Answer | Failed:
            return await self._exchange.get(address, token, budget, limit)

        return await read_pages(get, base, url, pages, is_first=is_first)

    def _observe(self, operation: str, found: Nothing | Failed | Found, start: float) -> None:
        self._observer(operation, _outcome(found), time.monotonic() - start)


def _outcome(found: Nothing | Failed | Found) -> str:
    if isinstance(found, Failed):
        return found.reason
    if isinstance(found, Nothing):
        return "nothing"
    return "partial" if found.partial else "found"
