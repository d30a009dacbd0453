"""The code systems that a pack may use, and the form of their codes."""

from __future__ import annotations

import re
from typing import Final

_ANY: Final = re.compile(r"\S+( \S+)*")

FORMS: Final[dict[str, re.Pattern[str]]] = {
    "http://snomed.info/sct": re.compile(r"[1-9]\d{5,17}"),
    "http://loinc.org": re.compile(r"\d{1,7}-\d|L[APL]\d{1,7}-\d"),
    "http://hl7.org/fhir/sid/icd-10-cm": re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?"),
    "http://hl7.org/fhir/sid/icd-10": re.compile(r"[A-Z]\d\d(\.\d{1,2})?"),
    "http://hl7.org/fhir/sid/icd-9-cm": re.compile(r"(\d{3}|V\d\d|E\d{3})(\.\d{1,2})?"),
    "http://id.who.int/icd/release/11/mms": re.compile(r"[0-9A-Z]{4}(\.[0-9A-Z]{1,2})?([&/][0-9A-Z.]+)*"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": re.compile(r"[1-9]\d{0,7}"),
    "http://www.whocc.no/atc": re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?"),
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[0-9A-Z]"),
    "http://hl7.org/fhir/sid/ndc": re.compile(r"\d{4,5}-\d{3,4}-\d{1,2}|\d{10,11}"),
    "http://hl7.org/fhir/sid/cvx": re.compile(r"\d{1,3}"),
    "http://hl7.org/fhir/sid/icpc-2": re.compile(r"[A-Z]\d\d"),
    "http://unitsofmeasure.org": re.compile(r"\S+"),
    "urn:iso:std:iso:3166": re.compile(r"[A-Z]{2,3}|\d{3}"),
    "urn:ietf:bcp:47": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*"),
}
"""System to the form of its codes, as FHIR R4's page on code systems names the systems. Whether a code exists, only
the terminology itself can tell."""

_FAMILIES: Final = ("http://terminology.hl7.org/CodeSystem/", "http://hl7.org/fhir/")
"""What HL7 publishes: any system under these, with codes of any form."""


def form_of(system: str, own: str) -> re.Pattern[str] | None:
    """The form of the codes of a system; ``None`` for a system that is neither known nor under the pack's ``own``."""
    if system in FORMS:
        return FORMS[system]
    known = system.startswith(_FAMILIES) and not system.startswith("http://hl7.org/fhir/sid/")
    return _ANY if known or system.startswith(f"{own}/") else None
