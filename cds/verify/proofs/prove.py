"""All properties of a pack, proved one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cds.decision_support import DecisionSupport
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.bounds import prove_bounds
from cds.verify.proofs.complete import prove_complete
from cds.verify.proofs.contraindications import prove_contraindications
from cds.verify.proofs.firing import Firing
from cds.verify.proofs.monotone import prove_monotone
from cds.verify.proofs.open_questions import prove_open_questions
from cds.verify.proofs.order import prove_order
from cds.verify.proofs.prover import Prover, UndecidedError
from cds.verify.proofs.red_flags import prove_red_flags
from cds.verify.proofs.result import Proof
from cds.verify.proofs.rules import prove_rules_add_something, prove_rules_fire
from cds.verify.proofs.second_patient import SecondPatient
from cds.verify.proofs.statements import prove_statement
from cds.verify.proofs.tables import prove_tables
from cds.verify.proofs.titles import TITLES
from cds.verify.proofs.waiting import prove_levels_do_not_wait
from cds.verify.properties import Properties

Step = Callable[[str, int], None]
"""Told the property at work, and how many of its statements have been asked so far."""


class Proofs:
    """Proves the properties of one pack. ``seconds`` is what one question to z3 may take."""

    def __init__(self, support: DecisionSupport, properties: Properties, seconds: float = 60.0) -> None:
        self._support = support
        self._properties = properties
        self._seconds = seconds
        self._second: SecondPatient | None = None

    def run(self, step: Step = lambda name, count: None) -> Iterator[Proof]:
        """Each property as it is done. Raises :class:`EncodingError` for a fault of this program."""
        prover = Prover(self._support, self._seconds)
        firing = Firing(prover)
        tasks = self._tasks(prover, firing)
        for name in self._properties.claimed:
            yield _attempt(prover, name, TITLES[name], tasks[name], step)
        for stated in self._properties.statements:
            yield _attempt(prover, stated.id, stated.title, partial(prove_statement, stated=stated), step)

    def _tasks(self, prover: Prover, firing: Firing) -> dict[str, Callable[[Attempt], None]]:
        claimed = self._properties

        def pair() -> SecondPatient:
            if self._second is None:
                self._second = SecondPatient(prover)
            return self._second

        return {
            "red-flags-raise": lambda attempt: prove_red_flags(attempt, claimed.present),
            "urgency-is-monotone": lambda attempt: prove_monotone(attempt, pair(), claimed.worse),
            "bounds-hold": lambda attempt: prove_bounds(attempt, pair()),
            "urgent-levels-do-not-wait": lambda attempt: prove_levels_do_not_wait(attempt, claimed.may_wait_for),
            "complete-answers-have-an-outcome": prove_complete,
            "contraindications-block": lambda attempt: prove_contraindications(attempt, claimed.contraindications),
            "rules-can-fire": lambda attempt: prove_rules_fire(attempt, firing),
            "rules-add-something": lambda attempt: prove_rules_add_something(attempt, firing),
            "unique-tables-are-exact": prove_tables,
            "order-does-not-matter": lambda attempt: prove_order(attempt, firing),
            "open-questions-are-exact": prove_open_questions,
        }


def _attempt(prover: Prover, name: str, title: str, task: Callable[[Attempt], None], step: Step) -> Proof:
    attempt = Attempt(prover, name, title, lambda count: step(name, count))
    step(name, 0)
    try:
        task(attempt)
    except UndecidedError as error:
        attempt.undecided(str(error))
    return attempt.result()
