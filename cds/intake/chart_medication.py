"""Which medicine a prescription or a statement of the chart is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from cds.intake.chart_types import SHAPES, Entry
from cds.intake.coding import named
from cds.intake.faults import Fault, fault
from cds.intake.type_problem import as_faults

_MEDICATION: Final = re.compile(
    r"(?:(?P<base>[A-Za-z]+://.*)/)?(?P<relative>Medication/[A-Za-z0-9\-.]{1,64})", re.ASCII
)
_Codings = tuple[dict[str, Any], ...]


class Medications:
    """The Medications of one chart by their addresses.

    One that is ``broken`` says nothing, and what refers to it cannot be read.
    """

    def __init__(self, sound: Iterable[Entry], broken: Iterable[Entry]) -> None:
        self._by_url: dict[str, list[dict[str, Any] | None]] = {}
        self._by_id: dict[str, list[dict[str, Any] | None]] = {}
        self._without_url: dict[str, list[dict[str, Any] | None]] = {}
        for entries, is_sound in ((sound, True), (broken, False)):
            for _, resource, url in entries:
                if resource["resourceType"] != "Medication":
                    continue
                found = resource if is_sound else None
                address = f"Medication/{resource.get('id')}"
                self._by_id.setdefault(address, []).append(found)
                if url is not None:
                    self._by_url.setdefault(url, []).append(found)
                if url is None or url.startswith("urn:"):
                    self._without_url.setdefault(address, []).append(found)

    def read(self, path: str, resource: dict[str, Any]) -> tuple[_Codings, list[Fault]]:
        """The codings of what is taken, in the resource or in what it refers to, and the faults of what it refers to.

        A reference finds its Medication by ``fullUrl``, by type and id if it is relative, or if that Medication does
        not say on which server it is. Where several are meant, all count.
        """
        own = named(resource.get("medicationCodeableConcept"))
        reference = resource.get("medicationReference", {}).get("reference")
        if own or reference is None:
            return own, []
        if not reference.startswith("#"):
            found = self._known(reference.partition("/_history/")[0])
            codings = tuple(coding for one in found if one is not None for coding in named(one.get("code")))
            return codings, [no_code(path)] if None in found else []
        contained = {f"#{one.get('id')}": one for one in resource.get("contained", ())}
        medication = contained.get(reference, {})
        if problems := SHAPES["Medication"](medication):
            return (), as_faults(f"{path}.contained", medication, problems)
        return named(medication.get("code")), []

    def _known(self, reference: str) -> list[dict[str, Any] | None]:
        if reference in self._by_url:
            return self._by_url[reference]
        match = _MEDICATION.fullmatch(reference)
        if match is None:
            return []
        known = self._without_url if match["base"] else self._by_id
        return known.get(match["relative"], [])


def no_code(path: str) -> Fault:
    """The fault of a prescription that does not say what is taken."""
    return fault("no-code", f"{path}.medication")
