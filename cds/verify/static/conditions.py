"""The form of conditions: too wide to read, or saying a thing twice; and rules that lean on rules out of use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from cds.pack import Rule
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Not, findings_of
from cds.pack.sentence import sentence
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue

MAX_FINDINGS: Final = 12
"""A decision table has at most nine inputs (WHO). The longest list of criteria that guidelines use, nine features, and
what must hold before they count fit into twelve; a wider condition nobody reads at once."""


def condition_issues(inspection: Inspection) -> Iterator[Issue]:
    """What is wrong with the conditions of the evaluated rules, and what these rules say of others."""
    pack = inspection.pack
    statuses = {rule.id: rule.status for rule in pack.all_rules}
    for rule in pack.rules:
        count = len(findings_of(rule.when))
        if count > MAX_FINDINGS:
            yield issue("wide-condition", [Place.of(rule)], name=rule.id, count=count)
        yield from _repeats(inspection, rule)
        for other in rule.subsumed_by:
            if other not in pack.rule:
                places = [Place.of(rule), *(Place.of(entry) for entry in pack.all_rules if entry.id == other)]
                yield issue("subsumed-by-unused", places, name=rule.id, other=other, status=statuses[other])


def _repeats(inspection: Inspection, rule: Rule) -> Iterator[Issue]:
    for counted, operands in _lists(rule.when):
        for operand, times in Counter(operands).items():
            if times > 1:
                check = "repeated-in-count" if counted else "repeated-statement"
                said = sentence(operand, inspection.pack.findings)
                yield issue(check, [Place.of(rule)], name=rule.id, statement=said)


def _lists(condition: Condition) -> Iterator[tuple[bool, tuple[Condition, ...]]]:
    """Each list of a condition, and whether its entries are counted; an ``all`` in an ``all`` is one list."""
    match condition:
        case Not(operand):
            yield from _lists(operand)
        case All() | AnyOf():
            operands = tuple(_flat(condition, type(condition)))
            yield False, operands
            for operand in operands:
                yield from _lists(operand)
        case AtLeast(_, operands):
            yield True, operands
            for operand in operands:
                yield from _lists(operand)


def _flat(condition: All | AnyOf, kind: type[All | AnyOf]) -> Iterator[Condition]:
    for operand in condition.operands:
        if isinstance(operand, kind):
            yield from _flat(operand, kind)
        else:
            yield operand
