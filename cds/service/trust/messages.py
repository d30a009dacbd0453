"""What can be wrong with a trust file beyond its shape, and what to write instead."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "unreadable": ("the trust file cannot be read ({detail})", "Check its path and its permissions"),
    # addresses
    "address-form": (
        "this is not a plain web address",
        "Write https://host/path in printable ASCII: host in small letters, no spaces, no backslash, no . or .. as a "
        "part of the path",
    ),
    "address-scheme": (
        "the address must begin with https://",
        "Plain http is only for loopback addresses in numbers: http://127.0.0.1:8080/...",
    ),
    "address-user": ("the address has a user name or password", "Leave out all from // up to and including @"),
    "address-query": ("a base address has no query", "Leave out the ? and all after it"),
    "address-fragment": ("the address has a fragment", "Leave out the # and all after it"),
    "origin-form": (
        "this is not an origin as browsers send it",
        "Write scheme and host only, without path, slash at the end or default port: https://ehr.example.org",
    ),
    "origin-star": ("'*' allows every origin already", "Keep '*' alone, or leave it out"),
    # clients
    "client-name": (
        "this is not a client name",
        "Use up to 64 letters, digits, spaces, and . _ -, beginning with a letter or digit",
    ),
    "issuer": ("this is not an issuer", "Write the iss of the client's tokens: up to 500 characters without spaces"),
    "tenant": ("this is not a tenant", "Write the tenant of the client's tokens: up to 256 printable characters"),
    "algorithm-forbidden": (
        "{name!r} can never be trusted: CDS Hooks forbids none and symmetric algorithms",
        "Write ES384 or RS384",
    ),
    "algorithm-unknown": ("{name!r} is not a supported algorithm", "Write one or more of {known}"),
    "no-keys": (
        "nothing says where the keys of this client come from",
        "Add 'jku: [https://...]' or 'jwks_file: ...'",
    ),
    "name-twice": ("an earlier client is called {name!r} too", "Give each client a name of its own"),
    "issuer-twice": ("an earlier client has the same iss", "Give the one client several jku, tenants or fhir_servers"),
    # key files
    "jwks-missing": ("the key file cannot be read ({detail})", "Check the path: it is relative to the trust file"),
    "jwks-broken": (
        "the key file is not a JSON Web Key Set ({detail})",
        'Save {{"keys": [...]}} as the client gave it',
    ),
    "jwks-unusable": (
        "no key in the key file can be used with {algorithms}",
        "Ask the client for its public signature keys with kid, RSA of 2048 bits or more; docs/trust.md has the rules",
    ),
}
"""By code: what is wrong, and what to do; each has a broken file in ``tests/service/trust/malformed``."""


def sentence(code: str, **details: object) -> str:
    """Message and hint of ``code`` as one text."""
    message, hint = MESSAGES[code]
    return f"{message.format(**details)}. {hint.format(**details)}"
