"""Formulas, reference evaluator and rules engine say the same of thousands of random patients, answers and chart.

The patients are composed as FHIR and read by the intake, so the formulas are held to it as well: they take just the
patients that it takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.decision_support import DecisionSupport
from cds.engine import ReferenceEvaluator
from cds.pack import Findings, Pack, load_pack
from cds.pack.condition import AnyOf, AtLeast, Condition
from cds.pack.finding import Finding
from cds.verify.encoding import Rules, SymbolicPatient, rules
from cds.verify.encoding.kleene import disjunction, is_true
from tests.cli.running import ROOT
from tests.engine.random_packs import packs, patients
from tests.pack.overlay import MINIMAL
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.encoding.constant import value_of
from tests.verify.encoding.drawing import Drawing
from tests.verify.encoding.reading import FormulaReading, ProgramReading, Told, outcomes, told
from tests.verify.proofs.tiny_pack import TinySupport

BACK, ANKLE = ROOT / "rules" / "exercise-low-back-pain", ROOT / "rules" / "ottawa-ankle"
EACH = 500
SEEDS = [*((BACK, seed) for seed in range(20)), *((pack, seed) for pack in (ANKLE, MINIMAL) for seed in range(3))]
BY_Z3 = 100
"""Of so many patients one is also read by z3 itself: the translation to Python is not to be trusted alone."""


@cache
def _readings(folder: Path) -> tuple[SymbolicPatient, FormulaReading, ProgramReading]:
    pack = load_pack(folder)
    patient = SymbolicPatient(pack)
    return patient, FormulaReading(patient, _rules(pack, patient)), ProgramReading(DecisionSupport(pack))


def _rules(pack: Pack, patient: SymbolicPatient) -> Rules:
    return Rules(pack, lambda atom: patient.values[atom.finding].reads(atom))


@pytest.mark.parametrize(("folder", "seed"), SEEDS, ids=lambda value: getattr(value, "name", value))
def test_all_readings_agree(folder: Path, seed: int) -> None:
    patient, formulas, programs = _readings(folder)
    drawing = Drawing(patient, seed)
    seen: Counter[object] = Counter()
    for number in range(EACH):
        facts = drawing.draw()
        read = formulas.read(facts)
        assert read == programs.read(facts), facts
        if number % BY_Z3 == 0:
            assert read == formulas.read_by_z3(facts)
        seen.update([read.level, len(read.known) < len(read.possible)] if read else [None])
    assert 0 < seen[None] < EACH // 4, "some patients are refused, most are not"
    assert seen[True] > EACH // 10, "for many something is undecided"
    assert set(seen) > {level.id for level in patient.pack.levels}


@cache
def _all_kinds() -> tuple[SymbolicPatient, FormulaReading, ProgramReading]:
    pack = all_kinds()
    patient = SymbolicPatient(pack)
    return patient, FormulaReading(patient, _rules(pack, patient)), ProgramReading(TinySupport(pack))


@pytest.mark.parametrize("seed", range(4))
def test_readings_agree_on_every_kind_of_question(seed: int) -> None:
    """Quantities, dates, several sources, gates on numbers: what no shipped pack has."""
    patient, formulas, programs = _all_kinds()
    drawing = Drawing(patient, seed)
    taken = 0
    for _ in range(EACH):
        facts = drawing.draw()
        read = formulas.read(facts)
        assert read == programs.read(facts), facts
        taken += read is not None
    assert EACH // 3 < taken < EACH


def _first_difference(patient: SymbolicPatient, formulas: FormulaReading, programs: ProgramReading) -> int | None:
    drawing = Drawing(patient, 0)
    for number in range(300):
        facts = drawing.draw()
        if formulas.read(facts) != programs.read(facts):
            return number
    return None


def test_a_wrong_encoding_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    patient, formulas, programs = _readings(BACK)
    assert _first_difference(patient, formulas, programs) is None
    monkeypatch.setattr(rules, "conjunction", disjunction)
    assert _first_difference(patient, FormulaReading(patient, _rules(patient.pack, patient)), programs) is not None


def _counted(condition: Condition) -> Condition | None:
    """The condition with one more statement asked for, where it counts."""
    if isinstance(condition, AtLeast) and condition.count < len(condition.operands):
        return AtLeast(condition.count + 1, condition.operands)
    return AtLeast(2, condition.operands) if isinstance(condition, AnyOf) and len(condition.operands) > 2 else None


def test_a_rule_read_wrongly_is_noticed() -> None:
    """One threshold that is one too high, in one rule at a time."""
    patient, _, programs = _readings(MINIMAL)
    altered = 0
    for index, rule in enumerate(patient.pack.rules):
        when = _counted(rule.when)
        if when is None:
            continue
        altered += 1
        others = patient.pack.rules
        pack = replace(patient.pack, all_rules=(*others[:index], replace(rule, when=when), *others[index + 1 :]))
        formulas = FormulaReading(patient, _rules(pack, patient))
        assert _first_difference(patient, formulas, programs) is not None, rule.id
    assert altered


def test_a_finding_read_wrongly_is_noticed() -> None:
    """A chart that does not count."""
    patient, _, programs = _readings(BACK)
    pack = patient.pack
    without: dict[str, Finding] = {
        name: finding.model_copy(update={"chart": []}) for name, finding in pack.findings.items()
    }
    deaf = SymbolicPatient(replace(pack, findings=without))
    assert _first_difference(patient, FormulaReading(deaf, _rules(pack, deaf)), programs) is not None


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_rules_over_what_is_known_are_the_reference(data: st.DataObject) -> None:
    """Random packs and partly known patients: formulas over constants fold into the answers of the reference."""
    pack = data.draw(packs())
    reference = ReferenceEvaluator(pack)
    for findings in data.draw(st.lists(patients(pack), min_size=10, max_size=10)):
        evaluation = reference.evaluate(findings)
        assert _constant(pack, findings) == Told(
            evaluation.known, evaluation.possible, evaluation.derived, evaluation.level, evaluation.possible_level
        )


def _constant(pack: Pack, findings: Findings) -> Told:
    known = {
        name: value_of(finding, findings.get(name)) for name, finding in pack.findings.items() if not finding.derived
    }
    formulas = outcomes(Rules(pack, lambda atom: known[atom.finding].reads(atom)))
    return told(pack, [is_true(z3.simplify(formula)) for formula in formulas])
