"""An assessment together with the answers and records it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from cds.assessment.assessment import Assessment
from cds.intake import CheckedResponse, PatientFindings


@dataclass(frozen=True, slots=True)
class Decision:
    """All that cards and explanations are made from.

    ``as_of`` is the FHIR dateTime that ages and durations were counted to (``None`` if the input had none).
    ``digest`` identifies the input, for identifiers that are the same for the same input.
    """

    response: CheckedResponse
    patient: PatientFindings
    assessment: Assessment
    as_of: str | None
    digest: str
    comment_present: bool
