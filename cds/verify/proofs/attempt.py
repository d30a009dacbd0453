"""One property being proved: statements are asked one by one, and what fails is kept with its patient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

from cds.assessment import Decision
from cds.pack import Rule
from cds.verify.encoding.kleene import Formula
from cds.verify.issue import Place
from cds.verify.proofs.prover import EncodingError, Prover, UndecidedError
from cds.verify.proofs.result import Counterexample, Proof, places
from cds.verify.witness import facts_of
from cds.verify.witness.words import in_words


class Attempt:
    """Collects what comes of one property."""

    def __init__(self, prover: Prover, name: str, title: str, step: Callable[[int], None] = lambda count: None) -> None:
        self.prover = prover
        self.name = name
        self.title = title
        self.failures: list[Counterexample] = []
        self._undecided: list[str] = []
        self._statements = 0
        self._step = step
        self._started = perf_counter()

    def never(
        self,
        *formulas: Formula,
        sentence: str,
        rules: Iterable[Rule] = (),
        confirm: Callable[[Decision], bool] | None = None,
        hint: str = "",
        at: Place | None = None,
        rather: Sequence[Formula] = (),
        otherwise: str = "",
    ) -> None:
        """State that no patient satisfies all formulas; ``sentence`` says what it means if one does.

        ``rules`` are those involved, or ``at`` says where else to look. A patient is shown for whom the formulas
        ``rather`` hold as well, if there is one: they make it plainer.
        The evaluators must say of the patient that is found what z3 says, rule by rule; ``confirm`` is asked about the
        rest. Raises :class:`EncodingError` if they do not. Where ``confirm`` may rightly say no, as the formulas say
        less than what is to be shown, ``otherwise`` says what is then not decided.
        """
        self.count()
        try:
            model = self.prover.model(*formulas, rather=rather)
        except UndecidedError as error:
            self._undecided.append(f"{sentence}: {error}")
            return
        if model is None:
            return
        facts = facts_of(self.prover.patient, model)
        witness = self.prover.witness(facts)
        decision = witness.decide(self.prover.support)
        agreed, confirmed = self.prover.agrees(model, decision), confirm is None or confirm(decision)
        if agreed and not confirmed and otherwise:
            self.undecided(otherwise)
            return
        if not (agreed and confirmed):
            raise EncodingError(f"{self.name}: z3 found a patient for whom the evaluators do not agree: {sentence}")
        differs = in_words(self.prover.pack, facts, self.prover.ordinary)
        self.fail(Counterexample(sentence, (at,) if at else places(rules), (witness,), differs, hint))

    @property
    def clean(self) -> bool:
        """Whether nothing has failed or stayed undecided so far."""
        return not self.failures and not self._undecided

    def concerns_somebody(self, formula: Formula, sentence: str, at: Sequence[Place] = ()) -> None:
        """State that some patient meets a condition: what is said of nobody is true and worthless."""
        try:
            if not self.prover.exists(formula):
                self.fail(Counterexample(sentence, tuple(at), hint="Correct the condition, or take it out"))
        except UndecidedError as error:
            self._undecided.append(f"{sentence}: {error}")

    def count(self, statements: int = 1) -> None:
        """Note that so many statements are being asked about."""
        self._statements += statements
        self._step(self._statements)

    def fail(self, failure: Counterexample) -> None:
        """Note a statement that does not hold."""
        self.failures.append(failure)

    def undecided(self, sentence: str) -> None:
        """Note a statement that could not be decided."""
        self._undecided.append(sentence)

    def result(self) -> Proof:
        """What came of it."""
        seconds = perf_counter() - self._started
        failures, undecided = tuple(self.failures), tuple(self._undecided)
        return Proof(self.name, self.title, self._statements, failures, undecided, seconds)
