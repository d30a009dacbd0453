"""Real keys for tests, and signatures made with ``cryptography`` alone: no code is shared with what is tested."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_HASHES: Final = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVES: Final = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


@cache
def elliptic(curve: str, which: str) -> ec.EllipticCurvePrivateKey:
    """A key on a curve such as ``P-384``; the same one for the same ``which``."""
    return ec.generate_private_key(_CURVES[curve])


@cache
def rsa_key(bits: int, which: str) -> rsa.RSAPrivateKey:
    """An RSA key; the same one for the same ``which``."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: Key, kid: str, **more: Any) -> dict[str, Any]:
    """The public half as a JSON Web Key (RFC 7518, 6)."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        modulus, exponent = (n.to_bytes((n.bit_length() + 7) // 8) for n in (numbers.n, numbers.e))
        return {"kty": "RSA", "kid": kid, "n": base64url(modulus), "e": base64url(exponent), **more}
    point = key.public_key().public_numbers()
    size = (key.key_size + 7) // 8
    curve = next(name for name, curve in _CURVES.items() if curve.name == key.curve.name)
    x, y = (base64url(value.to_bytes(size)) for value in (point.x, point.y))
    return {"kty": "EC", "crv": curve, "kid": kid, "x": x, "y": y, **more}


def signature(algorithm: str, key: Key, message: bytes) -> bytes:
    """A signature as in RFC 7518, 3.3 to 3.5."""
    digest = _HASHES[algorithm[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        if algorithm.startswith("PS"):
            return key.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        return key.sign(message, padding.PKCS1v15(), digest)
    size = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
    return r.to_bytes(size) + s.to_bytes(size)
