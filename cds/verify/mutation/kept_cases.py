"""The cases of a pack with what came of them: run once the whole way, then judged again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cds.assessment import Assessment
from cds.engine.reference import Values
from cds.pack import Findings
from cds.verify.cases import Case, CaseResult


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case, the findings of its patient, what the pack says of them, and all ``values``, derived ones too."""

    case: Case
    findings: Findings
    assessment: Assessment
    values: Values


def keep(results: Iterable[CaseResult]) -> tuple[KeptCase, ...]:
    """The cases as they went. Raises ``ValueError`` for one that did not pass: it would kill every mutant."""
    kept = []
    for result in results:
        if result.failures or result.decision is None:
            raise ValueError(f"{result.case.file}:{result.case.line}: {result.case.name}: {result.failures[0]}")
        findings, assessment = result.decision.patient.values, result.decision.assessment
        values: Values = {**findings, **assessment.derived}
        kept.append(KeptCase(result.case, findings, assessment, values))
    return tuple(kept)
