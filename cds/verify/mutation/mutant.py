"""A mutant: the pack with one small fault in it, such as an author might make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cds.pack import Pack, Rule
from cds.pack.finding import Finding
from cds.verify.issue import Place

Operator = Literal[
    "rule-deleted",
    "operand-dropped",
    "clause-negated",
    "all-any-swapped",
    "count-changed",
    "bound-shifted",
    "code-swapped",
    "level-raised",
    "level-lowered",
    "block-removed",
    "advice-removed",
    "conclusion-removed",
    "scope-removed",
    "policy-weakened",
]
"""The kinds of fault."""

ON_CONDITION: frozenset[Operator] = frozenset(
    {
        "rule-deleted",
        "operand-dropped",
        "clause-negated",
        "all-any-swapped",
        "count-changed",
        "bound-shifted",
        "code-swapped",
    }
)
"""Faults after which a rule fires for other patients."""

ON_ADVICE: frozenset[Operator] = frozenset({"block-removed", "advice-removed"})
"""Faults that change advice and nothing else."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: ``subject`` is the rule or the finding that has it, ``change`` says what was changed.

    ``rule`` is the rule with the fault, ``None`` if it was deleted or if a ``finding`` has the fault. A mutant that is
    ``stillborn`` is refused when the pack is loaded, before any case is run.
    """

    id: str
    operator: Operator
    subject: str
    topic: str
    place: Place
    change: str
    rule: Rule | None = None
    finding: Finding | None = None
    stillborn: bool = False

    @property
    def sentence(self) -> str:
        """What was changed, and where."""
        return f"{self.subject} ({self.place.file}:{self.place.line}): {self.change}"

    def applied(self, pack: Pack) -> Pack:
        """The pack with the fault."""
        if self.finding is not None:
            return replace(pack, findings={**pack.findings, self.subject: self.finding})
        others = ((rule, self.rule if rule.id == self.subject else rule) for rule in pack.all_rules)
        return replace(pack, all_rules=tuple(changed for _, changed in others if changed is not None))
