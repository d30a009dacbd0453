"""What a CDS client needs to call: keys, claims and tokens; and what an attacker makes of them."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tests.service.trust.keys import Key, base64url, elliptic, jwk, rsa_key, signature

OMIT: Final = object()
"""As the value of a claim or a header member: leave it out."""

ISSUER: Final = "https://ehr.example.org"
"""A client with two key addresses and a list of tenants."""

OTHER_ISSUER: Final = "https://other.example.org"
"""A client with one key address."""

OFFLINE_ISSUER: Final = "https://offline.example.org"
"""A client whose keys are in a file."""

KEYS: Final[dict[str, tuple[str, Key]]] = {
    "es-1": ("ES384", elliptic("P-384", "client")),
    "rs-1": ("RS384", rsa_key(2048, "client")),
    "p256-1": ("ES256", elliptic("P-256", "client")),
    "weak-1": ("RS384", rsa_key(1024, "client")),
    "enc-1": ("ES384", elliptic("P-384", "encryption")),
    "ps-1": ("PS384", rsa_key(2048, "bound")),
}
"""What the client :data:`ISSUER` publishes, with the algorithm that it signs with."""

OTHER_KEYS: Final[dict[str, tuple[str, Key]]] = {
    "other-1": ("ES384", elliptic("P-384", "other")),
    "es-1": ("ES384", elliptic("P-384", "namesake")),
}
ATTACKER: Final = elliptic("P-384", "attacker")
_MORE: Final = {"weak-1": {"use": "sig"}, "enc-1": {"use": "enc"}, "es-1": {"alg": "ES384"}, "ps-1": {"alg": "PS384"}}


def key_set(keys: Mapping[str, tuple[str, Key]]) -> dict[str, Any]:
    """The public halves as a JSON Web Key Set."""
    return {"keys": [jwk(key, kid, **_MORE.get(kid, {})) for kid, (_, key) in keys.items()]}


PUBLISHED: Final[dict[str, dict[str, Any]]] = {
    "/jwks.json": key_set(KEYS),
    "/other.json": key_set(OTHER_KEYS),
    "/attacker.json": {"keys": [jwk(ATTACKER, "es-1")]},
}
"""What the key server answers; ``/redirect.json`` leads to the attacker's keys."""


def compact(
    header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], sign: Callable[[bytes], bytes]
) -> str:
    """A compact JWS of any header and payload, signed by ``sign``."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    message = ".".join(base64url(part) for part in parts)
    return f"{message}.{base64url(sign(message.encode()))}"


class SigningKit:
    """Makes Authorization headers for one endpoint.

    ``audience`` is the address of the endpoint, ``key_server`` where :data:`PUBLISHED` can be fetched (scheme, host
    and port), ``clock`` gives seconds since 1970.
    """

    def __init__(self, audience: str, key_server: str, clock: Callable[[], float] = time.time) -> None:
        self.audience, self.key_server, self.clock = audience, key_server, clock
        self.jku = f"{key_server}/jwks.json"

    @cached_property
    def spent(self) -> str:
        """A valid header. Whoever drives the attacks presents it once before them, and it must be accepted."""
        return self.authorization()

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims that are in order, but for ``changes``."""
        now = int(self.clock())
        claims = {
            "iss": ISSUER,
            "aud": self.audience,
            "exp": now + 300,
            "iat": now,
            "jti": str(uuid.uuid4()),
            "tenant": "hospital-a",
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not OMIT}

    def header(self, kid: object = "es-1", **changes: Any) -> dict[str, Any]:
        """A JOSE header that is in order, but for ``changes``."""
        algorithm = KEYS[kid][0] if isinstance(kid, str) and kid in KEYS else "ES384"
        header = {"alg": algorithm, "kid": kid, "typ": "JWT", "jku": self.jku, **changes}
        return {name: value for name, value in header.items() if value is not OMIT}

    def signer(self, kid: str = "es-1") -> Callable[[bytes], bytes]:
        """Signs with a key of :data:`KEYS`."""
        algorithm, key = KEYS[kid]
        return lambda message: signature(algorithm, key, message)

    def authorization(
        self,
        claims: Mapping[str, Any] | bytes = {},
        header: Mapping[str, Any] | bytes = {},
        kid: str = "es-1",
        sign: Callable[[bytes], bytes] | None = None,
    ) -> str:
        """A valid header; mappings are changes to it, bytes stand instead."""
        payload = claims if isinstance(claims, bytes) else self.claims(**claims)
        jose = header if isinstance(header, bytes) else self.header(**{"kid": kid, **header})
        return "Bearer " + compact(jose, payload, sign or self.signer(kid))

    def forged(self, claims: Mapping[str, Any] = {}, header: Mapping[str, Any] = {}) -> str:
        """A header that is signed with the attacker's key."""
        return self.authorization(claims, header, sign=lambda message: signature("ES384", ATTACKER, message))

    def write_trust(self, folder: Path) -> Path:
        """Write a trust file that trusts three clients of this kit, and what belongs to it; gives its path."""
        (folder / "offline.json").write_text(json.dumps(key_set(KEYS)), encoding="utf-8")
        path = folder / "trust.yaml"
        path.write_text(
            f"""\
clients:
  - name: ehr
    iss: {ISSUER}
    jku: ["{self.jku}", "{self.key_server}/redirect.json"]
    tenants: [hospital-a, hospital-b]
    fhir_servers: [https://fhir.example.org/r4]
  - name: other
    iss: {OTHER_ISSUER}
    jku: ["{self.key_server}/other.json"]
  - name: offline
    iss: {OFFLINE_ISSUER}
    jwks_file: offline.json
""",
            encoding="utf-8",
        )
        return path
