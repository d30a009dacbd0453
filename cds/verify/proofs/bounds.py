"""More answers never bring the level above the possible one, nor below the certain one."""

from __future__ import annotations

from cds.assessment import Decision
from cds.pack import Pack
from cds.verify.encoding.kleene import negation
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.second_patient import SecondPatient


def prove_bounds(attempt: Attempt, second: SecondPatient) -> None:
    """For each level: no answers that were missing bring it about unless it was possible, or take it away.

    Answers that contradict what is known of a number or a code are left out: they make it less known than before, and
    a clinician is told.
    """
    prover, pack = attempt.prover, attempt.prover.pack
    with second.assumed(*second.more.values(), *second.patient.agreeing):
        for rank, level in enumerate(pack.levels[:-1]):
            before, after = prover.rules.reaches(rank), second.rules.reaches(rank)
            second.never(
                attempt,
                after.known,
                negation(before.possible),
                sentence=f"answering open questions brings the level to {level.id}, which was not possible before",
                rules=(),
                confirm=lambda first, then: _rank(pack, then) < pack.rank[first.assessment.possible_level],
            )
            second.never(
                attempt,
                before.known,
                negation(after.known),
                sentence=f"the level was certainly {level.id} or more, and further answers lower it",
                rules=(),
                confirm=lambda first, then: _rank(pack, then) > _rank(pack, first),
            )


def _rank(pack: Pack, decision: Decision) -> int:
    return pack.rank[decision.assessment.level]
