"""The prover of one pack: asks z3 whether a patient exists, and brings back the one nearest to ordinary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Final

import z3

from cds.assessment import Decision
from cds.decision_support import DecisionSupport
from cds.pack import Pack, Rule
from cds.pack.condition import Condition
from cds.verify.encoding import Kleene, NamedStatements, RuleReading, Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, is_true
from cds.verify.proofs.ordinary import ordinary_facts
from cds.verify.witness import Facts, Witness, WitnessMaker, facts_of
from cds.verify.witness.distance import differences

MOST_DIFFERENCES: Final = 8
"""A witness is sought with so many differences from the ordinary patient; beyond, any witness will do."""


NOT_PLAIN: Final = (
    "only a patient may show it who cannot be written out: with a date that is partial, or without a time"
)


class UndecidedError(RuntimeError):
    """z3 gave up in the time that it has; the property is neither proved nor refuted."""


class EncodingError(RuntimeError):
    """A patient that z3 found is assessed otherwise by the evaluators: a fault of this program, and never a proof."""


class Prover:
    """Asks about the patients of one pack.

    ``patient`` is the symbolic patient, ``rules`` its rules; ``seconds`` is what one question may take.
    """

    def __init__(self, support: DecisionSupport, seconds: float = 60.0) -> None:
        self.support = support
        self.pack: Pack = support.pack
        self.witnesses = WitnessMaker(support)
        self.patient = SymbolicPatient(self.pack)
        self.statements = NamedStatements(self.patient)
        self.rules = Rules(self.pack, self.statements.reads)
        self._seconds = seconds
        self.solver = z3.SolverFor("QF_LIA")
        self.solver.set("timeout", int(seconds * 1000))
        self.solver.add(*self.patient.constraints)
        self._defined = 0
        self._depth = 0
        self._bounds: dict[int, z3.BoolRef] = {}
        self._plain: list[Formula] = [one for one in self.patient.plain if not is_true(one)]
        for rule in self.pack.rules:
            self.rules.fires(rule)
        self._define()

    def fires(self, rule: Rule) -> RuleReading:
        """When a rule fires, and when it may."""
        return self.rules.fires(rule)

    def condition(self, condition: Condition) -> Kleene:
        """When a condition that need not stand in a rule certainly holds, and when it certainly does not."""
        truth = self.rules.condition(condition)
        self._define()
        return truth

    @cached_property
    def ordinary(self) -> Facts:
        """The patient whom witnesses are to resemble."""
        return ordinary_facts(self.support)

    @cached_property
    def _differences(self) -> list[tuple[z3.BoolRef, int]]:
        return differences(self.patient, self.ordinary)

    @contextmanager
    def assuming(self, *formulas: Formula, plain: Sequence[Formula] = ()) -> Iterator[None]:
        """Within, only patients (and further variables) for whom these hold are considered.

        ``plain``: what makes further patients such that they can be written out.
        """
        self.solver.push()
        self._depth += 1
        bounds, self._bounds, alone, self._plain = self._bounds, {}, self._plain, [*self._plain, *plain]
        try:
            self.solver.add(*formulas)
            yield
        finally:
            self._bounds, self._plain = bounds, alone
            self._depth -= 1
            self.solver.pop()

    def exists(self, *formulas: Formula) -> bool:
        """Whether there is such a patient. Raises :class:`UndecidedError`."""
        result = self.solver.check(*formulas)
        if result == z3.unknown:
            raise UndecidedError(f"z3 gave up after {self._seconds:g} s ({self.solver.reason_unknown()})")
        return bool(result == z3.sat)

    def can(self, *formulas: Formula) -> bool:
        """Whether there is such a patient who can be written out.

        Raises :class:`UndecidedError`, also if there may be one, but only one who cannot be written out: with a partial
        date, or with an ``enableWhen`` that is not encoded.
        """
        if self.exists(*formulas, *self._plain):
            return True
        if self._plain and self.exists(*formulas):
            raise UndecidedError(NOT_PLAIN)
        return False

    def any(self, *formulas: Formula) -> Facts | None:
        """Such a patient, whoever it is; ``None`` if there is none. Raises :class:`UndecidedError` as :meth:`can`."""
        return facts_of(self.patient, self.solver.model()) if self.can(*formulas) else None

    def model(self, *formulas: Formula, rather: Sequence[Formula] = ()) -> z3.ModelRef | None:
        """A model, with as few differences from the ordinary patient as can be; ``None`` if there is none.

        One for which the formulas ``rather`` hold as well, if there is one. Raises :class:`UndecidedError` if it is
        not known whether there is a model.
        """
        if not self.exists(*formulas) or not self.can(*formulas):
            return None
        found = self.solver.model()
        if rather and self.solver.check(*formulas, *rather, *self._plain) == z3.sat:
            return self.model(*formulas, *rather)
        for count in range(MOST_DIFFERENCES + 1):
            if self.solver.check(*formulas, *self._plain, self._at_most(count)) == z3.sat:
                return self.solver.model()
        return found

    def facts(self, *formulas: Formula) -> Facts | None:
        """As :meth:`model`, as the facts of the patient."""
        model = self.model(*formulas)
        return None if model is None else facts_of(self.patient, model)

    def agrees(self, model: z3.ModelRef, decision: Decision) -> bool:
        """Whether the evaluators say of the model's patient what the formulas say: of every rule, on both rails."""
        fired = {rule.id for rule in decision.assessment.fired}
        possible = fired | {rule.id for rule in decision.assessment.undecided}
        for rule in self.pack.rules:
            reading = self.fires(rule)
            for formula, names in ((reading.known, fired), (reading.possible, possible)):
                if is_true(model.eval(formula, model_completion=True)) is not (rule.id in names):
                    return False
        return True

    def witness(self, facts: Facts) -> Witness:
        """The facts as files."""
        return self.witnesses.make(facts)

    def _define(self) -> None:
        """Tell the solver what new names stand for."""
        new = self.statements.definitions[self._defined :]
        if new and self._depth:
            raise AssertionError("a statement was named for the first time where it would be forgotten")
        self._defined += len(new)
        self.solver.add(*new)

    def _at_most(self, count: int) -> z3.BoolRef:
        """An assumption: so many differences from the ordinary patient at most."""
        if count not in self._bounds:
            name = self._bounds[count] = z3.FreshBool(f"within-{count}")
            self.solver.add(z3.Implies(name, z3.PbLe(self._differences, count)))
        return self._bounds[count]
