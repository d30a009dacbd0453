"""The signature algorithms of RFC 7518 that a client may use, and the kind of key that each needs.

``none`` and HMAC are not among them (CDS Hooks, "JWT signing algorithm": SHALL NOT), nor is any that uses SHA-1.
"""

from __future__ import annotations

from typing import Final

KEY_TYPES: Final[dict[str, tuple[str, str | None]]] = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "PS256": ("RSA", None),
    "PS384": ("RSA", None),
    "PS512": ("RSA", None),
}
"""Algorithm to the ``kty`` and, for elliptic curves, the ``crv`` of its keys (RFC 7518, 3.1 and 6)."""

DEFAULT: Final = ("ES384", "RS384")
"""What CDS Hooks recommends; a client may use others only if the trust file lists them."""


def fitting(kty: str, crv: str | None) -> frozenset[str]:
    """The algorithms that a key of this type can be used with; none for a type that is not supported."""
    return frozenset(name for name, needed in KEY_TYPES.items() if needed == (kty, crv))
