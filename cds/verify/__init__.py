"""Verification of packs: cases, coverage, the trace of the evidence."""

from cds.verify.case import Case, load_cases, load_patients
from cds.verify.coverage import Coverage, coverage
from cds.verify.run_cases import CaseResult, CaseRunner

__all__ = ["Case", "CaseResult", "CaseRunner", "Coverage", "coverage", "load_cases", "load_patients"]
