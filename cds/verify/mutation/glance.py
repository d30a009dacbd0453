"""A mutant at a glance: rules, levels and advice of a case, without the open questions, which take long to compile."""

from __future__ import annotations

from dataclasses import replace

from cds.assessment import Assessment
from cds.assessment.advice import AdviceGiver
from cds.engine import Evaluation, ReferenceEvaluator
from cds.pack import Pack
from cds.verify.cases.run_cases import failures
from cds.verify.mutation.kept_cases import KeptCase


class Glance:
    """Sees some of the cases that a pack with a fault fails; that it sees none says nothing."""

    def __init__(self, faulty: Pack) -> None:
        self._pack = faulty
        self._evaluator = ReferenceEvaluator(faulty)
        self._advice = AdviceGiver(faulty)

    def fails(self, case: KeptCase) -> bool:
        """Whether a case is seen to fail."""
        seen = self._seen(case.assessment, self._evaluator.evaluate(case.findings))
        return any(True for _ in failures(case.case.expect, seen))

    def _seen(self, was: Assessment, now: Evaluation) -> Assessment:
        """The assessment as far as it is seen; the rest is as it was, and so fails no expectation."""
        rules = self._pack.rule
        fired, undecided = tuple(map(rules.__getitem__, now.known)), now.possible - now.known
        plain = not undecided and not any(rule.then.out_of_scope for rule in fired)
        return replace(
            was,
            outcome=now.level if plain else was.outcome,
            level=now.level,
            possible_level=now.possible_level,
            fired=fired,
            undecided=tuple(map(rules.__getitem__, undecided)),
            advice=self._advice.advice(now),
        )
