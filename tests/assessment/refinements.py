"""All that may further be learned of a patient, finding by finding, and what each bit of it would change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from cds.engine import ReferenceEvaluator
from cds.pack import Findings, FindingValue, Interval, Pack, Selection
from cds.pack.finding import Finding


class Outcome(NamedTuple):
    """What is certain: the rank of the level, and the scopes."""

    rank: int
    scopes: frozenset[str]


Known = FindingValue | None


def refinements(finding: Finding, known: Known) -> list[Known]:
    """Everything that may be known of a finding once ``known`` is: the first is that nothing more is."""
    match finding.type:
        case "boolean":
            return [known] if known is not None else [None, True, False]
        case "code":
            return [known] if known is not None else [None, *sorted(finding.code_ids)]
        case "integer":
            start = known if isinstance(known, Interval) else Interval(finding.low, finding.high)
            numbers = range(start.low, start.high + 1)
            ranges: list[Known] = [Interval(low, high) for low in numbers for high in numbers if low <= high]
            return [known, *(one for one in ranges if one != start)]
        case "codes":
            start_of = known if isinstance(known, Selection) else Selection(frozenset(), finding.code_ids)
            return [known, *(one for one in _selections(start_of) if one != start_of)]


def is_complete(value: Known) -> bool:
    """Whether nothing is left to be learned."""
    if isinstance(value, Interval):
        return value.exact
    return not value.open if isinstance(value, Selection) else value is not None


def _selections(start: Selection) -> Iterator[Selection]:
    left = sorted(start.open)
    for states in product(("open", "chosen", "not"), repeat=len(left)):
        chosen = {code for code, state in zip(left, states, strict=True) if state == "chosen"}
        still = {code for code, state in zip(left, states, strict=True) if state == "open"}
        yield Selection(start.chosen | chosen, frozenset(still))


def what_matters(pack: Pack, findings: Findings) -> dict[str, int]:
    """The findings that for some further knowledge of others change the level or the scope once they are learned.

    With each the rank of the most urgent level that it can bring; of the last level if it decides the scope alone.
    """
    reference = ReferenceEvaluator(pack)
    names = [name for name, finding in pack.findings.items() if not finding.derived]
    ways = [refinements(pack.findings[name], findings.get(name)) for name in names]
    outcomes: dict[tuple[Known, ...], Outcome] = {}
    for values in product(*ways):
        told = reference.evaluate({name: value for name, value in zip(names, values, strict=True) if value is not None})
        scopes = frozenset(filter(None, (pack.rule[name].then.out_of_scope for name in told.known)))
        outcomes[values] = Outcome(pack.rank[told.level], scopes)
    found: dict[str, int] = {}
    for values, before in outcomes.items():
        for index, name in enumerate(names):
            if values[index] != ways[index][0]:
                continue
            for value in filter(is_complete, ways[index]):
                after = outcomes[(*values[:index], value, *values[index + 1 :])]
                if after != before:
                    rank = after.rank if after.rank < before.rank else len(pack.levels) - 1
                    found[name] = min(rank, found.get(name, rank))
    return found
