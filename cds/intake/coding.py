"""Codings of the chart that name something, and those that only say that nothing is known."""

from __future__ import annotations

from typing import Any, Final

_NULL_SYSTEMS: Final = frozenset(
    {
        "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
        "http://hl7.org/fhir/v3/NullFlavor",
        "urn:oid:2.16.840.1.113883.5.1008",
        "http://terminology.hl7.org/CodeSystem/data-absent-reason",
        "http://hl7.org/fhir/data-absent-reason",
    }
)
_NULL_CODES: Final = frozenset({("http://loinc.org", "LA4489-6"), ("http://snomed.info/sct", "261665006")})
"""The words "unknown" of LOINC and of SNOMED CT."""


def named(concept: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
    """The codings of a CodeableConcept that have a system and a code, and do not stand for "unknown"."""
    return tuple(
        coding
        for coding in (concept or {}).get("coding", ())
        if "system" in coding
        and "code" in coding
        and coding["system"] not in _NULL_SYSTEMS
        and (coding["system"], coding["code"]) not in _NULL_CODES
    )
