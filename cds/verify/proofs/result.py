"""What came of the attempt to prove a property."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cds.pack import Rule
from cds.verify.issue import Place
from cds.verify.witness import Witness


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Why a property does not hold: one sentence, the rules involved, and the patient who shows it.

    ``witnesses`` are one patient, or two where the property compares a patient before and after; none where no patient
    is needed to see it (a rule that never fires). ``differs`` says in words what is not ordinary about the first.
    """

    sentence: str
    places: tuple[Place, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    differs: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The result for one property, by ``name``.

    ``statements`` is how many single statements were asked about; ``failures`` those that do not hold, ``undecided``
    those that z3 gave up on, each with the reason. Only if both are empty is the property proved.
    """

    name: str
    title: str
    statements: int
    failures: tuple[Counterexample, ...]
    undecided: tuple[str, ...]
    seconds: float

    @property
    def empty(self) -> bool:
        """Whether there was nothing to prove: no such table, no red flag."""
        return not self.statements and self.proved

    @property
    def proved(self) -> bool:
        """Whether it holds for every patient."""
        return not self.failures and not self.undecided


def places(rules: Iterable[Rule]) -> tuple[Place, ...]:
    """Where rules stand."""
    return tuple(Place.of(rule) for rule in rules)
