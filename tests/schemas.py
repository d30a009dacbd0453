"""JSON schemas of the repository as validators; a ``$ref`` to another file is read relative to the schema's own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT: Final = Path(__file__).resolve().parent.parent
RESULT: Final = ROOT / "docs/schema/result.schema.json"
CARD: Final = ROOT / "cds/service/schema/card.json"
"""The card of CDS Hooks; ``docs/schema/card.schema.json`` narrows it to what this module writes."""
SENT: Final = ROOT / "cds/service/schema/response.json"
"""An answer of the service."""
RESPONSE: Final = ROOT / "tests/cards/cds-hooks-response.schema.json"


def read(uri: str) -> Resource[Any]:
    """The schema at a ``file:`` address."""
    return Resource.from_contents(json.loads(Path(url2pathname(urlsplit(uri).path)).read_text(encoding="utf-8")))


@cache
def validator(file: Path) -> Draft202012Validator:
    """A validator for the schema in ``file``, itself checked."""
    uri = file.as_uri()
    registry: Registry[Any] = Registry(retrieve=read)  # type: ignore[call-arg]
    Draft202012Validator.check_schema(read(uri).contents)
    return Draft202012Validator({"$ref": uri}, registry=registry)


def faults(file: Path, instance: object) -> list[str]:
    """What is wrong with ``instance``, each with its place; empty if it conforms."""
    return [f"{error.json_path}: {error.message}" for error in validator(file).iter_errors(instance)]
