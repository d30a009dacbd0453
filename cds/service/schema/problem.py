"""What is wrong with a JSON value, in words that hold no part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from jsonschema_rs import ValidationError

from cds.service.schema.documents import DOCUMENTS, Document

ROOT: Final = "body"
"""The path of the value itself."""
BASE: Final = "schema:///"
"""Under this address the files stand for the validator; nothing is ever fetched."""

_TYPES: Final[Mapping[str, str]] = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


class Problem(NamedTuple):
    """One thing that is wrong.

    ``path`` is the place, such as ``feedback[0].card``; ``message`` says what is wrong and what to do. Neither repeats
    a value or a name that the sender chose: a member that no schema knows is ``*`` in the path.
    """

    path: str
    message: str


def problem(error: ValidationError) -> Problem:
    """What a validator found, put in words from the schema alone: its own message would quote the value."""
    kind, detail = error.kind.name, error.kind.value
    steps = list(error.instance_path)
    if kind == "required":
        return Problem(path([*steps, detail]), "this member is required: add it")
    if kind == "additionalProperties":
        return Problem(path(steps), "there is a member here that does not belong: take it out")
    said = _MESSAGES.get(kind)
    if said is not None:
        return Problem(path(steps), said(detail))
    return Problem(path(steps), f"this must be {_expected(error.absolute_keyword_location)}")


def path(steps: Sequence[str | int]) -> str:
    """The place of a value, by the names that stand in a schema."""
    written = ""
    for step in steps:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += f".{step if step in NAMES else '*'}"
    return written.removeprefix(".") or ROOT


def one_of(options: Sequence[Any]) -> str:
    """A message that lists what may stand in a place."""
    return f"this must be one of: {', '.join(map(str, options))}"


_MESSAGES: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": lambda types: _of_type([types] if isinstance(types, str) else sorted(types)),
    "const": lambda expected: f"this must be {expected}",
    "enum": one_of,
    "minLength": lambda _: "this must not be empty: leave it out",
    "minItems": lambda _: "this must not be empty: leave it out",
    "minProperties": lambda _: "this must not be empty: leave it out",
    "maxLength": lambda limit: f"this must have at most {limit} characters",
    "maxItems": lambda limit: f"this must have at most {limit} entries: send the rest by themselves",
    "minimum": lambda limit: f"this must be at least {limit}",
    "maximum": lambda limit: f"this must be at most {limit}",
    "uniqueItems": lambda _: "this must not have the same entry twice",
}
"""JSON Schema keyword to what it says; the others are described by the schema in which they stand."""


def _of_type(types: Sequence[str]) -> str:
    if len(types) == len(_TYPES) - 1:  # number takes in integer
        return "this must not be null: leave it out"
    return f"this must be {' or '.join(_TYPES[name] for name in types)}"


def _expected(location: str | None) -> str:
    """What the schema around a keyword says that it describes."""
    file, _, pointer = (location or "").removeprefix(BASE).partition("#")
    schema: Any = DOCUMENTS.get(file, {})
    for step in pointer.split("/")[1:-1]:
        schema = schema[int(step)] if isinstance(schema, list) else schema.get(step, {})
    return str(schema.get("description", "as the schema says"))


def _names(schema: Any) -> Iterator[str]:
    """Every name of a member that stands in a schema."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for child in schema.values():
            yield from _names(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _names(child)


def _all_names(documents: Mapping[str, Document]) -> frozenset[str]:
    return frozenset(name for document in documents.values() for name in _names(document))


NAMES: Final = _all_names(DOCUMENTS)
"""The names that a path may show."""
