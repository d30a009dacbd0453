"""The mutation score of a pack's cases: how many faults they notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cds.decision_support import DecisionSupport
from cds.pack import PackError
from cds.verify.cases import CaseResult
from cds.verify.mutation.assessors import Assessors
from cds.verify.mutation.draft import Draft
from cds.verify.mutation.drafts import DraftWriter
from cds.verify.mutation.judge import Judge
from cds.verify.mutation.kept_cases import KeptCase, keep
from cds.verify.mutation.mutant import Mutant
from cds.verify.mutation.mutants import mutants
from cds.verify.mutation.search import Search
from cds.verify.mutation.survivor import Survivor, TellingPatient


@dataclass(frozen=True, slots=True)
class Score:
    """What came of every mutant. ``drafts`` are cases that would kill the survivors."""

    mutants: tuple[Mutant, ...]
    killed: dict[str, KeptCase]
    stillborn: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    survived: tuple[Survivor, ...]
    drafts: tuple[Draft, ...]


Step = Callable[[str, int, int], None]
"""Called with what is done, how far it is, and how much there is."""


def mutation_score(
    support: DecisionSupport,
    results: Sequence[CaseResult],
    topic: str | None = None,
    seconds: float = 60.0,
    step: Step = lambda what, done, of: None,
) -> Score:
    """Judge every mutant of a pack (or of a topic) by its cases, which must all have passed.

    ``seconds`` is what one question to z3 may take.
    """
    cases = keep(results)
    chosen = tuple(mutant for mutant in mutants(support.pack) if topic in (None, mutant.topic))
    judge = Judge(Assessors(support.assessor), cases)
    killed: dict[str, KeptCase] = {}
    stillborn, left = [], []
    for number, mutant in enumerate(chosen, 1):
        step("judging", number, len(chosen))
        try:
            killer = None if mutant.stillborn else judge.killer(mutant)
        except PackError:
            stillborn.append(mutant)  # its rules are more than the engine holds
            continue
        if mutant.stillborn:
            stillborn.append(mutant)
        elif killer is None:
            left.append(mutant)
        else:
            killed[mutant.id] = killer
    equivalent, survived = _searched(support, left, seconds, step)
    drafts = DraftWriter(support).drafts(survived) if survived else []
    return Score(chosen, killed, tuple(stillborn), tuple(equivalent), tuple(survived), tuple(drafts))


def _searched(
    support: DecisionSupport, left: Sequence[Mutant], seconds: float, step: Step
) -> tuple[list[Mutant], list[Survivor]]:
    """Those of the mutants that nobody tells apart, and the others with their patients.

    A patient serves for other mutants of the same topic, as its case stands beside the rules of that topic.
    """
    equivalent: list[Mutant] = []
    survived: list[Survivor] = []
    if not left:
        return equivalent, survived
    search = Search(support, left, seconds)
    patients: dict[str, list[TellingPatient]] = {}
    for number, mutant in enumerate(left, 1):
        step("searching", number, len(left))
        known = patients.setdefault(mutant.topic, [])
        found = search.survivor(mutant, known)
        if found is None:
            equivalent.append(mutant)
            continue
        survived.append(found)
        if found.patient is not None and found.patient not in known:
            known.append(found.patient)
    return equivalent, survived
