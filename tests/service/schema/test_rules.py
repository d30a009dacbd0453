"""Each rule of the schemas by itself: what it allows, what it refuses, and what it says then."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, Registry

from cds.service.schema.documents import DOCUMENTS
from cds.service.schema.problem import BASE
from cds.service.schema.validator import Schema
from tests.service.schema.change import Row, changed, rows, title
from tests.service.schema.published import EXAMPLES, Json

schema_of = cache(Schema)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_published_examples_conform(name: str) -> None:
    file, example = EXAMPLES[name]
    assert schema_of(file).problems(example) == []


@pytest.mark.parametrize("row", rows(), ids=title)
def test_a_rule_says_what_is_wrong(row: Row) -> None:
    file, _ = EXAMPLES[row["of"]]
    said = [f"{problem.path}: {problem.message}" for problem in schema_of(file).problems(changed(row))]
    assert sorted(said) == sorted(row["says"])


ASKING = {
    "type",
    "required",
    "pattern",
    "const",
    "enum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "minProperties",
    "format",
    "not",
    "anyOf",
    "maxContains",
    "uniqueItems",
    "dependentRequired",
}
"""Keywords that can refuse a value."""


def asked(schema: Any, place: str) -> Iterator[str]:
    """Where a schema asks for something, by the address of the keyword; each required member by itself."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        here = f"{place}/{keyword}"
        if keyword == "required":
            yield from (f"{here} {member}" for member in value)
        elif keyword in ASKING or value is False:
            yield here
        if keyword in ("properties", "$defs"):
            for name, child in value.items():
                yield from asked(child, f"{here}/{name}")
        elif keyword in ("items", "then", "else", "additionalProperties"):
            yield from asked(value, here)


def test_every_rule_has_a_row_that_breaks_it() -> None:
    registry = Registry([(BASE + name, document) for name, document in DOCUMENTS.items()])
    broken: set[str] = set()
    for row in rows():
        file, _ = EXAMPLES[row["of"]]
        schema: Json = DOCUMENTS[file]
        validator = Draft202012Validator(schema, registry=registry, base_uri=BASE + file, validate_formats=True)
        for error in validator.iter_errors(changed(row)):
            place = str(error.absolute_keyword_location)
            broken.add(f"{place} {error.kind.value}" if place.endswith("/required") else place)
            broken.add(place.rpartition("/dependentRequired/")[0] + "/dependentRequired")
    rules = {place for name, document in DOCUMENTS.items() for place in asked(document, f"{BASE}{name}#")}
    assert len(rules) > 150
    assert sorted(rules - broken) == []
