"""A part that is being written, and the check that every line of it came to something."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cds.batch.evaluator import Evaluated
from cds.batch.journal import Part
from cds.batch.part_files import PartFiles
from cds.batch.problem import BatchError


@dataclass(slots=True)
class OpenPart:
    """A part that is being written."""

    number: int
    file: str
    files: PartFiles
    last: int = 0
    read: int = 0
    assessed: int = 0
    refused: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def take(self, last: int, lines: int, found: Evaluated) -> None:
        """Add what came of the lines up to ``last``."""
        self.files.write(found)
        self.last = last
        self.read += lines
        self.assessed += found.assessed_count
        self.refused += found.refused_count
        self.outcomes += found.outcomes

    def finish(self) -> Part:
        """Complete its files. Raises :class:`BatchError` if a line came to nothing: a fault of this program."""
        if self.read != self.assessed + self.refused or self.assessed != self.outcomes.total():
            raise BatchError(f"{self.file}: {self.read} lines became {self.assessed} and {self.refused}: report this")
        files = self.files.finish()
        outcomes = dict(sorted(self.outcomes.items()))
        return Part(self.number, self.file, self.last, self.read, self.assessed, self.refused, outcomes, files)
