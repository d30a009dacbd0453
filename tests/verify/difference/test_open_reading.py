"""The formulas for open questions say what the assessment lists, for thousands of patients and for random packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.assessment import INCOMPLETE, Assessment, Assessor
from cds.decision_support import DecisionSupport
from cds.intake import IntakeError
from cds.pack import Findings, Pack, load_pack
from cds.verify.difference import open_reading
from cds.verify.difference.open_reading import OpenReading
from cds.verify.encoding import Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, both, is_true, some
from cds.verify.witness import WitnessMaker, assignment
from tests.cli.running import ROOT
from tests.engine.random_packs import TEXT, packs, patients
from tests.pack.overlay import MINIMAL
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.encoding.compiled import compiled
from tests.verify.encoding.constant import value_of
from tests.verify.encoding.drawing import Drawing, values
from tests.verify.proofs.tiny_pack import TinySupport

PACKS = {"back": ROOT / "rules" / "exercise-low-back-pain", "ankle": ROOT / "rules" / "ottawa-ankle", "small": MINIMAL}
EACH = 300
POLICIES = ("escalate", "ask", "ignore", None)


class Told(NamedTuple):
    """What is listed, what of it withholds the level, and whether the level is withheld."""

    asked: frozenset[str]
    withholding: frozenset[str]
    incomplete: bool


def _of(assessment: Assessment) -> Told:
    asked = frozenset(one.finding for one in assessment.open_findings)
    return Told(asked, frozenset(assessment.withholding), assessment.outcome == INCOMPLETE)


def _names(pack: Pack) -> list[str]:
    return [name for name, finding in pack.findings.items() if not finding.derived]


def _formulas(pack: Pack, reading: OpenReading) -> list[Formula]:
    asked = [some(reading.asked(name)) for name in _names(pack)]
    withholding = [both(reading.withheld_level, some(reading.withholds(name))) for name in _names(pack)]
    return [*asked, *withholding, reading.incomplete]


def _told(pack: Pack, truths: list[bool]) -> Told:
    names = _names(pack)
    *lists, incomplete = truths
    asked, withholding = lists[: len(names)], lists[len(names) :]
    return Told(
        frozenset(name for name, holds in zip(names, asked, strict=True) if holds),
        frozenset(name for name, holds in zip(names, withholding, strict=True) if holds),
        incomplete,
    )


@cache
def _support(folder: Path | None) -> DecisionSupport:
    return TinySupport(all_kinds()) if folder is None else DecisionSupport(load_pack(folder))


@cache
def _compiled(folder: Path | None) -> tuple[SymbolicPatient, Any]:
    support = _support(folder)
    patient = SymbolicPatient(support.pack)
    reading = OpenReading(support.assessor, Rules(support.pack, lambda atom: patient.values[atom.finding].reads(atom)))
    return patient, compiled(_formulas(support.pack, reading))


def _side_by_side(
    support: DecisionSupport, patient: SymbolicPatient, evaluate: Any, seed: int
) -> Iterator[tuple[Told, Told]]:
    """What the formulas tell and what the assessment lists, of random patients whom the intake takes."""
    maker, drawing = WitnessMaker(support), Drawing(patient, seed)
    for _ in range(EACH):
        facts = drawing.draw()
        try:
            found = maker.make(facts).values(support)
        except IntakeError:
            continue
        told = _told(support.pack, evaluate(values(assignment(patient, facts))))
        yield told, _of(support.assessor.assess(found))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("folder", [*PACKS.values(), None], ids=[*PACKS, "all kinds"])
def test_the_formulas_say_what_is_listed(folder: Path | None, seed: int) -> None:
    seen: Counter[object] = Counter()
    for told, listed in _side_by_side(_support(folder), *_compiled(folder), seed):
        assert told == listed
        seen.update(["some"] if told.asked else ["none"])
        seen.update(["incomplete"] if told.incomplete else [])
        seen.update(told.asked)
    assert seen["some"] > EACH // 30
    assert seen["none"] > EACH // 30
    assert len(seen) > 5, "many findings are asked for"


@st.composite
def _packs(draw: st.DrawFn) -> Pack:
    """A random pack whose findings have policies and of which some rules say that it is not for the patient."""
    pack = draw(packs(max_rules=8))
    findings = {
        name: finding if finding.derived else finding.model_copy(update={"unanswered": draw(st.sampled_from(POLICIES))})
        for name, finding in pack.findings.items()
    }
    rules = []
    for rule in pack.all_rules:
        then = rule.then
        if then.conclude is None and draw(st.integers(0, 3)) == 0:
            scope = {"out_of_scope": draw(st.sampled_from(("one", "other"))), "reason": TEXT}
            kept = {} if draw(st.booleans()) else {"level": None}
            then = then.model_copy(update={**scope, **kept})
        rules.append(replace(rule, then=then))
    return replace(pack, findings=findings, all_rules=tuple(rules))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_formulas_of_random_packs(data: st.DataObject) -> None:
    pack = data.draw(_packs())
    assessor = Assessor(pack)
    for findings in data.draw(st.lists(patients(pack), min_size=5, max_size=5)):
        assert _constant(assessor, findings) == _of(assessor.assess(findings))


def _constant(assessor: Assessor, findings: Findings) -> Told:
    pack = assessor.pack
    known = {name: value_of(pack.findings[name], findings.get(name)) for name in _names(pack)}
    reading = OpenReading(assessor, Rules(pack, lambda atom: known[atom.finding].reads(atom)))
    return _told(pack, [is_true(z3.simplify(formula)) for formula in _formulas(pack, reading)])


def test_a_rest_that_is_thought_to_bring_nothing_about_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_reading, "_least", lambda sets: [])
    support = _support(PACKS["ankle"])
    read = _compiled.__wrapped__(PACKS["ankle"])
    assert any(told != listed for told, listed in _side_by_side(support, *read, seed=0))
