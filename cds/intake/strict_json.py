"""JSON in, bounded before it is parsed, and without the freedoms that parsers take.

Size and depth are checked on the bytes. Duplicate keys, which most parsers settle silently, are refused: a
response that says true and false at once must not be read as either.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import orjson

from cds.intake.faults import Fault, IntakeError, element_name, fault

_BRACKETS_AND_QUOTES: Final = b'"\\[]{}'
_REST: Final = bytes(set(range(256)) - set(_BRACKETS_AND_QUOTES))
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_SPACED_COLON: Final = re.compile(rb'"[ \t\r\n]+:')
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string of JSON, or the open end of one; it never looks back, so that no input can make it slow."""
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an input: ``size`` in bytes, ``depth`` of nested objects and arrays, and ``values`` in all.

    A small value takes some fifty times its bytes when it is parsed. FHIR has one value for 25 bytes or more, so that
    a real chart of 16 MiB, such as 20,000 Conditions, has 450,000 to 700,000 by :func:`count_values`.
    """

    size: int = 1 << 20
    depth: int = 32
    values: int = 750_000


DEFAULT_LIMITS: Final = Limits()


def parse_json(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The value of a JSON text in UTF-8.

    Decimals come as floats, exact to 15 significant digits. Raises :class:`IntakeError` for an input that is
    too large or too deep or has too many values, is not UTF-8 or not JSON (NaN and infinities are not), or has a
    key twice.
    """
    if len(data) > limits.size:
        raise IntakeError([fault("too-large", "input", size=len(data), limit=limits.size)])
    if data.startswith(_MARK):
        raise IntakeError([fault("byte-order-mark", "input")])
    if count_values(data) > limits.values:
        raise IntakeError([fault("too-many-values", "input", limit=limits.values)])
    if is_deeper(data, limits.depth):
        raise IntakeError([fault("too-deep", "input", limit=limits.depth)])
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise IntakeError([_syntax(data, error)]) from None
    if may_repeat_keys(data, value):
        refuse_repeated_keys(data)
    return value


def count_values(data: bytes) -> int:
    """At least as many as there are values and keys of objects in a JSON text, and no more than twice as many.

    Each value but the first of its container follows a comma, and each container begins with a bracket. Those that
    stand in strings are counted too.
    """
    return data.count(b",") + data.count(b"[") + data.count(b"{") + 1


def is_deeper(data: bytes, limit: int) -> bool:
    """Whether objects and arrays are nested more than ``limit`` deep; what is not JSON may be either."""
    # Adjacent quotes have no bracket between them: taken out, each bracket stays in or outside a string.
    reduced = data.translate(_ONE_KIND, _REST).replace(b'""', b"")
    if b'"' in reduced or b"\\" in reduced:
        # Some string may hold a bracket or a quote: take all strings out, which is slower.
        reduced = _STRING.sub(b"", data).translate(_ONE_KIND, _REST)
    for _ in range(limit):
        if not reduced:
            return False
        # Each round takes away the innermost pairs, and so exactly one level.
        reduced = reduced.replace(b"[]", b"")
    # Brackets without a partner are left for the parser to refuse, which is bounded in depth itself.
    return b"[]" in reduced


def may_repeat_keys(data: bytes, value: Any) -> bool:
    """Whether a key may stand twice in an object of ``data``, whose parsed form is ``value``.

    False is proof that none does. The parsed value holds each key once; if it is written out as the very
    same text, none was lost. Otherwise, without spaces before colons each key of the text is followed by
    ``":``: these are at least as many as the keys written, and as many as those held only if none was lost.
    """
    if orjson.dumps(value) == data:
        return False
    return _SPACED_COLON.search(data) is not None or data.count(b'":') != count_keys(value)


def count_keys(value: Any) -> int:
    """The number of keys in all objects of a parsed value."""
    keys = 0
    rest = [value]
    while rest:
        node = rest.pop()
        if type(node) is dict:
            keys += len(node)
            rest.extend(node.values())
        elif type(node) is list:
            rest.extend(node)
    return keys


def refuse_repeated_keys(data: bytes) -> None:
    """Raise :class:`IntakeError` if an object has a key twice; slow and exact."""
    repeated: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                repeated.append(name)
            found[name] = value
        return found

    json.loads(data, object_pairs_hook=keep)
    if repeated:
        raise IntakeError([fault("duplicate-key", "input", name=element_name(name)) for name in repeated])


def _syntax(data: bytes, error: orjson.JSONDecodeError) -> Fault:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return fault("not-utf8", "input")
    return fault("json-syntax", "input", line=error.lineno, column=error.colno)
