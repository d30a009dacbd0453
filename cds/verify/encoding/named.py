"""Statements about findings under names of their own, so that one of them can be exchanged in a formula."""

from __future__ import annotations

from collections.abc import Callable

import z3

from cds.pack.condition import Atom, Compare, Holds
from cds.verify.encoding.kleene import Formula, Kleene
from cds.verify.encoding.patient import SymbolicPatient


class NamedStatements:
    """The statements about the findings of one patient as variables; ``definitions`` say what they stand for.

    A formula over them is built once; :meth:`exchanged` then reads it with other values of one finding.
    """

    def __init__(self, patient: SymbolicPatient, prefix: str = "") -> None:
        self.patient = patient
        self._prefix = prefix
        self._names: dict[Atom, Kleene] = {}
        self.definitions: list[Formula] = []
        """Grows with each statement that is named for the first time."""

    def reads(self, atom: Atom) -> Kleene:
        """What is known of a statement."""
        if atom not in self._names:
            text = f"{self._prefix}<{_text(atom)}>"
            named = self._names[atom] = Kleene(z3.Bool(f"{text} yes"), z3.Bool(f"{text} no"))
            meant = self.patient.values[atom.finding].reads(atom)
            self.definitions += [named.yes == meant.yes, named.no == meant.no]
        return self._names[atom]

    def of(self, finding: str) -> list[tuple[Atom, Kleene]]:
        """All statements about one finding that were named so far."""
        return [(atom, named) for atom, named in self._names.items() if atom.finding == finding]

    @property
    def all(self) -> list[tuple[Atom, Kleene]]:
        """All statements that were named so far."""
        return list(self._names.items())

    def exchanged(self, formula: Formula, finding: str, value: Callable[[Atom, Kleene], Kleene]) -> Formula:
        """The formula with other truths for the statements about one finding; ``value`` gives them."""
        pairs = []
        for atom, named in self.of(finding):
            other = value(atom, named)
            pairs += [(named.yes, other.yes), (named.no, other.no)]
        return z3.substitute(formula, *pairs) if pairs else formula


def _text(atom: Atom) -> str:
    match atom:
        case Holds(name):
            return name
        case Compare(name, operator, value):
            return f"{name} {operator} {value}"
        case _:
            return f"{atom.finding} has {atom.code}"
