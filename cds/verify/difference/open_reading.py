"""For whom a finding is open, as formulas over what one version knows of its patient.

The list of open questions is read off the ways in which rules can fire: a way asks for a finding if it can still be
met, and the rest of it, with all that follows, does not bring the same about without that finding. So there are no
further answers to look for, and the formulas are exact (docs/decisions/0017-open-questions-exact.md).

Sets of literals are whole numbers with a bit for each literal, as they are where the list is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from cds.assessment import Assessor
from cds.assessment.base_products import Way, finding_of
from cds.engine.normal_form import Literal
from cds.pack import Rule
from cds.verify.encoding import Rules
from cds.verify.encoding.kleene import Formula, both, every, is_false, negation, some
from cds.verify.encoding.literals import atom_of
from cds.verify.proofs.ways import WayReader


class _OpenWay(NamedTuple):
    """A way that somebody can meet; ``closed`` has what follows from its part about each of its findings."""

    rule: Rule
    rank: int
    literals: int
    closed: dict[str, int]
    unsure: dict[str, int]
    """What follows from several codes that are ruled out together, and may be ruled out itself."""


class OpenReading:
    """Reads what an assessor lists as open over what ``rules`` know of their patient."""

    def __init__(self, assessor: Assessor, rules: Rules) -> None:
        self._pack = assessor.pack
        self._open_questions = assessor.open_questions
        self._rules = rules
        self._reader = WayReader(self._pack)
        self._bit: dict[Literal, int] = {}
        self._holds: list[Formula] = []
        self._may_hold: list[Formula] = []
        self._of_rule: dict[str, tuple[_OpenWay, ...]] = {}
        for name, own in assessor.ways.items():
            read = tuple(way for way in map(self._read, own) if way is not None)
            if read:
                self._of_rule[name] = read
        self._said = {name: _all(way.literals for way in own) for name, own in self._of_rule.items()}
        self._brought: dict[tuple[str, int, int], Formula] = {}

    def is_open(self, finding: str) -> list[Formula]:
        """Formulas of which one holds just if the finding is open; none if it never is."""
        return self._parts.get(finding, [])

    def asked(self, finding: str) -> list[Formula]:
        """Formulas of which one holds just if the finding is listed as an open question."""
        declared = self._pack.findings.get(finding)
        return [] if declared is None or declared.unanswered == "ignore" else self.is_open(finding)

    def withholds(self, finding: str) -> list[Formula]:
        """Formulas of which one holds just if the finding is open and may withhold a level."""
        declared = self._pack.findings.get(finding)
        return [] if declared is None or declared.unanswered != "escalate" else self.is_open(finding)

    @cached_property
    def incomplete(self) -> Formula:
        """When the level is withheld."""
        return both(self.withheld_level, some(one for name in self._pack.findings for one in self.withholds(name)))

    @cached_property
    def withheld_level(self) -> Formula:
        """When the certain level is one that is withheld while an urgent question is open."""
        levels = enumerate(self._pack.levels)
        return some(self._rules.level_is(rank).known for rank, level in levels if not level.given_with_gaps)

    @cached_property
    def _parts(self) -> dict[str, list[Formula]]:
        found: dict[str, dict[int, Formula]] = {}
        for way in (way for own in self._of_rule.values() for way in own):
            possible = every(self._may_hold[place] for place in _places(way.literals))
            for finding in way.closed:
                matters = both(possible, some(self._matters(way, finding)))
                if not is_false(matters):
                    found.setdefault(finding, {})[matters.get_id()] = matters
        return {finding: list(own.values()) for finding, own in found.items()}

    def _matters(self, way: _OpenWay, finding: str) -> Iterator[Formula]:
        """When the rest of the way does not already bring about what the way does: its level, its scope."""
        rest = _all(own for name, own in way.closed.items() if name != finding)
        unsure = _all(own for name, own in way.unsure.items() if name != finding)
        if way.rule.then.level is not None and way.rank < len(self._pack.levels) - 1:
            brought = self._bring(self._as_urgent[way.rank], rest, unsure)
            yield both(self._not_as_urgent[way.rank], negation(brought))
        if way.rule.then.out_of_scope is not None:
            same, not_said = self._scopes[way.rule.then.out_of_scope]
            yield both(not_said, negation(self._bring(same, rest, unsure)))

    @cached_property
    def _as_urgent(self) -> list[list[str]]:
        """For each rank the rules that are as urgent."""
        ranks = range(len(self._pack.levels))
        return [[name for name, own in self._of_rule.items() if own[0].rank <= rank] for rank in ranks]

    @cached_property
    def _not_as_urgent(self) -> list[Formula]:
        return [negation(self._rules.reaches(rank).known) for rank in range(len(self._pack.levels))]

    @cached_property
    def _scopes(self) -> dict[str, tuple[list[str], Formula]]:
        """For each scope the rules that say it, and when none certainly does."""
        found: dict[str, list[str]] = {}
        for name, own in self._of_rule.items():
            scope = own[0].rule.then.out_of_scope
            if scope is not None:
                found.setdefault(scope, []).append(name)
        return {scope: (names, negation(self._rules.out_of_scope(scope).known)) for scope, names in found.items()}

    def _bring(self, rules: Iterable[str], rest: int, unsure: int) -> Formula:
        """When one of these rules fires once ``rest`` is known; of rules that do not read it, that is known before."""
        return some(self._brings(name, rest, unsure) for name in rules if self._said[name] & rest)

    def _brings(self, name: str, rest: int, unsure: int) -> Formula:
        said = self._said[name]
        key = name, said & rest, said & unsure
        if key not in self._brought:
            # A way that is ruled out brings nothing about, so what is not sure to be possible is asked as well.
            asked = {(way.literals & ~rest, way.literals & unsure) for way in self._of_rule[name]}
            self._brought[key] = some(
                every((*(self._holds[at] for at in _places(known)), *(self._may_hold[at] for at in _places(possible))))
                for known, possible in _least(asked)
            )
        return self._brought[key]

    def _read(self, way: Way) -> _OpenWay | None:
        """The way in bits; ``None`` if its literals contradict each other."""
        parts: dict[str, set[Literal]] = {}
        for literal in sorted(way.literals):
            parts.setdefault(finding_of(literal), set()).add(literal)
        closed: dict[str, int] = {}
        unsure: dict[str, int] = {}
        for name, own in parts.items():
            following = self._open_questions.following(name, frozenset(own))
            if following is None:
                return None
            closed[name] = self._bits(following)
            if self._pack.findings[name].type == "code" and len(own) > 1:
                unsure[name] = self._bits(following - own)
        rank = self._pack.rank[way.rule.then.level or self._pack.default_level]
        return _OpenWay(way.rule, rank, self._bits(way.literals), closed, unsure)

    def _bits(self, literals: Iterable[Literal]) -> int:
        return _all(1 << self._place(literal) for literal in sorted(literals))

    def _place(self, literal: Literal) -> int:
        """The number of a literal; what is known of it is asked for when it is first met."""
        if literal not in self._bit:
            signed = self._reader.literal(literal)
            codes = self._pack.findings[signed.key.finding].type == "codes"
            truth = self._rules.condition(atom_of(signed.key, codes))
            self._bit[literal] = len(self._bit)
            self._holds.append(signed.holds(truth))
            self._may_hold.append(signed.may_hold(truth))
        return self._bit[literal]


def _all(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def _places(bits: int) -> Iterator[int]:
    """The numbers of the literals in a set."""
    while bits:
        first = bits & -bits
        yield first.bit_length() - 1
        bits ^= first


def _least(sets: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those pairs of sets that contain no other; the smallest come first."""
    found: list[tuple[int, int]] = []
    for known, possible in sorted(sets, key=lambda one: (one[0].bit_count() + one[1].bit_count(), one)):
        if not any(not one & ~known and not other & ~possible for one, other in found):
            found.append((known, possible))
    return found
