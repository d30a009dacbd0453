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
"""So many patients of a class are tried, where a formula says more than the class; then it stays undecided."""


class Search:
    """Collects classes.

    ``undecided`` says of which nobody knows whether there is a patient; ``several`` of which there is none with one
    open question, and nobody knows about patients with several.
    """

    def __init__(self, pair: Pair, step: Callable[[str], None] = lambda what: None) -> None:
        self.pair = pair
        self.found: list[FoundClass] = []
        self.undecided: list[str] = []
        self.several: list[str] = []
        self.step = step
        self._patients = PatientReader(pair)
        self.rules = rule_differences(pair)
        self._told: list[tuple[PairWitness, tuple[Decision, Decision]]] = []

    def seek(
        self, change: ChangeClass, *formulas: Formula, prefer: Sequence[Sequence[Formula]] = (), exact: bool = True
    ) -> bool:
        """Look for a patient; whether one was found.

        The formulas hold for every patient of the class; ``exact`` if for nobody else. Patients for whom those of
        ``prefer`` hold as well are tried first.
        """
        try:
            return self._seek(change, formulas, prefer, exact)
        except UndecidedError as error:
            self.undecided.append(f"{change}: {error}")
            return False

    def vary(self, change: ChangeClass) -> bool:
        """Look for a patient among those found for other levels: without an answer about the finding, or with few."""
        shown = [one.patient for one in self.found if one.change.kind == "level"]
        varied = [[self._patients.without(one, change.subject) for one in shown], map(self._patients.sparse, shown)]
        return any(self._take(change, patient) for patients in varied for patient in patients)

    def reuse(self, change: ChangeClass) -> bool:
        """Look for a patient among those found for other classes."""
        for patient, decisions in self._told:
            if _tells(decisions, change):
                return self._keep(change, patient, decisions)
        return False

    def take(self, change: ChangeClass, model: z3.ModelRef) -> bool:
        """Keep the patient of a model, if the evaluators see it in the class."""
        return self._take(change, self._patients.read(model))

    def decisions(self, model: z3.ModelRef) -> tuple[Decision, Decision] | None:
        """What both versions decide about the patient of a model; ``None`` if one of them takes no such patient."""
        return self._decisions(self._patients.read(model))

    def _take(self, change: ChangeClass, patient: PairWitness) -> bool:
        decisions = self._decisions(patient)
        if decisions is None or not _tells(decisions, change):
            return False
        return self._keep(change, patient, decisions)

    def _keep(self, change: ChangeClass, patient: PairWitness, decisions: tuple[Decision, Decision]) -> bool:
        self.found.append(FoundClass(change, patient, self._firing_otherwise(change, *decisions)))
        self._told.append((patient, decisions))
        return True

    def _seek(
        self, change: ChangeClass, formulas: Sequence[Formula], prefer: Sequence[Sequence[Formula]], exact: bool
    ) -> bool:
        if not self.pair.exists(*formulas):
            return False
        seen: list[Formula] = []
        for wanted in (*prefer, ()):
            for _ in range(TRIES):
                model = self.pair.nearest(*formulas, *wanted, *seen)
                if model is None:
                    break
                patient = self._patients.read(model)
                decisions = self._decisions(patient)
                if decisions is not None and _tells(decisions, change):
                    behind = (
                        self._behind(change, formulas, model) if exact else self._firing_otherwise(change, *decisions)
                    )
                    self.found.append(FoundClass(change, patient, behind))
                    self._told.append((patient, decisions))
                    return True
                seen.append(self.others(model))
            else:
                continue
            if not wanted and not exact:
                return False  # all patients of the formulas were tried, and none is of the class
        reason = "the evaluators do not see it in" if exact else "no patient was found among"
        self.undecided.append(f"{change}: {reason} {len(seen)} patients that z3 proposed")
        return False

    def _decisions(self, patient: PairWitness) -> tuple[Decision, Decision] | None:
        """What both versions decide; ``None`` if one of them takes no such patient."""
        try:
            return self._patients.decide(patient)
        except (IntakeError, EngineFault):
            return None

    def _firing_otherwise(self, change: ChangeClass, old: Decision, new: Decision) -> tuple[RuleBehind, ...]:
        """The changed rules that fire otherwise for one patient, certainly or possibly."""
        told = [
            ({rule.id for rule in one.assessment.fired}, {rule.id for rule in one.assessment.undecided})
            for one in (old, new)
        ]
        return tuple(
            rule.behind
            for rule in self.rules
            if _concerns(rule, change)
            and (
                rule.behind.how == "consequence"
                or [rule.behind.rule in names for names in told[0]] != [rule.behind.rule in names for names in told[1]]
            )
        )

    def others(self, model: z3.ModelRef) -> Formula:
        """Patients of whom other things are known than of this one."""
        names = [formula for name in self.pair.statements.names for formula in name]
        return some(name != model.eval(name, model_completion=True) for name in names)

    def _behind(self, change: ChangeClass, formulas: Sequence[Formula], model: z3.ModelRef) -> tuple[RuleBehind, ...]:
        """The changed rules that fire otherwise for this patient, or for another of the class."""
        found = []
        for rule in self.rules:
            if _concerns(rule, change):
                otherwise = rule.possible if change.kind == "possible-level" else rule.known
                if change.kind == "advice":  # a block that only may apply counts as well
                    otherwise = some((rule.known, rule.possible))
                here = z3.is_true(model.eval(otherwise, model_completion=True))
                if here or self.pair.exists(*formulas, otherwise):
                    found.append(rule.behind)
        return tuple(found)


def _tells(decisions: tuple[Decision, Decision], change: ChangeClass) -> bool:
    """Whether the decisions about a patient say that it is of the class."""
    return tuple(reading(one, change.kind, change.subject) for one in decisions) == (change.old, change.new)


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
