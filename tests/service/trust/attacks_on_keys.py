"""Attacks that are to make the service take the wrong key."""

from __future__ import annotations

from typing import Final

from tests.service.trust.attack import Attack, forged, header
from tests.service.trust.keys import jwk, signature
from tests.service.trust.signing import ATTACKER, KEYS, OMIT, OTHER_ISSUER, OTHER_KEYS

_OTHERS_KEY: Final = OTHER_KEYS["other-1"][1]
KEY_ID: Final[dict[str, Attack]] = {
    "kid missing": header("header", lambda _: {"kid": OMIT}),
    "kid empty": header("header", lambda _: {"kid": ""}),
    "kid a number": header("header", lambda _: {"kid": 1}),
    "kid null": header("header", lambda _: {"kid": None}),
    "kid a list": header("header", lambda _: {"kid": ["es-1"]}),
    "kid unknown": header("unknown-key", lambda _: {"kid": "es-2"}),
    "kid in other letters": header("unknown-key", lambda _: {"kid": "ES-1"}),
    "kid with a space": header("unknown-key", lambda _: {"kid": "es-1 "}),
    "kid that walks up folders": header("unknown-key", lambda _: {"kid": "../../../../dev/null"}),
    "kid with SQL": header("unknown-key", lambda _: {"kid": "es-1' UNION SELECT 'secret"}),
    "kid with a command": header("unknown-key", lambda _: {"kid": "es-1|/bin/true"}),
    "kid with NUL": header("unknown-key", lambda _: {"kid": "es-1\x00"}),
    "kid that is an address": header("unknown-key", lambda kit: {"kid": f"{kit.key_server}/attacker.json"}),
    "kid very long": header("header", lambda _: {"kid": "k" * 5000}),
    "another client's kid and key": Attack(
        "unknown-key",
        lambda kit: kit.authorization(header={"kid": "other-1"}, sign=lambda m: signature("ES384", _OTHERS_KEY, m)),
    ),
    "same kid, another client's key": Attack(
        "signature", lambda kit: kit.authorization(sign=lambda m: signature("ES384", OTHER_KEYS["es-1"][1], m))
    ),
    "another client's issuer": Attack("signature", lambda kit: kit.authorization({"iss": OTHER_ISSUER}, {"jku": OMIT})),
    "embedded jwk": forged("header", lambda _: {"jwk": jwk(ATTACKER, "es-1")}),
    "embedded jwk of the true key": header("header", lambda _: {"jwk": jwk(KEYS["es-1"][1], "es-1")}),
    "certificate address x5u": forged("header", lambda kit: {"x5u": f"{kit.key_server}/attacker.json"}),
    "embedded certificate x5c": forged("header", lambda _: {"x5c": ["MIIB"]}),
    "crit": header("header", lambda _: {"crit": ["exp"], "exp": 1}),
    "crit empty": header("header", lambda _: {"crit": []}),
    "payload not encoded (b64)": header("header", lambda _: {"b64": False}),
    "typ missing": header("header", lambda _: {"typ": OMIT}),
    "typ of an access token": header("header", lambda _: {"typ": "at+jwt"}),
    "typ null": header("header", lambda _: {"typ": None}),
}


KEY_ADDRESS: Final[dict[str, Attack]] = {
    "jku of another host": forged("jku", lambda _: {"jku": "https://evil.example.com/jwks.json"}),
    "jku of the attacker on the same host": forged("jku", lambda kit: {"jku": f"{kit.key_server}/attacker.json"}),
    "jku that redirects": forged("keys-unavailable", lambda kit: {"jku": f"{kit.key_server}/redirect.json"}),
    "jku of another client": Attack(
        "jku",
        lambda kit: kit.authorization(
            header={"kid": "other-1", "jku": f"{kit.key_server}/other.json"},
            sign=lambda m: signature("ES384", _OTHERS_KEY, m),
        ),
    ),
    "jku with user name": forged("jku", lambda kit: {"jku": kit.jku.replace("//", "//user:secret@")}),
    "jku with the true host as user name": forged(
        "jku", lambda kit: {"jku": f"{kit.key_server}@evil.example.com/jwks.json"}
    ),
    "jku with a backslash": forged("jku", lambda kit: {"jku": f"{kit.key_server}\\@evil.example.com/jwks.json"}),
    "jku with the true host as prefix": forged(
        "jku", lambda kit: {"jku": f"{kit.key_server}.evil.example.com/jwks.json"}
    ),
    "jku with a path behind": forged("jku", lambda kit: {"jku": f"{kit.jku}/../attacker.json"}),
    "jku with a slash behind": forged("jku", lambda kit: {"jku": f"{kit.jku}/"}),
    "jku with a query": forged("jku", lambda kit: {"jku": f"{kit.jku}?next=attacker.json"}),
    "jku with a fragment": forged("jku", lambda kit: {"jku": f"{kit.jku}#attacker"}),
    "jku with space": forged("jku", lambda kit: {"jku": f" {kit.jku}"}),
    "jku in capitals": forged("jku", lambda kit: {"jku": kit.jku.replace("http", "HTTP")}),
    "jku with percent signs": forged("jku", lambda kit: {"jku": kit.jku.replace("jwks", "%6Awks")}),
    "jku a file": forged("jku", lambda _: {"jku": "file:///etc/hostname"}),
    "jku data": forged("jku", lambda _: {"jku": "data:application/json,{}"}),
    "jku of cloud metadata": forged("jku", lambda _: {"jku": "http://169.254.169.254/latest/meta-data/"}),
    "jku a list": forged("jku", lambda kit: {"jku": [kit.jku]}),
    "jku null": header("jku", lambda _: {"jku": None}),
    "jku empty": header("jku", lambda _: {"jku": ""}),
    "jku missing where several are listed": header("jku", lambda _: {"jku": OMIT}),
}
