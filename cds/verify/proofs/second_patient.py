"""A second symbolic patient beside the first: before and after, this answer and another, one more record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

import z3

from cds.assessment import Decision
from cds.pack import Rule
from cds.verify.encoding import NamedStatements, Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, as_any, both, either, every, negation
from cds.verify.encoding.question import QuestionVariables
from cds.verify.encoding.source import NOT_SURE
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.prover import EncodingError, Prover, UndecidedError
from cds.verify.proofs.result import Counterexample, places
from cds.verify.witness import facts_of
from cds.verify.witness.words import in_words


class SecondPatient:
    """The second patient.

    ``same`` has for each question (link id) that it is answered alike, as far as it was shown to both, and for each
    finding of which the chart speaks (``chart:<finding>``) that it says the same. ``more`` has that nothing known was
    taken back: a question that was not answered may be, and the chart is the same.

    Whatever is asked with these formulas must be asked within :meth:`assumed`.
    """

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.patient = SymbolicPatient(prover.pack, "second:")
        self._statements = NamedStatements(self.patient, "second:")
        self.rules = Rules(prover.pack, self._statements.reads)
        for rule in prover.pack.rules:
            self.rules.fires(rule)
        self.same: dict[str, Formula] = {}
        self.more: dict[str, Formula] = {}
        self._links: list[Formula] = []
        for link_id, first in prover.patient.questions.items():
            second = self.patient.questions[link_id]
            shown = self.patient.gates.state(link_id).shown
            self._link(link_id, _same(first, second, shown), _more(first, second, shown))
        for name, recorded in prover.patient.chart.items():
            alike = _equal(recorded.variables, self.patient.chart[name].variables)
            self._link(f"chart:{name}", alike, alike)
        self.constraints: list[Formula] = [*self.patient.constraints, *self._statements.definitions, *self._links]

    def assumed(self, *formulas: Formula) -> AbstractContextManager[None]:
        """Within, pairs of patients for whom these hold are considered."""
        return self.prover.assuming(*self.constraints, *formulas, plain=self.patient.plain)

    def _link(self, key: str, same: Formula, more: Formula) -> None:
        self.same[key], self.more[key] = z3.Bool(f"same:{key}"), z3.Bool(f"more:{key}")
        self._links += [self.same[key] == same, self.more[key] == more]

    def asked_alike(self) -> Formula:
        """The same questions were shown to both, and the same were hidden."""
        pairs = []
        for link_id in self.prover.patient.questions:
            first, second = self.prover.patient.gates.state(link_id), self.patient.gates.state(link_id)
            pairs += [as_any(first.shown == second.shown), as_any(first.hidden == second.hidden)]
        return every(pairs)

    def never(
        self,
        attempt: Attempt,
        *formulas: Formula,
        sentence: str,
        rules: Iterable[Rule],
        confirm: Callable[[Decision, Decision], bool],
        hint: str = "",
    ) -> None:
        """State that no pair of patients satisfies all formulas."""
        attempt.count()
        try:
            model = self.prover.model(*formulas)
        except UndecidedError as error:
            attempt.undecided(f"{sentence}: {error}")
            return
        if model is None:
            return
        facts = facts_of(self.prover.patient, model), facts_of(self.patient, model)
        witnesses = tuple(self.prover.witness(one) for one in facts)
        first, second = (witness.decide(self.prover.support) for witness in witnesses)
        if not confirm(first, second):
            raise EncodingError(f"{attempt.name}: the evaluators do not see what z3 found: {sentence}")
        pack = self.prover.pack
        differs = (*in_words(pack, facts[0], self.prover.ordinary), "then", *in_words(pack, facts[1], facts[0]))
        attempt.fail(Counterexample(sentence, places(rules), witnesses, differs, hint))


def _equal(first: Sequence[Formula], second: Sequence[Formula]) -> Formula:
    return every(as_any(one == other) for one, other in zip(first, second, strict=True))


def _same(first: QuestionVariables, second: QuestionVariables, shown: Formula) -> Formula:
    """Answered alike; a question that is no longer shown has no answer, and one that is new has none yet."""
    kept = either(negation(shown), _equal(first.variables, second.variables))
    return either(both(first.answered, kept), both(negation(first.answered), negation(second.answered)))


def _more(first: QuestionVariables, second: QuestionVariables, shown: Formula) -> Formula:
    """Not answered and then answered in any way, or answered and kept; "not sure" in a tick-list may be resolved."""
    unsure = first.options.get(NOT_SURE, z3.BoolVal(False))
    kept = every(z3.Implies(option, second.options[code]) for code, option in first.options.items() if code != NOT_SURE)
    resolved = both(unsure, kept, second.answered)
    return either(negation(first.answered), both(shown, either(_equal(first.variables, second.variables), resolved)))
