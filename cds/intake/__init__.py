"""FHIR in: strict JSON, the response held against its Questionnaire, the chart, findings with provenance.

A pack's parts are compiled once (:class:`ResponseChecker`, :class:`ChartReader`, :class:`FindingReader`) and
then used for any number of patients. Everything that is wrong with an input is an :class:`IntakeError`.
"""

from cds.intake.chart import NO_CHART, ChartReader, ChartReadings, read_chart
from cds.intake.checked import Answer, Answers, CheckedResponse, Quantity
from cds.intake.compose import ComposeError, Composer
from cds.intake.enablement import Enablement, Shown
from cds.intake.faults import FAULTS, Fault, IntakeError
from cds.intake.findings import FindingReader, read_findings
from cds.intake.models import validate_models
from cds.intake.pieces import PieceReader
from cds.intake.plain import PlainReader
from cds.intake.reading import Contradiction, PatientFindings, Reading
from cds.intake.response import ResponseChecker, check_response
from cds.intake.response_types import check_types
from cds.intake.strict_json import Limits, parse_json

__all__ = [
    "FAULTS",
    "NO_CHART",
    "Answer",
    "Answers",
    "ChartReader",
    "ChartReadings",
    "CheckedResponse",
    "ComposeError",
    "Composer",
    "Contradiction",
    "Enablement",
    "Fault",
    "FindingReader",
    "IntakeError",
    "Limits",
    "PatientFindings",
    "PieceReader",
    "PlainReader",
    "Quantity",
    "Reading",
    "ResponseChecker",
    "Shown",
    "check_response",
    "check_types",
    "parse_json",
    "read_chart",
    "read_findings",
    "validate_models",
]
