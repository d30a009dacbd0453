"""The ways in which rules can fire, as formulas: what the list of open questions is read off."""

from __future__ import annotations

from typing import NamedTuple

from cds.assessment.base_products import Way
from cds.engine.normal_form import Literal, code_property
from cds.pack import Pack
from cds.verify.encoding.kleene import Formula, Kleene, negation
from cds.verify.encoding.literals import Key


class SignedKey(NamedTuple):
    """A statement that must be true, or (not ``positive``) false."""

    key: Key
    positive: bool

    def holds(self, truth: Kleene) -> Formula:
        """When it certainly is as it must be."""
        return truth.yes if self.positive else truth.no

    def may_hold(self, truth: Kleene) -> Formula:
        """When it possibly is."""
        return negation(truth.no if self.positive else truth.yes)


class WayReader:
    """Translates ways of the assessment into statements."""

    def __init__(self, pack: Pack) -> None:
        self._properties: dict[str, SignedKey] = {}
        for name, finding in pack.findings.items():
            self._properties[f"{name}.yes"] = SignedKey(Key(name, "holds"), True)
            self._properties[f"{name}.no"] = SignedKey(Key(name, "holds"), False)
            for code in finding.code_ids:
                for holds in (True, False):
                    self._properties[code_property(name, code, holds)] = SignedKey(Key(name, "has", code), holds)

    def read(self, way: Way) -> list[SignedKey]:
        """What must hold for a way."""
        return [self.literal(literal) for literal in sorted(way.literals)]

    def literal(self, literal: Literal) -> SignedKey:
        """What one property of a way says."""
        if literal.test == "==":
            return self._properties[literal.name]
        finding = literal.name.rpartition(".")[0]
        if literal.test == ">=":
            return SignedKey(Key(finding, "least", int(literal.value)), True)
        return SignedKey(Key(finding, "least", int(literal.value) + 1), False)
