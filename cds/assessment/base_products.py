"""Rules as products over base findings alone: the ways in which answers can make a rule fire.

Derived findings are replaced by what concludes them. The open questions and the nearly fired rules are read off these
products; no evaluation uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds.engine.facts import Fact
from cds.engine.normal_form import Literal, Normalizer
from cds.pack import Pack, Rule
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Holds, Not

MAX_TERMS = 20_000
"""More products than this for one rule are broken up; then its hidden parts are left out of explanations."""


@dataclass(frozen=True, slots=True)
class Way:
    """One product of a rule: if all literals hold, the rule fires."""

    rule: Rule
    literals: frozenset[Literal]


def ways(pack: Pack, rule: Rule) -> tuple[Way, ...]:
    """All products of a rule over base findings."""
    products = Normalizer(limit=MAX_TERMS).products(_inlined(pack, rule.when))
    return tuple(Way(rule, product) for product in products)


def _inlined(pack: Pack, condition: Condition) -> Condition:
    match condition:
        case Holds(name) if name in pack.concluding:
            return AnyOf(tuple(_inlined(pack, rule.when) for rule in pack.concluding[name]))
        case Not(operand):
            return Not(_inlined(pack, operand))
        case All(operands):
            return All(tuple(_inlined(pack, operand) for operand in operands))
        case AnyOf(operands):
            return AnyOf(tuple(_inlined(pack, operand) for operand in operands))
        case AtLeast(count, operands):
            return AtLeast(count, tuple(_inlined(pack, operand) for operand in operands))
        case _:
            return condition


def holds(literal: Literal, fact: Fact) -> bool:
    """Whether a literal holds on the rail whose fact this is."""
    value = fact.get(literal.name)
    if value is None:
        return False
    if literal.test == ">=":
        return value >= literal.value
    return value <= literal.value if literal.test == "<=" else True


def finding_of(literal: Literal) -> str:
    """The finding that a literal speaks of."""
    return literal.name.partition(".")[0]


Ways = Mapping[str, tuple[Way, ...]]
"""Rule id to its ways."""
