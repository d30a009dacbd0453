"""A response held against the R4B models of fhir.resources, as a second opinion on its structure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from cds.intake.faults import IntakeError, fault
from cds.intake.response_types import ROOT
from cds.intake.type_problem import path_of


def validate_models(resource: Any) -> None:
    """Check a QuestionnaireResponse with fhir.resources, after :func:`check_types`.

    Raises :class:`IntakeError`; the messages name the kind of error and its place, never the value.
    """
    # Slow to import: only when it is used.
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse  # noqa: PLC0415

    try:
        QuestionnaireResponse.model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = dict.fromkeys((entry["type"], path_of(ROOT, entry["loc"])) for entry in found)
        raise IntakeError(fault("model", path, type=kind) for kind, path in places) from None
