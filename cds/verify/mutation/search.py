"""For a mutant that no case kills: a patient who tells it from the pack, or the proof that there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import z3

from cds.decision_support import DecisionSupport
from cds.pack import Rule
from cds.pack.condition import atoms
from cds.verify.encoding import Rules
from cds.verify.encoding.kleene import TRUE, Formula, as_any, both, either, every, negation, some
from cds.verify.mutation.assessors import Assess, Assessors
from cds.verify.mutation.difference_formulas import decides_otherwise, differs
from cds.verify.mutation.mutant import ON_ADVICE, Mutant
from cds.verify.mutation.refinement import Refinement
from cds.verify.mutation.survivor import Survivor, TellingPatient
from cds.verify.mutation.telling import telling
from cds.verify.proofs.prover import Prover, UndecidedError
from cds.verify.witness import Facts, facts_of
from cds.verify.witness.words import in_words

TRIES: Final = 50
"""So many patients are looked at who may tell a mutant apart by an open question alone."""


class Search:
    """Searches the patients of one pack. ``mutants`` are those that will be asked about."""

    def __init__(self, support: DecisionSupport, mutants: Sequence[Mutant], seconds: float = 60.0) -> None:
        self.pack = support.pack
        self._assessors = Assessors(support.assessor)
        self.prover = Prover(support, seconds)
        for mutant in mutants:
            if mutant.rule is not None:
                # Statements must be named before anything is assumed.
                self.prover.condition(mutant.rule.when)
        self._base = self.prover.patient.findings
        self._later = Refinement(self._base, self.prover.statements.reads, "later:")
        self._rules_later = Rules(self.pack, self._later.reads)
        self._readable = both(*self._without_doubt(), *self._exact())
        """A case cannot say that a record is unreadable, nor give more decimals than a finding has: such come last."""
        self._settled = z3.Bool("settled")
        """Neither level nor scope is left open: such patients are easier to read."""
        self.prover.solver.add(z3.Implies(self._settled, every(map(self._decided, self.pack.rules))))

    def _without_doubt(self) -> Iterator[Formula]:
        return (negation(recorded.doubt) for recorded in self.prover.patient.chart.values())

    def _exact(self) -> Iterator[Formula]:
        """Decimals that are one number of the finding, and not between two."""
        questions = self.prover.patient.questions
        for source in chain.from_iterable(self.prover.patient.sources.values()):
            if questions[source.link_id].divisor > 1:
                yield from (either(negation(case.when), as_any(case.low == case.high)) for case in source.cases)

    def _decided(self, rule: Rule) -> Formula:
        if rule.then.level is None and rule.then.out_of_scope is None:
            return TRUE
        fires = self.prover.fires(rule)
        return either(fires.known, negation(fires.possible))

    def survivor(self, mutant: Mutant, known: Sequence[TellingPatient] = ()) -> Survivor | None:
        """The mutant with a patient who tells it apart, one of the ``known`` if may be; ``None`` if there is none."""
        assess = self._assessors.of(mutant)
        for patient in known:
            if found := told(mutant, patient, assess):
                return found
        try:
            return self._by_rules(mutant, assess) or self._by_questions(mutant, assess)
        except UndecidedError as error:
            return Survivor(mutant, reason=str(error))

    def _by_rules(self, mutant: Mutant, assess: Assess) -> Survivor | None:
        """By rules, levels, advice or outcome."""
        if mutant.finding is not None:
            return None
        faulty = Rules(mutant.applied(self.pack), self.prover.statements.reads)
        return self._first(mutant, assess, differs(mutant, self.prover.rules, faulty))

    def _by_questions(self, mutant: Mutant, assess: Assess) -> Survivor | None:
        """By open questions: there the fault decides once more is known."""
        if mutant.operator in ON_ADVICE:
            return None
        formulas = self._is_open(mutant) if mutant.finding is not None else self._decides_later(mutant)
        with self.prover.assuming(*formulas):
            return self._first(mutant, assess)

    def _decides_later(self, mutant: Mutant) -> list[Formula]:
        faulty = Rules(mutant.applied(self.pack), self._later.reads)
        return [decides_otherwise(self._rules_later, faulty), *self._later.constraints()]

    def _is_open(self, mutant: Mutant) -> list[Formula]:
        """The finding decides the level or the scope after some other answers, and its policy makes a difference."""
        name = mutant.subject
        answered = Refinement(self._base, self._later.reads, "answered:", only=name)
        matters = decides_otherwise(self._rules_later, Rules(self.pack, answered.reads))
        found = [matters, *answered.constraints(), *self._later.constraints()]
        if self.pack.findings[name].unanswered == "escalate":
            withheld = [rank for rank, level in enumerate(self.pack.levels) if not level.given_with_gaps]
            found.append(some(self.prover.rules.level_is(rank).known for rank in withheld))
        return found

    def _first(self, mutant: Mutant, assess: Assess, *formulas: Formula) -> Survivor | None:
        """The first patient who tells the mutant apart, the nearest to ordinary first; ``None`` if nobody is left."""
        seen: list[Formula] = []
        for _ in range(TRIES):
            model = self._nearest(*formulas, *seen)
            if model is None:
                return None
            if found := told(mutant, self._patient(facts_of(self.prover.patient, model)), assess):
                return found
            seen.append(self._another(mutant, model))
        return Survivor(mutant, reason=f"none of {TRIES} patients for whom it may differ tells it apart")

    def _nearest(self, *formulas: Formula) -> z3.ModelRef | None:
        """The patient nearest to ordinary; of two that are as near the one whose level and scope are settled."""
        ask = self.prover.model
        found = ask(*formulas, self._readable)
        if found is None:
            return ask(*formulas)
        settled = ask(*formulas, self._readable, self._settled)
        return found if settled is None or self._distance(settled) > self._distance(found) else settled

    def _distance(self, model: z3.ModelRef) -> int:
        facts = facts_of(self.prover.patient, model)
        return len(in_words(self.pack, facts, self.prover.ordinary))

    def _another(self, mutant: Mutant, model: z3.ModelRef) -> Formula:
        """One of whom something else is known: a patient of whom the rules know the same is assessed the same."""
        rules = self.pack.rules if mutant.rule is None else (*self.pack.rules, mutant.rule)
        read = dict.fromkeys(atom for rule in rules for atom in atoms(rule.when) if atom.finding in self._base)
        named = (formula for atom in read for formula in self.prover.statements.reads(atom))
        return some(as_any(one != model.eval(one, model_completion=True)) for one in named)

    def _patient(self, facts: Facts) -> TellingPatient:
        witness = self.prover.witness(facts)
        decision = witness.decide(self.prover.support)
        return TellingPatient(witness, decision.patient.values, decision.assessment)


def told(mutant: Mutant, patient: TellingPatient, assess: Assess) -> Survivor | None:
    """The mutant with the patient, if a case of this patient would kill it."""
    telltale = telling(mutant, patient.assessment, assess(patient.findings))
    return Survivor(mutant, patient, telltale) if telltale else None
