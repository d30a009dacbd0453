"""One more red flag, or a worse value of a number, never lowers the level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cds.assessment import Decision
from cds.pack import Pack, Rule
from cds.pack.condition import findings_of
from cds.pack.finding import Finding
from cds.verify.encoding.kleene import TRUE, Formula, as_any, both, every, is_false, negation, some
from cds.verify.encoding.number import Cases, Number
from cds.verify.encoding.question import QuestionVariables
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.second_patient import SecondPatient
from cds.verify.properties.stated import WorseNumber


def prove_monotone(attempt: Attempt, second: SecondPatient, worse: Sequence[WorseNumber]) -> None:
    """Each red flag and each of these numbers, one at a time, all else answered alike."""
    pack = attempt.prover.pack
    with second.assumed(_lower(second)):
        for finding in pack.findings.values():
            if finding.red_flag and not finding.derived and finding.type != "integer":
                for link_id in dict.fromkeys(source.link_id for source in finding.answers):
                    _one_more(attempt, second, finding, link_id)
                _in_chart(attempt, second, finding)
        for number in worse:
            _worse(attempt, second, number)


def _lower(second: SecondPatient) -> Formula:
    """The level of the second patient is certainly less urgent than that of the first."""
    first = second.prover.rules
    return some(
        both(first.reaches(rank).known, negation(second.rules.reaches(rank).known))
        for rank in range(len(second.prover.pack.levels) - 1)
    )


def _others(second: SecondPatient, changed: set[str]) -> list[Formula]:
    return [same for link_id, same in second.same.items() if link_id not in changed]


def _one_more(attempt: Attempt, second: SecondPatient, finding: Finding, link_id: str) -> None:
    """The same patient, with one more sign at this question."""
    asked = second.prover.patient.questions[link_id], second.patient.questions[link_id]
    for code, positive in _signs(finding, link_id, asked[1]):
        before, after = asked[0], asked[1]
        rest = _keeps(before, after, code)
        was = negation(_sign(before, code))
        name = f"{finding.id} ({code})" if finding.type != "boolean" else finding.id
        second.never(
            attempt,
            positive,
            was,
            rest,
            *_others(second, {link_id}),
            sentence=f"one more red flag, {name}, lowers the level",
            rules=_reading(second.prover.pack, finding),
            confirm=lambda first, then: _is_lower(second.prover.pack, first, then),
        )


def _in_chart(attempt: Attempt, second: SecondPatient, finding: Finding) -> None:
    """The same patient, with the sign in the chart as well."""
    recorded = second.patient.chart.get(finding.id)
    if recorded is None or is_false(recorded.yes):
        return
    second.never(
        attempt,
        recorded.yes,
        negation(second.prover.patient.chart[finding.id].yes),
        as_any(recorded.doubt == second.prover.patient.chart[finding.id].doubt),
        *_others(second, {f"chart:{finding.id}"}),
        sentence=f"one more red flag in the chart, {finding.id}, lowers the level",
        rules=_reading(second.prover.pack, finding),
        confirm=lambda first, then: _is_lower(second.prover.pack, first, then),
    )


def _signs(finding: Finding, link_id: str, asked: QuestionVariables) -> Iterator[tuple[str, Formula]]:
    """The ways of giving the sign at this question: by option, or yes."""
    for source in finding.answers:
        if source.link_id != link_id:
            continue
        if not asked.options:
            yield "yes", asked.yes
        elif finding.type == "boolean":
            yield from ((code, asked.options[code]) for code in source.when_true or ())
        else:
            mapping = source.map or {}
            yield from (
                (code, option) for code, option in asked.options.items() if mapping.get(code, code) in finding.code_ids
            )


def _sign(asked: QuestionVariables, code: str) -> Formula:
    return asked.options[code] if asked.options else asked.yes


def _keeps(before: QuestionVariables, after: QuestionVariables, code: str) -> Formula:
    """In a tick-list all other ticks stay, but for "none of these"."""
    if not before.item.repeats:
        return TRUE
    codes = before.item.option_codes
    return every(
        as_any(before.options[name] == after.options[name])
        for name in codes
        if name != code and not codes[name].exclusive
    )


def _worse(attempt: Attempt, second: SecondPatient, number: WorseNumber) -> None:
    """The same patient with a worse number in one of the places that give it, all else as it was.

    Answers to questions that are no longer shown fall away, as they would. A value that contradicts another source is
    left out: it makes the number less known, and a clinician is told.
    """
    name = number.finding.id
    patients = second.prover.patient, second.patient
    places = [(source.link_id, source.cases) for source in patients[0].sources[name]]
    then = {source.link_id: source.cases for source in patients[1].sources[name]}
    if name in patients[0].chart:
        places.append((f"chart:{name}", patients[0].chart[name].cases))
        then[f"chart:{name}"] = patients[1].chart[name].cases
    doubts = [negation(one.chart[name].doubt) for one in patients if name in one.chart]
    for place, cases in places:
        second.never(
            attempt,
            _is_worse(cases, then[place], number),
            *doubts,
            *second.patient.agreeing,
            *_others(second, {place}),
            sentence=f"a worse value of {name} ({'higher' if number.higher else 'lower'}) lowers the level",
            rules=_reading(second.prover.pack, number.finding),
            confirm=lambda one, other: _is_lower(second.prover.pack, one, other),
            hint="Look for a rule, or an enableWhen, that takes something away when the value is worse",
        )


def _is_worse(first: Cases, then: Cases, number: WorseNumber) -> Formula:
    """Both are known within the declared values, and the second is no better at either end."""
    ways = []
    for case in first:
        for other in then:
            ends = (case.low, case.high), (other.low, other.high)
            within = [_between(end, number) for pair in ends for end in pair]
            pairs = zip(*ends, strict=True)
            beyond = (as_any(mine <= theirs) if number.higher else as_any(mine >= theirs) for mine, theirs in pairs)
            ways.append(every([case.when, other.when, *within, *beyond]))
    return some(ways)


def _between(end: Number, number: WorseNumber) -> Formula:
    return both(as_any(end >= number.low), as_any(end <= number.high))


def _reading(pack: Pack, finding: Finding) -> list[Rule]:
    return [rule for rule in pack.rules if finding.id in findings_of(rule.when)]


def _is_lower(pack: Pack, first: Decision, then: Decision) -> bool:
    return pack.rank[then.assessment.level] > pack.rank[first.assessment.level]
