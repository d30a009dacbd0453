"""Checks that another check covers too: each holds by itself, should the other one be lost."""

from __future__ import annotations

import json
from hashlib import sha384
from hmac import digest

import pytest

from cds.service.trust import Client, NotTrusted, TokenVerifier, Trust
from cds.service.trust.bearer import read_bearer
from cds.service.trust.jwk import VerificationKey, parse_key_set
from cds.service.trust.verifier import check_signature
from tests.service.trust.replay import RememberedUses
from tests.service.trust.signing import ISSUER, KEYS, SigningKit, key_set

PUBLISHED = parse_key_set(json.dumps(key_set(KEYS)).encode())
ANY_ALGORITHM = frozenset({"none", "HS384", "ES384", "RS384"})


class TrustingKeys:
    """Gives the key ``es-1`` for whatever is asked."""

    async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
        key = PUBLISHED.find("es-1", "ES384")
        assert key is not None
        return VerificationKey(kid, ANY_ALGORITHM, key.key)


def _verifier(kit: SigningKit) -> TokenVerifier:
    client = Client("ehr", ISSUER, (kit.jku,), algorithms=tuple(ANY_ALGORITHM))
    return TokenVerifier(Trust((client,), (), 30, 3600), TrustingKeys(), RememberedUses(), kit.clock)


@pytest.mark.anyio
async def test_such_a_verifier_trusts_a_true_token(kit: SigningKit) -> None:
    assert (await _verifier(kit).verify(kit.authorization(), kit.audience)).name == "ehr"


@pytest.mark.anyio
async def test_address_is_checked_whatever_the_key_source_does(kit: SigningKit) -> None:
    with pytest.raises(NotTrusted, match="jku"):
        await _verifier(kit).verify(kit.authorization(header={"jku": kit.jku + "/"}), kit.audience)


@pytest.mark.anyio
@pytest.mark.parametrize("algorithm", ["none", "HS384"])
async def test_algorithm_is_checked_whatever_the_client_lists(algorithm: str, kit: SigningKit) -> None:
    forged = kit.authorization(header={"alg": algorithm}, sign=lambda message: digest(b"", message, sha384))
    with pytest.raises(NotTrusted, match="algorithm"):
        await _verifier(kit).verify(forged, kit.audience)


def test_key_is_used_with_its_own_algorithms_only(kit: SigningKit) -> None:
    key = PUBLISHED.find("es-1", "ES384")
    assert key is not None
    token = read_bearer(kit.authorization())
    check_signature(token, key)
    with pytest.raises(NotTrusted, match="unknown-key"):
        check_signature(token, VerificationKey("es-1", frozenset({"ES512"}), key.key))


def test_what_is_verified_is_what_was_read(kit: SigningKit) -> None:
    key = PUBLISHED.find("es-1", "ES384")
    assert key is not None
    token = read_bearer(kit.authorization())
    other = type(token)(token.text, token.algorithm, token.kid, token.jku, token.payload + b" ", token.claims)
    with pytest.raises(NotTrusted, match="signature"):
        check_signature(other, key)
