"""The claims of a token held against the client that it says it is from; the signature is not yet verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cds.service.trust.client import Client, Trust
from cds.service.trust.not_trusted import NotTrusted

_LONGEST_JTI: Final = 256
_MOST_AUDIENCES: Final = 16


@dataclass(frozen=True, slots=True)
class Use:
    """What makes one use of a token: its ``jti``, and until when it could be used again (seconds since 1970)."""

    jti: str
    until: float


def find_client(claims: dict[str, Any], trust: Trust) -> Client:
    """The client that ``iss`` names. Raises :class:`NotTrusted`."""
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise NotTrusted("claims")
    client = trust.client(issuer)
    if client is None:
        raise NotTrusted("issuer")
    return client


def check_claims(claims: dict[str, Any], client: Client, trust: Trust, audience: str, now: float) -> Use:
    """Hold the claims against the client, the endpoint that is called and the time; unknown claims are accepted.

    ``now`` is in seconds since 1970. Raises :class:`NotTrusted`.
    """
    _check_audience(claims.get("aud"), audience)
    until = _check_times(claims, trust, now)
    tenant = claims.get("tenant")
    if "tenant" in claims and not isinstance(tenant, str):
        raise NotTrusted("claims")
    if client.tenants and tenant not in client.tenants:
        raise NotTrusted("tenant")
    jti = claims.get("jti")
    # A database may refuse control characters, and a fault of the store is no way to refuse a token.
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI or not jti.isprintable():
        raise NotTrusted("claims")
    return Use(jti, until)


def _check_audience(aud: Any, audience: str) -> None:
    audiences = aud if isinstance(aud, list) else [aud]
    if len(audiences) > _MOST_AUDIENCES or not all(isinstance(entry, str) for entry in audiences):
        raise NotTrusted("claims")
    if audience not in audiences:
        raise NotTrusted("audience")


def _check_times(claims: dict[str, Any], trust: Trust, now: float) -> float:
    """Check exp, iat and nbf; gives when the token can no longer be used."""
    leeway = trust.leeway_seconds
    expires, issued = _time(claims, "exp"), _time(claims, "iat")
    if expires + leeway <= now:
        raise NotTrusted("expired")
    # Some clients round iat to the nearest second, so that it may lie in the future with clocks that agree.
    if issued > now + leeway or ("nbf" in claims and _time(claims, "nbf") > now + leeway):
        raise NotTrusted("not-yet")
    if not 0 < expires - issued <= trust.max_token_lifetime_seconds:
        raise NotTrusted("lifetime")
    return expires + leeway


def _time(claims: dict[str, Any], name: str) -> float:
    """A NumericDate (RFC 7519, 2). The JSON reader has no NaN and no infinity."""
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise NotTrusted("claims")
    return float(value)
