"""When two conditions say the same: ``> 7`` and ``>= 8``, or a double negation. What is left is for the prover."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not

Meaning = Hashable
"""Equal for conditions that are found to say the same."""


def meaning(condition: Condition, negated: bool = False) -> Meaning:
    """What a condition says (or its opposite), however it is written."""
    match condition:
        case Not(operand):
            return meaning(operand, not negated)
        case All(operands):
            return _joined("any" if negated else "all", [meaning(one, negated) for one in operands])
        case AnyOf(operands):
            return _joined("all" if negated else "any", [meaning(one, negated) for one in operands])
        case AtLeast(count, operands):
            # Not two of three: at least two of the opposites.
            needed = len(operands) - count + 1 if negated else count
            return _counted(needed, [meaning(one, negated) for one in operands])
        case Compare():
            return _compared(condition, negated)
        case Holds(finding):
            return (finding, negated)
        case IsCode(finding, code) | Includes(finding, code):
            return (finding, "has", code, negated)


def _joined(kind: str, parts: Iterable[Meaning]) -> Meaning:
    flat: set[Meaning] = set()
    for part in parts:
        if isinstance(part, tuple) and part[0] == kind:
            flat |= part[1]
        else:
            flat.add(part)
    return (kind, frozenset(flat)) if len(flat) > 1 else next(iter(flat))


def _counted(count: int, parts: list[Meaning]) -> Meaning:
    if count == 1:
        return _joined("any", parts)
    if count == len(parts):
        return _joined("all", parts)
    return ("at least", count, tuple(sorted(parts, key=repr)))


def _compared(atom: Compare, negated: bool) -> Meaning:
    """As "at least so much", or its opposite."""
    name, value = atom.finding, atom.value
    match atom.operator:
        case ">=":
            return (name, "least", value, negated)
        case ">":
            return (name, "least", value + 1, negated)
        case "<":
            return (name, "least", value, not negated)
        case "<=":
            return (name, "least", value + 1, not negated)
        case "=":
            return (name, "equals", value, negated)
        case "!=":
            return (name, "equals", value, not negated)
