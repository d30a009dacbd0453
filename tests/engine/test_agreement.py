"""The engine and the reference answer alike on random packs and random patients."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.engine import CheckedEvaluator, DurableEngine, EngineFault, EvaluatorDisagreement, ReferenceEvaluator
from cds.pack import FindingValue, Interval, Selection
from cds.pack.condition import Holds
from tests.engine.random_packs import boolean, pack_of, packs, patients, rule_of

PATIENTS = 50
PACKS = int(os.environ.get("CDS_AGREEMENT_PACKS", "400"))
"""400 packs of 50 patients are 20,000 evaluations; ``make soak`` asks for 4,000 packs."""


@settings(max_examples=PACKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_engine_and_reference_agree(data: st.DataObject) -> None:
    pack = data.draw(packs())
    engine, reference = DurableEngine(pack), ReferenceEvaluator(pack)
    try:
        for findings in data.draw(st.lists(patients(pack), min_size=PATIENTS, max_size=PATIENTS)):
            assert engine.evaluate(findings) == reference.evaluate(findings), findings
    finally:
        engine.close()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_bounds_hold_for_every_completion(data: st.DataObject) -> None:
    """What is known stays so, and nothing fires that was not possible, whatever the open answers turn out to be."""
    pack = data.draw(packs())
    reference = ReferenceEvaluator(pack)
    open_findings = data.draw(patients(pack))
    complete = dict(open_findings)
    for name, value in data.draw(patients(pack)).items():
        complete[name] = within(open_findings.get(name), value)
    before, after = reference.evaluate(open_findings), reference.evaluate(complete)
    assert before.known <= after.known
    assert after.possible <= before.possible
    assert pack.rank[after.level] <= pack.rank[before.level], "more answers never lower the certain level"
    assert pack.rank[after.possible_level] >= pack.rank[before.possible_level]


def within(known: FindingValue | None, drawn: FindingValue) -> FindingValue:
    """A value that says more than ``known`` and does not contradict it."""
    if known is None:
        return drawn
    if isinstance(known, Interval):
        return Interval(known.low, known.low)
    if isinstance(known, Selection) and isinstance(drawn, Selection):
        return Selection(known.chosen | (known.open & drawn.chosen), known.open & drawn.open - drawn.chosen)
    return known


def test_a_disagreement_is_an_error_and_names_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")])
    evaluator = CheckedEvaluator(pack)
    assert evaluator.evaluate({"a": True}).level == "emergency"
    wrong = replace(evaluator.evaluate({"a": False}))
    monkeypatch.setattr(ReferenceEvaluator, "evaluate", lambda self, findings: wrong)
    with pytest.raises(EvaluatorDisagreement, match="the two evaluators disagree on: r"):
        evaluator.evaluate({"a": True})


def test_each_thread_has_an_engine_of_its_own() -> None:
    pack = pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")])
    evaluator = CheckedEvaluator(pack)

    def evaluate(number: int) -> bool:
        answer = evaluator.evaluate({"a": number % 2 == 0})
        return answer.level == ("emergency" if number % 2 == 0 else "self-care")

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(evaluate, range(2000)))


def test_what_comes_of_many_is_what_comes_of_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator = CheckedEvaluator(pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")]))
    patients: list[Any] = [{"a": True}, {"a": False}, {}, {"nowhere": True}, {"a": True}]
    *known, undeclared, last = evaluator.evaluate_all(patients)
    assert [*known, last] == [evaluator.evaluate(one) for one in (*patients[:3], patients[4])]
    assert isinstance(undeclared, EngineFault)

    honest, wrong = evaluator.reference.evaluate, evaluator.evaluate({"a": False})

    def broken(findings: Any) -> Any:
        if not findings:
            raise ZeroDivisionError
        return wrong if findings["a"] is True else honest(findings)

    monkeypatch.setattr(evaluator.reference, "evaluate", broken)
    first, second, third = evaluator.evaluate_all(patients[:3])
    assert isinstance(first, EvaluatorDisagreement)
    assert second == wrong
    assert isinstance(third, ZeroDivisionError)
    monkeypatch.undo()
    assert evaluator.evaluate_all([{"a": True}]) == [evaluator.evaluate({"a": True})]


def test_a_fault_that_lasts_costs_one_patient_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator = CheckedEvaluator(pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")]))
    patients: list[Any] = [{"a": number % 2 == 0} for number in range(12)]
    honest = [evaluator.evaluate(one) for one in patients]
    engine, calls, broken = evaluator.engine, 0, False
    evaluate, close = engine._evaluate, engine.close

    def wrong(findings: Any) -> Any:
        nonlocal calls, broken
        calls += 1
        broken = broken or calls == 3
        return replace(evaluate(findings), known=frozenset({"nowhere"})) if broken else evaluate(findings)

    def closed() -> None:
        nonlocal broken
        broken = False
        close()

    monkeypatch.setattr(engine, "_evaluate", wrong)
    monkeypatch.setattr(engine, "close", closed)
    found = evaluator.evaluate_all(patients)
    assert isinstance(found[2], EvaluatorDisagreement)
    assert [*found[:2], *found[3:]] == [*honest[:2], *honest[3:]]
