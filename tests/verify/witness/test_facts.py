"""Facts as an assignment, an assignment as a model, a model as facts: the way there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
import z3

from cds.pack import Pack, load_pack
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import is_true
from cds.verify.witness import ChartFact, Facts, assignment, facts_of
from cds.verify.witness.facts import number_answer
from tests.cli.running import ROOT
from tests.pack.overlay import MINIMAL
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.encoding.drawing import Drawing

SHIPPED = [ROOT / "rules" / "exercise-low-back-pain", ROOT / "rules" / "ottawa-ankle", MINIMAL]


def _again(patient: SymbolicPatient, facts: Facts) -> Facts:
    """The facts of the model that has the values of the assignment."""
    model = z3.Model()
    for variable, value in assignment(patient, facts):
        model.update_value(variable, value)
    return facts_of(patient, model)


def _in_order(patient: SymbolicPatient, facts: Facts) -> Facts:
    """With the options of a question in its order: which was ticked first says nothing."""
    order = {
        link_id: [option.value for option in asked.item.option_codes.values()]
        for link_id, asked in patient.questions.items()
        if asked.options
    }
    answers = {
        link_id: tuple(sorted(given, key=order[link_id].index)) if len(given) > 1 else given  # type: ignore[arg-type]
        for link_id, given in facts.answers.items()
    }
    return Facts(answers, facts.chart)


def _packs() -> list[Pack]:
    return [*map(load_pack, SHIPPED), all_kinds()]


@pytest.mark.parametrize("pack", _packs(), ids=lambda pack: pack.id)
def test_there_and_back(pack: Pack) -> None:
    patient = SymbolicPatient(pack)
    drawing = Drawing(patient, 1)
    for _ in range(200):
        facts = _in_order(patient, drawing.draw())
        assert _again(patient, facts) == facts


def test_there_and_back_of_nothing() -> None:
    assert _again(SymbolicPatient(load_pack(MINIMAL)), Facts()) == Facts()


@pytest.mark.parametrize("link_id", ["weight", "fine", "hours", "day", "month", "birth", "time"])
@pytest.mark.parametrize("number", [0, 1, 29, 365])
def test_each_kind_of_number(link_id: str, number: int) -> None:
    patient = SymbolicPatient(all_kinds())
    asked = patient.questions[link_id]
    facts = Facts({link_id: (number_answer(patient.pack, asked, number),)})
    values = {variable.get_id(): value for variable, value in assignment(patient, facts)}
    assert values[asked.number.get_id()].as_long() == number
    assert is_true(values[asked.numbered.get_id()])
    assert _again(patient, facts) == facts


def test_dates_count_back_from_the_day_of_assessment() -> None:
    patient = SymbolicPatient(all_kinds())
    read = {name: number_answer(patient.pack, asked, 3) for name, asked in patient.questions.items() if asked.dated}
    assert read == {"day": "2026-11-19", "month": "2026-08-22", "birth": "2023-11-22", "time": "2026-11-22T09:00:00Z"}


def test_a_number_of_the_chart_that_is_zero() -> None:
    """Zero is a number, also where a finding can be less."""
    pack = all_kinds()
    name = "level_high"
    finding = pack.findings[name].model_copy(update={"range": [-5, 20]})
    patient = SymbolicPatient(replace(pack, findings={**pack.findings, name: finding}))
    facts = Facts({}, {name: ChartFact(number=0)})
    assert _again(patient, facts) == facts


def test_where_nothing_is_given_the_questions_take_the_numbers() -> None:
    """What the variables of a question without an answer are is no reason to refuse the patient."""
    for folder in SHIPPED:
        patient = SymbolicPatient(load_pack(folder))
        model = z3.Model()
        for variable, value in assignment(patient, Facts()):
            model.update_value(variable, value)
        assert all(is_true(model.eval(one, model_completion=True)) for one in patient.constraints)
