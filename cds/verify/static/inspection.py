"""One pack under inspection: the pack, the day, where things stand, and what its rules read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cds.pack import Pack, Rule
from cds.pack.condition import Includes, IsCode, atoms, findings_of
from cds.verify.issue import Issue, Place
from cds.verify.static.catalogue import CHECKS
from cds.verify.static.sources import Sources

_MOST_NAMES = 8


@dataclass(frozen=True)
class Inspection:
    """A pack on the day of the check; every family of checks gets one."""

    pack: Pack
    today: date

    @cached_property
    def sources(self) -> Sources:
        """Where things stand in the files of the pack."""
        return Sources(self.pack.folder)

    @cached_property
    def readers(self) -> Mapping[str, tuple[Rule, ...]]:
        """Finding id to the evaluated rules whose conditions read it directly."""
        found: dict[str, list[Rule]] = {}
        for rule in self.pack.rules:
            for name in findings_of(rule.when):
                found.setdefault(name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def code_readers(self) -> Mapping[tuple[str, str], tuple[Rule, ...]]:
        """Finding id and code to the evaluated rules whose conditions read that code."""
        found: dict[tuple[str, str], dict[str, Rule]] = {}
        for rule in self.pack.rules:
            for atom in atoms(rule.when):
                if isinstance(atom, IsCode | Includes):
                    found.setdefault((atom.finding, atom.code), {})[rule.id] = rule
        return {key: tuple(rules.values()) for key, rules in found.items()}

    @cached_property
    def unsigned(self) -> tuple[str, ...]:
        """The roles of reviewers that have not signed by today."""
        reviewers = self.pack.header.reviewers
        return tuple(entry.role for entry in reviewers if entry.signed is None or entry.signed > self.today)


def issue(check: str, places: Iterable[Place], /, **details: object) -> Issue:
    """The issue of a check in the catalogue, with its message and hint filled in."""
    entry = CHECKS[check]
    message, hint = (text.format(**details) for text in (entry.message, entry.hint))
    return Issue(check, entry.severity, message, tuple(places), hint)


def names(entries: Iterable[str]) -> str:
    """Names in a sentence; of many, the first ones and how many more there are."""
    listed = list(entries)
    rest = len(listed) - _MOST_NAMES
    return ", ".join(listed[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
