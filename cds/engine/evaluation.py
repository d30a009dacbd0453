"""What an evaluator answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cds.pack.value import Findings, Truth


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The rules that fire for one patient, and what they conclude.

    ``known``: ids of the rules that fire whatever the open answers turn out to be; ``possible``: those that could
    fire under some completion (``known`` is a part of it). ``derived`` gives each derived finding its three-valued
    truth. ``level`` and ``possible_level`` are the most urgent levels of either set.
    """

    known: frozenset[str]
    possible: frozenset[str]
    derived: Mapping[str, Truth]
    level: str
    possible_level: str


class Evaluator(Protocol):
    """Anything that evaluates the rules of one pack."""

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient's findings; a finding that is not in the mapping is unknown."""
        ...


class EngineFault(RuntimeError):
    """The rules engine did not do what it must; there is no result."""
