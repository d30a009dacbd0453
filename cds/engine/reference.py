"""The reference evaluator: the semantics written down plainly, strong Kleene logic over three values.

It shares nothing with the engine below the pack's conditions. A condition becomes a function from findings to
``True``, ``False`` or ``None`` (unknown); a derived finding is the Kleene ``or`` of the rules that conclude it. A rule
fires for certain when its condition is true, and possibly when it is not false.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cds.engine.evaluation import Evaluation
from cds.engine.kleene_code import TRUTHS, compiled
from cds.pack import Pack
from cds.pack.condition import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Condition,
    Holds,
    Includes,
    IsCode,
    Not,
    findings_of,
)
from cds.pack.rule import Rule
from cds.pack.value import Findings, FindingValue, Interval, Selection, Truth

Values = dict[str, "FindingValue | None"]
Reading = Callable[[Values], Truth]
_TRUTHS: Final = {code: truth for truth, code in TRUTHS.items()}


class ReferenceEvaluator:
    """The rules of one pack, evaluated in plain Python. Safe for any number of threads."""

    def __init__(self, pack: Pack) -> None:
        self._derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
        self._rules = compiled(_ordered(pack), self._derived)
        self._level_of = {rule.id: rule.then.level for rule in pack.rules if rule.then.level is not None}
        self._levels = [level.id for level in pack.levels]

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient's findings."""
        known, possible, truths = self._rules(findings)
        return Evaluation(
            known=frozenset(known),
            possible=frozenset(possible),
            derived=dict(zip(self._derived, map(_TRUTHS.__getitem__, truths), strict=True)),
            level=self._most_urgent(known),
            possible_level=self._most_urgent(possible),
        )

    def _most_urgent(self, fired: list[str]) -> str:
        reached = {self._level_of[name] for name in fired if name in self._level_of}
        for level in self._levels:
            if level in reached:
                return level
        return self._levels[-1]


def _ordered(pack: Pack) -> list[Rule]:
    """The rules, each after all that conclude what it reads."""
    ordered: dict[str, Rule] = {}

    def place(rule: Rule) -> None:
        if rule.id in ordered:
            return
        for name in sorted(findings_of(rule.when)):
            for other in pack.concluding.get(name, ()):
                place(other)
        ordered[rule.id] = rule

    for rule in pack.rules:
        place(rule)
    return list(ordered.values())


def reading(condition: Condition) -> Reading:
    """A condition as a function of the findings' values."""
    match condition:
        case Holds(name):
            return _holds(name)
        case Compare():
            return _compare(condition)
        case IsCode(name, code):
            return lambda values: None if (value := values.get(name)) is None else value == code
        case Includes(name, code):
            return _includes(name, code)
        case Not(operand):
            inner = reading(operand)
            return lambda values: None if (truth := inner(values)) is None else not truth
        case All(operands):
            return _all([reading(operand) for operand in operands])
        case AnyOf(operands):
            return _any([reading(operand) for operand in operands])
        case AtLeast(count, operands):
            return _at_least(count, [reading(operand) for operand in operands])


def _holds(name: str) -> Reading:
    def statement(values: Values) -> Truth:
        return values.get(name)  # type: ignore[return-value]  # a boolean finding, by the pack's own check

    return statement


def _all(readings: list[Reading]) -> Reading:
    def conjunction(values: Values) -> Truth:
        result: Truth = True
        for read in readings:
            truth = read(values)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    return conjunction


def _any(readings: list[Reading]) -> Reading:
    def disjunction(values: Values) -> Truth:
        result: Truth = False
        for read in readings:
            truth = read(values)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    return disjunction


def _at_least(count: int, readings: list[Reading]) -> Reading:
    def threshold(values: Values) -> Truth:
        truths = [read(values) for read in readings]
        certain = truths.count(True)
        if certain >= count:
            return True
        return None if certain + truths.count(None) >= count else False

    return threshold


def _includes(name: str, code: str) -> Reading:
    def inclusion(values: Values) -> Truth:
        value = values.get(name)
        if not isinstance(value, Selection) or code in value.open:
            return None
        return code in value.chosen

    return inclusion


def _compare(atom: Compare) -> Reading:
    name, operator, bound = atom.finding, atom.operator, atom.value
    tests: dict[str, Callable[[int], bool]] = {
        ">=": bound.__le__,
        ">": bound.__lt__,
        "<=": bound.__ge__,
        "<": bound.__gt__,
        "=": bound.__eq__,
        "!=": bound.__ne__,
    }
    test = tests[operator]

    def comparison(values: Values) -> Truth:
        value = values.get(name)
        if not isinstance(value, Interval):
            return None
        low, high = test(value.low), test(value.high)
        if value.low == value.high:
            return low
        if operator in ("=", "!="):
            # a range of several numbers that holds the bound may or may not equal it
            return None if value.low <= bound <= value.high else operator == "!="
        return low if low == high else None

    return comparison
