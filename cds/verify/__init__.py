"""Verification of packs: cases, coverage, the trace of the evidence."""

from cds.verify.cases import Case, CaseResult, CaseRunner, Coverage, coverage, load_cases, load_patients

__all__ = ["Case", "CaseResult", "CaseRunner", "Coverage", "coverage", "load_cases", "load_patients"]
