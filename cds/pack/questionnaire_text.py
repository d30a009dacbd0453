"""Texts of a Questionnaire with their translations, read from FHIR's translation extension."""

from __future__ import annotations

from typing import Any, Final

from cds.pack.text import Text

TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
"""The extension that holds one translation of a string: sub-extensions ``lang`` and ``content``."""


def text_of(holder: dict[str, Any], element: str, language: str) -> Text:
    """The text in ``holder[element]`` and its translations, by language code.

    ``language`` is the language of the resource; regions are dropped (``es-MX`` is ``es``). Empty when there
    is no text.
    """
    text: Text = {}
    value = holder.get(element)
    if isinstance(value, str) and value.strip():
        text[primary(language)] = value
    for extension in extensions(holder.get(f"_{element}"), TRANSLATION):
        parts = {part.get("url"): part for part in extension.get("extension", ()) if isinstance(part, dict)}
        code = parts.get("lang", {}).get("valueCode")
        content = parts.get("content", {}).get("valueString") or parts.get("content", {}).get("valueMarkdown")
        if text and isinstance(code, str) and isinstance(content, str) and content.strip():
            text.setdefault(primary(code), content)
    return text


def extensions(holder: Any, url: str) -> list[dict[str, Any]]:
    """The extensions of an element that have this ``url``."""
    found = holder.get("extension", ()) if isinstance(holder, dict) else ()
    return [entry for entry in found if isinstance(entry, dict) and entry.get("url") == url]


def primary(language: str) -> str:
    """The language without script or region: ``es-419`` gives ``es``."""
    return language.partition("-")[0].lower()
