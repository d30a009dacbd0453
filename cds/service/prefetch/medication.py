"""Medications that prescriptions only refer to: without them nobody knows what the patient takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from cds.service.prefetch.state import Resource

_REFERENCE: Final = re.compile(
    r"(?:(.+)/)?(Medication/(?!\.{1,2}(?:/|$))[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?", re.ASCII
)
KINDS: Final = frozenset({"MedicationRequest", "MedicationStatement"})


def unresolved(resources: Iterable[Resource], base: str | None) -> dict[str | None, set[str]]:
    """References to Medications that are not there, as ``Medication/id`` to the resource types that refer to them.

    A reference that cannot be read as one is under ``None``; so is an absolute one that does not lie below ``base``,
    the server of the call: what has the same id there may be another medicine.
    """
    chart = list(resources)
    known = {f"Medication/{one.get('id')}" for one in chart if one.get("resourceType") == "Medication"}
    missing: dict[str | None, set[str]] = {}
    for one in chart:
        kind = one.get("resourceType")
        if type(kind) is not str or kind not in KINDS or "medicationCodeableConcept" in one:
            continue
        reference = one.get("medicationReference")
        text = reference.get("reference") if type(reference) is dict else None
        if reference is None or (type(text) is str and text.startswith("#")):
            continue
        match = _REFERENCE.fullmatch(text) if type(text) is str else None
        found = match[2] if match and match[1] in (None, base) else None
        if found not in known:
            missing.setdefault(found, set()).add(kind)
    return missing
