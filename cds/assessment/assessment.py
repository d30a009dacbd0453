"""The result for one patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds.assessment.advice import GivenAdvice
from cds.assessment.open_questions import OpenFinding
from cds.pack import Rule, Truth

INCOMPLETE = "incomplete"
OUT_OF_SCOPE = "out-of-scope"


@dataclass(frozen=True, slots=True)
class Assessment:
    """How soon a patient needs which care, within what bounds, and why.

    ``outcome``: the level, or ``incomplete`` when the level is withheld because an urgent question is open, or
    ``out-of-scope``. ``level`` is certain whatever the open answers are; ``possible_level`` is the most urgent they
    could make it. ``fired`` are all rules that certainly fire, most urgent first; ``undecided`` those that could.
    ``open_findings`` are the unknowns that could change the result; ``withholding`` those of them that keep a level
    from being given. ``out_of_scope`` names why the pack is not made for this patient.
    """

    outcome: str
    level: str
    possible_level: str
    fired: tuple[Rule, ...]
    undecided: tuple[Rule, ...]
    derived: Mapping[str, Truth]
    open_findings: tuple[OpenFinding, ...]
    withholding: tuple[str, ...]
    advice: tuple[GivenAdvice, ...]
    out_of_scope: tuple[str, ...]

    @property
    def incomplete(self) -> bool:
        """Whether a level is withheld because urgent questions are open."""
        return self.outcome == INCOMPLETE
