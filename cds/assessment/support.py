"""By which findings a condition is what it is: the values that an explanation names."""

from __future__ import annotations

from collections.abc import Mapping

from cds.engine.reference import Reading, Values, reading
from cds.pack import Findings, Pack, Rule, Truth
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Holds, Not


class Support:
    """Finds the base findings by whose values the rules of one pack fired."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        # Conditions live as long as their pack, so their identity is a key.
        self._readings: dict[int, Reading] = {}

    def of(self, findings: Findings, derived: Mapping[str, Truth]) -> PatientSupport:
        """For one patient: the base findings as given, the derived ones as concluded."""
        values: Values = {**findings, **{name: truth for name, truth in derived.items() if truth is not None}}
        return PatientSupport(self._pack, self._readings, values)


class PatientSupport:
    """By which findings rules fired for one patient. What derived findings rest on is looked up once."""

    def __init__(self, pack: Pack, readings: dict[int, Reading], values: Values) -> None:
        self._pack = pack
        self._readings = readings
        self._values = values
        self._under: dict[tuple[str, bool], set[str]] = {}

    def findings(self, rule: Rule) -> tuple[str, ...]:
        """The base findings by whose values a fired rule fired, in the order of the vocabulary.

        A derived finding is followed to the rules that conclude it.
        """
        names = self._names(rule.when, True)
        return tuple(name for name in self._pack.findings if name in names)

    def _names(self, condition: Condition, truth: bool) -> set[str]:
        """What makes ``condition`` be ``truth``; what it is not made so by is left aside."""
        match condition:
            case Not(operand):
                return self._names(operand, not truth)
            case All(operands) | AnyOf(operands) | AtLeast(_, operands):
                making = (operand for operand in operands if self._truth(operand) is truth)
                return set().union(*(self._names(operand, truth) for operand in making))
            case Holds(name) if name in self._pack.concluding:
                if (name, truth) not in self._under:
                    making = (rule.when for rule in self._pack.concluding[name] if self._truth(rule.when) is truth)
                    self._under[name, truth] = set().union(*(self._names(when, truth) for when in making))
                return self._under[name, truth]
            case _:
                return {condition.finding}

    def _truth(self, condition: Condition) -> Truth:
        read = self._readings.get(id(condition))
        if read is None:
            read = self._readings[id(condition)] = reading(condition)
        return read(self._values)
