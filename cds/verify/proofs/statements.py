"""Properties of a pack's own: what must follow for every patient who meets a condition."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack.condition import findings_of
from cds.verify.encoding.kleene import TRUE, Formula, both, every, negation
from cds.verify.proofs.attempt import Attempt
from cds.verify.properties.model import Consequent
from cds.verify.properties.stated import StatedProperty


def prove_statement(attempt: Attempt, stated: StatedProperty) -> None:
    """Each thing that the statement promises."""
    prover, pack = attempt.prover, attempt.prover.pack
    met: list[Formula] = [TRUE]
    names: set[str] = set()
    if stated.certainly is not None:
        met.append(prover.condition(stated.certainly).yes)
        names |= findings_of(stated.certainly)
    if stated.possibly is not None:
        met.append(prover.condition(stated.possibly).possible)
        names |= findings_of(stated.possibly)
    rules = [rule for rule in pack.rules if names & findings_of(rule.when)][:8]
    if not stated.then.never:  # that nobody meets the condition is then just what is promised
        attempt.concerns_somebody(every(met), f"{stated.title}: nobody meets the condition, so nothing is said")
    for violated, what in _violations(attempt, stated.then):
        attempt.never(*met, violated, sentence=f"{stated.title}: {what}", rules=rules)


def _violations(attempt: Attempt, then: Consequent) -> Iterator[tuple[Formula, str]]:
    prover, pack = attempt.prover, attempt.prover.pack
    rules = prover.rules
    if then.never:
        yield TRUE, "there is such a patient"
    if then.at_least is not None:
        yield negation(rules.reaches(pack.rank[then.at_least]).known), f"the level is less than {then.at_least}"
    if then.at_most is not None and pack.rank[then.at_most] > 0:
        above = rules.reaches(pack.rank[then.at_most] - 1).possible
        yield above, f"the level is, or may be, more than {then.at_most}"
    for name in then.fires:
        yield negation(prover.fires(pack.rule[name]).known), f"{name} does not certainly fire"
    for name in then.does_not_fire:
        yield prover.fires(pack.rule[name]).possible, f"{name} fires, or may"
    for advice in then.no_advice:
        given = both(rules.recommended(advice), negation(rules.blocked(advice).known))
        yield given, f"{advice} is advised, or given after asking"
    if then.out_of_scope is not None:
        yield negation(rules.out_of_scope(then.out_of_scope).known), f"not out of scope ({then.out_of_scope})"
