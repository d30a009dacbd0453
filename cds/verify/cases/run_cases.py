"""Cases run the whole way: a response is composed, checked against the Questionnaire, and evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cds.assessment import Assessment, Decision
from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import ChartReadings, ComposeError, Composer, IntakeError, Reading, ResponseChecker, parse_json
from cds.verify.cases.case import Case, Expectation

_NOON: Final = "T12:00:00Z"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went: no ``failures`` means passed. ``decision`` is ``None`` if the case could not be evaluated."""

    case: Case
    decision: Decision | None
    failures: tuple[str, ...]


class CaseRunner:
    """Runs cases against one pack."""

    def __init__(self, support: DecisionSupport) -> None:
        self._support = support
        self._pack = support.pack
        self._composer = Composer(support.pack.questionnaire, support.pack.findings)
        self._checker = ResponseChecker(support.pack.questionnaire)

    def run(self, case: Case) -> CaseResult:
        """Run one case."""
        try:
            decision = self._decide(case)
        except (ComposeError, IntakeError, EngineFault, OSError) as error:
            return CaseResult(case, None, (f"could not be evaluated: {error}",))
        return CaseResult(case, decision, tuple(failures(case.expect, decision.assessment)))

    def _decide(self, case: Case) -> Decision:
        authored = case.as_of or f"{self._pack.header.effective.isoformat()}{_NOON}"
        if case.response is not None:
            resource = parse_json(case.response.read_bytes())
        else:
            resource = self._composer.compose(case.values, authored, droppable=case.inherited)
        checked = self._checker.check(resource)
        recorded = {name: (Reading("chart", "recorded", value, resource="case"),) for name, value in case.chart.items()}
        return self._support.decide_checked(checked, ChartReadings(recorded, None), case.as_of, case.name)


def failures(expect: Expectation, assessment: Assessment) -> Iterator[str]:
    """What differs from the expectation, a sentence each."""
    for key in ("outcome", "level", "possible_level"):
        wanted, found = getattr(expect, key), getattr(assessment, key)
        if wanted is not None and wanted != found:
            yield f"{key} is {found}, expected {wanted}"
    fired = {rule.id for rule in assessment.fired}
    undecided = {rule.id for rule in assessment.undecided}
    opened = {gap.finding for gap in assessment.open_findings}
    advice = {given.advice.id: given.status for given in assessment.advice}
    advised = {name for name, status in advice.items() if status == "advised"}
    asked = {name for name, status in advice.items() if status == "ask-first"}
    checks = (
        (expect.fires, fired, True, "rule {} should fire"),
        (expect.does_not_fire, fired | undecided, False, "rule {} should not fire, and not be open"),
        (expect.could_fire, undecided, True, "rule {} should be open (could fire)"),
        (expect.advice, advised, True, "advice {} should be given"),
        (expect.no_advice, advised, False, "advice {} should not be given"),
        (expect.ask_first, asked, True, "advice {} should be 'ask first'"),
        (expect.open, opened, True, "{} should be among the open questions"),
        (expect.not_open, opened, False, "{} should not be among the open questions"),
        (expect.withholds, set(assessment.withholding), True, "{} should withhold a level"),
    )
    for names, found, wanted_in, sentence in checks:
        for name in names:
            if (name in found) is not wanted_in:
                yield sentence.format(name)
