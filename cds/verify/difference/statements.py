"""Statements about findings under names that both versions share where they mean the same.

Rules that did not change are then the very same formulas in both versions, and z3 has nothing to compare.
"""

from __future__ import annotations

from collections.abc import Callable

import z3

from cds.pack.condition import Atom
from cds.verify.encoding import Kleene, SymbolicPatient
from cds.verify.encoding.kleene import Formula


class SharedStatements:
    """Names for statements; ``definitions`` say what they stand for."""

    def __init__(self) -> None:
        self.definitions: list[Formula] = []
        self._by_meaning: dict[tuple[int, int], tuple[Kleene, Kleene]] = {}

    def reader(self, patient: SymbolicPatient) -> Callable[[Atom], Kleene]:
        """What is known of the statements about one patient."""
        return lambda atom: self._name(patient.values[atom.finding].reads(atom), atom)

    def _name(self, meant: Kleene, atom: Atom) -> Kleene:
        key = meant.yes.get_id(), meant.no.get_id()
        if key not in self._by_meaning:
            text = f"<{atom.finding} {len(self._by_meaning)}>"
            name = Kleene(z3.Bool(f"{text} yes"), z3.Bool(f"{text} no"))
            # The meaning is kept as well: only while it lives is its id its own.
            self._by_meaning[key] = name, meant
            self.definitions += [name.yes == meant.yes, name.no == meant.no]
        return self._by_meaning[key][0]

    @property
    def names(self) -> list[Kleene]:
        """All names."""
        return [name for name, _ in self._by_meaning.values()]
