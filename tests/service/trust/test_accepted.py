"""What must be trusted, so that no true EHR is turned away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cds.service.trust import Client, ClientKeys, KeySource, NotTrusted, TokenVerifier, Trust, load_trust
from cds.service.trust.algorithms import KEY_TYPES
from cds.service.trust.jwk import VerificationKey
from tests.service.trust.conftest import NOW
from tests.service.trust.keys import elliptic, rsa_key, signature
from tests.service.trust.replay import RememberedUses
from tests.service.trust.signing import KEYS, OFFLINE_ISSUER, OMIT, OTHER_ISSUER, OTHER_KEYS, SigningKit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kid", ["es-1", "rs-1"])
async def test_recommended_algorithms(kid: str, kit: SigningKit, verifier: TokenVerifier) -> None:
    client = await verifier.verify(kit.authorization(kid=kid), kit.audience)
    assert client.name == "ehr"
    assert client.fhir_servers == ("https://fhir.example.org/r4",)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"iat": NOW + 25}, id="iat 25 s in the future"),
        pytest.param({"iat": round(NOW + 0.5)}, id="iat rounded up"),
        pytest.param({"nbf": NOW - 300, "sub": "client-id"}, id="nbf before iat, sub"),
        pytest.param({"nbf": NOW + 25}, id="nbf 25 s in the future"),
        pytest.param({"exp": NOW - 25, "iat": NOW - 300}, id="expired 25 s ago"),
        pytest.param({"exp": NOW + 299.75, "iat": NOW - 0.125}, id="fractions"),
        pytest.param({"iat": NOW, "exp": NOW + 3600}, id="lifetime of an hour"),
        pytest.param({"tenant": "hospital-b"}, id="the other tenant"),
        pytest.param({"jti": "j" * 256}, id="long jti"),
        pytest.param({"jti": "été 42"}, id="jti of any letters"),
        pytest.param({"extra": {"a": [1, None, True]}, "kid": "x"}, id="unknown claims"),
    ],
)
async def test_claims(change: dict[str, Any], kit: SigningKit, verifier: TokenVerifier) -> None:
    assert (await verifier.verify(kit.authorization(change), kit.audience)).name == "ehr"


async def test_audience_in_a_list(kit: SigningKit, verifier: TokenVerifier) -> None:
    audiences = ["https://elsewhere.example.com", kit.audience]
    assert (await verifier.verify(kit.authorization({"aud": audiences}), kit.audience)).name == "ehr"


async def test_unknown_header_members(kit: SigningKit, verifier: TokenVerifier) -> None:
    header = {"x5t": "abc", "cty": "JWT", "vendor": 1}
    assert (await verifier.verify(kit.authorization(header=header), kit.audience)).name == "ehr"


async def test_the_one_address_stands_for_a_missing_jku(kit: SigningKit, verifier: TokenVerifier) -> None:
    authorization = kit.authorization(
        {"iss": OTHER_ISSUER, "tenant": "any"},
        {"jku": OMIT, "kid": "other-1"},
        sign=lambda message: signature("ES384", OTHER_KEYS["other-1"][1], message),
    )
    assert (await verifier.verify(authorization, kit.audience)).name == "other"


async def test_keys_from_a_file(kit: SigningKit, verifier: TokenVerifier) -> None:
    authorization = kit.authorization({"iss": OFFLINE_ISSUER, "tenant": OMIT}, {"jku": OMIT})
    assert (await verifier.verify(authorization, kit.audience)).name == "offline"


async def test_same_jti_of_another_issuer(kit: SigningKit, verifier: TokenVerifier) -> None:
    first = kit.authorization({"jti": "1"})
    second = kit.authorization({"jti": "1", "iss": OFFLINE_ISSUER}, {"jku": OMIT})
    assert [(await verifier.verify(token, kit.audience)).name for token in (first, second)] == ["ehr", "offline"]


async def test_use_is_remembered_until_the_token_is_past_its_leeway(
    kit: SigningKit, verifier: TokenVerifier, replay: RememberedUses
) -> None:
    await verifier.verify(kit.authorization({"jti": "1", "exp": NOW + 100}), kit.audience)
    assert replay.until == {("https://ehr.example.org", "1"): NOW + 130}


async def test_forged_token_does_not_use_up_a_jti(kit: SigningKit, verifier: TokenVerifier) -> None:
    with pytest.raises(NotTrusted, match="signature"):
        await verifier.verify(kit.forged({"jti": "1"}), kit.audience)
    assert (await verifier.verify(kit.authorization({"jti": "1"}), kit.audience)).name == "ehr"


async def test_one_of_many_uses_at_once_is_trusted(kit: SigningKit, verifier: TokenVerifier) -> None:
    uses = [verifier.verify(kit.spent, kit.audience) for _ in range(20)]
    answers = await asyncio.gather(*uses, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Client"] + ["NotTrusted"] * 19


async def test_fault_of_the_replay_store_passes_through(kit: SigningKit, tmp_path: Path) -> None:
    class Broken:
        async def first_use(self, issuer: str, jti: str, expires: float) -> bool:
            raise ConnectionError

    verifier = TokenVerifier(load_trust(kit.write_trust(tmp_path)), ClientKeys(), Broken(), kit.clock)
    authorization = kit.authorization({"iss": OFFLINE_ISSUER}, {"jku": OMIT})
    with pytest.raises(ConnectionError):
        await verifier.verify(authorization, kit.audience)


async def test_nothing_is_asked_of_keys_before_the_claims_hold(kit: SigningKit, tmp_path: Path) -> None:
    asked: list[str] = []

    class Asked:
        async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
            asked.append(kid)
            raise NotTrusted("unknown-key")

    keys: KeySource = Asked()
    verifier = TokenVerifier(load_trust(kit.write_trust(tmp_path)), keys, RememberedUses(), kit.clock)
    for change in ({"iss": "x"}, {"aud": "x"}, {"exp": 1}, {"iat": NOW + 99}, {"tenant": "x"}, {"jti": ""}):
        with pytest.raises(NotTrusted):
            await verifier.verify(kit.authorization(change), kit.audience)
    assert asked == []
    with pytest.raises(NotTrusted):
        await verifier.verify(kit.authorization(), kit.audience)
    assert asked == ["es-1"]


@pytest.mark.parametrize("algorithm", KEY_TYPES)
async def test_every_algorithm_that_can_be_listed(algorithm: str, kit: SigningKit) -> None:
    kty, curve = KEY_TYPES[algorithm]
    private = elliptic(curve, "listed") if curve else rsa_key(2048, "client")
    public = private.public_key()

    class One:
        async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
            return VerificationKey(kid, frozenset({algorithm}), public)

    assert kty in ("EC", "RSA")
    trust = _trust_with(algorithm)
    verifier = TokenVerifier(trust, One(), RememberedUses(), kit.clock)
    authorization = kit.authorization(
        {"iss": "https://listed.example.org"},
        {"alg": algorithm, "jku": OMIT},
        sign=lambda message: signature(algorithm, private, message),
    )
    assert (await verifier.verify(authorization, kit.audience)).name == "listed"


def _trust_with(algorithm: str) -> Trust:
    client = Client("listed", "https://listed.example.org", algorithms=(algorithm,))
    return Trust((client,), ("*",), 30, 3600)


def test_keys_of_the_kit_are_what_they_claim() -> None:
    assert {kid: key.key_size for kid, (_, key) in KEYS.items()} == {
        "es-1": 384,
        "rs-1": 2048,
        "p256-1": 256,
        "weak-1": 1024,
        "enc-1": 384,
        "ps-1": 2048,
    }
