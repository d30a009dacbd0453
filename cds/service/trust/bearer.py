"""The token in an Authorization header, taken apart but not yet trusted.

Everything here is cheap and bounded, because everybody can send it.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any, Final

from cds.intake import IntakeError, Limits, parse_json
from cds.service.trust.algorithms import KEY_TYPES
from cds.service.trust.jwk import LONGEST_KID
from cds.service.trust.not_trusted import NotTrusted

LARGEST_AUTHORIZATION: Final = 8 * 1024
"""Characters of the whole header; a token of a CDS client has about one thousand."""

_SCHEME: Final = "Bearer "
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_LIMITS: Final = Limits(size=LARGEST_AUTHORIZATION, depth=8)
_REFUSED_MEMBERS: Final = frozenset({"crit", "b64", "jwk", "x5u", "x5c"})
"""Header members that change how a token is read, or bring a key of the caller's own choice."""


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A compact JWS: its text, what its header says, its payload as bytes and as an object. Nothing is verified.

    It has no ``repr`` of its own, so that none of it gets into a log by accident.
    """

    text: str
    algorithm: str
    kid: str
    jku: str | None
    payload: bytes
    claims: dict[str, Any]


def read_bearer(authorization: str | None) -> Token:
    """The token of an Authorization header, whose form and JOSE header are as CDS Hooks wants them.

    Raises :class:`NotTrusted`.
    """
    if not authorization:
        raise NotTrusted("no-token")
    if len(authorization) > LARGEST_AUTHORIZATION:
        raise NotTrusted("too-large")
    if not authorization.startswith(_SCHEME) or " " in authorization[len(_SCHEME) :]:
        raise NotTrusted("scheme")
    text = authorization[len(_SCHEME) :]
    parts = _COMPACT.fullmatch(text)
    if parts is None:
        raise NotTrusted("malformed")
    header = _object(_decoded(parts[1]))
    payload = _decoded(parts[2])
    _decoded(parts[3])
    algorithm, kid, jku = _header(header)
    return Token(text, algorithm, kid, jku, payload, _object(payload))


def _header(header: dict[str, Any]) -> tuple[str, str, str | None]:
    """Algorithm, key id and key address of a JOSE header."""
    algorithm, kid, jku = header.get("alg"), header.get("kid"), header.get("jku")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
        raise NotTrusted("algorithm")
    if header.get("typ") != "JWT" or not _REFUSED_MEMBERS.isdisjoint(header):
        raise NotTrusted("header")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise NotTrusted("header")
    if "jku" in header and not isinstance(jku, str):
        raise NotTrusted("jku")
    return algorithm, kid, jku


def _decoded(part: str) -> bytes:
    """The bytes of base64url without padding; one text for the same bytes only (RFC 4648, 3.5)."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise NotTrusted("malformed") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part.encode("ascii"):
        raise NotTrusted("malformed")
    return data


def _object(data: bytes) -> dict[str, Any]:
    """A JSON object that has no key twice."""
    try:
        value = parse_json(data, _LIMITS)
    except (IntakeError, ValueError, RecursionError):
        raise NotTrusted("malformed") from None
    if not isinstance(value, dict):
        raise NotTrusted("malformed")
    return value
