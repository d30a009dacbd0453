"""How the evaluators' time grows with the number of rules, on random packs from a fixed seed."""

from __future__ import annotations

import random

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from cds.engine import DurableEngine, ReferenceEvaluator
from cds.pack import Findings, Interval, Pack
from cds.pack.condition import All, AnyOf, Compare, Condition, Holds, Not
from tests.engine.random_packs import LEVELS, boolean, integer, pack_of, rule_of

SIZES = (30, 100, 300, 1000)


def random_pack(size: int) -> Pack:
    """``size`` rules of two to four statements over as many findings, a tenth of them chained by derived ones."""
    draw = random.Random(size)
    base = [boolean(f"b{index}") for index in range(size)] + [integer(f"i{index}") for index in range(size // 10)]
    derived = [boolean(f"d{index}", derived=True) for index in range(size // 10)]

    def statement(chained: bool) -> Condition:
        finding = draw.choice(base + derived if chained else base)
        if finding.type == "integer":
            return Compare(finding.id, draw.choice((">=", "<=")), draw.randint(1, 8))
        return Holds(finding.id) if draw.random() < 0.8 else Not(Holds(finding.id))

    def condition(chained: bool) -> Condition:
        parts = tuple(statement(chained) for _ in range(draw.randint(2, 4)))
        return All(parts) if draw.random() < 0.7 else AnyOf(parts)

    concluding = [rule_of(f"c{index}", condition(False), conclude=finding.id) for index, finding in enumerate(derived)]
    rest = range(size - len(concluding))
    return pack_of(
        base + derived,
        concluding + [rule_of(f"r{index}", condition(True), level=draw.choice(LEVELS)) for index in rest],
    )


def random_patient(pack: Pack) -> Findings:
    """Mostly negative answers, all of them given, as from most patients."""
    draw = random.Random(1)
    return {
        name: draw.random() < 0.15 if finding.type == "boolean" else Interval(*[draw.randint(0, 9)] * 2)
        for name, finding in pack.findings.items()
        if not finding.derived
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("evaluator", [DurableEngine, ReferenceEvaluator])
def test_evaluator(
    benchmark: BenchmarkFixture, evaluator: type[DurableEngine] | type[ReferenceEvaluator], size: int
) -> None:
    pack = random_pack(size)
    compiled, patient = evaluator(pack), random_patient(pack)
    assert DurableEngine(pack).evaluate(patient) == ReferenceEvaluator(pack).evaluate(patient)
    benchmark.extra_info.update(evaluator=evaluator.__name__, size=size)
    benchmark(compiled.evaluate, patient)
