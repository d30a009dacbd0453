"""For which patients each rule fires: examples, to rule out at a glance what need not be proved."""

from __future__ import annotations

from cds.pack import Rule
from cds.verify.encoding.kleene import negation
from cds.verify.proofs.prover import EncodingError, Prover
from cds.verify.witness import Facts


class Firing:
    """Whether rules can fire, and whether one fires whenever another does. What was found is kept.

    ``examples`` are patients that were found on the way; each made a rule fire that none before did.
    """

    def __init__(self, prover: Prover) -> None:
        self._prover = prover
        self._never: set[str] = set()
        self._together: dict[str, frozenset[str]] = {}
        self.examples: list[Facts] = []

    def can(self, rule: Rule) -> bool:
        """Whether some patient makes the rule fire. Raises :class:`UndecidedError`."""
        if rule.id not in self._together and rule.id not in self._never:
            facts = self._prover.any(self._prover.fires(rule).known)
            if facts is None:
                self._never.add(rule.id)
            else:
                self._learn(facts)
                if rule.id not in self._together:
                    raise EncodingError(f"z3 found a patient for whom {rule.id} fires, and it does not")
        return rule.id not in self._never

    def together(self, rule: Rule) -> frozenset[str]:
        """The rules that fire for every example for which the rule fires: only these can fire whenever it does."""
        return self._together.get(rule.id, frozenset()) if self.can(rule) else frozenset()

    def implies(self, rule: Rule, other: Rule) -> bool:
        """Whether the other fires for every patient for whom the rule fires. Raises :class:`UndecidedError`."""
        if other.id not in self.together(rule):
            return False
        facts = self._prover.any(self._prover.fires(rule).known, negation(self._prover.fires(other).known))
        if facts is not None:
            self._learn(facts)
        return facts is None

    def _learn(self, facts: Facts) -> None:
        """The reference evaluator is asked which rules fire: much faster than z3 is."""
        support = self._prover.support
        values = self._prover.witness(facts).values(support)
        fired = support.assessor.evaluator.reference.evaluate(values).known
        for name in fired:
            self._together[name] = self._together.get(name, fired) & fired
        self.examples.append(facts)
