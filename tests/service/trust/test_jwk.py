"""Which keys of a set are used, and for what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.trust.jwk import KeySet, KeySetError, parse_key_set
from tests.service.trust.keys import base64url, elliptic, jwk, rsa_key

P384 = elliptic("P-384", "client")
RSA = rsa_key(2048, "client")


def parse(*entries: Any) -> KeySet:
    return parse_key_set(json.dumps({"keys": list(entries)}).encode())


@pytest.mark.parametrize(
    ("entry", "algorithms"),
    [
        (jwk(elliptic("P-256", "client"), "k"), {"ES256"}),
        (jwk(P384, "k"), {"ES384"}),
        (jwk(elliptic("P-521", "client"), "k"), {"ES512"}),
        (jwk(RSA, "k"), {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
        (jwk(RSA, "k", alg="RS384"), {"RS384"}),
        (jwk(P384, "k", use="sig", key_ops=["verify"], x5t="abc"), {"ES384"}),
    ],
)
def test_key_is_used_with_what_it_was_made_for(entry: dict[str, Any], algorithms: set[str]) -> None:
    assert parse(entry).keys[0].algorithms == algorithms


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("text", "not an object"),
        (jwk(P384, ""), "no kid"),
        ({**jwk(P384, "k"), "kid": 1}, "no kid"),
        (jwk(P384, "k" * 257), "no kid"),
        (jwk(P384, "k", use="enc"), "not for signatures"),
        (jwk(P384, "k", use=None), "not for signatures"),
        (jwk(P384, "k", key_ops=["sign"]), "not for signatures"),
        (jwk(P384, "k", key_ops="verify"), "not for signatures"),
        (jwk(P384, "k", d="AAAA"), "holds a secret"),
        ({"kty": "oct", "kid": "k", "k": "c2VjcmV0"}, "holds a secret"),
        ({"kty": "oct", "kid": "k"}, "no supported algorithm"),
        (jwk(P384, "k", alg="ES256"), "no supported algorithm"),
        (jwk(P384, "k", alg="HS256"), "no supported algorithm"),
        (jwk(P384, "k", alg=["ES384"]), "no supported algorithm"),
        (jwk(RSA, "k", alg="ES384"), "no supported algorithm"),
        ({**jwk(RSA, "k"), "crv": "P-384"}, "no supported algorithm"),
        ({**jwk(P384, "k"), "crv": "secp256k1"}, "no supported algorithm"),
        ({**jwk(P384, "k"), "crv": ["P-384"]}, "no supported algorithm"),
        ({**jwk(P384, "k"), "kty": ["EC"]}, "no supported algorithm"),
        ({**jwk(P384, "k"), "x": base64url(bytes(48))}, "not a point"),
        ({**jwk(P384, "k"), "x": base64url(bytes(32))}, "not a point"),
        ({**jwk(P384, "k"), "crv": "P-256"}, "not a point"),
        ({**jwk(P384, "k"), "y": 1}, "not a point"),
        ({**jwk(P384, "k"), "y": "é"}, "not a point"),
        (jwk(rsa_key(1024, "client"), "k"), "2048 to 8192"),
        ({**jwk(RSA, "k"), "n": base64url(b"\xff" * 1025)}, "2048 to 8192"),
        ({**jwk(RSA, "k"), "e": base64url(b"\x01")}, "not an RSA key"),
        ({**jwk(RSA, "k"), "e": base64url(b"\x01" * 6)}, "exponent"),
        ({**jwk(RSA, "k"), "n": None}, "not an RSA key"),
    ],
)
def test_key_that_is_not_used(entry: Any, why: str) -> None:
    good = jwk(P384, "good")
    found = parse(entry, good)
    assert [key.kid for key in found.keys] == ["good"]
    ((index, told),) = found.unused
    assert index == 0
    assert why in told


def test_key_without_id() -> None:
    entry = jwk(P384, "k")
    del entry["kid"]
    assert parse(entry).unused == ((0, "no kid"),)


def test_two_keys_of_one_id_are_told_apart_by_algorithm_or_not_used() -> None:
    both = parse(jwk(P384, "k"), jwk(RSA, "k"), jwk(elliptic("P-384", "second"), "twice"), jwk(P384, "twice"))
    assert both.find("k", "ES384") is both.keys[0]
    assert both.find("k", "RS384") is both.keys[1]
    assert both.find("twice", "ES384") is None


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(KeySetError):
        parse_key_set(data)


_VALUES = st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=2) | st.floats(0, 1)


@given(
    st.sampled_from([P384, RSA]),
    st.sampled_from(["kty", "crv", "x", "y", "n", "e", "alg", "use", "key_ops", "kid"]),
    _VALUES,
)
def test_any_value_of_a_member(key: Any, name: str, value: Any) -> None:
    found = parse({**jwk(key, "k"), name: value})
    assert len(found.keys) + len(found.unused) == 1
