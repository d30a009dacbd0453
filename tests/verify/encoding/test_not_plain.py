"""Patients who cannot be written as a witness: partial dates, times with seconds, responses without a time.

The formulas do not say what is read of these, only that it may be anything of the kind; so what the programs say of one
of them must be among what the formulas allow.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
import z3

from cds.verify.encoding import Rules, SymbolicPatient
from cds.verify.witness import Facts, WitnessMaker, assignment
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.encoding.drawing import Drawing
from tests.verify.encoding.reading import outcomes
from tests.verify.proofs.tiny_pack import TinySupport

DATED = {"day": "valueDate", "month": "valueDate", "birth": "valueDate", "time": "valueDateTime"}
EACH = 60


@cache
def _pack() -> tuple[SymbolicPatient, list[Any], TinySupport]:
    support = TinySupport(all_kinds())
    patient = SymbolicPatient(support.pack)
    return patient, outcomes(Rules(support.pack, lambda atom: patient.values[atom.finding].reads(atom))), support


def _less_exact(date: str, random: Random) -> str:
    """The date with less, or more, than a witness has."""
    if "T" in date:
        return random.choice((date[:10], date[:7], date[:14] + "17:31Z", date[:19] + "+05:00"))
    return random.choice((date[:7], date[:4]))


def _blurred(response: dict[str, Any], random: Random) -> bool:
    """Make the dates of a response less exact; whether there was any."""
    found = False
    for item in response.get("item", ()):
        name = DATED.get(item["linkId"])
        if name:
            found = True
            item["answer"][0][name] = _less_exact(item["answer"][0][name], random)
    return found


def _allowed(facts: Facts, known: frozenset[str], possible: frozenset[str]) -> bool:
    """Whether the formulas allow that these rules fire, and may fire, for a patient with such dates."""
    patient, formulas, support = _pack()
    solver = z3.SolverFor("QF_LIA")
    solver.add(*patient.constraints)
    free = {
        variable.get_id()
        for link_id in DATED
        for asked in (patient.questions[link_id],)
        for variable in (asked.number, asked.timed, asked.whole, *asked.more.values())
    }
    solver.add(*(variable == value for variable, value in assignment(patient, facts) if variable.get_id() not in free))
    for index, rule in enumerate(support.pack.rules):
        fires, may = formulas[2 * index], formulas[2 * index + 1]
        solver.add(fires == (rule.id in known), may == (rule.id in possible))
    return bool(solver.check() == z3.sat)


@pytest.mark.parametrize("timed", [True, False], ids=["partial dates", "no time to count from"])
def test_what_is_read_of_such_patients_is_allowed(timed: bool) -> None:
    patient, _, support = _pack()
    maker, drawing, random = WitnessMaker(support), Drawing(patient, 5), Random(5)
    seen = unlike = 0
    while seen < EACH:
        facts = Facts(drawing.draw().answers)
        witness = maker.make(facts)
        if not _taken(support, witness.response):
            continue
        exact = support.assessor.evaluator.evaluate(support.read(witness.response).values)
        blurred = _blurred(witness.response, random)
        if not timed:
            del witness.response["authored"]
        if not blurred or not _taken(support, witness.response):
            continue
        seen += 1
        told = support.assessor.evaluator.evaluate(support.read(witness.response).values)
        unlike += told != exact
        assert _allowed(facts, told.known, told.possible), witness.response
    assert unlike > EACH // 3, "less is known of dates that are less exact"


def _taken(support: TinySupport, response: dict[str, Any]) -> bool:
    try:
        support.read(response)
    except ValueError:
        return False
    return True


def test_not_everything_is_allowed() -> None:
    """What hangs on no date is as it is."""
    facts = Facts({"plain": (True,), "day": ("2026-11-20",)})
    assert _allowed(facts, *_of(facts))
    known, possible = _of(facts)
    assert not _allowed(facts, known - {"plain.0"}, possible)
    assert not _allowed(facts, known, possible - {"weight.0"})


def _of(facts: Facts) -> tuple[frozenset[str], frozenset[str]]:
    _, _, support = _pack()
    witness = WitnessMaker(support).make(facts)
    told = support.assessor.evaluator.evaluate(support.read(witness.response).values)
    return told.known, told.possible
