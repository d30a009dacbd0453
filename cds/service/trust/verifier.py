"""Who calls: the check of a CDS client's token, the cheap parts first and the signature last but one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

import jwt

from cds.service.trust.bearer import Token, read_bearer
from cds.service.trust.claims import check_claims, find_client
from cds.service.trust.client import Client, Trust
from cds.service.trust.client_keys import KeySource
from cds.service.trust.jwk import VerificationKey
from cds.service.trust.not_trusted import NotTrusted

_JWS: Final = jwt.PyJWS()


class ReplayStore(Protocol):
    """Remembers which tokens have been used."""

    async def first_use(self, issuer: str, jti: str, expires: float) -> bool:
        """Note the use of a token; ``False`` if it was used before. ``expires`` is in seconds since 1970."""


class TokenVerifier:
    """Verifies the tokens of the clients in ``trust``. ``clock`` gives seconds since 1970."""

    def __init__(
        self, trust: Trust, keys: KeySource, replay: ReplayStore, clock: Callable[[], float] = time.time
    ) -> None:
        self._trust, self._keys, self._replay, self._clock = trust, keys, replay, clock

    async def verify(self, authorization: str | None, audience: str) -> Client:
        """The client that made this call.

        ``authorization`` is the one Authorization header, ``audience`` the address of the endpoint as clients know
        it: from the settings, never from the request. Raises :class:`NotTrusted`; what the replay store raises passes
        through, because a token that may have been used before is not trusted.
        """
        token = read_bearer(authorization)
        client = find_client(token.claims, self._trust)
        if token.algorithm not in client.algorithms:
            raise NotTrusted("algorithm")
        if token.jku is not None and token.jku not in client.jku:
            raise NotTrusted("jku")
        use = check_claims(token.claims, client, self._trust, audience, self._clock())
        key = await self._keys.find(client, token.jku, token.kid, token.algorithm)
        check_signature(token, key)
        # Only now: a forged token must not use up the jti of a true one.
        if not await self._replay.first_use(client.iss, use.jti, use.until):
            raise NotTrusted("replay")
        return client


def check_signature(token: Token, key: VerificationKey) -> None:
    """Verify the signature of ``token`` with ``key``. Raises :class:`NotTrusted`."""
    if token.algorithm not in key.algorithms:
        raise NotTrusted("unknown-key")
    try:
        payload = _JWS.decode(token.text, key.key, algorithms=[token.algorithm])
    except jwt.PyJWTError:
        raise NotTrusted("signature") from None
    if payload != token.payload:
        raise NotTrusted("signature")
