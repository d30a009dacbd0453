"""Whoever answered everything gets a level by some rule, and nothing stays open."""

from __future__ import annotations

from collections.abc import Iterable

from cds.pack import Rule
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import Formula, as_any, both, either, every, negation, some
from cds.verify.encoding.source import NOT_SURE, Source, is_told
from cds.verify.proofs.attempt import Attempt


def prove_complete(attempt: Attempt) -> None:
    """Among complete patients: some rule gives a level or says that the pack is not for them; bounds are one."""
    prover, pack = attempt.prover, attempt.prover.pack
    everything = is_complete(prover.patient)
    speaking = [rule for rule in pack.rules if rule.then.level is not None or rule.then.out_of_scope is not None]
    attempt.never(
        everything,
        negation(some(prover.fires(rule).known for rule in speaking)),
        sentence=f"everything is answered, and no rule gives a level: {pack.default_level} by silence",
        confirm=lambda decision: not any(rule in speaking for rule in decision.assessment.fired),
        hint="Add a rule for such patients, if need be one that explains the last level",
    )
    for rank, level in enumerate(pack.levels[:-1]):
        reached = prover.rules.reaches(rank)
        undecided = [rule for rule in speaking if rule.then.level == level.id]
        attempt.never(
            everything,
            reached.possible,
            negation(reached.known),
            sentence=f"everything is answered, and it is not decided whether the level is {level.id}",
            rules=_undecidable(undecided),
            confirm=lambda decision: decision.assessment.level != decision.assessment.possible_level,
            hint="Give the options ranges that the bounds of the rules do not cut",
        )


def is_complete(patient: SymbolicPatient) -> Formula:
    """Every question that was shown is answered without "not sure", or another question tells the same.

    A number is one number, or the range of the option chosen. Nothing is asked of the chart: what nobody can answer is
    no gap in the answers, and a pack must do without it. What the chart does have can be read, is exact, and does not
    contradict the answers.
    """
    found: list[Formula] = []
    for name, finding in patient.findings.items():
        sources = patient.sources[name]
        if sources and not finding.informational:
            told = some(_settles(source) for source in sources)
            found.append(either(told, every(patient.gates.state(source.link_id).hidden for source in sources)))
    found += (negation(asked.options[NOT_SURE]) for asked in patient.questions.values() if NOT_SURE in asked.options)
    for recorded in patient.chart.values():
        exact = either(negation(recorded.given), as_any(recorded.number == recorded.high))
        found += [negation(recorded.doubt), exact]
    return every([*found, *patient.agreeing])


def _settles(source: Source) -> Formula:
    """When an answer says all that its question can say."""
    exact = some(
        both(case.when, case.low == case.high)
        if not (isinstance(case.low, int) and isinstance(case.high, int))
        else case.when
        for case in source.cases
    )
    if source.codes:
        return every(either(*code) for code in source.codes.values()) if len(source.codes) > 1 else is_told(source)
    return either(exact, *source.truth)


def _undecidable(rules: Iterable[Rule]) -> list[Rule]:
    return list(rules)[:5]
