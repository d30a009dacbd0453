"""What an assessment asks questions for, and in which direction the statements of the rules speak."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack.condition import All, AnyOf, AtLeast, Atom, Condition, Not
from cds.verify.encoding import Rules
from cds.verify.encoding.kleene import Formula, some


def deciding(rules: Rules) -> list[Formula]:
    """How urgent the level certainly is, and for each scope whether a rule of what urgency certainly says so."""
    pack = rules.pack
    lowest = len(pack.levels) - 1
    found = [rules.reaches(rank).known for rank in range(lowest)]
    own = [
        (rule.then.out_of_scope, pack.rank[rule.then.level or pack.default_level], rules.fires(rule).known)
        for rule in pack.rules
        if rule.then.out_of_scope
    ]
    found += [
        some(fires for name, rank, fires in own if name == scope and rank <= limit)
        for scope in dict.fromkeys(scope for scope, _, _ in own)
        for limit in range(lowest + 1)
    ]
    return found


def signed_atoms(condition: Condition, sign: int = 1) -> Iterator[tuple[Atom, int]]:
    """The statements of a condition, each with 1 if it speaks for it and -1 if against."""
    match condition:
        case Not(operand):
            yield from signed_atoms(operand, -sign)
        case All(operands) | AnyOf(operands) | AtLeast(_, operands):
            for operand in operands:
                yield from signed_atoms(operand, sign)
        case _:
            yield condition, sign
