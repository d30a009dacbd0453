"""Every rule can fire, and none is needless beside another."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack import Pack, Rule
from cds.verify.encoding.kleene import negation
from cds.verify.issue import Place
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.firing import Firing
from cds.verify.proofs.prover import UndecidedError
from cds.verify.proofs.result import Counterexample


def prove_rules_fire(attempt: Attempt, firing: Firing) -> None:
    """For each rule there is a patient for whom it fires."""
    for rule in attempt.prover.pack.rules:
        attempt.count()
        try:
            can = firing.can(rule)
        except UndecidedError as error:
            attempt.undecided(f"whether {rule.id} can fire: {error}")
            continue
        if not can:
            sentence = f"{rule.id} can never fire: no patient meets its condition"
            attempt.fail(Counterexample(sentence, (Place.of(rule),), hint="Correct the condition, or retire the rule"))


def prove_rules_add_something(attempt: Attempt, firing: Firing) -> None:
    """No rule fires only where another fires that does all that it does, unless it says so."""
    pack = attempt.prover.pack
    for rule in pack.rules:
        needless = []
        attempt.count()
        for other in _covering(pack, rule, firing):
            if rule.id in other.subsumed_by and other.id not in rule.subsumed_by:
                continue  # the other one says that it is the needless one
            try:
                if firing.implies(rule, other):
                    needless.append(other)
            except UndecidedError as error:
                attempt.undecided(f"whether {rule.id} is needless beside {other.id}: {error}")
        _judge(attempt, firing, rule, needless)


def _judge(attempt: Attempt, firing: Firing, rule: Rule, needless: list[Rule]) -> None:
    silent = [other for other in needless if other.id not in rule.subsumed_by]
    if silent and not rule.subsumed_by:
        other = silent[0]
        same = covers(attempt.prover.pack, rule, other) and firing.implies(other, rule)
        what = "says the same as" if same else "is needless beside"
        sentence = f"{rule.id} {what} {other.id}, which fires whenever it does and does all that it does"
        hint = f"Retire it, make it more urgent, or write 'subsumed_by: [{other.id}]' and why in its rationale"
        attempt.fail(Counterexample(sentence, (Place.of(rule), Place.of(other)), hint=hint))
    claimed = [name for name in rule.subsumed_by if name not in {other.id for other in needless}]
    for name in claimed:
        other_rule = attempt.prover.pack.rule.get(name)
        if other_rule is None:
            continue
        sentence = f"{rule.id} says that {name} makes it needless, and that is not so"
        facts = attempt.prover.facts(attempt.prover.fires(rule).known, negation(attempt.prover.fires(other_rule).known))
        witnesses = (attempt.prover.witness(facts),) if facts is not None else ()
        hint = f"Take {name} out of 'subsumed_by'"
        attempt.fail(Counterexample(sentence, (Place.of(rule), Place.of(other_rule)), witnesses, hint=hint))


def _covering(pack: Pack, rule: Rule, firing: Firing) -> Iterator[Rule]:
    """The other rules that may fire whenever the rule does, and do all that it does."""
    together = firing.together(rule)
    others = (other for other in pack.rules if other.id in together and other is not rule)
    return (other for other in others if covers(pack, other, rule))


def covers(pack: Pack, other: Rule, rule: Rule) -> bool:
    """Whether all that follows from ``rule`` follows from ``other`` as well, and no less urgently."""
    mine, theirs = rule.then, other.then
    if mine.level is not None and (theirs.level is None or pack.rank[theirs.level] > pack.rank[mine.level]):
        return False
    return (
        mine.conclude in (None, theirs.conclude)
        and set(mine.advise) <= set(theirs.advise)
        and set(mine.block) <= set(theirs.block)
        and (not mine.block or mine.instead in (None, theirs.instead))
        and mine.out_of_scope in (None, theirs.out_of_scope)
    )
