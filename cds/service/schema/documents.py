"""The schema files of this folder, as they are installed with the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

Document = dict[str, Any]


def _read() -> dict[str, Document]:
    folder = files(__package__ or "cds.service.schema")
    found = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")}
    return {name: json.loads(found[name]) for name in sorted(found)}


DOCUMENTS: Final[Mapping[str, Document]] = _read()
"""File name to schema (draft 2020-12). A ``$ref`` names another file, or a place in its own."""

HOOKS: Final[Mapping[str, str]] = {
    document["properties"]["hook"]["const"]: name
    for name, document in DOCUMENTS.items()
    if name.startswith("request.") and name != "request.json"
}
"""Hook to the file that describes a call at it."""
