"""JSON Web Key Sets (RFC 7517): which keys of a set may verify which signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cds.intake import IntakeError, Limits, parse_json
from cds.service.trust.algorithms import fitting

LONGEST_KID: Final = 256
LARGEST_SET: Final = 256 * 1024
"""Bytes; a set of a hundred RSA keys with certificates fits."""

_LIMITS: Final = Limits(size=LARGEST_SET, depth=8)
_MOST_KEYS: Final = 100
_RSA_BITS: Final = range(2048, 8192 + 1)
"""RFC 7518, 3.3 and 3.5: 2048 or more; larger than 8192 only costs time."""

_LARGEST_EXPONENT: Final = 2**32
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class KeySetError(ValueError):
    """What was read is not a key set; the text says why and has nothing of it."""


class _Unusable(ValueError):
    """A key that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key and the ``algorithms`` whose signatures it may verify."""

    kid: str
    algorithms: frozenset[str]
    key: RSAPublicKey | EllipticCurvePublicKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeySet:
    """The usable keys of a set, and for each other one its place in the set (from 0) and why it is not used."""

    keys: tuple[VerificationKey, ...]
    unused: tuple[tuple[int, str], ...] = ()

    def find(self, kid: str, algorithm: str) -> VerificationKey | None:
        """The one key with this id that may verify this algorithm; ``None`` too if there are several."""
        found = [key for key in self.keys if key.kid == kid and algorithm in key.algorithms]
        return found[0] if len(found) == 1 else None


def parse_key_set(data: bytes) -> KeySet:
    """The key set in a JSON text. Keys of a kind that is not supported are passed over (RFC 7517, 5).

    Raises :class:`KeySetError` for what is not a key set.
    """
    try:
        value = parse_json(data, _LIMITS)
    except (IntakeError, ValueError, RecursionError):
        raise KeySetError("not JSON, too large or too deep") from None
    entries = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise KeySetError("no list 'keys'")
    if len(entries) > _MOST_KEYS:
        raise KeySetError(f"more than {_MOST_KEYS} keys")
    keys, unused = [], []
    for index, entry in enumerate(entries):
        try:
            keys.append(_key(entry))
        except _Unusable as error:
            unused.append((index, str(error)))
    return KeySet(tuple(keys), tuple(unused))


def _key(entry: Any) -> VerificationKey:
    if not isinstance(entry, dict):
        raise _Unusable("not an object")
    kid = entry.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise _Unusable("no kid")
    if entry.get("use", "sig") != "sig":
        raise _Unusable("not for signatures")
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise _Unusable("not for signatures")
    if not _PRIVATE.isdisjoint(entry):
        raise _Unusable("holds a secret: whoever can read it can sign")
    kty, crv = entry.get("kty"), entry.get("crv")
    algorithms = fitting(kty, crv) if isinstance(kty, str) and (crv is None or isinstance(crv, str)) else frozenset()
    if "alg" in entry:
        algorithms &= {entry["alg"]} if isinstance(entry["alg"], str) else set()
    if not algorithms:
        raise _Unusable("kty, crv and alg fit no supported algorithm")
    return VerificationKey(kid, algorithms, _rsa(entry) if kty == "RSA" else _elliptic(entry))


def _rsa(entry: dict[str, Any]) -> RSAPublicKey:
    try:
        key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": _text(entry, "n"), "e": _text(entry, "e")})
    except (jwt.PyJWTError, ValueError, TypeError):
        raise _Unusable("not an RSA key") from None
    if not isinstance(key, RSAPublicKey) or key.key_size not in _RSA_BITS:
        raise _Unusable(f"RSA must have {_RSA_BITS.start} to {_RSA_BITS.stop - 1} bits")
    if key.public_numbers().e > _LARGEST_EXPONENT:
        raise _Unusable("the RSA exponent is too large")
    return key


def _elliptic(entry: dict[str, Any]) -> EllipticCurvePublicKey:
    try:
        # The point is checked to be on the curve here.
        key = ECAlgorithm.from_jwk({"kty": "EC", **{name: _text(entry, name) for name in ("crv", "x", "y")}})
    except (jwt.PyJWTError, ValueError, TypeError):
        raise _Unusable("not a point on its curve") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise _Unusable("not a public key")
    return key


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise ValueError(name)
    return value
