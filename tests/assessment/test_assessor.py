"""Outcome, bounds, withholding, scope."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Assessor
from cds.engine import EngineFault
from cds.pack import Findings, Pack, PackError, Rule
from cds.pack.condition import All, Condition, Holds
from cds.pack.finding import Finding
from tests.engine.random_packs import LEVELS, TEXT, boolean, pack_of, packs, patients, rule_of

A, B = Holds("a"), Holds("b")


def _finding(name: str, unanswered: Any) -> Finding:
    return boolean(name).model_copy(update={"unanswered": unanswered})


def _assessor(rules: list[Rule], a: str = "escalate", b: str = "ask") -> Assessor:
    return Assessor(pack_of([_finding("a", a), _finding("b", b)], rules))


def _scope(when: Condition, **then: Any) -> Rule:
    return rule_of("scope", when, out_of_scope="elsewhere", reason=TEXT, **then)


@pytest.mark.parametrize(
    ("values", "outcome", "level", "possible"),
    [
        ({"a": False}, "self-care", "self-care", "self-care"),
        ({"a": True}, "emergency", "emergency", "emergency"),
        ({}, INCOMPLETE, "self-care", "emergency"),
    ],
)
def test_an_unanswered_escalate_finding_withholds_self_care(
    values: Findings, outcome: str, level: str, possible: str
) -> None:
    assessment = _assessor([rule_of("r", A, level="emergency")]).assess(values)
    assert (assessment.outcome, assessment.level, assessment.possible_level) == (outcome, level, possible)
    assert assessment.withholding == (("a",) if outcome == INCOMPLETE else ())


@pytest.mark.parametrize(("level", "given"), [("emergency", True), ("same-day", True), ("routine", False)])
def test_an_urgent_level_is_never_held_back(level: str, given: bool) -> None:
    rules = [rule_of("r1", B, level=level), rule_of("r2", A, level="emergency")]
    assessment = _assessor(rules).assess({"b": True})
    assert assessment.level == level
    assert assessment.outcome == (level if given else INCOMPLETE)


@pytest.mark.parametrize(("policy", "open_", "outcome"), [("ask", ["a"], "self-care"), ("ignore", [], "self-care")])
def test_ask_and_ignore_do_not_withhold(policy: str, open_: list[str], outcome: str) -> None:
    assessment = _assessor([rule_of("r", A, level="emergency")], a=policy).assess({})
    assert [gap.finding for gap in assessment.open_findings] == open_
    assert (assessment.outcome, assessment.possible_level) == (outcome, "emergency")


def test_an_escalate_finding_that_can_change_nothing_does_not_withhold() -> None:
    assessment = _assessor([rule_of("r", All((A, B)), level="emergency")]).assess({"b": False})
    assert (assessment.outcome, assessment.open_findings) == ("self-care", ())


def test_out_of_scope_is_the_outcome_unless_other_rules_ask_for_more() -> None:
    rules = [_scope(B), rule_of("r", A, level="same-day")]
    assert _assessor(rules).assess({"a": False, "b": True}).outcome == OUT_OF_SCOPE
    urgent = _assessor(rules).assess({"a": True, "b": True})
    assert (urgent.outcome, urgent.out_of_scope) == ("same-day", ("elsewhere",))


def test_a_scope_rule_may_give_a_level_of_its_own() -> None:
    rules = [_scope(B, level="same-day"), rule_of("r", A, level="routine")]
    assessment = _assessor(rules).assess({"a": True, "b": True})
    assert (assessment.outcome, assessment.level) == (OUT_OF_SCOPE, "same-day")


def test_an_open_red_flag_comes_before_out_of_scope() -> None:
    assessment = _assessor([_scope(B), rule_of("r", A, level="emergency")]).assess({"b": True})
    assert (assessment.outcome, assessment.out_of_scope) == (INCOMPLETE, ("elsewhere",))


def test_an_engine_fault_is_not_an_assessment(monkeypatch: pytest.MonkeyPatch) -> None:
    assessor = _assessor([rule_of("r", A, level="emergency")])

    def fail(_: Findings) -> None:
        raise EngineFault("x")

    monkeypatch.setattr(assessor.evaluator, "evaluate", fail)
    with pytest.raises(EngineFault):
        assessor.assess({"a": False})


def _compiled(pack: Pack) -> Assessor:
    """The assessor of a drawn pack; one with too many products is refused when it is loaded, and assesses nobody."""
    try:
        return Assessor(pack)
    except PackError:
        reject()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_more_answer_never_hides_urgency(data: st.DataObject) -> None:
    """Whatever is left out, the certain level is at most as urgent, and the possible level at least."""
    pack: Pack = data.draw(packs(max_rules=6))
    assessor = _compiled(pack)
    answered = data.draw(patients(pack))
    left_out = data.draw(st.sets(st.sampled_from(sorted(answered)))) if answered else set()
    fewer = {name: value for name, value in answered.items() if name not in left_out}
    full, partial = assessor.assess(answered), assessor.assess(fewer)
    assert pack.rank[partial.possible_level] <= pack.rank[full.level]
    assert pack.rank[partial.level] >= pack.rank[full.level]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_self_care_is_never_given_while_an_escalate_finding_could_raise_it(data: st.DataObject) -> None:
    drawn: Pack = data.draw(packs(max_rules=6))
    findings = [
        finding if finding.derived else finding.model_copy(update={"unanswered": "escalate"})
        for finding in drawn.findings.values()
    ]
    pack = pack_of(findings, list(drawn.rules))
    values = data.draw(patients(pack))
    assessment = _compiled(pack).assess(values)
    if assessment.outcome == LEVELS[-1]:
        for extra in data.draw(st.lists(patients(pack), max_size=5)):
            completed = Assessor(pack).evaluator.evaluate({**extra, **values})
            assert completed.level == LEVELS[-1]
