"""What a check of a pack found: one sentence, the places in the pack, and how serious it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cds.pack import Rule

Severity = Literal["error", "warning"]
"""An *error* fails ``cds check``; a *warning* is shown until a clinician has settled it."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a pack: ``file`` relative to its folder, ``line`` from 1, and what stands there."""

    file: str
    line: int
    name: str = ""

    @classmethod
    def of(cls, rule: Rule) -> Place:
        """Where a rule stands."""
        return cls(rule.file, rule.line, rule.id)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f": {self.name}" if self.name else "")


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with a pack, or that a clinician must look at.

    ``check`` is the id of the check or property, ``message`` one sentence, ``hint`` what to do.
    """

    check: str
    severity: Severity
    message: str
    places: tuple[Place, ...] = ()
    hint: str = ""
