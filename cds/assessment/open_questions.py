"""Which unanswered findings could still change the level, and how urgent each could make it.

A finding is open when, for some completion of the other unknowns, its value decides the level (or whether the patient
is out of scope). Read off the ways in which rules can still fire: a literal of a way matters unless the rest of the way
alone already makes a rule of the same urgency possible. No finding that could change the level is ever left out; for
rules in which no finding counts for and against at once, none is listed that could not
(docs/decisions/0004-open-questions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cds.assessment.base_products import Ways, holds
from cds.engine.facts import Fact
from cds.pack import Pack, Rule


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An unknown finding that could change the result, the most urgent level it could lead to, and by which rule."""

    finding: str
    level: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Residue:
    """What is still unknown of one way in which a rule can fire; ``rank`` is its urgency, 0 the most urgent.

    ``unknown`` names properties (``fever.yes``) and comparisons (``age.up>=50``), each beginning with its finding.
    """

    rule: Rule
    rank: int
    unknown: frozenset[str]


def open_findings(
    pack: Pack, undecided: Iterable[Rule], ways: Ways, known: Fact, possible: Fact, level: str
) -> tuple[OpenFinding, ...]:
    """The findings whose value could raise the level above ``level`` or put the patient out of scope.

    ``undecided`` are the rules that could fire but do not certainly; ``known`` and ``possible`` are the facts of the
    two rails, with every property. Most urgent first, then in the order of the vocabulary.
    """
    residues = [
        residue
        for rule in undecided
        if _matters(pack, rule, level)
        for residue in _residues(pack, rule, ways, known, possible)
    ]
    residues.sort(key=lambda residue: residue.rank)
    rivals = _Rivals(residues)
    finding = {part: part.partition(".")[0] for residue in residues for part in residue.unknown}
    found: dict[str, _Residue] = {}
    for residue in residues:
        for name in {finding[part] for part in residue.unknown} - found.keys():
            rest = frozenset(part for part in residue.unknown if finding[part] != name)
            if not rivals.bring(residue, rest):
                found[name] = residue
    order = {name: index for index, name in enumerate(pack.findings)}
    ranked = sorted(found.items(), key=lambda entry: (entry[1].rank, order[entry[0]]))
    return tuple(OpenFinding(name, pack.levels[residue.rank].id, residue.rule.id) for name, residue in ranked)


def _matters(pack: Pack, rule: Rule, level: str) -> bool:
    raises = rule.then.level is not None and pack.rank[rule.then.level] < pack.rank[level]
    return raises or rule.then.out_of_scope is not None


def _residues(pack: Pack, rule: Rule, ways: Ways, known: Fact, possible: Fact) -> list[_Residue]:
    rank = pack.rank[rule.then.level or pack.default_level]
    residues = []
    for way in ways[rule.id]:
        if possible.keys() >= way.flags and all(holds(bound, possible) for bound in way.bounds):
            unknown = way.flags.difference(known)
            unknown |= {f"{bound.name}{bound.test}{bound.value}" for bound in way.bounds if not holds(bound, known)}
            residues.append(_Residue(rule, rank, unknown))
    return residues


class _Rivals:
    """All residues, found by their rarest part: a residue inside a set has that part in the set."""

    def __init__(self, residues: list[_Residue]) -> None:
        common = Counter(part for residue in residues for part in residue.unknown)
        self._by_part: dict[str, dict[tuple[int, str | None, frozenset[str]], None]] = {}
        for residue in residues:
            key = (residue.rank, residue.rule.then.out_of_scope, residue.unknown)
            rarest = min(residue.unknown, key=lambda part: (common[part], part))
            self._by_part.setdefault(rarest, {})[key] = None

    def bring(self, residue: _Residue, rest: frozenset[str]) -> bool:
        """Whether ``rest`` alone already brings all that ``residue`` would: its urgency and its scope."""
        scope = residue.rule.then.out_of_scope
        return any(
            rank <= residue.rank and (scope is None or other_scope == scope) and unknown <= rest
            for part in rest
            for rank, other_scope, unknown in self._by_part.get(part, ())
        )
