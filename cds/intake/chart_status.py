"""Which resources of the chart say that something is so, and which that it was."""

from __future__ import annotations

from typing import Any, Final

_CLINICAL: Final = ("http://terminology.hl7.org/CodeSystem/condition-clinical", "")
_VERIFICATION: Final = ("http://terminology.hl7.org/CodeSystem/condition-ver-status", "")
_PAST: Final = frozenset({"inactive", "remission", "resolved"})
_REFUTED: Final = frozenset({"refuted", "entered-in-error"})
_NOT_TAKEN: Final = frozenset({"entered-in-error", "cancelled", "stopped", "completed", "not-taken", "draft"})


def counts(kind: str, resource: dict[str, Any]) -> bool:
    """Whether the resource says that something is so; a missing status counts, which is safer."""
    if kind == "Condition":
        return not _has(resource.get("verificationStatus", {}), _VERIFICATION, _REFUTED)
    if kind == "Observation":
        return True
    return resource.get("status") not in _NOT_TAKEN and resource.get("doNotPerform") is not True


def is_past(condition: dict[str, Any]) -> bool:
    """Whether a Condition is over or at rest by its clinical status."""
    return _has(condition.get("clinicalStatus", {}), _CLINICAL, _PAST)


def _has(concept: dict[str, Any], systems: tuple[str, ...], codes: frozenset[str]) -> bool:
    found = concept.get("coding", ())
    return any(coding.get("system", "") in systems and coding.get("code") in codes for coding in found)
