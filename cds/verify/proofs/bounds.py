"""More answers never bring the level above the possible one, nor below the certain one."""

from __future__ import annotations

from cds.assessment import Decision
from cds.pack import Pack
from cds.verify.encoding.kleene import Formula, both, either, negation, some
from cds.verify.encoding.number import known
from cds.verify.encoding.question import Source, is_told
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.second_patient import SecondPatient


def prove_bounds(attempt: Attempt, second: SecondPatient) -> None:
    """For each level: no answers that were missing bring it about unless it was possible, or take it away."""
    prover, pack = attempt.prover, attempt.prover.pack
    with prover.assuming(*second.constraints, *second.more.values(), *_agrees_with_chart(second)):
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


def _agrees_with_chart(second: SecondPatient) -> list[Formula]:
    """What the chart knows is no open question: a new answer that contradicts its number or its code is left out."""
    found: list[Formula] = []
    for name, recorded in second.patient.chart.items():
        if second.patient.findings[name].type == "boolean" or not recorded.records:
            continue
        pairs = zip(second.prover.patient.sources[name], second.patient.sources[name], strict=True)
        new = some(both(_told(after), negation(_told(before))) for before, after in pairs)
        found.append(either(negation(some(recorded.records)), negation(new)))
    return found


def _told(source: Source) -> Formula:
    return either(is_told(source), known(source.cases))
