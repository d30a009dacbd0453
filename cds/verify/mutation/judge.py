"""Which case a mutant fails: judged by the reference evaluator, and only where the fault can be felt.

The findings of a case do not depend on the rules, so they are computed once. A fault in a condition is first read over
all cases, which is cheap; then the cases in which the rule holds, held, or may are looked at without their open
questions, and with them only if nothing was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from cds.assessment import Assessment
from cds.engine.reference import reading
from cds.pack import Truth
from cds.pack.condition import Condition
from cds.verify.cases.run_cases import failures
from cds.verify.mutation.assessors import Assess, Assessors
from cds.verify.mutation.glance import Glance
from cds.verify.mutation.kept_cases import KeptCase
from cds.verify.mutation.mutant import ON_CONDITION, Mutant


class Judge:
    """Judges the mutants of one pack by its cases."""

    def __init__(self, assessors: Assessors, cases: Sequence[KeptCase]) -> None:
        self._pack = assessors.pack
        self._assessors = assessors
        self._cases = cases
        self._read = lru_cache(maxsize=None)(self._truths)

    def killer(self, mutant: Mutant) -> KeptCase | None:
        """The first case found that fails under the mutant; ``None`` if the mutant survives them all."""
        if mutant.operator in ON_CONDITION:
            changed = self._condition(mutant)
            direct = next((case for case, truth in changed if _is_missed(case, mutant.subject, truth)), None)
            if direct is not None:
                return direct
        concerned = list(self._concerned(mutant))
        if not concerned:
            return None
        if mutant.finding is None:
            glance = Glance(mutant.applied(self._pack))
            seen = next((case for case in concerned if glance.fails(case)), None)
            if seen is not None:
                return seen
        assess = self._assessors.of(mutant)
        return next((case for case in concerned if fails(case, assess)), None)

    def _condition(self, mutant: Mutant) -> Iterator[tuple[KeptCase, Truth]]:
        """The cases in which the condition has another truth now, with that truth."""
        was = self._read(self._pack.rule[mutant.subject].when)
        now = self._faulty(mutant)
        for case, old, new in zip(self._cases, was, now, strict=True):
            if new is not old:
                yield case, new

    def _faulty(self, mutant: Mutant) -> Sequence[Truth]:
        if mutant.rule is None:
            return [False] * len(self._cases)
        return self._truths(mutant.rule.when)

    def _truths(self, condition: Condition) -> Sequence[Truth]:
        read = reading(condition)
        return [read(case.values) for case in self._cases]

    def _concerned(self, mutant: Mutant) -> Iterator[KeptCase]:
        """The cases in which the fault can be felt; those in which a rule holds otherwise come first.

        A rule that neither holds nor may, and neither did, leaves everything as it is. Where it may, other questions
        can be open, even if its truth is the same.
        """
        if mutant.finding is not None:
            yield from (case for case in self._cases if mutant.subject in _gaps(case.assessment))
            return
        was = self._read(self._pack.rule[mutant.subject].when)
        now = self._faulty(mutant) if mutant.operator in ON_CONDITION else was
        felt = [
            (old is new, case)
            for case, old, new in zip(self._cases, was, now, strict=True)
            if old is not False or new is not False
        ]
        yield from (case for _, case in sorted(felt, key=lambda entry: entry[0]))


def fails(case: KeptCase, assess: Assess) -> bool:
    """Whether a case fails when it is assessed in this way."""
    return any(True for _ in failures(case.case.expect, assess(case.findings)))


def _is_missed(case: KeptCase, rule: str, truth: Truth) -> bool:
    """Whether the case expects another truth of the rule."""
    expect = case.case.expect
    expected = ((expect.fires, True), (expect.could_fire, None), (expect.does_not_fire, False))
    return any(rule in names and truth is not wanted for names, wanted in expected)


def _gaps(assessment: Assessment) -> set[str]:
    return {gap.finding for gap in assessment.open_findings} | set(assessment.withholding)
