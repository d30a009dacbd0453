"""No red flag, present or unanswered, ever ends in the last level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cds.assessment import Decision
from cds.pack import Pack
from cds.pack.condition import Atom, Condition, Holds, Includes, IsCode, findings_of
from cds.pack.finding import Finding
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import both, negation
from cds.verify.proofs.attempt import Attempt

Present = Mapping[str, Sequence[Condition]]
"""For a red flag that is a number, the conditions under which it is one."""


def prove_red_flags(attempt: Attempt, present: Present) -> None:
    """For each red flag: certainly there, the level is above the last; unknown, it withholds the last level.

    An unknown one withholds it if the flag alone would bring a more urgent level, for then it is an open question.
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
        attempt.never(
            truth.yes,
            negation(urgent),
            sentence=f"the red flag {said(flag)} is present, and no rule asks for more than {last}",
            rules=rules,
            confirm=lambda decision: decision.assessment.level == last,
            rather=(negation(prover.rules.reaches(lowest).possible),),
            hint=f"Add a rule that gives a level for {said(flag)} alone, or take 'red_flag' from the finding",
        )
        alone = prover.statements.exchanged(urgent, name, _anything)
        attempt.never(
            both(negation(truth.yes), negation(truth.no)),
            negation(urgent),
            negation(alone),
            sentence=f"it is not known whether the red flag {said(flag)} is present, and {last} is not withheld",
            rules=rules,
            confirm=_does_not_withhold(name),
            rather=(negation(prover.rules.reaches(lowest).possible),),
            hint=f"Add a rule that gives a level for {said(flag)} alone, or take 'red_flag' from the finding",
        )


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
    yield from (kind(finding.id, code.code) for code in finding.codes if not code.informational)


def _anything(atom: Atom, named: Kleene) -> Kleene:
    """A statement as it may turn out."""
    return Kleene(negation(named.no), negation(named.yes))


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
