"""Condition sentences (``age >= 50``, ``pain_site in (sacrum, buttock)``) read against the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, cast

from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not, Operator
from cds.pack.finding import Finding
from cds.pack.problem import did_you_mean
from cds.pack.units import HOURS, WORDS, conversion
from cds.pack.yaml_source import KeyPath

_NAME = r"(?P<finding>[A-Za-z][A-Za-z0-9_]*)"
_CODES = r"\((?P<codes>[^()]+)\)"
_HOLDS: Final = re.compile(_NAME)
_COMPARE: Final = re.compile(_NAME + r"\s*(?P<op>>=|<=|!=|=|>|<)\s*(?P<number>-?\d+(\.\d+)?)\s*(?P<unit>\S+)?")
_IS: Final = re.compile(_NAME + r"\s+is\s+(?P<code>\S+)")
_IN: Final = re.compile(_NAME + r"\s+in\s+" + _CODES)
_INCLUDES: Final = re.compile(_NAME + r"\s+includes\s+(?P<code>\S+)")
_INCLUDES_SOME: Final = re.compile(_NAME + r"\s+includes\s+(?P<how>any|all)\s+of\s+" + _CODES)

_EXPECTED: Final = {
    "boolean": "Write its name alone: {name}",
    "integer": "Compare it with a number: {name} >= 3",
    "code": "Write '{name} is CODE' or '{name} in (CODE, CODE)'",
    "codes": "Write '{name} includes CODE' or '{name} includes any of (CODE, CODE)'",
}
_JOINED: Final = (
    (re.compile(r".+\s(and|&&?)\s.+", re.IGNORECASE), "Write {all: [first condition, second condition]}"),
    (re.compile(r".+\s(or|\|\|?)\s.+", re.IGNORECASE), "Write {any: [first condition, second condition]}"),
    (re.compile(r"(not|no)\s.+|!\s*\w+", re.IGNORECASE), "Write {not: condition}"),
    (re.compile(_NAME + r"\s*={1,2}\s*(yes|true)", re.IGNORECASE), "Write the finding's name alone"),
    (re.compile(_NAME + r"\s*={1,2}\s*(no|false)", re.IGNORECASE), "Write {not: the finding's name}"),
    (re.compile(_NAME + r"\s*(={1,2}|is)\s*\w.*"), "Write 'name is CODE' for a code, 'name = 3' for a number"),
)
"""What authors write that other languages allow, and how it is written here."""

Report = Callable[..., None]
"""Called as ``report(path, code, hint, **details)`` for each fault."""


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions of one file; faults go to ``report``, and an unreadable condition gives ``None``."""

    findings: Mapping[str, Finding]
    report: Report

    def read(self, value: Any, path: KeyPath) -> Condition | None:
        """A condition from its YAML form: a sentence, or a mapping with all, any, not or at_least."""
        if isinstance(value, str):
            return self.sentence(value, path)
        if isinstance(value, dict):
            if set(value) == {"not"}:
                operand = self.read(value["not"], (*path, "not"))
                return None if operand is None else Not(operand)
            if set(value) in ({"all"}, {"any"}):
                key = next(iter(value))
                operands = self._operands(value[key], (*path, key), key)
                return None if operands is None else (All(operands) if key == "all" else AnyOf(operands))
            if set(value) == {"at_least", "of"}:
                return self._at_least(value, path)
        self.report(path, "condition-shape")
        return None

    def _operands(self, value: Any, path: KeyPath, key: str) -> tuple[Condition, ...] | None:
        if not isinstance(value, list) or not value:
            self.report(path, "condition-empty", key=key)
            return None
        operands = [self.read(entry, (*path, index)) for index, entry in enumerate(value)]
        whole = [operand for operand in operands if operand is not None]
        return tuple(whole) if len(whole) == len(operands) else None

    def _at_least(self, value: dict[str, Any], path: KeyPath) -> Condition | None:
        operands = self._operands(value["of"], (*path, "of"), "of")
        if operands is None:
            return None
        count = value["at_least"]
        if type(count) is not int or not 1 <= count <= len(operands):
            self.report((*path, "at_least"), "at-least-count", count=len(operands))
            return None
        return AtLeast(count, operands)

    def sentence(self, text: str, path: KeyPath) -> Condition | None:
        """A condition from one sentence."""
        text = text.strip()
        for pattern in (_HOLDS, _COMPARE, _IS, _IN, _INCLUDES_SOME, _INCLUDES):
            found = pattern.fullmatch(text)
            if found:
                break
        else:
            hints = (hint for pattern, hint in _JOINED if pattern.fullmatch(text))
            self.report(path, "condition-syntax", next(hints, ""), text=text)
            return None
        finding = self.findings.get(found["finding"])
        if finding is None:
            hint = did_you_mean(found["finding"], self.findings)
            self.report(path, "unknown-finding", hint, name=found["finding"])
            return None
        wanted = {_HOLDS: "boolean", _COMPARE: "integer", _IS: "code", _IN: "code"}.get(pattern, "codes")
        if finding.type != wanted:
            hint = _EXPECTED[finding.type].format(name=finding.id)
            self.report(path, "condition-type", hint, finding=finding.id, type=finding.type)
            return None
        if pattern is _HOLDS:
            return Holds(finding.id)
        if pattern is _COMPARE:
            number = Fraction(Decimal(found["number"]))
            return self.comparison(finding, found["op"], number, found["unit"], text=text, path=path)
        return self._codes(finding, found, pattern, path)

    def _codes(self, finding: Finding, found: re.Match[str], pattern: Any, path: KeyPath) -> Condition | None:
        listed = found["codes"] if pattern in (_IN, _INCLUDES_SOME) else found["code"]
        codes = [code.strip() for code in listed.split(",")]
        if not self.codes_known(finding, codes, path):
            return None
        kind = IsCode if finding.type == "code" else Includes
        members = tuple(kind(finding.id, code) for code in codes)
        if len(members) == 1:
            return members[0]
        return All(members) if pattern is _INCLUDES_SOME and found["how"] == "all" else AnyOf(members)

    def codes_known(self, finding: Finding, codes: list[str], path: KeyPath) -> bool:
        """Whether all codes belong to the finding; reports those that do not."""
        unknown = [code for code in codes if code not in finding.code_ids]
        for code in unknown:
            hint = did_you_mean(code, finding.code_ids)
            self.report(path, "unknown-code", hint, finding=finding.id, name=code)
        return not unknown

    def comparison(
        self, finding: Finding, operator: str, number: Fraction, unit: str | None, *, text: str, path: KeyPath
    ) -> Condition | None:
        """A comparison in the finding's unit and scale; one that is always true or false is refused."""
        factor = conversion(unit, finding.unit) if unit else Fraction(1)
        if factor is None:
            own, hint = own_unit(finding)
            self.report(path, "unit-mismatch", hint, unit=unit, finding=finding.id, own=own)
            return None
        exact = number * factor * finding.scale
        if operator in ("=", "!=") and exact.denominator != 1:
            step = written(finding, 1)
            self.report(path, "condition-number", text=text, finding=finding.id, step=step)
            return None
        # On whole numbers x >= 2.5 is x >= 3, x > 2.5 is x > 2, and so on.
        value = ceil(exact) if operator in (">=", "<") else floor(exact)
        constant = _constant(operator, value, finding.low, finding.high)
        if constant is not None:
            truth = "true" if constant else "false"
            low, high = written(finding, finding.low), written(finding, finding.high)
            self.report(path, "condition-constant", text=text, truth=truth, finding=finding.id, low=low, high=high)
            return None
        return Compare(finding.id, cast(Operator, operator), value)


def own_unit(finding: Finding) -> tuple[str, str]:
    """Say what unit a finding is in, and what to write instead of one that does not fit."""
    if finding.unit is None:
        return "has no unit", "Write the number alone"
    own = WORDS.get(finding.unit, finding.unit)
    hint = f"Write a time, in one of {', '.join(HOURS)}" if own in HOURS else f"Write the number in {own!r}"
    return f"is in {finding.unit!r}", hint


def written(finding: Finding, number: int) -> str:
    """A stored number as an author writes it: 378 with a scale of 10 is 37.8."""
    return f"{Decimal(number) / finding.scale:f}"


def _constant(operator: str, value: int, low: int, high: int) -> bool | None:
    """What a comparison is for all of ``low..high``, or ``None`` when it depends."""
    results = {
        ">=": (low >= value, high >= value),
        ">": (low > value, high > value),
        "<=": (high <= value, low <= value),
        "<": (high < value, low < value),
        "=": (low == high == value, low <= value <= high),
        "!=": (not low <= value <= high, not low == high == value),
    }[operator]
    always, sometimes = results
    return True if always else (None if sometimes else False)
