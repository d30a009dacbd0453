"""Advice is never given with its contraindication present, nor without asking first while it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cds.assessment import Decision
from cds.pack.condition import Condition
from cds.pack.sentence import sentence
from cds.verify.encoding.kleene import negation
from cds.verify.proofs.attempt import Attempt


def prove_contraindications(attempt: Attempt, conditions: Mapping[str, Sequence[Condition]]) -> None:
    """For each advice (id) and each of its contraindications: certain, it is not given; possible, it is asked first."""
    prover, pack = attempt.prover, attempt.prover.pack
    for advice, against in conditions.items():
        recommending = [rule for rule in pack.rules if advice in rule.then.advise]
        blocked, wanted = prover.rules.blocked(advice), prover.rules.recommended(advice)
        for condition in against:
            truth, words = prover.condition(condition), sentence(condition, pack.findings)
            attempt.concerns_somebody(truth.yes, f"nobody has {words}, a contraindication of {advice}")
            attempt.never(
                truth.yes,
                wanted,
                negation(blocked.known),
                sentence=f"{advice} is advised although {words}",
                rules=recommending,
                confirm=_given(advice, "advised", "ask-first"),
                hint=f"Add a rule that blocks {advice} when {words}",
            )
            attempt.never(
                truth.possible,
                wanted,
                negation(blocked.possible),
                sentence=f"{advice} is advised without asking first although it may be that {words}",
                rules=recommending,
                confirm=_given(advice, "advised"),
                hint=f"Add a rule that blocks {advice} when {words}",
            )


def _given(advice: str, *statuses: str) -> Callable[[Decision], bool]:
    return lambda decision: any(
        one.advice.id == advice and one.status in statuses for one in decision.assessment.advice
    )
