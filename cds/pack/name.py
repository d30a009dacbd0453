"""Names in a pack: one form for each kind, so that they are safe in the engine, in FHIR ids and in URLs."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

_FORMS: Final[dict[str, tuple[str, str]]] = {
    "finding": (r"[a-z][a-z0-9_]{0,59}", "small letters, digits and _, a letter first"),
    "rule": (r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*", "words in small letters, digits and _, joined by dots"),
    "row": (r"[a-z0-9][a-z0-9_]*", "small letters, digits and _"),
    "code": (r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens"),
    "citation": (r"[A-Z0-9]+(-[A-Z0-9]+)*", "capitals, digits and hyphens"),
    "version": (r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", "three numbers, as in 1.2.0"),
    "language": (r"[a-z]{2}(-[A-Z]{2})?", "a language code such as en or es"),
}

MAX_LENGTH: Final = 100
"""The longest name, in characters."""


def _named(kind: str) -> AfterValidator:
    pattern, form = re.compile(_FORMS[kind][0]), _FORMS[kind][1]

    def check(value: str) -> str:
        if not pattern.fullmatch(value) or len(value) > MAX_LENGTH:
            raise PydanticCustomError("bad-name", "bad-name", {"name": value[:60], "kind": kind, "form": form})
        return value

    return AfterValidator(check)


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("wrong-type", "write a date as YYYY-MM-DD") from None
    return value


FindingName = Annotated[str, _named("finding")]
RuleName = Annotated[str, _named("rule")]
RowName = Annotated[str, _named("row")]
CodeName = Annotated[str, _named("code")]
CitationKey = Annotated[str, _named("citation")]
Version = Annotated[str, _named("version")]
Language = Annotated[str, _named("language")]
Day = Annotated[date, BeforeValidator(_day)]
