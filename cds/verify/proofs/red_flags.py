"""No red flag, present or unanswered, ever ends in the last level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cds.assessment import Decision
from cds.pack import Pack, Rule
from cds.pack.condition import Atom, Condition, Holds, Includes, IsCode, findings_of
from cds.pack.finding import Finding
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, both, constant, negation, some
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.prover import EncodingError, Prover
from cds.verify.proofs.result import places

Present = Mapping[str, Sequence[Condition]]
"""For a red flag that is a number, the conditions under which it is one."""


def prove_red_flags(attempt: Attempt, present: Present) -> None:
    """For each red flag: certainly there, the level is above the last; unknown, it withholds the last level.

    An unknown one withholds it if the flag alone would bring a more urgent level, or put the patient out of scope, for
    then it is an open question.
    """
    prover, pack = attempt.prover, attempt.prover.pack
    for name, finding in pack.findings.items():
        if finding.red_flag and finding.type == "integer" and not present.get(name):
            attempt.undecided(f"from where on is {name} a red flag? Say so under 'present' in properties.yaml")
    lowest, last = len(pack.levels) - 2, pack.default_level
    urgent = prover.rules.reaches(lowest).known
    for flag in red_flags(pack, present):
        truth = prover.condition(flag)
        (name,) = findings_of(flag)
        rules = [rule for rule in pack.rules if name in findings_of(rule.when)]
        attempt.concerns_somebody(truth.yes, f"nobody can have the red flag {said(flag)}", places(rules))
        attempt.never(
            truth.yes,
            negation(urgent),
            sentence=f"the red flag {said(flag)} is present, and no rule asks for more than {last}",
            rules=rules,
            confirm=lambda decision: decision.assessment.level == last,
            rather=(negation(prover.rules.reaches(lowest).possible),),
            hint=f"Add a rule that gives a level for {said(flag)} alone, or take 'red_flag' from the finding",
        )
        _withholds(attempt, flag, rules)


def _withholds(attempt: Attempt, flag: Condition, rules: Sequence[Rule]) -> None:
    """An unknown flag alone would change the level or the scope, so it is an open question."""
    prover, pack = attempt.prover, attempt.prover.pack
    (name,) = findings_of(flag)
    lowest, last = len(pack.levels) - 2, pack.default_level
    scopes = [prover.rules.out_of_scope(scope) for scope in _scopes(pack)]
    level, truth = prover.rules.reaches(lowest), prover.condition(flag)
    quiet = (negation(truth.yes), negation(truth.no), negation(level.known))
    sentence = f"it is not known whether the red flag {said(flag)} is present, and {last} is not withheld"
    alone = [both(negation(one.known), _alone(prover, pack.findings[name], one.known)) for one in (level, *scopes)]
    attempt.never(
        *quiet,
        *map(negation, alone),
        sentence=sentence,
        rules=rules,
        confirm=_does_not_withhold(name),
        hint=f"Add a rule that gives a level for {said(flag)} alone, or take 'red_flag' from the finding",
        rather=[negation(both(one.possible, negation(one.known))) for one in (level, *scopes)],
        otherwise=f"{sentence}: what it would change depends on other answers that are missing as well",
    )
    if not attempt.clean:
        return
    # The outcome is decided in the assessment, which is a program: one such patient is asked about.
    facts = prover.any(*quiet)
    if facts is not None and prover.witness(facts).decide(prover.support).assessment.outcome == last:
        raise EncodingError(f"{said(flag)} is proved to withhold {last}, and a patient is given it")


def _scopes(pack: Pack) -> list[str]:
    return sorted({rule.then.out_of_scope for rule in pack.rules if rule.then.out_of_scope is not None})


def _alone(prover: Prover, finding: Finding, outcome: Formula) -> Formula:
    """When some answer about the finding, with all else as it is, brings the outcome about."""
    match finding.type:
        case "boolean":
            values = [_always(Kleene(TRUE, FALSE)), _always(Kleene(FALSE, TRUE))]
        case "code":
            values = [_is(code) for code in sorted(finding.code_ids)]
        case _:
            values = [_anything]
    return some(prover.statements.exchanged(outcome, finding.id, value) for value in values)


def red_flags(pack: Pack, present: Present) -> Iterator[Condition]:
    """What counts as each red flag being there; a number for which nothing is said in ``present`` has none."""
    for name, finding in pack.findings.items():
        if not finding.red_flag or finding.derived:
            continue
        if finding.type == "boolean":
            yield Holds(name)
        elif finding.type == "integer":
            yield from present.get(name, ())
        else:
            yield from _codes(finding)


def _codes(finding: Finding) -> Iterator[Condition]:
    kind = IsCode if finding.type == "code" else Includes
    yield from (kind(finding.id, code.code) for code in finding.codes)


Value = Callable[[Atom, Kleene], Kleene]
"""The truth of a statement about a finding once that is known."""


def _anything(atom: Atom, named: Kleene) -> Kleene:
    """A statement as it may turn out."""
    return Kleene(negation(named.no), negation(named.yes))


def _always(truth: Kleene) -> Value:
    return lambda atom, named: truth


def _is(code: str) -> Value:
    def value(atom: Atom, named: Kleene) -> Kleene:
        same = getattr(atom, "code", None) == code
        return Kleene(constant(same), constant(not same))

    return value


def _does_not_withhold(name: str) -> Callable[[Decision], bool]:
    return lambda decision: name not in decision.assessment.withholding


def said(flag: Condition) -> str:
    """A simple condition in words."""
    match flag:
        case Holds(name):
            return name
        case IsCode(name, code) | Includes(name, code):
            return f"{name} ({code})"
        case _:
            (name,) = findings_of(flag)
            return name
