"""Addresses below a listed base: of a query, and of the next page of a search.

Each is the base as listed, followed by checked text. So no text from outside can change the host that is called.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 8000
"""The most characters of an address; servers refuse longer ones (RFC 9110 asks for 8000 at least)."""

_QUERY: Final = r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%|]*"
_REQUEST: Final = re.compile(
    r"(?P<type>[A-Z][A-Za-z]{0,63})(?:/(?P<id>[A-Za-z0-9\-.]{1,64})|\?" + _QUERY + ")?", re.ASCII
)
# No escapes in the path: a proxy may decode %2e%2e to a step upwards.
_BELOW: Final = re.compile(r"(?P<path>(?:/[A-Za-z0-9\-._~!$&'()*+,;=:@]+)*)/?(?:\?" + _QUERY + ")?", re.ASCII)
_DOTS: Final = frozenset({".", ".."})


def request(query: str) -> tuple[str, str | None]:
    """The resource type and, for a read, the id of ``query``: ``Type/id``, ``Type`` or ``Type?search``.

    Raises :class:`ValueError` for anything else; a query comes from the pack, so this is a fault of it.
    """
    match = _REQUEST.fullmatch(query) if len(query) <= LONGEST else None
    if match is None or match["id"] in _DOTS:
        raise ValueError("a query is a FHIR read (Type/id) or a search of one type (Type?name=value), nothing else")
    return match["type"], match["id"]


def page_url(base: str, url: str) -> str | None:
    """The address of a next page if it lies below ``base``, else ``None``.

    It may be the whole address, or relative to the base as ``?...`` or ``Type?...``.
    """
    if len(url) > LONGEST:
        return None
    if url.startswith(base):
        below = url.removeprefix(base)
    elif url.startswith("?") or _REQUEST.fullmatch(url):
        below = url if url.startswith("?") else f"/{url}"
    else:
        return None
    match = _BELOW.fullmatch(below)
    if match is None or not _DOTS.isdisjoint(match["path"].split("/")):
        return None
    return base + below
