"""Attacks on the form: the header of the request, and the JSON in the token."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from tests.service.trust.attack import Attack, text
from tests.service.trust.signing import SigningKit


def _payload(change: Callable[[bytes], bytes]) -> Attack:
    """A token that the client itself signs, over a payload whose bytes are changed."""
    return Attack("malformed", lambda kit: kit.authorization(change(json.dumps(kit.claims()).encode())))


def _raw_time(claim: str, number: bytes) -> Attack:
    """The JSON text of one time replaced: what no JSON library would write."""

    def make(kit: SigningKit) -> str:
        payload = json.dumps(kit.claims(**{claim: 123454321})).encode()
        return kit.authorization(payload.replace(b"123454321", number))

    return Attack("malformed", make)


FORM: Final[dict[str, Attack]] = {
    "empty header": Attack("no-token", lambda _: ""),
    "scheme without token": Attack("scheme", lambda _: "Bearer"),
    "empty token": Attack("malformed", lambda _: "Bearer "),
    "scheme Basic": Attack("scheme", lambda kit: "Basic " + kit.authorization().removeprefix("Bearer ")),
    "no scheme": Attack("scheme", lambda kit: kit.authorization().removeprefix("Bearer ")),
    "scheme in small letters": Attack("scheme", lambda kit: kit.authorization().replace("Bearer", "bearer", 1)),
    "scheme in capitals": Attack("scheme", lambda kit: kit.authorization().replace("Bearer", "BEARER", 1)),
    "two spaces": Attack("scheme", lambda kit: kit.authorization().replace(" ", "  ", 1)),
    "tab after scheme": Attack("scheme", lambda kit: kit.authorization().replace(" ", "\t", 1)),
    "two tokens": Attack("scheme", lambda kit: f"{kit.authorization()}, {kit.authorization()}"),
    "two tokens without a space": Attack(
        "malformed", lambda kit: f"{kit.authorization()},{kit.authorization().removeprefix('Bearer ')}"
    ),
    "words after the token": Attack("scheme", lambda kit: f"{kit.authorization()} and more"),
    "two parts": text("malformed", lambda token: token.rpartition(".")[0]),
    "four parts": text("malformed", lambda token: token + ".AAAA"),
    "no signature": text("malformed", lambda token: token.rpartition(".")[0] + "."),
    "encrypted token of five parts": text("malformed", lambda token: "AAAA.AAAA." + token),
    "padding": text("malformed", lambda token: token + "=="),
    "percent-encoded": text("malformed", lambda token: token.replace(".", "%2E")),
    "standard base64": text("malformed", lambda token: token[:-1] + "+"),
    "letters beyond ASCII": text("malformed", lambda token: token[:30] + "\xe9" + token[31:]),
    "bytes that are not UTF-8": text("malformed", lambda token: "\xff\xfe" + token),
    "huge token": Attack("too-large", lambda kit: kit.authorization({"padding": "x" * 9000})),
    "very huge token": Attack("too-large", lambda _: "Bearer " + "A" * 20_000),
    "huge header": Attack("too-large", lambda kit: kit.authorization(header={"padding": "x" * 9000})),
}


JSON: Final[dict[str, Attack]] = {
    "deeply nested payload": _payload(lambda data: data[:-1] + b',"a":' + b"[" * 2000 + b"]" * 2000 + b"}"),
    "nested payload never closed": _payload(lambda data: data[:-1] + b',"a":' + b"[" * 4000),
    "deeply nested header": Attack(
        "malformed",
        lambda kit: kit.authorization(header=b'{"alg":"ES384","a":' + b"[" * 2000 + b"]" * 2000 + b"}"),
    ),
    "claim twice": _payload(lambda data: b'{"iss":"https://evil.example.com",' + data[1:]),
    "claim twice, once escaped": _payload(lambda data: b'{"\\u0065xp":99999999999,' + data[1:]),
    "header member twice": Attack(
        "malformed",
        lambda kit: kit.authorization(header=b'{"alg":"none",' + json.dumps(kit.header()).encode()[1:]),
    ),
    "payload that is not UTF-8": _payload(lambda data: data[:-1] + b',"sub":"\xff\xfe"}'),
    "payload in UTF-16": _payload(lambda data: data.decode().encode("utf-16")),
    "payload with byte order mark": _payload(lambda data: b"\xef\xbb\xbf" + data),
    "payload that is a list": _payload(lambda data: b"[" + data + b"]"),
    "payload that is text": _payload(lambda _: b'"iss"'),
    "payload that is null": _payload(lambda _: b"null"),
    "payload that is not JSON": _payload(lambda _: b"iss=https://ehr.example.org"),
    "two payloads": _payload(lambda data: data + data),
    "comment in the payload": _payload(lambda data: data + b"// 1"),
    "header that is a list": Attack("malformed", lambda kit: kit.authorization(header=b'["ES384"]')),
    "exp NaN": _raw_time("exp", b"NaN"),
    "exp Infinity": _raw_time("exp", b"Infinity"),
    "exp beyond floats": _raw_time("exp", b"1e999"),
    "exp of 4400 digits": _raw_time("exp", b"9" * 4400),
    "iat -Infinity": _raw_time("iat", b"-Infinity"),
}
