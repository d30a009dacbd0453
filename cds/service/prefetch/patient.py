"""Whose a resource is: the record of another patient must never be taken for this one's."""

from __future__ import annotations

from typing import Final

from cds.intake.patient import patient_of
from cds.service.prefetch.state import Resource

_OF_NOBODY: Final = frozenset({"Medication"})
"""Types that say nothing of a patient."""


def of_patient(resources: tuple[Resource, ...], patient: str) -> tuple[Resource, ...]:
    """The resources of ``patient`` (an id), without those of others.

    A server that does not know a search parameter gives those of everybody. Where there are some of others, one that
    does not say whose it is may be theirs too, and is left out.
    """
    named = [whose(one) for one in resources]
    if {None, patient}.issuperset(named):
        return resources
    return tuple(
        one
        for one, found in zip(resources, named, strict=True)
        if found == patient or one.get("resourceType") in _OF_NOBODY
    )


def whose(resource: Resource) -> str | None:
    """The id of the patient that a resource is about, or is; ``None`` where it names none."""
    if resource.get("resourceType") == "Patient":
        key = resource.get("id")
        return key if type(key) is str else None
    subject = resource.get("subject")
    reference = subject.get("reference") if type(subject) is dict else None
    return patient_of(reference) if type(reference) is str else None
