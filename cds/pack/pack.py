"""A pack: everything that a folder under ``rules/`` holds, checked and ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cds.pack.content import Advice, CardFile, Citation, Instead
from cds.pack.finding import Finding
from cds.pack.header import Header, Level
from cds.pack.questionnaire import Questionnaire
from cds.pack.rule import Rule, Table
from cds.pack.value_set import ValueSets


@dataclass(frozen=True)
class Pack:
    """A loaded pack. ``rules`` are those that are evaluated, ``all_rules`` include drafts and retired ones.

    The rows of ``tables`` are among the rules.
    """

    folder: Path
    header: Header
    findings: Mapping[str, Finding]
    all_rules: tuple[Rule, ...]
    advice: Mapping[str, Advice]
    instead: Mapping[str, Instead]
    cards: CardFile
    citations: Mapping[str, Citation]
    questionnaire: Questionnaire
    value_sets: ValueSets
    tables: Mapping[str, Table] = field(default_factory=dict)
    rules: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(rule for rule in self.all_rules if rule.evaluated))

    @property
    def id(self) -> str:
        """The pack's name."""
        return self.header.id

    @property
    def version(self) -> str:
        """The pack's semantic version."""
        return self.header.version

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels of urgency, most urgent first."""
        return tuple(self.header.levels)

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Level id to its place; 0 is the most urgent."""
        return {level.id: index for index, level in enumerate(self.header.levels)}

    @cached_property
    def rule(self) -> Mapping[str, Rule]:
        """The evaluated rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def concluding(self) -> Mapping[str, tuple[Rule, ...]]:
        """Derived finding to the evaluated rules that conclude it."""
        found: dict[str, list[Rule]] = {name: [] for name, finding in self.findings.items() if finding.derived}
        for rule in self.rules:
            if rule.then.conclude:
                found[rule.then.conclude].append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @property
    def default_level(self) -> str:
        """The level that holds when no rule says more: the last."""
        return self.header.levels[-1].id

    def most_urgent(self, levels: list[str]) -> str:
        """The most urgent of these level ids, or the default level."""
        return min(levels, key=self.rank.__getitem__, default=self.default_level)

    @cached_property
    def memberships(self) -> Mapping[tuple[str, str], int]:
        """System and code to the number of value sets that list it."""
        return Counter(coding for codes in self.value_sets.values() for coding in codes)
