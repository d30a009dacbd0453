"""Clauses: what they are, and that the truths counted are those of another evaluation of three-valued logic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from operator import eq, ge, gt, le, lt, ne
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from cds.engine import ReferenceEvaluator
from cds.pack import FindingValue, Interval, Selection
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.verify.cases import CaseResult
from cds.verify.cases.clauses import clauses, count_truths
from tests.engine.random_packs import packs, patients

A, B = Holds("a"), Holds("b")
HALF = 0.5
OPERATORS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def test_the_whole_first_and_each_clause_once() -> None:
    inner = AnyOf((A, Not(A)))
    whole = All((inner, B, inner))
    assert clauses(whole) == (whole, inner, A, Not(A), B)
    assert clauses(A) == (A,)
    assert clauses(AtLeast(1, (B, A))) == (AtLeast(1, (B, A)), B, A)


def _grade(condition: Condition, values: Mapping[str, FindingValue | None]) -> float:
    """Kleene logic as arithmetic: false is 0, unknown a half, true 1; *all* is the least, *any* the greatest."""
    match condition:
        case Not(operand):
            return 1 - _grade(operand, values)
        case All(operands):
            return min(_grade(operand, values) for operand in operands)
        case AnyOf(operands):
            return max(_grade(operand, values) for operand in operands)
        case AtLeast(count, operands):
            return sorted((_grade(operand, values) for operand in operands), reverse=True)[count - 1]
        case _:
            value = values.get(condition.finding)
            readings = {True, False} if value is None else _readings(condition, value)
            return HALF if len(readings) == 2 else float(readings.pop())


def _readings(atom: Holds | Compare | IsCode | Includes, value: FindingValue) -> set[bool]:
    """What a statement may be: a range is tried number by number."""
    match atom, value:
        case Holds(), bool():
            return {value}
        case Compare(_, operator, bound), Interval(low, high):
            return {bool(OPERATORS[operator](number, bound)) for number in range(low, high + 1)}
        case IsCode(_, code), str():
            return {value == code}
        case Includes(_, code), Selection(chosen, still_open):
            return {True, False} if code in still_open else {code in chosen}
    raise AssertionError(atom)


def _result(evaluator: ReferenceEvaluator, values: Mapping[str, FindingValue]) -> CaseResult:
    derived = evaluator.evaluate(values).derived
    decision = SimpleNamespace(patient=SimpleNamespace(values=values), assessment=SimpleNamespace(derived=derived))
    return CaseResult(cast(Any, None), cast(Any, decision), ())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_truths_seen_are_those_of_an_independent_evaluation(data: st.DataObject) -> None:
    pack = data.draw(packs())
    drawn = data.draw(st.lists(patients(pack), min_size=1, max_size=6))
    evaluator = ReferenceEvaluator(pack)
    results = [_result(evaluator, values) for values in drawn]
    found = count_truths(pack, results)
    for rule in pack.rules:
        for clause in clauses(rule.when):
            expected: Counter[bool | None] = Counter()
            for result in results:
                decision = cast(Any, result.decision)
                grade = _grade(clause, {**decision.patient.values, **decision.assessment.derived})
                expected[{0.0: False, HALF: None, 1.0: True}[grade]] += 1
            assert found[rule.id, clause] == expected, (rule.id, clause)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_whole_condition_says_whether_the_rule_fires(data: st.DataObject) -> None:
    pack = data.draw(packs())
    values = data.draw(patients(pack))
    evaluator = ReferenceEvaluator(pack)
    evaluation = evaluator.evaluate(values)
    found = count_truths(pack, [_result(evaluator, values)])
    for rule in pack.rules:
        truth = True if rule.id in evaluation.known else None if rule.id in evaluation.possible else False
        assert found[rule.id, rule.when] == {truth: 1}
