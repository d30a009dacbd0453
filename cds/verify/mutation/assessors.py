"""Assessors of mutants: by the reference evaluator, and with all that the fault leaves as it is taken over."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from cds.assessment import Assessment, Assessor
from cds.engine import CheckedEvaluator, ReferenceEvaluator
from cds.pack import Findings
from cds.verify.mutation.downstream import downstream
from cds.verify.mutation.mutant import Mutant

Assess = Callable[[Findings], Assessment]


class Assessors:
    """Makes the assessors of the mutants of one pack, whose own assessor is given."""

    def __init__(self, original: Assessor) -> None:
        self.pack = original.pack
        self._ways = original.ways

    def of(self, mutant: Mutant) -> Assess:
        """Assesses as the mutant does. Raises :class:`PackError` for a mutant that cannot be compiled."""
        faulty = mutant.applied(self.pack)
        # Of the evaluator the assessment asks nothing but ``evaluate``, which both have.
        evaluator = cast("CheckedEvaluator", ReferenceEvaluator(faulty))
        changed = self._changed(mutant)
        kept = {name: ways for name, ways in self._ways.items() if name not in changed}
        return Assessor(faulty, evaluator, kept).assess

    def _changed(self, mutant: Mutant) -> set[str]:
        """The rules whose ways may be others: the faulty one, and those that read what it concludes."""
        if mutant.finding is not None:
            return set()
        concluded = self.pack.rule[mutant.subject].then.conclude
        below = downstream(self.pack, concluded) if concluded is not None else []
        return {mutant.subject, *(rule.id for rule in below)}
