"""For which patients each rule fires: one example for each, to rule out at a glance what need not be proved."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from cds.pack import Rule
from cds.verify.encoding.kleene import negation
from cds.verify.proofs.prover import Prover
from cds.verify.witness import Facts, facts_of


class Firing:
    """Whether rules can fire, and whether one fires whenever another does. What was found is kept."""

    def __init__(self, prover: Prover) -> None:
        self._prover = prover
        self._examples: dict[str, z3.ModelRef | None] = {}
        self._fired: dict[str, frozenset[str]] = {}

    def can(self, rule: Rule) -> bool:
        """Whether some patient makes the rule fire. Raises :class:`UndecidedError`."""
        if rule.id not in self._examples:
            found = self._prover.exists(self._prover.fires(rule).known)
            self._examples[rule.id] = self._prover.solver.model() if found else None
        return self._examples[rule.id] is not None

    def examples(self) -> Iterator[Facts]:
        """For each rule that can fire a patient for whom it does. Raises :class:`UndecidedError`."""
        for rule in self._prover.pack.rules:
            if self.can(rule) and (model := self._examples[rule.id]) is not None:
                yield facts_of(self._prover.patient, model)

    def implies(self, rule: Rule, other: Rule) -> bool:
        """Whether the other fires for every patient for whom the rule fires. Raises :class:`UndecidedError`."""
        if not self.can(rule) or other.id not in self._together(rule):
            return False
        if not self._prover.exists(self._prover.fires(rule).known, negation(self._prover.fires(other).known)):
            return True
        self._fired[rule.id] &= self._now_firing(self._fired[rule.id], self._prover.solver.model())
        return False

    def _together(self, rule: Rule) -> frozenset[str]:
        """The rules that fire for all patients seen so far for whom the rule fires."""
        if rule.id not in self._fired:
            example = self._examples[rule.id]
            assert example is not None  # noqa: S101 - ``can`` was asked before
            everything = frozenset(one.id for one in self._prover.pack.rules)
            self._fired[rule.id] = self._now_firing(everything, example)
        return self._fired[rule.id]

    def _now_firing(self, names: frozenset[str], model: z3.ModelRef) -> frozenset[str]:
        fires = self._prover.fires
        rules = self._prover.pack.rule
        return frozenset(
            name for name in names if z3.is_true(model.eval(fires(rules[name]).known, model_completion=True))
        )
