"""The cases of a pack: read, run the whole way, and what they cover."""

from cds.verify.cases.case import Case, load_cases, load_patients
from cds.verify.cases.coverage import Coverage, coverage
from cds.verify.cases.run_cases import CaseResult, CaseRunner

__all__ = ["Case", "CaseResult", "CaseRunner", "Coverage", "coverage", "load_cases", "load_patients"]
