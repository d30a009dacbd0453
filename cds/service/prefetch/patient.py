"""Whose a resource is: the data of another patient must never be taken for this one's."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from cds.service.prefetch.state import Resource

_REFERENCE: Final = re.compile(r"(?:(.+)/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?", re.ASCII)
_OF_NOBODY: Final = frozenset({"Medication"})
"""Types that say nothing of a patient."""


class Whose(Enum):
    """What a resource says of whose it is."""

    OWN = "own"
    OTHER = "other"
    SILENT = "silent"
    """It does not say."""
    UNCLEAR = "unclear"
    """It says so in a way that cannot be compared: by an identifier, inside a Bundle, on another server."""


class Patient(NamedTuple):
    """The patient of a call: the id, and the base address of the server that the id belongs to, if it is known.

    An absolute reference is to this patient only below that base: another server may give the same id to somebody else.
    """

    id: str
    base: str | None = None

    def whose(self, resource: Resource) -> Whose:
        """Whose a resource is, by its subject; a Patient by its own id."""
        if resource.get("resourceType") == "Patient":
            key = resource.get("id")
            return Whose.SILENT if key is None else Whose.OWN if key == self.id else Whose.OTHER
        if "subject" not in resource:
            return Whose.SILENT
        subject = resource["subject"]
        reference = subject.get("reference") if type(subject) is dict else None
        match = _REFERENCE.fullmatch(reference) if type(reference) is str else None
        if match is None:
            return Whose.UNCLEAR
        if match[1] is not None and match[1] != self.base:
            return Whose.UNCLEAR
        return Whose.OWN if match[2] == self.id else Whose.OTHER

    def chart_of(self, resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """The resources that may be used: this patient's, and silent ones unless there are some of others among them.

        A server that does not know a search parameter gives those of everybody.
        """
        named = [Whose.OWN if one.get("resourceType") in _OF_NOBODY else self.whose(one) for one in resources]
        usable = {Whose.OWN} if Whose.OTHER in named else {Whose.OWN, Whose.SILENT}
        return tuple(one for one, whose in zip(resources, named, strict=True) if whose in usable)
