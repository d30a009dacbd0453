"""Attacks with a true signature: what the client says of itself, the time and the place is wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from cds.service.trust.not_trusted import Reason
from tests.service.trust.attack import Attack, claims
from tests.service.trust.signing import ISSUER, OMIT


def _audience(change: Callable[[str], Any]) -> Attack:
    return claims("audience", lambda kit: {"aud": change(kit.audience)})


AUDIENCE: Final[dict[str, Attack]] = {
    "aud of another path": _audience(lambda aud: aud.rpartition("/")[0]),
    "aud of feedback": _audience(lambda aud: f"{aud}/feedback"),
    "aud of another host": _audience(lambda _: "https://other-service.example.com/cds-services/pack"),
    "aud of the same path on another host": _audience(lambda aud: "https://evil.example.com/" + aud.split("/", 3)[3]),
    "aud with a slash behind": _audience(lambda aud: f"{aud}/"),
    "aud with a query": _audience(lambda aud: f"{aud}?a=b"),
    "aud in capitals": _audience(str.upper),
    "aud with another scheme": _audience(lambda aud: f"ftp{aud[aud.index(':') :]}"),
    "aud with space": _audience(lambda aud: f"{aud} "),
    "aud a list of others": _audience(lambda aud: [f"{aud}/x", "https://evil.example.com"]),
    "aud an empty list": _audience(lambda _: []),
    "aud empty": _audience(lambda _: ""),
    "aud joined": _audience(lambda aud: f"{aud},https://evil.example.com"),
    "aud a long list": claims("claims", lambda kit: {"aud": [kit.audience] * 17}),
    "aud a list in a list": claims("claims", lambda kit: {"aud": [[kit.audience]]}),
    "aud a list with a number": claims("claims", lambda kit: {"aud": [kit.audience, 1]}),
    "aud an object": claims("claims", lambda kit: {"aud": {kit.audience: True}}),
}


def _at(reason: Reason, **offsets: float) -> Attack:
    """Times in seconds from now."""
    return claims(reason, lambda kit: {name: kit.clock() + offset for name, offset in offsets.items()})


TIME: Final[dict[str, Attack]] = {
    "expired": _at("expired", iat=-600, exp=-60),
    "expired for years": claims("expired", lambda _: {"iat": 0, "exp": 300}),
    "exp negative": claims("expired", lambda _: {"exp": -1}),
    "iat in the future": _at("not-yet", iat=90, exp=300),
    "nbf in the future": _at("not-yet", nbf=90),
    "lifetime of a day": _at("lifetime", iat=0, exp=86400),
    "lifetime just too long": _at("lifetime", iat=-1, exp=3600.5),
    "exp for ever": claims("lifetime", lambda _: {"exp": 10**15}),
    "exp before iat": _at("lifetime", iat=20, exp=10),
    "iat long ago": claims("lifetime", lambda _: {"iat": 0}),
}


def _fixed(name: str, value: object) -> Attack:
    return claims("claims", lambda _: {name: value})


_WRONG_TYPES: Final[dict[str, tuple[Any, ...]]] = {
    "iss": (1, True, None, ["https://ehr.example.org"], {}),
    "aud": (1, True, None),
    "exp": ("9999999999", True, None, [9999999999], {}),
    "iat": ("1", True, False, None, [1], {}),
    "nbf": ("1", True, None, [1], {}),
    "jti": (1, True, None, ["a"], {}, "", "j" * 300, "a\x00b", "a\nb"),
    "tenant": (1, True, None, ["hospital-a"], {}),
}
CLAIMS: Final[dict[str, Attack]] = {
    **{f"{name} {value!r:.30}": _fixed(name, value) for name, values in _WRONG_TYPES.items() for value in values},
    **{f"{name} missing": _fixed(name, OMIT) for name in ("iss", "aud", "exp", "iat", "jti")},
    "iss unknown": claims("issuer", lambda _: {"iss": "https://evil.example.com"}),
    "iss with a slash behind": claims("issuer", lambda _: {"iss": f"{ISSUER}/"}),
    "iss in capitals": claims("issuer", lambda _: {"iss": ISSUER.upper()}),
    "iss empty": claims("issuer", lambda _: {"iss": ""}),
    "tenant not listed": claims("tenant", lambda _: {"tenant": "hospital-z"}),
    "tenant empty": claims("tenant", lambda _: {"tenant": ""}),
    "tenant missing": claims("tenant", lambda _: {"tenant": OMIT}),
    "replay": Attack("replay", lambda kit: kit.spent),
    "used jti in a new token": Attack("replay", lambda kit: kit.authorization({"jti": _jti(kit.spent)})),
}


def _jti(authorization: str) -> str:
    payload = authorization.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=="))["jti"])
