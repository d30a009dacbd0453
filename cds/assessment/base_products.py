"""Rules as products over base findings alone: the ways in which answers can make a rule fire.

Derived findings are replaced by what concludes them. The open questions and the nearly fired rules are read off these
products; no evaluation uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds.engine.facts import Fact
from cds.engine.normal_form import Literal, Normalizer
from cds.pack import Pack, PackError, Problem, Rule
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Holds, Not

MAX_TERMS = 20_000
"""A rule with more products than this is refused: its open questions could not be read off them."""


@dataclass(frozen=True, slots=True)
class Way:
    """One product of a rule: if all ``literals`` hold, the rule fires.

    They stand apart as ``flags`` (properties that must be there) and ``bounds`` (comparisons), for speed.
    """

    rule: Rule
    literals: frozenset[Literal]
    flags: frozenset[str]
    bounds: tuple[Literal, ...]

    @classmethod
    def of(cls, rule: Rule, literals: frozenset[Literal]) -> Way:
        """The way with these literals."""
        flags = frozenset(literal.name for literal in literals if literal.test == "==")
        return cls(rule, literals, flags, tuple(sorted(literal for literal in literals if literal.test != "==")))


def ways(pack: Pack, rule: Rule) -> tuple[Way, ...]:
    """All products of a rule over base findings. Raises :class:`PackError` for more than :data:`MAX_TERMS`."""
    normalizer = Normalizer(limit=MAX_TERMS)
    products = normalizer.products(_inlined(pack, rule.when))
    if normalizer.hidden:
        # A hidden part would be left out of the open questions, and an urgent one could then pass for ruled out.
        what = f"ways in which {rule.id} can fire"
        details = {"what": what, "count": f"over {MAX_TERMS}", "limit": MAX_TERMS}
        raise PackError([Problem.of(rule.file, (rule.line, 1), "too-large", **details)])
    return tuple(Way.of(rule, product) for product in products)


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
