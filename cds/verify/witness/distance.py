"""How far a patient is from an ordinary one: a variable for each answer that differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import z3

from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import as_any, both, is_false, is_true, negation
from cds.verify.encoding.question import QuestionVariables
from cds.verify.witness.facts import Facts, assignment

RECORD: Final = 3
"""A record in the chart counts as so many answers: what an answer shows is easier to read."""


def differences(patient: SymbolicPatient, ordinary: Facts) -> list[tuple[z3.BoolRef, int]]:
    """A formula, and how much it counts, for each thing in which a patient may differ from the ordinary one.

    Each option that is ticked or not, each other question that is answered otherwise or not at all, and each thing
    that the chart says.
    """
    usual = {variable.get_id(): value for variable, value in assignment(patient, ordinary)}
    found: list[tuple[z3.BoolRef, int]] = []
    for link_id, asked in patient.questions.items():
        # A question that is not shown has no answer; that is no difference of its own.
        shown = patient.gates.state(link_id).shown
        found += ((both(shown, one), 1) for one in _of_question(asked, usual))
    for recorded in patient.chart.values():
        found += ((one, RECORD) for one in recorded.records)
        if not is_false(recorded.given):
            found.append((both(recorded.given, as_any(recorded.number != recorded.high)), 1))
    return [(one, weight) for one, weight in found if not is_false(one)]


def _of_question(asked: QuestionVariables, usual: dict[int, z3.ExprRef]) -> Iterator[z3.BoolRef]:
    was = {code: is_true(usual[variable.get_id()]) for code, variable in asked.options.items()}
    if asked.item.repeats and asked.options:
        codes = asked.item.option_codes
        for code, variable in asked.options.items():
            # A tick takes "none of these" away, which is no difference of its own.
            if not (codes[code].exclusive and was[code]):
                yield negation(variable) if was[code] else variable
        yield negation(asked.answered) if any(was.values()) else asked.answered
        return
    same = [
        variable if is_true(usual[variable.get_id()]) else negation(variable)
        for variable in asked.variables
        if z3.is_bool(variable) and variable.get_id() in usual
    ]
    if not is_false(asked.numbered) and is_true(usual[asked.numbered.get_id()]):
        same.append(as_any(asked.number == usual[asked.number.get_id()]))
    yield negation(both(*same))
