"""Patients on the FHIR server of an EHR."""

from __future__ import annotations

from itertools import count
from typing import Final

from tests.service.clients.case import Case, case
from tests.service.clients.ehr import Ehr

CALM: Final = "self-care-over-65"
URGENT: Final = "emergency-saddle-numbness"
CHARTED: Final = "emergency-sickle-trait"
"""An emergency only with the chart: the answers alone are incomplete."""
TREATED: Final = "emergency-fever-immunosuppressed"
"""An emergency because of a prescription."""
_NUMBERS = count()


def new(name: str, days: int = 0) -> Case:
    """A fixture (see :func:`case`) with a patient whom no server knows yet; the response has an id of its own too."""
    one = case(name, f"patient-{next(_NUMBERS)}", days)
    return one._replace(response=one.response | {"id": f"{one.patient}-r"})


def on_file(server: Ehr, one: Case) -> Case:
    """Store a patient, the chart and the response."""
    if "patient" not in one.chart:
        one.chart["patient"] = [{"resourceType": "Patient", "id": one.patient}]
    server.put(*one.resources, one.response)
    return one
