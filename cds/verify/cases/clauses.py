"""The clauses of a condition: the whole, every part in brackets, and every statement about one finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cds.engine.reference import reading
from cds.pack import Pack, Truth
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Not
from cds.verify.cases.run_cases import CaseResult

TRUTHS: Final[tuple[Truth, ...]] = (True, False, None)
"""What a clause can be: true, false, unknown."""

Seen = Counter[Truth]
"""In how many cases a clause was true, false and unknown."""

ClauseKey = tuple[str, Condition]
"""The id of a rule and one of its clauses. A clause that stands twice in a rule counts once: it is the same twice."""


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside a condition; none for a statement about one finding."""
    match condition:
        case Not(operand):
            return (operand,)
        case All(operands) | AnyOf(operands) | AtLeast(_, operands):
            return operands
        case _:
            return ()


def clauses(condition: Condition) -> tuple[Condition, ...]:
    """The clauses of a condition, the whole first, then from left to right, each once."""
    return tuple(dict.fromkeys(_walk(condition)))


def _walk(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in parts(condition):
        yield from _walk(part)


def count_truths(pack: Pack, results: Iterable[CaseResult]) -> Mapping[ClauseKey, Seen]:
    """For each clause of each rule, in how many of the cases it was true, false and unknown."""
    keys = [(rule.id, clause) for rule in pack.rules for clause in clauses(rule.when)]
    # many rules share a clause: each is looked at once a case
    counts: dict[Condition, Seen] = {clause: Counter() for _, clause in keys}
    readers = [(reading(clause), seen) for clause, seen in counts.items()]
    for result in results:
        if result.decision is not None:
            values = {**result.decision.patient.values, **result.decision.assessment.derived}
            for read, seen in readers:
                seen[read(values)] += 1
    return {(rule, clause): counts[clause] for rule, clause in keys}
