"""From fired rules to an assessment: bounds, outcome, open questions, advice, explanations."""

from cds.assessment.advice import GivenAdvice
from cds.assessment.assessment import INCOMPLETE, OUT_OF_SCOPE, Assessment
from cds.assessment.assessor import Assessor
from cds.assessment.decision import Decision
from cds.assessment.explanation import NearMiss
from cds.assessment.open_questions import OpenFinding
from cds.assessment.support import Support

__all__ = [
    "INCOMPLETE",
    "OUT_OF_SCOPE",
    "Assessment",
    "Assessor",
    "Decision",
    "GivenAdvice",
    "NearMiss",
    "OpenFinding",
    "Support",
]
