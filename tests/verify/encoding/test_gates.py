"""``enableWhen`` as formulas: shown, hidden and open just when the intake says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from random import Random

import pytest
import z3

from cds.intake.checked import Answer
from cds.intake.enablement import HIDDEN, SHOWN, Enablement, Shown
from cds.pack import Pack
from cds.pack.questionnaire import EnableWhen, Item, Questionnaire
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.gates import Gates
from cds.verify.encoding.kleene import is_true
from cds.verify.witness import Facts, assignment
from cds.verify.witness.facts import FREE_TEXT
from tests.verify.proofs.tiny_pack import NULL, OWN, choice, item, option, tiny_pack, yes_no

UNSURE = ("ASKU",)
Given = Mapping[str, tuple[Answer, ...]]


def _states(pack: Pack, gates: Gates, patient: SymbolicPatient, answers: Given) -> dict[str, Shown]:
    """The state of each item by the formulas."""
    pairs = list(assignment(patient, Facts(answers)))
    found: dict[str, Shown] = {}
    for link_id in pack.questionnaire.items:
        shown, hidden = (is_true(z3.simplify(z3.substitute(one, *pairs))) for one in gates.state(link_id))
        assert not (shown and hidden)
        found[link_id] = SHOWN if shown else HIDDEN if hidden else "open"
    return found


def _compare(items: list[Item], answers_of: Sequence[Given]) -> set[Shown]:
    """Hold the formulas to the intake for each of the answers; the states that were seen."""
    pack = tiny_pack([], items, [])
    patient = SymbolicPatient(pack)
    unsure = {link_id: UNSURE for link_id, asked in patient.questions.items() if "ASKU" in asked.options}
    gates = Gates(pack.questionnaire, patient.questions, unsure)
    enablement = Enablement(pack.questionnaire, _unsure(pack.questionnaire))
    seen: set[Shown] = set()
    for answers in answers_of:
        expected = {link_id: enablement.state(link_id, answers) for link_id in pack.questionnaire.items}
        assert _states(pack, gates, patient, answers) == expected, answers
        seen.update(expected.values())
    return seen


def _unsure(questionnaire: Questionnaire) -> dict[str, frozenset[Answer]]:
    return {
        link_id: frozenset({one.option_codes["ASKU"].value})
        for link_id, one in questionnaire.items.items()
        if "ASKU" in one.option_codes
    }


def _questions() -> list[Item]:
    unsure = option("ASKU", NULL)
    return [
        item("boolean", "boolean"),
        item("integer", "integer"),
        item("decimal", "decimal"),
        choice("choice", option("red"), option("green"), unsure),
        choice("several", option("red"), option("green"), option("none", exclusive=True), unsure, repeats=True),
        item("open", "open-choice", options={one.value: one for one in (option("red"), option("blue"))}),
    ]


ANSWERS: dict[str, list[tuple[Answer, ...]]] = {
    "boolean": [(), (True,), (False,)],
    "integer": [(), (4,), (5,), (6,)],
    "decimal": [(), (Decimal("0.29"),), (Decimal("0.3"),), (Decimal("0.31"),)],
    "choice": [(), ((OWN, "red"),), ((OWN, "green"),), ((NULL, "ASKU"),)],
    "several": [
        (),
        ((OWN, "red"),),
        ((OWN, "green"),),
        ((OWN, "red"), (OWN, "green")),
        ((OWN, "none"),),
        ((OWN, "green"), (NULL, "ASKU")),
    ],
    "open": [(), ((OWN, "red"),), ((OWN, "blue"),), (FREE_TEXT,)],
}
_ORDER = ("=", "!=", ">", ">=", "<", "<=")
_EQUAL = ("=", "!=")
GATES = [
    *(EnableWhen("boolean", operator, expected) for operator in _EQUAL for expected in (True, False)),
    *(EnableWhen("integer", operator, 5) for operator in _ORDER),
    *(EnableWhen("decimal", operator, Decimal("0.3")) for operator in _ORDER),
    *(EnableWhen(name, operator, (OWN, "red")) for name in ("choice", "several", "open") for operator in _EQUAL),
    *(EnableWhen(name, "exists", there) for name in ANSWERS for there in (True, False)),
]
"""Every operator on every type of question; dates and quantities are not encoded, and free."""


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: f"{gate.question} {gate.operator} {gate.answer}")
def test_each_operator_on_each_type(gate: EnableWhen) -> None:
    answers = [{gate.question: given} if given else {} for given in ANSWERS[gate.question]]
    seen = _compare([*_questions(), item("behind", "boolean", enable_when=(gate,))], answers)
    assert SHOWN in seen
    assert len(seen) > 1 or gate.operator == "exists"


@pytest.mark.parametrize("is_any", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_several_conditions_and_what_is_inside(seed: int, is_any: bool) -> None:
    """A group behind two conditions, an item in it behind a third, and one behind that item."""
    random = Random(seed)
    one, other, third = random.sample(GATES, 3)
    items = [
        *_questions(),
        item("group", "group", enable_when=(one, other), enable_any=is_any),
        yes_no("inside", parent="group", enable_when=(third,)),
        item("last", "boolean", enable_when=(EnableWhen("inside", random.choice(_EQUAL), (OWN, "Y")),)),
    ]
    names = sorted({one.question, other.question, third.question})
    inside: list[tuple[Answer, ...]] = [(), ((OWN, "Y"),), ((OWN, "N"),), ((NULL, "ASKU"),)]
    combined = product(*(ANSWERS[name] for name in names), inside)
    answers: list[Given] = [
        {name: given for name, given in zip((*names, "inside"), row, strict=True) if given} for row in combined
    ]
    assert len(_compare(items, answers)) == 3


def test_random_questionnaires() -> None:
    """Chains of conditions on questions that have conditions themselves."""
    for seed in range(30):
        random = Random(seed)
        items, answers = [yes_no("q0")], {"q0"}
        for index in range(1, 6):
            name = f"q{index}"
            gates = tuple(_gate(random, random.choice(sorted(answers))) for _ in range(random.randint(0, 2)))
            items.append(yes_no(name, enable_when=gates, enable_any=random.random() < 0.5))
            answers.add(name)
        choices: list[tuple[Answer, ...]] = [(), ((OWN, "Y"),), ((OWN, "N"),), ((NULL, "ASKU"),)]
        drawn = [{name: random.choice(choices) for name in sorted(answers)} for _ in range(40)]
        _compare(items, [{name: given for name, given in one.items() if given} for one in drawn])


def _gate(random: Random, question: str) -> EnableWhen:
    if random.random() < 0.25:
        return EnableWhen(question, "exists", random.random() < 0.5)
    return EnableWhen(question, random.choice(_EQUAL), (OWN, random.choice("YN")))


def test_on_the_word_of_a_doubted_answer_nothing_is_hidden() -> None:
    items = [yes_no("q"), item("behind", "boolean", enable_when=(EnableWhen("q", "=", (OWN, "Y")),))]
    pack = tiny_pack([], items, [])
    patient = SymbolicPatient(pack)
    doubted = z3.Bool("doubted")
    gates = Gates(pack.questionnaire, patient.questions, {"q": UNSURE}, lambda link_id: doubted)
    enablement = Enablement(pack.questionnaire, _unsure(pack.questionnaire))
    for answer in ("Y", "N"):
        answers: Given = {"q": ((OWN, answer),)}
        pairs = list(assignment(patient, Facts(answers)))
        for doubt in (True, False):
            given = [*pairs, (doubted, z3.BoolVal(doubt))]
            shown, hidden = (is_true(z3.simplify(z3.substitute(one, *given))) for one in gates.state("behind"))
            expected = enablement.read(answers, ["q"] if doubt else [])[enablement.gate["behind"]]
            assert (shown, hidden) == (expected == SHOWN, expected == HIDDEN)
