"""Both versions run over many responses: who moves where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import IntakeError
from cds.pack import Pack
from cds.verify.difference.change_class import Direction, outcome_direction

REFUSED: Final = "refused"
EXAMPLES: Final = 3
"""So many sources are named for each move."""


@dataclass(frozen=True, slots=True)
class Move:
    """How many responses go from ``old`` to ``new``, and where some of them stand."""

    old: str
    new: str
    direction: Direction | None
    count: int
    examples: tuple[str, ...]


@dataclass
class Population:
    """Counts of old and new outcomes; what a version refuses is counted as ``refused``, with the reason."""

    old: Pack
    new: Pack
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: {"old": Counter(), "new": Counter()})
    _examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All responses: as many as went in."""
        return self.counts.total()

    @property
    def outcomes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The outcomes of each version, most urgent first; those of the rows, and those of the columns."""
        old, new = ([*(level.id for level in pack.levels), INCOMPLETE, OUT_OF_SCOPE] for pack in (self.old, self.new))
        refused = [REFUSED] if any(REFUSED in pair for pair in self.counts) else []
        return (*old, *refused), (*new, *refused)

    @property
    def refusals(self) -> tuple[tuple[str, Counter[str]], ...]:
        """Who refuses, and for what reasons how often; once if both versions refuse the same."""
        old, new = self.reasons["old"], self.reasons["new"]
        return (("both versions", old),) if old == new else (("the old version", old), ("the new version", new))

    def count(self, source: str, old: str, new: str) -> None:
        """Count one response."""
        self.counts[old, new] += 1
        shown = self._examples.setdefault((old, new), [])
        if len(shown) < EXAMPLES:
            shown.append(source)

    def moves(self) -> Iterator[Move]:
        """Each pair that occurs, in the order of the outcomes."""
        rows, columns = self.outcomes
        for old in rows:
            for new in columns:
                if count := self.counts[old, new]:
                    direction = self.direction(old, new)
                    yield Move(old, new, direction, count, tuple(self._examples[old, new]))

    def direction(self, old: str, new: str) -> Direction | None:
        """Whether a move is to something lower; ``None`` for no move."""
        if old == new:
            return None
        return "changed" if REFUSED in (old, new) else outcome_direction(self.old, self.new, old, new)

    def moved(self, direction: Direction) -> int:
        """How many responses move in this direction."""
        return sum(move.count for move in self.moves() if move.direction == direction)


class PopulationRun:
    """Runs both versions over responses as they come."""

    def __init__(self, old: DecisionSupport, new: DecisionSupport) -> None:
        self._supports = {"old": old, "new": new}
        self.population = Population(old.pack, new.pack)

    def add(self, source: str, response: bytes, chart: bytes | None) -> None:
        """Decide about one response by both versions and count it."""
        told = [self._outcome(which, response, chart) for which in ("old", "new")]
        self.population.count(source, told[0], told[1])

    def unreadable(self, source: str, reason: str) -> None:
        """Count what could not be read at all: neither version takes it."""
        for which in ("old", "new"):
            self.population.reasons[which][reason] += 1
        self.population.count(source, REFUSED, REFUSED)

    def _outcome(self, which: str, response: bytes, chart: bytes | None) -> str:
        try:
            return self._supports[which].decide(response, chart).assessment.outcome
        except IntakeError as error:
            # Once for each kind of fault: the places differ from patient to patient.
            for message in dict.fromkeys(fault.message for fault in error.faults):
                self.population.reasons[which][message] += 1
        except EngineFault:
            self.population.reasons[which]["the evaluation failed"] += 1
        return REFUSED
