"""Conditions written back as sentences, in the form in which authors write them."""

from __future__ import annotations

from collections.abc import Mapping

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.expression import written
from cds.pack.finding import Finding


def sentence(condition: Condition, findings: Mapping[str, Finding]) -> str:
    """A condition as one line of text."""
    match condition:
        case Holds(name):
            return name
        case Compare(name, operator, value):
            finding = findings[name]
            unit = f" {finding.unit}" if finding.unit else ""
            return f"{name} {operator} {written(finding, value)}{unit}"
        case IsCode(name, code):
            return f"{name} is {code}"
        case Includes(name, code):
            return f"{name} includes {code}"
        case Not(operand):
            return f"not {_inner(operand, findings)}"
        case All(operands):
            return " and ".join(_inner(operand, findings) for operand in operands)
        case AnyOf(operands):
            return " or ".join(_inner(operand, findings) for operand in operands)
        case AtLeast(count, operands):
            return f"at least {count} of ({', '.join(sentence(operand, findings) for operand in operands)})"


def _inner(condition: Condition, findings: Mapping[str, Finding]) -> str:
    text = sentence(condition, findings)
    return f"({text})" if isinstance(condition, All | AnyOf) and len(condition.operands) > 1 else text
