"""Fills the tokens of a prefetch template (CDS Hooks 2.0): `Condition?patient={{context.patientId}}`.

Only FHIR ids, and references made of a type and an id, get into an address: no value can add a parameter or a step
in the path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_TOKEN: Final = re.compile(r"\{\{([^{}]*)\}\}")
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_REFERENCE: Final = re.compile(r"(?P<type>[A-Z][A-Za-z]{0,63})/(?P<id>[A-Za-z0-9\-.]{1,64})", re.ASCII)
_USERS: Final = {
    "Practitioner": "userPractitionerId",
    "PractitionerRole": "userPractitionerRoleId",
    "Patient": "userPatientId",
    "RelatedPerson": "userRelatedPersonId",
}
"""The type of the user to the token that stands for the user's id."""


def token_values(context: Mapping[str, Any]) -> dict[str, str]:
    """The values of all tokens that a hook's ``context`` gives: its strings, and the id of the user by type."""
    values = {f"context.{name}": value for name, value in context.items() if type(value) is str}
    user = _REFERENCE.fullmatch(values.get("context.userId", ""))
    if user and user["type"] in _USERS:
        values[_USERS[user["type"]]] = user["id"]
    return values


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """The query, or ``None`` if a token has no value, or one that is not a FHIR id: then it cannot be asked."""
    filled = []
    end = 0
    for token in _TOKEN.finditer(template):
        name = token[1].strip()
        value = values.get(name)
        if value is None or not _is_safe(name, value):
            return None
        filled += [template[end : token.start()], value]
        end = token.end()
    query = "".join([*filled, template[end:]])
    # A brace that is left is a token of a kind that is not supported.
    return None if "{" in query or "}" in query else query


def _is_safe(name: str, value: str) -> bool:
    reference = _REFERENCE.fullmatch(value) if name == "context.userId" else None
    found = reference["id"] if reference else value
    return bool(_ID.fullmatch(found)) and found not in {".", ".."}
