"""What a decision says of each thing that classes of patients are about."""

from __future__ import annotations

from cds.assessment import Decision
from cds.verify.difference.change_class import NO, YES, Kind

NOT_GIVEN = "not-given"
ADVICE = ("advised", "ask-first", "instead", NOT_GIVEN)
"""What may become of a piece of advice."""


def reading(decision: Decision, kind: Kind, subject: str = "") -> str:
    """What the decision says; of advice what the rules say, whether or not the outcome has an advice card."""
    assessment = decision.assessment
    match kind:
        case "level":
            return assessment.level
        case "possible-level":
            return assessment.possible_level
        case "outcome":
            return assessment.outcome
        case "advice":
            return next((one.status for one in assessment.advice if one.advice.id == subject), NOT_GIVEN)
        case "asked":
            return YES if any(one.finding == subject for one in assessment.open_findings) else NO
        case "withholds":
            return YES if subject in assessment.withholding else NO
