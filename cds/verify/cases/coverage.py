"""What the cases of a pack cover, as counts: rules, and each statement of each condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cds.engine.reference import reading
from cds.pack import Pack, Rule
from cds.pack.condition import Atom, atoms
from cds.verify.cases.run_cases import CaseResult


@dataclass(slots=True)
class Coverage:
    """``fires``, ``near_miss`` and ``unanswered``: rules that some case expects to fire, not to fire, to stay open.

    ``statements`` counts for each statement of each condition the truths that were seen (true, false, unknown).
    """

    pack: Pack
    fires: set[str] = field(default_factory=set)
    near_miss: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    statements: dict[tuple[str, Atom], set[bool | None]] = field(default_factory=dict)

    @property
    def without_firing_case(self) -> tuple[str, ...]:
        """Rules that no case expects to fire."""
        return tuple(rule.id for rule in self.pack.rules if rule.id not in self.fires)

    @property
    def without_near_miss(self) -> tuple[str, ...]:
        """Rules that no case expects not to fire."""
        return tuple(rule.id for rule in self.pack.rules if rule.id not in self.near_miss)

    @property
    def without_unanswered_case(self) -> tuple[str, ...]:
        """Red-flag rules that no case expects to stay open when an answer is missing."""
        return tuple(
            rule.id for rule in self.pack.rules if is_red_flag(self.pack, rule) and rule.id not in self.unanswered
        )

    def statement_counts(self) -> tuple[int, int]:
        """How many (statement, truth) pairs were seen, and how many there are: three for each statement."""
        return sum(map(len, self.statements.values())), 3 * len(self.statements)


def is_red_flag(pack: Pack, rule: Rule) -> bool:
    """Whether a rule gives a level above the default on the strength of a red flag, if need be a derived one."""
    if rule.then.level is None or rule.then.level == pack.default_level:
        return False
    return _reads_red_flag(pack, rule, set())


def _reads_red_flag(pack: Pack, rule: Rule, seen: set[str]) -> bool:
    if rule.id in seen:
        return False
    seen.add(rule.id)
    for atom in atoms(rule.when):
        if pack.findings[atom.finding].red_flag:
            return True
        if any(_reads_red_flag(pack, other, seen) for other in pack.concluding.get(atom.finding, ())):
            return True
    return False


def coverage(pack: Pack, results: Iterable[CaseResult]) -> Coverage:
    """What the cases cover."""
    found = Coverage(pack)
    readers = {(rule.id, atom): reading(atom) for rule in pack.rules for atom in atoms(rule.when)}
    found.statements = {key: set() for key in readers}
    for result in results:
        expect = result.case.expect
        found.fires |= set(expect.fires)
        found.near_miss |= set(expect.does_not_fire)
        found.unanswered |= set(expect.could_fire)
        if result.decision is not None:
            values = {**result.decision.patient.values, **result.decision.assessment.derived}
            for key, read in readers.items():
                found.statements[key].add(read(values))
    return found
