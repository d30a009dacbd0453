"""Looks for one patient of each class, and keeps those whom both evaluators see as z3 does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import z3

from cds.assessment import Decision
from cds.engine import EngineFault
from cds.intake import IntakeError
from cds.verify.difference.change_class import ChangeClass, FoundClass
from cds.verify.difference.concern import concerns, otherwise, seen_otherwise
from cds.verify.difference.pair import Pair
from cds.verify.difference.patient import PairWitness, PatientReader
from cds.verify.difference.reading import reading
from cds.verify.difference.rules_behind import rule_differences
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
        self._told: list[tuple[PairWitness, tuple[Decision, Decision]]] = []

    def seek(self, change: ChangeClass, *formulas: Formula, prefer: Sequence[Formula] = ()) -> bool:
        """Look for a patient of the class, for whom all the formulas hold, and if it can be those of ``prefer``.

        Whether somebody may be of the class: one was found, or nobody knows. But for levels, which are the first that a
        reviewer reads, a patient who was found for another class is taken again, so that few need to be read.
        """
        again = self._told if change.kind not in ("level", "possible-level") else ()
        try:
            for patient, decisions in again:
                if _tells(decisions, change):
                    self._keep(change, patient, decisions, formulas)
                    return True
            if not self.pair.exists(*formulas):
                return False
            self._seek(change, formulas, prefer)
        except UndecidedError as error:
            self.undecided.append(f"{change}: {error}")
        return True

    def may_be(self, *formulas: Formula) -> bool:
        """Whether there may be such a patient: there is one, or nobody knows."""
        try:
            return self.pair.exists(*formulas)
        except UndecidedError:
            return True

    def _seek(self, change: ChangeClass, formulas: Sequence[Formula], prefer: Sequence[Formula]) -> None:
        seen: list[Formula] = []
        for wanted in (prefer, ()) if prefer else ((),):
            for _ in range(TRIES):
                model = self.pair.nearest(*formulas, *wanted, *seen)
                if model is None:
                    break
                patient = self._patients.read(model)
                decisions = self._decisions(patient)
                if decisions is not None and _tells(decisions, change):
                    self._told.append((patient, decisions))
                    self._keep(change, patient, decisions, formulas)
                    return
                seen.append(self._others(model))
        self.undecided.append(f"{change}: the evaluators do not see it in {len(seen)} patients that z3 proposed")

    def _decisions(self, patient: PairWitness) -> tuple[Decision, Decision] | None:
        """What both versions decide; ``None`` if one of them takes no such patient."""
        try:
            return self._patients.decide(patient)
        except (IntakeError, EngineFault):
            return None

    def _others(self, model: z3.ModelRef) -> Formula:
        """Patients of whom other things are known than of this one."""
        names = [formula for name in self.pair.statements.names for formula in name]
        return some(name != model.eval(name, model_completion=True) for name in names)

    def _keep(
        self,
        change: ChangeClass,
        patient: PairWitness,
        decisions: tuple[Decision, Decision],
        formulas: Sequence[Formula],
    ) -> None:
        """Keep a patient, and the changed rules that fire otherwise for it, or for another of the class.

        Where that is not known, or where a question is asked for because of a rule that fires for none of them, all
        that it can come from.
        """
        rules = [rule for rule in self._rules if concerns(rule, change)]
        unseen = [rule for rule in rules if not seen_otherwise(rule, change, decisions)]
        try:
            told = self.pair.exists_with(formulas, [otherwise(rule, change) for rule in unseen])
        except UndecidedError:
            told = [True for _ in unseen]
        without = {rule.behind for rule, holds in zip(unseen, told, strict=True) if not holds}
        behind = tuple(rule.behind for rule in rules)
        self.found.append(FoundClass(change, patient, tuple(one for one in behind if one not in without) or behind))


def _tells(decisions: tuple[Decision, Decision], change: ChangeClass) -> bool:
    """Whether the decisions about a patient say that it is of the class."""
    return tuple(reading(one, change.kind, change.subject) for one in decisions) == (change.old, change.new)
