"""Attacks on the algorithm and the signature."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256, sha384, sha512
from hmac import digest
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.service.trust.attack import Attack, forged, header
from tests.service.trust.keys import base64url, jwk, signature
from tests.service.trust.signing import KEYS, OMIT, SigningKit


def _symmetric(algorithm: str, secret: bytes) -> Attack:
    function = {"HS256": sha256, "HS384": sha384, "HS512": sha512}[algorithm]
    header = {"alg": algorithm}
    return Attack("algorithm", lambda kit: kit.authorization({}, header, sign=lambda m: digest(secret, m, function)))


def _unsigned(spelling: str) -> Attack:
    return Attack("algorithm", lambda kit: kit.authorization(header={"alg": spelling}, sign=lambda _: b"none"))


def _replaced_signature(kit: SigningKit, make: Callable[[str], str]) -> str:
    head, _, last = kit.authorization().rpartition(".")
    return f"{head}.{make(last)}"


def _changed_bit(part: str) -> str:
    data = bytearray(base64.urlsafe_b64decode(part + "=="))
    data[7] ^= 1
    return base64url(bytes(data))


def _other_payload(kit: SigningKit) -> str:
    """The payload exchanged under a true signature, to get another tenant's rights."""
    header, _, last = kit.authorization().split(".")
    return ".".join((header, base64url(json.dumps(kit.claims(tenant="hospital-b")).encode()), last))


def _next_letter(header: str) -> str:
    """Sets a bit that base64 throws away: the last letter of 256 bytes has four of them."""
    return header[:-1] + chr(ord(header[-1]) + 1)


def _der_signature(kit: SigningKit) -> str:

    def sign(message: bytes) -> bytes:
        raw = kit.signer()(message)
        return encode_dss_signature(int.from_bytes(raw[:48]), int.from_bytes(raw[48:]))

    return kit.authorization(sign=sign)


_PEM: Final = KEYS["rs-1"][1].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
_DER: Final = KEYS["rs-1"][1].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_JWK: Final = json.dumps(jwk(KEYS["es-1"][1], "es-1")).encode()


ALGORITHMS: Final[dict[str, Attack]] = {
    **{f"alg {spelling!r}": _unsigned(spelling) for spelling in ("none", "None", "NONE", "nOnE", "none ", "", "\x00")},
    "alg none without signature": Attack(
        "malformed", lambda kit: kit.authorization(header={"alg": "none"}, sign=lambda _: b"")
    ),
    "HMAC with the public key as PEM": _symmetric("HS256", _PEM),
    "HMAC with the public key as PEM without newline": _symmetric("HS384", _PEM.strip()),
    "HMAC with the public key as DER": _symmetric("HS512", _DER),
    "HMAC with the public key as JWK": _symmetric("HS384", _JWK),
    "HMAC with no secret": _symmetric("HS256", b""),
    "HMAC signature under alg ES384": Attack(
        "signature", lambda kit: kit.authorization(sign=lambda m: digest(_PEM, m, sha384))
    ),
    "alg in small letters": header("algorithm", lambda _: {"alg": "es384"}),
    "alg that is a list": header("algorithm", lambda _: {"alg": ["ES384"]}),
    "alg that is null": header("algorithm", lambda _: {"alg": None}),
    "alg missing": header("algorithm", lambda _: {"alg": OMIT}),
    "alg of encryption": header("algorithm", lambda _: {"alg": "RSA-OAEP", "enc": "A256GCM"}),
    "alg ES256 is not listed": Attack("algorithm", lambda kit: kit.authorization(kid="p256-1")),
    "alg PS384 is not listed": Attack("algorithm", lambda kit: kit.authorization(kid="ps-1")),
    "alg RS384 with an elliptic key": header("unknown-key", lambda _: {"alg": "RS384"}),
    "alg ES384 with an RSA key": Attack(
        "unknown-key", lambda kit: kit.authorization(header={"alg": "ES384"}, kid="rs-1")
    ),
    "alg ES384 with a key on P-256": Attack(
        "unknown-key", lambda kit: kit.authorization(header={"alg": "ES384"}, kid="p256-1")
    ),
    "alg RS384 with a key bound to PS384": Attack(
        "unknown-key",
        lambda kit: kit.authorization(
            header={"alg": "RS384"}, kid="ps-1", sign=lambda m: signature("RS384", KEYS["ps-1"][1], m)
        ),
    ),
    "RSA key of 1024 bits": Attack("unknown-key", lambda kit: kit.authorization(kid="weak-1")),
    "key for encryption": Attack("unknown-key", lambda kit: kit.authorization(kid="enc-1")),
}


SIGNATURES: Final[dict[str, Attack]] = {
    "signed with another key": forged("signature", lambda _: {}),
    "one bit of the signature": Attack("signature", lambda kit: _replaced_signature(kit, _changed_bit)),
    "signature cut short": Attack("signature", lambda kit: _replaced_signature(kit, lambda part: part[:-4])),
    "half a signature": Attack("signature", lambda kit: _replaced_signature(kit, lambda part: part[:64])),
    "signature with more behind it": Attack(
        "signature", lambda kit: _replaced_signature(kit, lambda part: part + "AAAA")
    ),
    "signature of zeros": Attack("signature", lambda kit: _replaced_signature(kit, lambda _: base64url(bytes(96)))),
    "signature of the group order": Attack(
        "signature", lambda kit: _replaced_signature(kit, lambda _: base64url(b"\xff" * 96))
    ),
    "signature in DER": Attack("signature", _der_signature),
    "signature of another token": Attack(
        "signature", lambda kit: _replaced_signature(kit, lambda _: kit.spent.rpartition(".")[2])
    ),
    "payload of another token": Attack("signature", _other_payload),
    "RSA signature over another digest": Attack(
        "signature", lambda kit: kit.authorization(kid="rs-1", sign=lambda m: signature("RS256", KEYS["rs-1"][1], m))
    ),
    "RSA-PSS signature under RS384": Attack(
        "signature", lambda kit: kit.authorization(kid="rs-1", sign=lambda m: signature("PS384", KEYS["rs-1"][1], m))
    ),
    "RSA signature with its spare bits set": Attack(
        "malformed",
        lambda kit: _next_letter(kit.authorization(kid="rs-1")),
    ),
    "header changed under the signature": Attack(
        "signature",
        lambda kit: (
            "Bearer " + base64url(json.dumps(kit.header(extra=1)).encode()) + "." + kit.authorization().split(".", 1)[1]
        ),
    ),
}
