"""The pages of a search, from one of them to the last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cds.service.fhir_server.budget import LARGEST
from cds.service.fhir_server.exchange import Answer
from cds.service.fhir_server.page_url import page_url
from cds.service.prefetch.bundle import Page, read_page
from cds.service.prefetch.state import Failed, Found, Resource

Get = Callable[[str, int], Awaitable[Answer | Failed]]
"""Gets a checked address, at most so many bytes of it."""


async def read_pages(get: Get, base: str, url: str, pages: int, *, is_first: bool) -> Failed | Found:
    """All resources from the page at ``url`` on; ``is_first`` says that it is the first page of the search.

    All pages together may have as many bytes as one chart. The result has no ``next``: where no further page can be
    had (it lies elsewhere, was there before, failed, or is one too many), it is partial.
    """
    resources: list[Resource] = []
    partial = False
    size = matches = 0
    seen: set[str] = set()
    while True:
        seen.add(url)
        answer = await get(url, LARGEST - size)
        page = _page(answer)
        if isinstance(page, Failed):
            return Found(tuple(resources), partial=True, lost=True) if len(seen) > 1 else page
        size += answer.size if isinstance(answer, Answer) else 0
        resources += page.resources
        matches += page.matches
        partial = partial or page.partial
        if page.next is None:
            hidden = is_first and page.total is not None and page.total > matches
            return Found(tuple(resources), partial=partial or hidden, lost=hidden)
        following = page_url(base, page.next)
        if following is None or following in seen or len(seen) >= pages:
            return Found(tuple(resources), partial=True, lost=True)
        url = following


def _page(answer: Answer | Failed) -> Page | Failed:
    if isinstance(answer, Failed):
        return answer
    # A search that matches nothing is an empty Bundle: 404 means that the search itself is not there.
    return Failed("status-4xx") if answer.gone else read_page(answer.value)
