"""Texts in the languages of a pack."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError


def _complete(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    for language in (info.context or {}).get("languages", ()):
        if not value.get(language, "").strip():
            raise PydanticCustomError("language-missing", "language-missing", {"language": language})
    return value


Text = Annotated[dict[str, str], AfterValidator(_complete)]
"""Language code (``en``, ``es``) to text; validation makes sure that every language of the pack is there."""


def text_in(text: dict[str, str], language: str) -> str:
    """The text in ``language``, or in the first language it has."""
    return text.get(language) or next(iter(text.values()))
