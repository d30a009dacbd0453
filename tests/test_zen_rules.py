"""zen-engine, an engine that nobody here wrote, fires the rules that the reference does."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.batch.zen_rules import ZenEvaluator
from cds import default_pack, load_pack
from cds.engine import ReferenceEvaluator
from cds.pack import Findings, FindingValue, Interval, Pack, Selection
from cds.pack.finding import Finding
from tests.engine.random_packs import packs, patients

PATIENTS = 100


def test_on_the_shipped_pack() -> None:
    draw, pack = Random(1), load_pack(default_pack())
    zen, reference = ZenEvaluator(pack), ReferenceEvaluator(pack)
    levels, complete = set(), set()
    for _ in range(PATIENTS):
        patient = _patient(pack, draw)
        answer = zen.evaluate(patient)
        assert answer == reference.evaluate(patient)
        levels.add(answer.level)
        complete.add(zen.context(patient)[1])
    assert len(levels) > 2
    assert complete == {True, False}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_on_random_packs(data: st.DataObject) -> None:
    pack = data.draw(packs())
    zen, reference = ZenEvaluator(pack), ReferenceEvaluator(pack)
    for _ in range(4):
        patient = data.draw(patients(pack))
        assert zen.evaluate(patient) == reference.evaluate(patient)


def _patient(pack: Pack, draw: Random) -> Findings:
    """Mostly negative answers; some patients skipped many questions, and of some nothing is open."""
    skipped = draw.choice((0.0, 0.05, 0.5))
    asked = [finding for finding in pack.findings.values() if not finding.derived]
    return {finding.id: _value(finding, draw, skipped) for finding in asked if draw.random() >= skipped}


def _value(finding: Finding, draw: Random, unsure: float) -> FindingValue:
    match finding.type:
        case "boolean":
            return draw.random() < 0.15
        case "integer":
            low, high = sorted(draw.randint(finding.low, finding.high) for _ in range(2))
            return Interval(low, high if draw.random() < unsure else low)
        case "code":
            return draw.choice(sorted(finding.code_ids))
        case "codes":
            unsure_codes = frozenset(code for code in sorted(finding.code_ids) if draw.random() < unsure)
            chosen = frozenset(code for code in sorted(finding.code_ids) if draw.random() < 0.3)
            return Selection(chosen - unsure_codes, unsure_codes)
