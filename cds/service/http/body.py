"""The body of a request, bounded before it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from starlette.types import Message, Receive, Scope

from cds.intake import IntakeError, Limits, parse_json
from cds.service.http.admission import Admission, Place
from cds.service.http.outcome import HttpFault, Issue

BODY_LIMITS: Final = Limits(size=18 * 1024 * 1024, depth=40)
"""A request holds a response (1 MiB, 32 levels at most) in a Bundle, and a chart (16 MiB at most)."""
LARGE: Final = 64 * 1024
"""Bytes from which on a body is parsed in turn: more than a response and a usual chart have."""
_MEDIA_TYPES: Final = frozenset({"application/json", "application/fhir+json"})
T = TypeVar("T")


async def read_body(
    scope: Scope,
    receive: Receive,
    admission: Admission,
    place: Place,
    client: str | None = None,
    limits: Limits = BODY_LIMITS,
) -> bytes:
    """The body of the request that has this ``place``; ``client`` sent it, if that is known.

    Raises :class:`HttpFault` 415, 413, 408, 400, and 503 when there are too many others or too much of theirs.
    """
    headers: dict[bytes, bytes] = dict(scope["headers"])
    _check_media_type(headers)
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > 12 or int(length) > limits.size):
        raise _too_large(limits.size)
    with admission.away():
        async with admission.arrivals.wait(client) as arrival:
            parts: list[bytes] = []
            size, more = 0, True
            while more:
                message: Message = await receive()
                if message["type"] == "http.disconnect":
                    raise HttpFault(400, "the connection was closed before the body was complete")
                part: bytes = message.get("body", b"")
                more = message.get("more_body", False)
                size += len(part)
                if size > limits.size:
                    raise _too_large(limits.size)
                place.take(len(part))
                parts.append(part)
                if more:
                    arrival.came(len(part))
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def parsed(body: bytes, check: Callable[[Any], T], admission: Admission, limits: Limits = BODY_LIMITS) -> T:
    """What ``check`` makes of the JSON of a body. Raises :class:`HttpFault` 400, and what ``check`` raises.

    A large body takes long enough to keep others waiting, so it waits for its turn like an evaluation.
    """
    if len(body) <= LARGE:
        return check(_json(body, limits))
    async with admission.turn():
        return check(_json(body, limits))


def _check_media_type(headers: dict[bytes, bytes]) -> None:
    given = headers.get(b"content-type", b"").decode("latin-1").lower()
    media_type, _, parameters = given.partition(";")
    charset = parameters.replace('"', "").replace(" ", "")
    if media_type.strip() not in _MEDIA_TYPES or charset not in ("", "charset=utf-8"):
        raise HttpFault(415, "send the body as application/json in UTF-8")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise HttpFault(415, "send the body without a content encoding")


def _too_large(limit: int) -> HttpFault:
    # The rest of the body is not read, so the connection cannot be used again.
    return HttpFault(413, f"the body is larger than {limit} bytes", headers={"Connection": "close"})


def _json(body: bytes, limits: Limits) -> Any:
    try:
        return parse_json(body, limits)
    except IntakeError as error:
        raise HttpFault(400, *(Issue(fault.message) for fault in error.faults)) from None
