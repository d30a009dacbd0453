"""Which changed rules a class of patients can come from, and for whom these fire otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from cds.assessment import Decision
from cds.pack import Rule
from cds.verify.difference.change_class import ChangeClass
from cds.verify.difference.rules_behind import RuleDifference
from cds.verify.encoding.kleene import Formula, some


def concerns(rule: RuleDifference, change: ChangeClass) -> bool:
    """Whether a rule can have to do with the class: by what it says, or by what it concludes for others."""
    if change.kind != "advice":
        return rule.decides or any(then.conclude for then in rule.consequences)
    return any(then.conclude or change.subject in (*then.advise, *then.block) for then in rule.consequences)


def otherwise(rule: RuleDifference, change: ChangeClass) -> Formula:
    """When the rule fires otherwise, as far as the class can tell."""
    certainly, possibly = _counts(change)
    return some([*([rule.known] if certainly else ()), *([rule.possible] if possibly else ())])


def seen_otherwise(rule: RuleDifference, change: ChangeClass, decisions: tuple[Decision, Decision]) -> bool:
    """Whether the decisions about one patient show that the rule fires otherwise, as far as the class can tell."""
    certainly, possibly = _counts(change)
    old, new = (one.assessment for one in decisions)
    if certainly and _has(old.fired, rule) != _has(new.fired, rule):
        return True
    return possibly and _has((*old.fired, *old.undecided), rule) != _has((*new.fired, *new.undecided), rule)


def _has(rules: Iterable[Rule], rule: RuleDifference) -> bool:
    return any(one.id == rule.behind.rule for one in rules)


def _counts(change: ChangeClass) -> tuple[bool, bool]:
    """Whether it counts that a rule fires certainly, and that it may: a block or a question may come of either."""
    return change.kind != "possible-level", change.kind != "level"
