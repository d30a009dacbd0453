"""Whatever is done to a token and whatever stands in a signed one: it is trusted, or refused; no other error."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.service.trust import Client, NotTrusted, TokenVerifier, load_trust
from cds.service.trust.jwk import KeySet, VerificationKey, parse_key_set
from tests.service.trust.conftest import NOW
from tests.service.trust.replay import RememberedUses
from tests.service.trust.signing import KEYS, SigningKit, key_set

AUDIENCE: Final = "https://cds.example.org/cds-services/pack"
KIT: Final = SigningKit(AUDIENCE, "https://keys.example.org", lambda: NOW)
VALID: Final = {kid: KIT.authorization(kid=kid) for kid in ("es-1", "rs-1")}
PUBLIC: Final[KeySet] = parse_key_set(json.dumps(key_set(KEYS)).encode())
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


class _Keys:
    """The client's keys, without a network."""

    async def find(self, client: Client, jku: str | None, kid: str, algorithm: str) -> VerificationKey:
        key = PUBLIC.find(kid, algorithm)
        if key is None:
            raise NotTrusted("unknown-key")
        return key


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return KIT.write_trust(tmp_path_factory.mktemp("trust"))


def is_trusted(trusted: Path, authorization: str) -> bool:
    """Any error but :class:`NotTrusted` comes through."""
    verifier = TokenVerifier(load_trust(trusted), _Keys(), RememberedUses(), lambda: NOW)
    try:
        return asyncio.run(verifier.verify(authorization, AUDIENCE)).name == "ehr"
    except NotTrusted:
        return False


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str]:
    """A valid header, and the same with some of its bytes changed, taken out, doubled or put elsewhere."""
    valid = VALID[draw(st.sampled_from(sorted(VALID)))]
    data = bytearray(valid.encode())
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data) - 1))
        end = draw(st.integers(start, min(len(data), start + 40)))
        piece = bytes(data[start:end])
        match draw(st.sampled_from(["bit", "letter", "insert", "remove", "double", "move", "cut"])):
            case "bit":
                data[start] ^= 1 << draw(st.integers(0, 7))
            case "letter":
                data[start] = draw(st.sampled_from(b"ABCXYZabcxyz0189-_.=+/ "))
            case "insert":
                data[start:start] = draw(st.binary(min_size=1, max_size=8))
            case "remove":
                del data[start:end]
            case "double":
                data[start:start] = piece
            case "move":
                del data[start:end]
                data[0:0] = piece
            case "cut":
                del data[start + 1 :]
    return valid, data.decode("latin-1")


def test_unchanged_tokens_are_trusted(trusted: Path) -> None:
    assert all(is_trusted(trusted, authorization) for authorization in VALID.values())


@given(mutations())
@settings(max_examples=400, deadline=None)
def test_no_mutation_is_trusted(trusted: Path, pair: tuple[str, str]) -> None:
    valid, changed = pair
    assert is_trusted(trusted, changed) == (changed == valid)


@given(st.text(max_size=200) | st.text(max_size=200).map(lambda text: f"Bearer {text}"))
def test_any_text(trusted: Path, text: str) -> None:
    assert not is_trusted(trusted, text)


@given(st.sampled_from(["iss", "aud", "exp", "iat", "nbf", "jti", "tenant"]), JSON)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_as_a_claim(trusted: Path, name: str, value: Any) -> None:
    trust = is_trusted(trusted, KIT.authorization({name: value}))
    match name:
        case "iss" | "aud" | "tenant":
            assert not trust
        case "jti":
            assert not trust or isinstance(value, str)
        case _:
            assert not trust or type(value) in (int, float)


@given(st.sampled_from(["alg", "kid", "typ", "jku", "crit", "jwk", "x5u", "x5c", "b64"]), JSON)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_as_a_header_member(trusted: Path, name: str, value: Any) -> None:
    assert not is_trusted(trusted, KIT.authorization(header={name: value}))


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_as_header_or_payload(trusted: Path, data: bytes, as_header: bool) -> None:
    assert not is_trusted(trusted, KIT.authorization(header=data) if as_header else KIT.authorization(data))
