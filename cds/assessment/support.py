"""By which findings a condition is what it is: the values that an explanation names."""

from __future__ import annotations

from collections.abc import Mapping

from cds.engine.reference import Values, reading
from cds.pack import Findings, Pack, Rule, Truth
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Holds, Not


def supporting_findings(pack: Pack, rule: Rule, findings: Findings, derived: Mapping[str, Truth]) -> tuple[str, ...]:
    """The base findings by whose values a fired rule fired, in the order of the vocabulary.

    A derived finding is followed to the rules that conclude it.
    """
    walk = _Walk(pack, {**findings, **{name: truth for name, truth in derived.items() if truth is not None}})
    walk.into(rule.when, True)
    return tuple(name for name in pack.findings if name in walk.found)


class _Walk:
    """Collects the base findings that make conditions true, or false."""

    def __init__(self, pack: Pack, values: Findings) -> None:
        self._pack = pack
        self._values: Values = dict(values)
        self._seen: set[tuple[str, bool]] = set()
        self.found: set[str] = set()

    def _is(self, condition: Condition, truth: bool) -> bool:
        return reading(condition)(self._values) is truth

    def into(self, condition: Condition, truth: bool) -> None:
        """Collect what makes ``condition`` be ``truth``; what it is not made so by is left aside."""
        match condition:
            case Not(operand):
                self.into(operand, not truth)
            case All(operands) | AnyOf(operands) | AtLeast(_, operands):
                for operand in operands:
                    if self._is(operand, truth):
                        self.into(operand, truth)
            case Holds(name) if name in self._pack.concluding:
                if (name, truth) not in self._seen:
                    self._seen.add((name, truth))
                    for rule in self._pack.concluding[name]:
                        if self._is(rule.when, truth):
                            self.into(rule.when, truth)
            case _:
                self.found.add(condition.finding)
