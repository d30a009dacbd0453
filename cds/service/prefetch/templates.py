"""What a pack needs from the record, as prefetch templates: its responses, and the parts of the chart that it reads.

Only what the CDS Hooks specification recommends is used: reads, searches by reference and token, ``_sort``, ``_count``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from cds.pack import Pack

RESPONSE_KEY: Final = "questionnaireResponse"
_KEYS: Final = {
    "Patient": "patient",
    "Condition": "conditions",
    "MedicationRequest": "medicationRequests",
    "MedicationStatement": "medicationStatements",
    "Observation": "observations",
}
KINDS: Final[Mapping[str, str]] = {key: kind for kind, key in _KEYS.items()}
"""Prefetch key to the resource type that it gives."""
_RESPONSES: Final = 10
_PAGE: Final = 200


def templates(pack: Pack) -> dict[str, str]:
    """Prefetch key to FHIR query. Minimum necessary: only the types, and of measurements only the codes, it reads."""
    sources = [source for finding in pack.findings.values() for source in finding.chart]
    kinds = {source.resource for source in sources}
    found = {RESPONSE_KEY: response_template(pack)}
    for kind, key in _KEYS.items():
        if kind not in kinds:
            continue
        if kind == "Patient":
            found[key] = "Patient/{{context.patientId}}"
        elif kind == "Observation":
            sets = [source.value_set for source in sources if source.resource == kind]
            codes = sorted({coding for name in sets for coding in pack.value_sets[name or ""]})
            wanted = ",".join(f"{quote(system, safe=':/')}|{quote(code, safe='')}" for system, code in codes)
            found[key] = f"Observation?patient={{{{context.patientId}}}}&code={wanted}&_sort=-date&_count={_PAGE}"
        else:
            found[key] = f"{kind}?patient={{{{context.patientId}}}}&_count={_PAGE}"
    return found


def response_template(pack: Pack) -> str:
    """The query for the newest responses. Several are asked for, as servers order those without a time as they like."""
    url = quote(pack.questionnaire.url, safe=":/")
    return (
        f"QuestionnaireResponse?patient={{{{context.patientId}}}}&questionnaire={url}"
        f"&status=completed,amended&_sort=-authored&_count={_RESPONSES}"
    )
