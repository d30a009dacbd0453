"""Values of findings: what is known about a patient, and what stays open.

A finding that is absent from a :data:`Findings` mapping is unknown. What is partly known keeps its open part:
an integer is a range (a date given as ``2026-11`` is one of thirty days), a multiple choice has codes that are
certainly chosen and codes that may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """An integer known to lie between ``low`` and ``high``, both included, in the finding's own unit and scale."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether only one number is left."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Selection:
    """A multiple choice: ``chosen`` codes certainly hold, ``open`` codes may hold, all others certainly do not."""

    chosen: frozenset[str]
    open: frozenset[str] = frozenset()


FindingValue = bool | Interval | str | Selection
"""A boolean, an integer (``Interval``), one code (``str``) or several codes (``Selection``)."""

Findings = Mapping[str, FindingValue]
"""Finding id to value; a finding that is not there is unknown."""

Truth = bool | None
"""Three values: true, false, and ``None`` for unknown."""
