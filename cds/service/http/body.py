"""The body of a request, bounded before it is read."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.types import Message, Receive, Scope

from cds.intake import IntakeError, Limits, parse_json
from cds.service.http.outcome import HttpFault, Issue

BODY_LIMITS: Final = Limits(size=18 * 1024 * 1024, depth=40)
"""A request holds a response (1 MiB, 32 levels at most) in a Bundle, and a chart (16 MiB at most)."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to come; a client that sends it drop by drop does not keep its place for longer."""
_MEDIA_TYPES: Final = frozenset({"application/json", "application/fhir+json"})


async def json_body(scope: Scope, receive: Receive, limits: Limits = BODY_LIMITS) -> Any:
    """The JSON of a request. Raises :class:`HttpFault` 415, 413, 408 or 400."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    _check_media_type(headers)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(headers, receive, limits.size)
    except TimeoutError:
        raise HttpFault(408, "the body did not come in time", headers={"Connection": "close"}) from None
    return _parsed(body, limits)


def _check_media_type(headers: dict[bytes, bytes]) -> None:
    given = headers.get(b"content-type", b"").decode("latin-1").lower()
    media_type, _, parameters = given.partition(";")
    charset = parameters.replace('"', "").replace(" ", "")
    if media_type.strip() not in _MEDIA_TYPES or charset not in ("", "charset=utf-8"):
        raise HttpFault(415, "send the body as application/json in UTF-8")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise HttpFault(415, "send the body without a content encoding")


async def _read(headers: dict[bytes, bytes], receive: Receive, limit: int) -> bytes:
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > 12 or int(length) > limit):
        raise _too_large(limit)
    message: Message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > limit:
                raise _too_large(limit)
        body = b"".join(parts)
    if message["type"] == "http.disconnect":
        raise HttpFault(400, "the connection was closed before the body was complete")
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> HttpFault:
    # The rest of the body is not read, so the connection cannot be used again.
    return HttpFault(413, f"the body is larger than {limit} bytes", headers={"Connection": "close"})


def _parsed(body: bytes, limits: Limits) -> Any:
    try:
        return parse_json(body, limits)
    except IntakeError as error:
        raise HttpFault(400, *(Issue(fault.message) for fault in error.faults)) from None
