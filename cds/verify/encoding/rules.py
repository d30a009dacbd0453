"""The rules of a pack over a symbolic patient: what fires, what may, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from cds.pack import Pack, Rule
from cds.pack.condition import All, AnyOf, AtLeast, Atom, Condition, Holds, Not
from cds.verify.encoding.kleene import TRUE, Formula, Kleene, both, conjunction, disjunction, negation, some, threshold

Reads = Callable[[Atom], Kleene]
"""What is known of a statement about a base finding."""


class RuleReading(NamedTuple):
    """When a rule fires, and when it may."""

    known: Formula
    possible: Formula


class Rules:
    """The rules of a pack, read over what ``reads`` says of the base findings. Read only as far as asked for."""

    def __init__(self, pack: Pack, reads: Reads) -> None:
        self.pack = pack
        self._reads = reads
        self._atoms: dict[Atom, Kleene] = {}
        self._derived: dict[str, Kleene] = {}
        self._rules: dict[str, Kleene] = {}
        self._fires: dict[str, RuleReading] = {}
        self._reaches: dict[int, RuleReading] = {}

    def condition(self, condition: Condition) -> Kleene:
        """A condition: when it is certainly true, and when it is certainly false."""
        match condition:
            case Not(operand):
                inner = self.condition(operand)
                return Kleene(inner.no, inner.yes)
            case All(operands):
                return conjunction([self.condition(operand) for operand in operands])
            case AnyOf(operands):
                return disjunction([self.condition(operand) for operand in operands])
            case AtLeast(count, operands):
                return threshold([self.condition(operand) for operand in operands], count)
            case Holds(name) if name in self.pack.concluding:
                return self.derived(name)
            case _:
                if condition not in self._atoms:
                    self._atoms[condition] = self._reads(condition)
                return self._atoms[condition]

    def derived(self, name: str) -> Kleene:
        """A derived finding: any of the rules that conclude it."""
        if name not in self._derived:
            self._derived[name] = disjunction([self.rule(rule) for rule in self.pack.concluding[name]])
        return self._derived[name]

    def rule(self, rule: Rule) -> Kleene:
        """When a rule certainly holds, and when it certainly does not."""
        if rule.id not in self._rules:
            self._rules[rule.id] = self.condition(rule.when)
        return self._rules[rule.id]

    def fires(self, rule: Rule) -> RuleReading:
        """When a rule fires, and when it may."""
        if rule.id not in self._fires:
            truth = self.rule(rule)
            self._fires[rule.id] = RuleReading(truth.yes, negation(truth.no))
        return self._fires[rule.id]

    @cached_property
    def _by_rank(self) -> list[list[Rule]]:
        found: list[list[Rule]] = [[] for _ in self.pack.levels]
        for rule in self.pack.rules:
            if rule.then.level is not None:
                found[self.pack.rank[rule.then.level]].append(rule)
        return found

    def reaches(self, rank: int) -> RuleReading:
        """When the level is certainly, and when possibly, as urgent as the level of this rank or more."""
        if rank >= len(self.pack.levels) - 1:
            return RuleReading(TRUE, TRUE)
        if rank not in self._reaches:
            self._reaches[rank] = self._any(rule for own in self._by_rank[: rank + 1] for rule in own)
        return self._reaches[rank]

    def level_is(self, rank: int) -> RuleReading:
        """When the level, and when the possible level, is that of this rank."""
        here = self.reaches(rank)
        if rank == 0:
            return here
        above = self.reaches(rank - 1)
        return RuleReading(both(here.known, negation(above.known)), both(here.possible, negation(above.possible)))

    def out_of_scope(self, scope: str | None = None) -> RuleReading:
        """When a patient is, and when possibly, out of scope (for this reason, if one is named)."""
        reasons = {scope} if scope else {rule.then.out_of_scope for rule in self.pack.rules} - {None}
        return self._any(rule for rule in self.pack.rules if rule.then.out_of_scope in reasons)

    def recommended(self, advice: str) -> Formula:
        """When some rule that fired recommends the advice."""
        return some(self.fires(rule).known for rule in self.pack.rules if advice in rule.then.advise)

    def blocked(self, advice: str) -> RuleReading:
        """When some rule blocks the advice, and when one may."""
        return self._any(rule for rule in self.pack.rules if advice in rule.then.block)

    def _any(self, rules: Iterable[Rule]) -> RuleReading:
        fires = [self.fires(rule) for rule in rules]
        return RuleReading(some(one.known for one in fires), some(one.possible for one in fires))
