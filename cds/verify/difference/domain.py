"""Which statements about one finding can hold together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise
from typing import Final

import z3

from cds.pack.finding import Finding
from cds.verify.difference.turned_out import Truth
from cds.verify.encoding.kleene import Formula, as_any, both, every, negation
from cds.verify.encoding.literals import Key

MOST_CODES: Final = 6
"""Of a finding that has several codes, all combinations of so many codes are looked at."""

Value = bool | int | frozenset[str]


def values_agree(finding: Finding, keys: Sequence[Key], truth: Truth) -> Iterator[Formula]:
    """That what is known of these statements is all that is known of some values of the finding."""
    truths = [truth(key) for key in sorted(keys, key=lambda key: key.value)]
    yield from (negation(both(one.yes, one.no)) for one in truths)
    if finding.type == "integer":
        for lower, higher in pairwise(truths):
            yield z3.Implies(higher.yes, lower.yes)
            yield z3.Implies(lower.no, higher.no)
    elif finding.type == "code":
        for one in truths:
            others = every(other.no for other in truths if other is not one)
            # If all codes are named, the last that is left is the one.
            closed = as_any(one.yes == others) if len(keys) == len(finding.code_ids) else z3.Implies(one.yes, others)
            yield closed


def some_values(finding: Finding, keys: Sequence[Key]) -> list[Value] | None:
    """A value of each kind that the statements can tell apart; ``None`` if there are too many."""
    if finding.type == "boolean":
        return [True, False]
    if finding.type == "code":
        return [frozenset({code}) for code in sorted(finding.code_ids)]
    if finding.type == "codes":
        codes = [str(key.value) for key in keys]
        subsets = chain.from_iterable(combinations(codes, size) for size in range(len(codes) + 1))
        return [frozenset(chosen) for chosen in subsets] if len(codes) <= MOST_CODES else None
    starts = {finding.low, *(int(key.value) for key in keys)}
    return [start for start in sorted(starts) if finding.low <= start <= finding.high]


def holds(key: Key, value: Value) -> bool:
    """Whether a statement holds for a value."""
    if key.kind == "least":
        return int(value) >= int(key.value)  # type: ignore[arg-type]  # a number, as its finding is
    return key.value in value if isinstance(value, frozenset) else bool(value)
