"""What a run writes about each response: an assessment as one flat record, or a refusal as an OperationOutcome."""

from __future__ import annotations

from typing import Any

from cds.assessment import Decision
from cds.pack import Pack


def assessment_record(pack: Pack, source: str, decision: Decision, chart: int, whole: bool) -> dict[str, Any]:
    """One assessment. The same input gives the same record.

    ``chart`` is of how many resources the chart was; ``whole`` is false if it may have been more.
    """
    assessment = decision.assessment
    return {
        "source": source,
        "response": decision.response.id,
        "subject": decision.response.subject,
        "as_of": decision.as_of,
        "pack": f"{pack.id}|{pack.version}",
        "outcome": assessment.outcome,
        "level": assessment.level,
        "possible_level": assessment.possible_level,
        "out_of_scope": list(assessment.out_of_scope),
        "fired": [rule.id for rule in assessment.fired],
        "undecided": [rule.id for rule in assessment.undecided],
        "open": [gap.finding for gap in assessment.open_findings],
        "withholding": list(assessment.withholding),
        "advice": [given.advice.id for given in assessment.advice if given.status == "advised"],
        "ask_first": [given.advice.id for given in assessment.advice if given.status == "ask-first"],
        "contradictions": [entry.finding for entry in decision.patient.contradictions],
        "chart": chart,
        "chart_whole": whole,
    }


def refusal(source: str, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """An OperationOutcome; each fault has its path in the resource (or none) and what is wrong with it."""
    issues = []
    for path, message in faults:
        issue: dict[str, Any] = {"severity": "error", "code": "invalid", "diagnostics": f"{source}: {message}"}
        if path:
            issue["expression"] = [path]
        issues.append(issue)
    return {"resourceType": "OperationOutcome", "issue": issues}
