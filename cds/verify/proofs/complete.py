"""Whoever answered everything gets a level by some rule, and nothing stays open."""

from __future__ import annotations

from collections.abc import Iterable

from cds.pack import Rule
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import Formula, both, either, every, negation, some
from cds.verify.encoding.question import NOT_SURE, Source, is_told
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
    """Every question that was shown is answered without "not sure", or all that it tells is known otherwise.

    A finding that the chart knows alone is known; a number is one number, or the range of the option chosen.
    """
    told: dict[str, Formula] = {}
    found: list[Formula] = []
    for name, finding in patient.findings.items():
        if finding.informational:
            continue
        sources = patient.sources[name]
        told[name] = some(_settles(source) for source in sources)
        hidden = every(patient.gates.state(source.link_id).hidden for source in sources)
        recorded = patient.values[name].exact if name in patient.chart and not sources else None
        found.append(either(told[name], hidden) if recorded is None else recorded)
    found += (negation(asked.options[NOT_SURE]) for asked in patient.questions.values() if NOT_SURE in asked.options)
    # A record that cannot be read is something that is missing; what contradicts another is not known.
    found += (negation(recorded.doubt) for recorded in patient.chart.values())
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
