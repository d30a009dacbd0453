"""All mutants of a pack, in the order of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cds.pack import Pack, Rule
from cds.pack.finding import Unanswered
from cds.verify.issue import Place
from cds.verify.mutation.conditions import faulty_conditions
from cds.verify.mutation.consequences import faulty_consequences
from cds.verify.mutation.mutant import Mutant, Operator
from cds.verify.static.sources import Sources

_WEAKER: Final[dict[Unanswered, Unanswered]] = {"escalate": "ask", "ask": "ignore"}

UNANSWERED: Final = "unanswered"
"""The topic of faults in findings: what a missing answer does is no matter of one topic."""


def mutants(pack: Pack) -> tuple[Mutant, ...]:
    """Every mutant of the evaluated rules, rule by rule, then those of the findings."""
    rules = (mutant for rule in pack.rules for mutant in _of_rule(pack, rule))
    return (*rules, *_of_findings(pack))


def _of_rule(pack: Pack, rule: Rule) -> Iterator[Mutant]:
    numbers: Counter[Operator] = Counter()

    def mutant(operator: Operator, changed: Rule | None, change: str) -> Mutant:
        numbers[operator] += 1
        name = f"{rule.id}/{operator}/{numbers[operator]}"
        return Mutant(name, operator, rule.id, rule.topic, Place.of(rule), change, rule=changed)

    yield mutant("rule-deleted", None, "the rule is deleted")
    for operator, when, change in faulty_conditions(rule.when, pack.findings):
        yield mutant(operator, replace(rule, when=when), change)
    for operator, then, change in faulty_consequences(pack, rule):
        yield mutant(operator, replace(rule, then=then), change)


def _of_findings(pack: Pack) -> Iterator[Mutant]:
    """The policy for a missing answer made weaker. A red flag must escalate: there the loader refuses any other."""
    sources = Sources(pack.folder)
    for name, finding in pack.findings.items():
        weaker = _WEAKER.get(finding.unanswered) if finding.unanswered is not None else None
        if weaker is not None:
            yield Mutant(
                id=f"{name}/policy-weakened",
                operator="policy-weakened",
                subject=name,
                topic=UNANSWERED,
                place=sources.finding(name),
                change=f"'unanswered: {finding.unanswered}' becomes '{weaker}'",
                finding=finding.model_copy(update={"unanswered": weaker}),
                stillborn=finding.red_flag,
            )
