"""What came of a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a run: how many responses were read, assessed and refused, and how many have each outcome.

    ``chart_read`` and ``chart_refused`` count chart resources; ``empty`` are response files without a line,
    ``left_alone`` files of other types; ``replaced`` is how many workers died.
    """

    read: int
    assessed: int
    refused: int
    outcomes: Mapping[str, int]
    chart_read: int
    chart_refused: int
    empty: tuple[str, ...]
    left_alone: tuple[str, ...]
    replaced: int

    @property
    def complete(self) -> bool:
        """Whether nothing was refused, and nothing that should have had responses was empty."""
        return not (self.refused or self.chart_refused or self.empty)
