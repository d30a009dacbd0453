"""Looks for one patient of each class, and keeps those whom both evaluators see as z3 does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import z3

from cds.assessment import Decision
from cds.engine import EngineFault
from cds.intake import IntakeError
from cds.verify.difference.change_class import ChangeClass, FoundClass
from cds.verify.difference.pair import Pair
from cds.verify.difference.patient import PairWitness, PatientReader
from cds.verify.difference.reading import reading
from cds.verify.difference.rules_behind import RuleBehind, RuleDifference, rule_differences
from cds.verify.encoding.kleene import Formula, some
from cds.verify.proofs.prover import UndecidedError

TRIES: Final = 12
"""So many patients whom z3 proposes are tried; if the evaluators see none of them in the class, it is undecided."""


class Search:
    """Collects classes; ``undecided`` says of which nobody knows whether there is a patient."""

    def __init__(self, pair: Pair, step: Callable[[str], None] = lambda what: None) -> None:
        self.pair = pair
        self.found: list[FoundClass] = []
        self.undecided: list[str] = []
        self.step = step
        self._patients = PatientReader(pair)
        self._rules = rule_differences(pair)

    def seek(self, change: ChangeClass, *formulas: Formula, prefer: Sequence[Formula] = ()) -> None:
        """Look for a patient of the class, for whom all the formulas hold, and if it can be those of ``prefer``."""
        try:
            if self.pair.exists(*formulas):
                self._seek(change, formulas, prefer)
        except UndecidedError as error:
            self.undecided.append(f"{change}: {error}")

    def _seek(self, change: ChangeClass, formulas: Sequence[Formula], prefer: Sequence[Formula]) -> None:
        seen: list[Formula] = []
        for wanted in (prefer, ()) if prefer else ((),):
            for _ in range(TRIES):
                model = self.pair.nearest(*formulas, *wanted, *seen)
                if model is None:
                    break
                patient = self._patients.read(model)
                if self._is_of(change, patient):
                    self.found.append(FoundClass(change, patient, self._behind(change, formulas, model)))
                    return
                seen.append(self._others(model))
        self.undecided.append(f"{change}: the evaluators do not see it in {len(seen)} patients that z3 proposed")

    def _is_of(self, change: ChangeClass, patient: PairWitness) -> bool:
        """Whether both versions take the patient, and their decisions say that it is of the class."""
        try:
            decisions: tuple[Decision, Decision] = self._patients.decide(patient)
        except (IntakeError, EngineFault):
            return False
        return tuple(reading(one, change.kind, change.subject) for one in decisions) == (change.old, change.new)

    def _others(self, model: z3.ModelRef) -> Formula:
        """Patients of whom other things are known than of this one."""
        names = [formula for name in self.pair.statements.names for formula in name]
        return some(name != model.eval(name, model_completion=True) for name in names)

    def _behind(self, change: ChangeClass, formulas: Sequence[Formula], model: z3.ModelRef) -> tuple[RuleBehind, ...]:
        """The changed rules that fire otherwise for this patient, or for another of the class.

        A question can be asked for because of a rule that fires for none of them: then all that it can come from.
        """
        concerned = [rule for rule in self._rules if _concerns(rule, change)]
        found = []
        for rule in concerned:
            otherwise = _otherwise(rule, change)
            if z3.is_true(model.eval(otherwise, model_completion=True)) or self.pair.exists(*formulas, otherwise):
                found.append(rule.behind)
        return tuple(found or (rule.behind for rule in concerned))


def _otherwise(rule: RuleDifference, change: ChangeClass) -> Formula:
    """When the rule fires otherwise, as far as the class can tell."""
    if change.kind == "level":
        return rule.known
    if change.kind == "possible-level":
        return rule.possible
    return some((rule.known, rule.possible))  # a block that only may apply counts as well, and so does an open question


def _concerns(rule: RuleDifference, change: ChangeClass) -> bool:
    """Whether a rule can have to do with the class: by what it says, or by what it concludes for others."""
    for then in rule.consequences:
        if then.conclude:
            return True
        if change.kind == "advice" and change.subject in (*then.advise, *then.block):
            return True
        if change.kind in ("level", "possible-level") and then.level:
            return True
        if change.kind in ("outcome", "asked", "withholds") and (then.level or then.out_of_scope):
            return True
    return False
