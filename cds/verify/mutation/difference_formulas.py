"""When a mutant says something else of a patient than the pack, for each kind of fault, as a formula."""

from __future__ import annotations

from collections.abc import Iterable

from cds.pack import Pack, Rule
from cds.verify.encoding import Kleene, RuleReading, Rules
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, as_any, both, either, negation, some
from cds.verify.mutation.downstream import downstream
from cds.verify.mutation.mutant import ON_ADVICE, ON_CONDITION, Mutant


def differs(mutant: Mutant, original: Rules, faulty: Rules) -> Formula:
    """When rules, levels, advice or the outcome differ: all that a case can expect but open questions.

    Of a fault in a condition it is enough to ask about its rule: a case can name it, and all else follows from it.
    """
    if mutant.operator in ON_CONDITION:
        now = faulty.rule(mutant.rule) if mutant.rule is not None else Kleene(FALSE, TRUE)
        return _other(original.rule(original.pack.rule[mutant.subject]), now)
    if mutant.operator in ON_ADVICE:
        return some(_advice(advice, original, faulty) for advice in _concerned_advice(mutant, original.pack))
    if mutant.operator == "conclusion-removed":
        concluded = original.pack.rule[mutant.subject].then.conclude or ""
        return some(_other(original.rule(rule), faulty.rule(rule)) for rule in downstream(original.pack, concluded))
    return either(_levels(original, faulty), _unlike(_out_of_scope(original), _out_of_scope(faulty)))


def decides_otherwise(original: Rules, faulty: Rules) -> Formula:
    """When the level or the scope rules are judged otherwise."""
    return either(_levels(original, faulty), _scopes(original, faulty))


def _unlike(one: Formula, other: Formula) -> Formula:
    return FALSE if one.eq(other) else as_any(one != other)


def _other(one: Kleene, other: Kleene) -> Formula:
    return either(_unlike(one.yes, other.yes), _unlike(one.no, other.no))


def _readings(one: RuleReading, other: RuleReading) -> Formula:
    return either(_unlike(one.known, other.known), _unlike(one.possible, other.possible))


def _levels(original: Rules, faulty: Rules) -> Formula:
    ranks = range(len(original.pack.levels) - 1)
    return some(_readings(original.reaches(rank), faulty.reaches(rank)) for rank in ranks)


def _scopes(original: Rules, faulty: Rules) -> Formula:
    """Rule by rule, as the open questions count them."""
    parts = []
    names = {rule.id for pack in (original.pack, faulty.pack) for rule in pack.rules if rule.then.out_of_scope}
    for name in sorted(names):
        one, other = (_scope_rule(rules, name) for rules in (original, faulty))
        parts.append(_readings(one, other))
    return some(parts)


def _scope_rule(rules: Rules, name: str) -> RuleReading:
    rule = rules.pack.rule.get(name)
    if rule is None or rule.then.out_of_scope is None:
        return RuleReading(FALSE, FALSE)
    return rules.fires(rule)


def _out_of_scope(rules: Rules) -> Formula:
    """When the outcome is out of scope, unless it is withheld: no rule asks for more than the scope rules do."""
    pack = rules.pack
    scope = [rule for rule in pack.rules if rule.then.out_of_scope is not None]
    last = len(pack.levels) - 1
    parts = [both(rules.level_is(rank).known, _fired(rules, _as_urgent(pack, scope, rank))) for rank in range(last)]
    return either(*parts, both(negation(rules.reaches(last - 1).known), _fired(rules, scope)))


def _as_urgent(pack: Pack, rules: Iterable[Rule], rank: int) -> list[Rule]:
    return [rule for rule in rules if rule.then.level is not None and pack.rank[rule.then.level] <= rank]


def _fired(rules: Rules, among: Iterable[Rule]) -> Formula:
    return some(rules.fires(rule).known for rule in among)


def _concerned_advice(mutant: Mutant, pack: Pack) -> list[str]:
    was = pack.rule[mutant.subject].then
    now = mutant.rule.then if mutant.rule is not None else was
    return [*(name for name in was.advise if name not in now.advise), *(n for n in was.block if n not in now.block)]


def _advice(advice: str, original: Rules, faulty: Rules) -> Formula:
    """When the advice is given by one and not by the other, or was to be asked about and is not.

    That it is to be asked about where it was neither, no case can expect.
    """
    (given, asked), (given_now, asked_now) = (_statuses(advice, rules) for rules in (original, faulty))
    return either(_unlike(given, given_now), both(asked, negation(asked_now)))


def _statuses(advice: str, rules: Rules) -> tuple[Formula, Formula]:
    wanted, blocked = rules.recommended(advice), rules.blocked(advice)
    given = both(wanted, negation(blocked.possible))
    return given, both(wanted, blocked.possible, negation(blocked.known))
