"""Faults in conditions: each clause is dropped, negated, joined otherwise, or its bound or code is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Includes, IsCode, Not
from cds.pack.finding import Finding
from cds.pack.sentence import sentence
from cds.verify.mutation.meaning import meaning
from cds.verify.mutation.mutant import Operator

Findings = Mapping[str, Finding]


class Fault(NamedTuple):
    """A clause with a fault: the operator, the clause as it is now, and what was done in words."""

    operator: Operator
    clause: Condition
    change: str


def faulty_conditions(condition: Condition, findings: Findings) -> Iterator[Fault]:
    """The whole condition with one fault, for every fault; those that say the same as another come once."""
    seen = {meaning(condition)}
    for clause, put in _places(condition):
        for kind in _KINDS:
            for fault in kind(clause, findings):
                whole = put(fault.clause)
                said = meaning(whole)
                if said not in seen:
                    seen.add(said)
                    yield Fault(fault.operator, whole, fault.change)
                    if fault.operator == "code-swapped":
                        break  # one other code is enough, the first that says something new


Put = Callable[[Condition], Condition]
"""Gives the whole condition with another clause in this place."""


def _places(condition: Condition, put: Put = lambda clause: clause) -> Iterator[tuple[Condition, Put]]:
    """Every clause with its place, the whole first, then from left to right."""
    yield condition, put
    match condition:
        case Not(operand):
            yield from _places(operand, lambda clause: put(Not(clause)))
        case All(operands) | AnyOf(operands) | AtLeast(_, operands):
            for index, operand in enumerate(operands):
                yield from _places(operand, _into(condition, index, put))


Group = All | AnyOf | AtLeast


def _into(group: Group, index: int, put: Put) -> Put:
    operands = group.operands
    return lambda clause: put(_of(group, (*operands[:index], clause, *operands[index + 1 :])))


def _of(group: Group, operands: tuple[Condition, ...]) -> Condition:
    """The same kind of group with other operands."""
    match group:
        case All():
            return All(operands)
        case AnyOf():
            return AnyOf(operands)
        case AtLeast(count, _):
            return AtLeast(count, operands)


def _dropped(clause: Condition, findings: Findings) -> Iterator[Fault]:
    if not isinstance(clause, Group) or len(clause.operands) < 2:
        return
    for index, operand in enumerate(clause.operands):
        rest = (*clause.operands[:index], *clause.operands[index + 1 :])
        if isinstance(clause, AtLeast) and clause.count > len(rest):
            continue  # so many could never hold
        change = f"'{sentence(operand, findings)}' is dropped from '{sentence(clause, findings)}'"
        yield Fault("operand-dropped", rest[0] if len(rest) == 1 else _of(clause, rest), change)


def _negated(clause: Condition, findings: Findings) -> Iterator[Fault]:
    new = clause.operand if isinstance(clause, Not) else Not(clause)
    yield Fault("clause-negated", new, _becomes(clause, new, findings))


def _swapped(clause: Condition, findings: Findings) -> Iterator[Fault]:
    if isinstance(clause, All | AnyOf) and len(clause.operands) > 1:
        new = AnyOf(clause.operands) if isinstance(clause, All) else All(clause.operands)
        yield Fault("all-any-swapped", new, _becomes(clause, new, findings))


def _recounted(clause: Condition, findings: Findings) -> Iterator[Fault]:
    if isinstance(clause, AtLeast):
        for count in (clause.count - 1, clause.count + 1):
            if 1 <= count <= len(clause.operands):
                new = AtLeast(count, clause.operands)
                yield Fault("count-changed", new, _becomes(clause, new, findings))


def _shifted(clause: Condition, findings: Findings) -> Iterator[Fault]:
    """The next number either way; strict for not strict is one of the two."""
    if isinstance(clause, Compare):
        for value in (clause.value + 1, clause.value - 1):
            new = Compare(clause.finding, clause.operator, value)
            if _tells_apart(new, findings[clause.finding]):
                yield Fault("bound-shifted", new, _becomes(clause, new, findings))


def _tells_apart(atom: Compare, finding: Finding) -> bool:
    """Whether some numbers of the finding satisfy a comparison and others do not; else the loader refuses it."""
    low, high, value = finding.low, finding.high, atom.value
    if atom.operator in (">=", "<"):
        return low < value <= high
    if atom.operator in (">", "<="):
        return low <= value < high
    return low <= value <= high


def _recoded(clause: Condition, findings: Findings) -> Iterator[Fault]:
    """Each other code of the finding, beginning with the next."""
    if isinstance(clause, IsCode | Includes):
        codes = [code.code for code in findings[clause.finding].codes]
        place = codes.index(clause.code)
        for code in (*codes[place + 1 :], *codes[:place]):
            new = type(clause)(clause.finding, code)
            yield Fault("code-swapped", new, _becomes(clause, new, findings))


def _becomes(old: Condition, new: Condition, findings: Findings) -> str:
    return f"'{sentence(old, findings)}' becomes '{sentence(new, findings)}'"


_KINDS = (_dropped, _negated, _swapped, _recounted, _shifted, _recoded)
