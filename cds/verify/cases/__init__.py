"""The cases of a pack: read, run the whole way, and what they cover."""

from cds.verify.cases.case import Case, load_cases, load_patients
from cds.verify.cases.counts import Count, counts
from cds.verify.cases.coverage import Coverage, coverage
from cds.verify.cases.gaps import Gap, gaps
from cds.verify.cases.not_coverable import NotCoverable, load_not_coverable
from cds.verify.cases.run_cases import CaseResult, CaseRunner

__all__ = [
    "Case",
    "CaseResult",
    "CaseRunner",
    "Count",
    "Coverage",
    "Gap",
    "NotCoverable",
    "counts",
    "coverage",
    "gaps",
    "load_cases",
    "load_not_coverable",
    "load_patients",
]
