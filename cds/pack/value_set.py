"""Value sets of a pack (``codes/ValueSet-<id>.json``), as sets of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ValueSets = Mapping[str, frozenset[tuple[str, str]]]
"""Value set id to its ``(system, code)`` pairs."""


def codes_of(resource: Any) -> frozenset[tuple[str, str]]:
    """The codes that a ValueSet lists in ``compose.include``.

    Raises ``ValueError`` for anything that is not a plain list of codes (filters, imports, exclusions).
    """
    if not isinstance(resource, dict) or resource.get("resourceType") != "ValueSet":
        raise ValueError("this is not a FHIR ValueSet")
    compose = resource.get("compose")
    if not isinstance(compose, dict) or not isinstance(compose.get("include"), list) or "exclude" in compose:
        raise ValueError("a ValueSet must list its codes in compose.include")
    found: set[tuple[str, str]] = set()
    for include in compose["include"]:
        if not isinstance(include, dict) or {"filter", "valueSet"} & include.keys():
            raise ValueError("compose.include must list codes: filter and valueSet are not supported")
        system, concepts = include.get("system"), include.get("concept")
        if not isinstance(concepts, list) or not concepts:
            raise ValueError("each include must list at least one concept: a whole code system is not supported")
        for concept in concepts:
            code = concept.get("code") if isinstance(concept, dict) else None
            if not isinstance(system, str) or not isinstance(code, str):
                raise ValueError("each code of a ValueSet needs a system and a code")  # noqa: TRY004 - a fault of data
            found.add((system, code))
    if not found:
        raise ValueError("a ValueSet must list at least one code")
    return frozenset(found)
