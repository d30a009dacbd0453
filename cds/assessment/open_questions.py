"""Which unanswered findings could still change the level, and how urgent each could make it.

A finding is open when, for some further answers to other questions, its answer decides the level (or whether the
patient is out of scope). Read off the ways in which rules can still fire: a literal of a way matters unless the rest of
the way, and what follows from it, already makes a rule of the same urgency fire. Just the findings that could change
the level are listed (docs/decisions/0004-open-questions.md), and ``cds check`` proves it for each pack.

Sets of literals are whole numbers with a bit for each literal, so that a thousand ways are compared in a millisecond.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from cds.assessment.base_products import Way, Ways, finding_of
from cds.assessment.implied import implied
from cds.assessment.literal_bits import LiteralBits
from cds.engine.normal_form import Literal
from cds.pack import Findings, Pack, Rule


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An unknown finding that could change the result, the most urgent level it could lead to, and by which rule."""

    finding: str
    level: str
    rule: str


class _BitWay(NamedTuple):
    """A way in bits: its literals, and for each of its findings those that speak of it. ``rank`` is its urgency.

    With each finding stands what holds if the way is met but for this finding: the literals of all others, and what
    follows from them.
    """

    rule: Rule
    rank: int
    literals: int
    findings: tuple[tuple[str, int, int], ...]


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
        self._bit = bit
        self._read = LiteralBits(pack.findings, bit).read
        by_finding: dict[str, list[Literal]] = {}
        for literal in literals:
            by_finding.setdefault(finding_of(literal), []).append(literal)
        self._followers = _Followers(pack, by_finding)
        read = {name: [self._in_bits(way) for way in own] for name, own in ways.items()}
        self._ways = {name: tuple(way for way in own if way is not None) for name, own in read.items()}

    def literals(self, finding: str) -> Sequence[Literal]:
        """All literals of the ways that speak of this finding."""
        return self._followers.by_finding.get(finding, ())

    def following(self, finding: str, given: frozenset[Literal]) -> frozenset[Literal] | None:
        """The literals that are taken to follow from ``given``, all about this finding; ``None`` if they contradict."""
        return self._followers.of(finding, given)

    def _in_bits(self, way: Way) -> _BitWay | None:
        """The way in bits; ``None`` if its literals contradict each other, so that nobody can meet it."""
        parts: dict[str, list[Literal]] = {}
        for literal in sorted(way.literals):
            parts.setdefault(finding_of(literal), []).append(literal)
        follow = {name: self._followers.of(name, frozenset(own)) for name, own in parts.items()}
        if None in follow.values():
            return None
        closed = {name: self._bits(found or ()) for name, found in follow.items()}
        findings = [
            (name, self._bits(own), sum(bits for other, bits in closed.items() if other != name))
            for name, own in parts.items()
        ]
        rank = self._pack.rank[way.rule.then.level or self._pack.default_level]
        return _BitWay(way.rule, rank, self._bits(way.literals), tuple(findings))

    def _bits(self, literals: Iterable[Literal]) -> int:
        return sum(self._bit[literal] for literal in literals)

    def find(
        self, undecided: Iterable[Rule], findings: Findings, level: str, scopes: Collection[str] = ()
    ) -> tuple[OpenFinding, ...]:
        """The findings whose value could raise the level above ``level`` or put the patient out of scope.

        ``undecided`` are the rules that could fire but do not certainly; ``findings`` are what is known of the patient;
        ``scopes`` is what the patient certainly is out of. Most urgent first, then in the order of the vocabulary.
        """
        known, possible = self._read(findings)
        excluded, uncertain = self._all & ~possible, ~known
        given = self._pack.rank[level]
        open_ways = [
            way
            for rule in undecided
            if self._raises(rule, given) or self._scopes(rule, scopes)
            for way in self._ways[rule.id]
            if not way.literals & excluded
        ]
        open_ways.sort(key=lambda way: way.rank)
        by_scope: dict[str, _Rivals] = {}
        for way in open_ways:
            if way.rule.then.out_of_scope is not None:
                by_scope.setdefault(way.rule.then.out_of_scope, _Rivals()).add(way.literals & uncertain)
        found: dict[str, _BitWay] = {}
        as_urgent = _Rivals()
        for rank, group in groupby(open_ways, key=lambda way: way.rank):
            equals = tuple(group)
            for way in equals:
                as_urgent.add(way.literals & uncertain)
            for way in equals:
                unknown, scope = way.literals & uncertain, way.rule.then.out_of_scope
                rivals = [as_urgent] if rank < given else []
                if scope is not None and scope not in scopes:
                    rivals.append(by_scope[scope])
                for name, bits, rest in way.findings:
                    if name in found or not unknown & bits:
                        continue
                    if not all(one.bring(rest & uncertain) for one in rivals):
                        found[name] = way
        ranked = sorted(found.items(), key=lambda entry: (entry[1].rank, self._order[entry[0]]))
        return tuple(OpenFinding(name, self._pack.levels[way.rank].id, way.rule.id) for name, way in ranked)

    def _raises(self, rule: Rule, given: int) -> bool:
        return rule.then.level is not None and self._pack.rank[rule.then.level] < given

    def _scopes(self, rule: Rule, scopes: Collection[str]) -> bool:
        return rule.then.out_of_scope is not None and rule.then.out_of_scope not in scopes


class _Rivals:
    """What is unknown of the ways that bring the same about: a level as urgent, or the same scope.

    Found by the first of the bits: a set inside another has its first bit in the other.
    """

    def __init__(self) -> None:
        self._by_first: dict[int, list[int]] = {}

    def add(self, unknown: int) -> None:
        """Add what is unknown of a way."""
        self._by_first.setdefault(unknown & -unknown, []).append(unknown)

    def bring(self, rest: int) -> bool:
        """Whether ``rest`` alone already brings it about."""
        left, missing = rest, ~rest
        while left:
            first = left & -left
            left ^= first
            for unknown in self._by_first.get(first, ()):
                if not unknown & missing:
                    return True
        return False


class _Followers:
    """What follows from literals about one finding, kept for the many ways that have the same."""

    def __init__(self, pack: Pack, by_finding: Mapping[str, list[Literal]]) -> None:
        self._pack = pack
        self.by_finding = by_finding
        self._known: dict[tuple[str, frozenset[Literal]], frozenset[Literal] | None] = {}

    def of(self, name: str, given: frozenset[Literal]) -> frozenset[Literal] | None:
        """As :func:`implied`, among all literals about the finding."""
        key = (name, given)
        if key not in self._known:
            self._known[key] = implied(self._pack.findings[name], given, self.by_finding[name])
        return self._known[key]
