"""The schema files as the components of an OpenAPI description: one for each file, and one for each of its parts."""

from __future__ import annotations

from typing import Any, Final

from cds.service.schema.documents import DOCUMENTS

_PLACE: Final = "#/components/schemas/"
_PART: Final = "#/$defs/"


def reference(name: str, part: str | None = None) -> dict[str, str]:
    """A ``$ref`` to the component of a schema file, or of a part of it."""
    return {"$ref": _PLACE + component(name, part)}


def component(name: str, part: str | None = None) -> str:
    """The name of a component: ``card.json`` is ``Card``, and the link in it ``Card.link``."""
    words = name.removesuffix(".json").replace(".", "-").split("-")
    stem = "".join(word.capitalize() for word in words)
    return f"{stem}.{part}" if part else stem


def components() -> dict[str, Any]:
    """Every component by name. The text of the schemas is that of the files; only references point elsewhere."""
    found: dict[str, Any] = {}
    for name, document in DOCUMENTS.items():
        whole = {key: value for key, value in document.items() if key not in ("$schema", "$defs")}
        if whole.keys() - {"title", "description"}:
            found[component(name)] = _placed(whole, name)
        for part, schema in document.get("$defs", {}).items():
            found[component(name, part)] = _placed(schema, name)
    return found


def _placed(schema: Any, name: str) -> Any:
    """A copy of a schema of the file ``name`` whose references lead to components."""
    if isinstance(schema, dict):
        return {key: _target(value, name) if key == "$ref" else _placed(value, name) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_placed(entry, name) for entry in schema]
    return schema


def _target(target: str, name: str) -> str:
    file, _, part = target.partition(_PART)
    return reference(file or name, part or None)["$ref"]
