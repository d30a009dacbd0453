"""Which unanswered findings could still change the level, and how urgent each could make it.

A finding is open when, for some completion of the other unknowns, its value decides the level (or whether the patient
is out of scope). Read off the ways in which rules can still fire: a literal of a way matters unless the rest of the way
alone already makes a rule of the same urgency possible. No finding that could change the level is ever left out; for
rules in which no finding counts for and against at once, none is listed that could not
(docs/decisions/0004-open-questions.md).

Sets of literals are whole numbers with a bit for each literal, so that a thousand ways are compared in a millisecond.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from cds.assessment.base_products import Way, Ways, finding_of, holds
from cds.engine.facts import Fact
from cds.engine.normal_form import Literal
from cds.pack import Pack, Rule


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An unknown finding that could change the result, the most urgent level it could lead to, and by which rule."""

    finding: str
    level: str
    rule: str


class _BitWay(NamedTuple):
    """A way in bits: its literals, and for each of its findings those that speak of it. ``rank`` is its urgency."""

    rule: Rule
    rank: int
    literals: int
    findings: tuple[tuple[str, int], ...]


class OpenQuestions:
    """Finds what is open, for the ways of one pack."""

    def __init__(self, pack: Pack, ways: Ways) -> None:
        self._pack = pack
        self._order = {name: index for index, name in enumerate(pack.findings)}
        common = Counter(literal for own in ways.values() for way in own for literal in way.literals)
        # The rarest first: what is unknown of a way is looked up by its first literal.
        literals = sorted(common, key=lambda literal: (common[literal], literal))
        bit = {literal: 1 << index for index, literal in enumerate(literals)}
        self._all = (1 << len(literals)) - 1
        self._flags = {literal.name: bit[literal] for literal in literals if literal.test == "=="}
        self._bounds = [(literal, bit[literal]) for literal in literals if literal.test != "=="]
        self._ways = {name: tuple(_in_bits(pack, way, bit) for way in own) for name, own in ways.items()}

    def find(self, undecided: Iterable[Rule], known: Fact, possible: Fact, level: str) -> tuple[OpenFinding, ...]:
        """The findings whose value could raise the level above ``level`` or put the patient out of scope.

        ``undecided`` are the rules that could fire but do not certainly; ``known`` and ``possible`` are the facts of
        the two rails, with every property. Most urgent first, then in the order of the vocabulary.
        """
        excluded, uncertain = self._all & ~self._holding(possible), ~self._holding(known)
        open_ways = [
            way
            for rule in undecided
            if self._matters(rule, level)
            for way in self._ways[rule.id]
            if not way.literals & excluded
        ]
        open_ways.sort(key=lambda way: way.rank)
        found: dict[str, _BitWay] = {}
        rivals = _Rivals()
        for _, group in groupby(open_ways, key=lambda way: way.rank):
            equals = tuple(group)
            for way in equals:
                rivals.add(way.rule.then.out_of_scope, way.literals & uncertain)
            for way in equals:
                unknown = way.literals & uncertain
                for name, bits in way.findings:
                    if name in found or not unknown & bits:
                        continue
                    if not rivals.bring(way.rule.then.out_of_scope, unknown & ~bits):
                        found[name] = way
        ranked = sorted(found.items(), key=lambda entry: (entry[1].rank, self._order[entry[0]]))
        return tuple(OpenFinding(name, self._pack.levels[way.rank].id, way.rule.id) for name, way in ranked)

    def _matters(self, rule: Rule, level: str) -> bool:
        rank = self._pack.rank
        raises = rule.then.level is not None and rank[rule.then.level] < rank[level]
        return raises or rule.then.out_of_scope is not None

    def _holding(self, fact: Fact) -> int:
        """The literals that hold on the rail whose fact this is."""
        flags, bits = self._flags, 0
        for name in fact:
            if name in flags:
                bits |= flags[name]
        for literal, bit in self._bounds:
            if holds(literal, fact):
                bits |= bit
        return bits


class _Rivals:
    """What is unknown of all ways that are as urgent or more, by scope.

    Found by the first of the bits: a set inside another has its first bit in the other.
    """

    def __init__(self) -> None:
        self._by_first: dict[int, list[int]] = {}
        self._by_scope: dict[str, dict[int, list[int]]] = {}

    def add(self, scope: str | None, unknown: int) -> None:
        """Add what is unknown of a way; ``scope`` is what its rule puts the patient out of."""
        first = unknown & -unknown
        self._by_first.setdefault(first, []).append(unknown)
        if scope is not None:
            self._by_scope.setdefault(scope, {}).setdefault(first, []).append(unknown)

    def bring(self, scope: str | None, rest: int) -> bool:
        """Whether ``rest`` alone already brings the same urgency, and the same scope."""
        by_first = self._by_first if scope is None else self._by_scope[scope]
        left, missing = rest, ~rest
        while left:
            first = left & -left
            left ^= first
            for unknown in by_first.get(first, ()):
                if not unknown & missing:
                    return True
        return False


def _in_bits(pack: Pack, way: Way, bit: Mapping[Literal, int]) -> _BitWay:
    findings: dict[str, int] = {}
    for literal in sorted(way.literals):
        name = finding_of(literal)
        findings[name] = findings.get(name, 0) | bit[literal]
    rank = pack.rank[way.rule.then.level or pack.default_level]
    return _BitWay(way.rule, rank, sum(findings.values()), tuple(findings.items()))
