"""The three readings of a patient side by side: by formulas, by the reference evaluator, by the rules engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import z3

from cds.decision_support import DecisionSupport
from cds.intake import IntakeError
from cds.pack import Pack, Truth
from cds.verify.encoding import Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, is_true
from cds.verify.witness import Facts, WitnessMaker, assignment
from tests.verify.encoding.compiled import compiled
from tests.verify.encoding.drawing import values


class Told(NamedTuple):
    """What is said of a patient: the rules on both rails, derived findings, the level and the possible level."""

    known: frozenset[str]
    possible: frozenset[str]
    derived: Mapping[str, Truth]
    level: str
    possible_level: str


def outcomes(rules: Rules) -> list[Formula]:
    """All that the rules say, as formulas: pairs for each rule, derived finding and level."""
    pack = rules.pack
    fired = (rules.fires(rule) for rule in pack.rules)
    derived = (rules.derived(name) for name in pack.concluding)
    levels = (rules.level_is(rank) for rank in range(len(pack.levels)))
    return [formula for pair in (*fired, *derived, *levels) for formula in pair]


def told(pack: Pack, truths: Sequence[bool]) -> Told:
    """What the truths of these formulas say."""
    pairs = list(zip(truths[::2], truths[1::2], strict=True))
    rules, rest = pairs[: len(pack.rules)], pairs[len(pack.rules) :]
    derived, levels = rest[: len(pack.concluding)], rest[len(pack.concluding) :]
    return Told(
        frozenset(rule.id for rule, (known, _) in zip(pack.rules, rules, strict=True) if known),
        frozenset(rule.id for rule, (_, possible) in zip(pack.rules, rules, strict=True) if possible),
        {
            name: True if yes else False if no else None
            for name, (yes, no) in zip(pack.concluding, derived, strict=True)
        },
        _only([level.id for level, (known, _) in zip(pack.levels, levels, strict=True) if known]),
        _only([level.id for level, (_, possible) in zip(pack.levels, levels, strict=True) if possible]),
    )


class FormulaReading:
    """What the formulas say of concrete patients."""

    def __init__(self, patient: SymbolicPatient, rules: Rules) -> None:
        self._patient = patient
        self._formulas = [*patient.constraints, *outcomes(rules)]
        self._evaluate = compiled(self._formulas)

    def read(self, facts: Facts) -> Told | None:
        """What is told of these facts; ``None`` if they are not of a patient whom the intake takes."""
        return self._told(self._evaluate(values(assignment(self._patient, facts))))

    def read_by_z3(self, facts: Facts) -> Told | None:
        """The same by z3 itself, which is slow."""
        model = z3.Model()
        for variable, value in assignment(self._patient, facts):
            model.update_value(variable, value)
        return self._told([is_true(model.eval(formula, model_completion=True)) for formula in self._formulas])

    def _told(self, truths: list[bool]) -> Told | None:
        demanded = len(self._patient.constraints)
        return told(self._patient.pack, truths[demanded:]) if all(truths[:demanded]) else None


def _only(levels: list[str]) -> str:
    (level,) = levels
    return level


class ProgramReading:
    """What the intake and the two evaluators say, which the evaluator that runs both holds to each other."""

    def __init__(self, support: DecisionSupport) -> None:
        self._support = support
        self._maker = WitnessMaker(self._support)

    def read(self, facts: Facts) -> Told | None:
        """What is told of the facts, composed as FHIR; ``None`` if the intake refuses them."""
        try:
            found = self._maker.make(facts).values(self._support)
        except IntakeError:
            return None
        evaluation = self._support.assessor.evaluator.evaluate(found)
        return Told(
            evaluation.known,
            evaluation.possible,
            dict(evaluation.derived),
            evaluation.level,
            evaluation.possible_level,
        )
