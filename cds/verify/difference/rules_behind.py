"""The rules that differ between two versions, and for which patients they fire otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import z3

from cds.pack import Rule
from cds.pack.rule import Consequence
from cds.verify.difference.pair import Pair
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import Formula, either
from cds.verify.issue import Place

How = Literal["added", "removed", "condition", "consequence", "indirectly"]


@dataclass(frozen=True, slots=True)
class RuleBehind:
    """A changed rule: ``how`` it changed, and where it stands, in the new version if that has it.

    ``indirectly``: its own text did not change, but a derived finding that it reads, or how an answer is read.
    """

    rule: str
    how: How
    place: Place

    def __str__(self) -> str:
        return f"{self.rule} ({self.how}, {self.place.file}:{self.place.line})"


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A changed rule with the patients for whom it fires otherwise: certainly, and possibly.

    ``decides``: in one of the versions it gives more than the level that is given anyway, or says out of scope.
    """

    behind: RuleBehind
    rules: tuple[Rule, ...]
    decides: bool
    known: Formula
    possible: Formula

    @property
    def consequences(self) -> tuple[Consequence, ...]:
        """What follows from it in either version."""
        return tuple(rule.then for rule in self.rules)


def rule_differences(pair: Pair) -> tuple[RuleDifference, ...]:
    """All evaluated rules that may fire otherwise, or whose consequence changed."""
    return tuple(_differences(pair))


def _differences(pair: Pair) -> Iterator[RuleDifference]:
    old, new = pair.sides
    for name in dict.fromkeys((*new.pack.rule, *old.pack.rule)):
        before, after = old.pack.rule.get(name), new.pack.rule.get(name)
        if before is None or after is None:
            yield _alone(new if before is None else old, name)
            continue
        one, other = old.rules.fires(before), new.rules.fires(after)
        place = Place.of(after)
        decides = _decides(old, before) or _decides(new, after)
        if effect(before.then) != effect(after.then):
            behind = RuleBehind(name, "consequence", place)
            known, possible = either(one.known, other.known), either(one.possible, other.possible)
            yield RuleDifference(behind, (before, after), decides, known, possible)
        elif not (one.known.eq(other.known) and one.possible.eq(other.possible)):
            behind = RuleBehind(name, "condition" if before.when != after.when else "indirectly", place)
            known, possible = z3.Xor(one.known, other.known), z3.Xor(one.possible, other.possible)
            yield RuleDifference(behind, (before, after), decides, known, possible)


def _alone(side: Side, name: str) -> RuleDifference:
    rule = side.pack.rule[name]
    fires = side.rules.fires(rule)
    behind = RuleBehind(name, "added" if side.which == "new" else "removed", Place.of(rule))
    return RuleDifference(behind, (rule,), _decides(side, rule), fires.known, fires.possible)


def _decides(side: Side, rule: Rule) -> bool:
    return rule.then.level not in (None, side.pack.default_level) or rule.then.out_of_scope is not None


def effect(then: Consequence) -> object:
    """What follows from a rule, without the texts."""
    return then.model_dump(exclude={"reason"})
