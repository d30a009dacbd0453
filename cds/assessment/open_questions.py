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
from collections.abc import Iterable
from dataclasses import dataclass
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
    """The literals of a way as bits, and for each of its findings the bits that speak of it."""

    literals: int
    findings: tuple[tuple[str, int], ...]


class _Residue(NamedTuple):
    """What is still unknown of one way in which a rule can fire; ``rank`` is its urgency, 0 the most urgent."""

    rank: int
    scope: str | None
    unknown: int
    rule: Rule
    findings: tuple[tuple[str, int], ...]


class OpenQuestions:
    """Finds what is open, for the ways of one pack."""

    def __init__(self, pack: Pack, ways: Ways) -> None:
        self._pack = pack
        self._order = {name: index for index, name in enumerate(pack.findings)}
        common = Counter(literal for own in ways.values() for way in own for literal in way.literals)
        # The rarest first: a way is looked up by the first literal that is unknown of it.
        self._literals = sorted(common, key=lambda literal: (common[literal], literal))
        bit = {literal: 1 << index for index, literal in enumerate(self._literals)}
        self._ways = {name: tuple(_in_bits(way, bit) for way in own) for name, own in ways.items()}

    def find(self, undecided: Iterable[Rule], known: Fact, possible: Fact, level: str) -> tuple[OpenFinding, ...]:
        """The findings whose value could raise the level above ``level`` or put the patient out of scope.

        ``undecided`` are the rules that could fire but do not certainly; ``known`` and ``possible`` are the facts of
        the two rails, with every property. Most urgent first, then in the order of the vocabulary.
        """
        residues = self._residues([rule for rule in undecided if self._matters(rule, level)], known, possible)
        residues.sort(key=lambda residue: residue.rank)
        rivals = _Rivals(residues)
        found: dict[str, _Residue] = {}
        for residue in residues:
            for name, bits in residue.findings:
                if name not in found and residue.unknown & bits and not rivals.bring(residue, residue.unknown & ~bits):
                    found[name] = residue
        ranked = sorted(found.items(), key=lambda entry: (entry[1].rank, self._order[entry[0]]))
        return tuple(OpenFinding(name, self._pack.levels[residue.rank].id, residue.rule.id) for name, residue in ranked)

    def _matters(self, rule: Rule, level: str) -> bool:
        rank = self._pack.rank
        raises = rule.then.level is not None and rank[rule.then.level] < rank[level]
        return raises or rule.then.out_of_scope is not None

    def _residues(self, rules: list[Rule], known: Fact, possible: Fact) -> list[_Residue]:
        certain, excluded = 0, 0
        for index, literal in enumerate(self._literals):
            if holds(literal, known):
                certain |= 1 << index
            if not holds(literal, possible):
                excluded |= 1 << index
        residues = []
        for rule in rules:
            rank = self._pack.rank[rule.then.level or self._pack.default_level]
            scope = rule.then.out_of_scope
            residues += [
                _Residue(rank, scope, literals & ~certain, rule, findings)
                for literals, findings in self._ways[rule.id]
                if not literals & excluded
            ]
        return residues


class _Rivals:
    """All residues, found by the first of their bits: a residue inside a set has that bit in the set."""

    def __init__(self, residues: list[_Residue]) -> None:
        by_first: dict[int, dict[tuple[int, str | None, int], None]] = {}
        for rank, scope, unknown, _, _ in residues:
            by_first.setdefault(unknown & -unknown, {})[rank, scope, unknown] = None
        self._by_first = {first: tuple(rivals) for first, rivals in by_first.items()}

    def bring(self, residue: _Residue, rest: int) -> bool:
        """Whether ``rest`` alone already brings all that ``residue`` would: its urgency and its scope."""
        most, scope, left, missing = residue.rank, residue.scope, rest, ~rest
        while left:
            first = left & -left
            left ^= first
            for rank, other_scope, unknown in self._by_first.get(first, ()):
                if not unknown & missing and rank <= most and (scope is None or other_scope == scope):
                    return True
        return False


def _in_bits(way: Way, bit: dict[Literal, int]) -> _BitWay:
    findings: dict[str, int] = {}
    for literal in sorted(way.literals):
        name = finding_of(literal)
        findings[name] = findings.get(name, 0) | bit[literal]
    return _BitWay(sum(findings.values()), tuple(findings.items()))
