"""Two versions of a pack over one patient: a solver that knows how both read the same answers and the same chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import z3

from cds.decision_support import DecisionSupport
from cds.verify.difference.not_compared import left_out, unclear
from cds.verify.difference.open_reading import OpenReading
from cds.verify.difference.pair_patients import both_patients, required, same_gates
from cds.verify.difference.questions import links
from cds.verify.difference.records import chart_links
from cds.verify.difference.side import Side, Which
from cds.verify.difference.statements import SharedStatements
from cds.verify.encoding import Rules, SymbolicPatient
from cds.verify.encoding.kleene import Formula, negation, some
from cds.verify.proofs.ordinary import ordinary_facts
from cds.verify.proofs.prover import UndecidedError
from cds.verify.witness import WitnessMaker
from cds.verify.witness.distance import differences

SECONDS: Final = 60.0
"""What one question to z3 may take."""


class Pair:
    """Asks about the patients of two versions.

    ``unclear`` says in sentences what about the two cannot be told to be the same, so that nobody may conclude that
    nothing changed; ``left_out`` which patients are not compared, because one of the versions refuses them.
    """

    def __init__(self, old: DecisionSupport, new: DecisionSupport, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self.statements = SharedStatements()
        patients, self._apart = both_patients(old.pack, new.pack)
        self.old = self._side("old", old, patients[0])
        self.new = self._side("new", new, patients[1])
        self.unclear = tuple(unclear(old.pack, new.pack))
        self.left_out = tuple(left_out(old.pack, new.pack))
        self.solver = z3.SolverFor("QF_LIA")
        self.solver.set("timeout", int(seconds * 1000))
        for side in self.sides:
            # Both versions make the same of a partial date, so plain patients show every difference there is.
            self.solver.add(*side.patient.constraints, *side.patient.plain, *required(side.patient))
        self.solver.add(*self.statements.definitions)
        self.solver.add(*links(*patients, self._apart))
        charts = {
            name for name in patients[0].chart.keys() & patients[1].chart.keys() if f"chart.{name}" in self._apart
        }
        self.solver.add(*chart_links(*patients, charts), *same_gates(*patients))
        self._usual = self._as_usual()

    def _side(self, which: Which, support: DecisionSupport, patient: SymbolicPatient) -> Side:
        rules = Rules(support.pack, self.statements.reader(patient))
        for rule in support.pack.rules:
            rules.fires(rule)
        reading = OpenReading(support.assessor, rules)
        return Side(which, support, patient, rules, reading, ordinary_facts(support), WitnessMaker(support))

    @property
    def sides(self) -> tuple[Side, Side]:
        """The old and the new version."""
        return self.old, self.new

    def other(self, side: Side) -> Side:
        """The other version."""
        return self.new if side is self.old else self.old

    @property
    def one_response(self) -> bool:
        """Whether one response serves both versions: the same questionnaire, in the same version."""
        one, other = (side.pack.questionnaire for side in self.sides)
        return (one.url, one.version) == (other.url, other.version) and not self._apart and one.items == other.items

    def exists(self, *formulas: Formula) -> bool:
        """Whether there is such a patient. Raises :class:`UndecidedError`."""
        if any(z3.is_false(formula) for formula in formulas):
            return False
        with self._only(formulas):
            return self._is_there()

    def exists_with(self, formulas: Sequence[Formula], further: Sequence[Formula]) -> list[bool]:
        """For each of the further formulas, whether it holds for such a patient. Raises :class:`UndecidedError`."""
        left = dict(enumerate(further))
        with self._only(formulas):
            while left and self._is_there(some(left.values())):
                model = self.solver.model()
                left = {place: one for place, one in left.items() if not z3.is_true(model.eval(one, True))}
        return [place not in left for place in range(len(further))]

    @contextmanager
    def _only(self, formulas: Sequence[Formula]) -> Iterator[None]:
        """Within, only such patients are considered. Large formulas are far slower to assume than to assert."""
        self.solver.push()
        try:
            self.solver.add(*formulas)
            yield
        finally:
            self.solver.pop()

    def _is_there(self, *assumed: Formula) -> bool:
        result = self.solver.check(*assumed)
        if result == z3.unknown:
            raise UndecidedError(f"z3 gave up after {self._seconds:g} s ({self.solver.reason_unknown()})")
        return bool(result == z3.sat)

    def nearest(self, *formulas: Formula) -> z3.ModelRef | None:
        """A model of which no answer could be as usual without others differing; ``None`` if there is none.

        What is as usual in the first model stays so; the rest is made so one by one, as far as it can be. Counting
        differences would find the very nearest, and takes a hundred times as long.
        """
        with self._only(formulas):
            return self._nearest() if self._is_there() else None

    def _nearest(self) -> z3.ModelRef:
        """The same for all that is asserted, which somebody fulfils: the model of it is the first."""
        model = self.solver.model()
        usual, rest = _parted(self._usual, model)
        while rest:
            one = rest.pop()
            if self.solver.check(*(name for name, _ in usual), one[0]) == z3.sat:
                model = self.solver.model()
                more, rest = _parted(rest, model)
                usual += [one, *more]
        return model

    def _as_usual(self) -> list[_Usual]:
        """For each answer and record that it is as usual; what is to differ rather than others comes first."""
        found: dict[int, tuple[z3.BoolRef, int]] = {}
        for side in self.sides:
            for formula, weight in differences(side.patient, side.ordinary):
                found.setdefault(formula.get_id(), (formula, weight))
        names = []
        for formula, _ in sorted(found.values(), key=lambda one: one[1]):
            name = z3.FreshBool("usual")
            self.solver.add(z3.Implies(name, negation(formula)))
            names.append((name, formula))
        return names


_Usual = tuple[z3.BoolRef, z3.BoolRef]
"""A name which says that something is as usual, and the formula that says that it is not."""


def _parted(names: Sequence[_Usual], model: z3.ModelRef) -> tuple[list[_Usual], list[_Usual]]:
    """Those of which the model says that they are as usual, and the others."""
    others = [one for one in names if not z3.is_false(model.eval(one[1], model_completion=True))]
    kept = {one[0].get_id() for one in others}
    return [one for one in names if one[0].get_id() not in kept], others
