"""Which literals hold for a patient, as bits of a whole number: those that certainly do, and those that may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.assessment.base_products import finding_of, holds
from cds.engine.facts import FactBuilder
from cds.engine.normal_form import Literal
from cds.pack.finding import Finding
from cds.pack.value import Findings, FindingValue

_MAX_KEPT: Final = 4096
"""Values of findings that are not boolean whose bits are kept; they identify nobody."""


class LiteralBits:
    """Reads the bits off findings: a finding's literals depend on its value alone."""

    def __init__(self, findings: Mapping[str, Finding], bit: Mapping[Literal, int]) -> None:
        self._builder = FactBuilder(findings, frozenset(literal.name for literal in bit))
        self._bit = bit
        self._literals: dict[str, list[Literal]] = {}
        for literal in bit:
            self._literals.setdefault(finding_of(literal), []).append(literal)
        booleans = {name for name in self._literals if findings[name].type == "boolean"}
        self._others = sorted(self._literals.keys() - booleans)
        # Most answers are "no", so that is where a patient's bits start from.
        denied = {name: self._bits(name, False) for name in booleans}
        self._base = sum(known for known, _ in denied.values()), sum(possible for _, possible in denied.values())
        self._booleans = {name: (self._own(name), self._bits(name, True), self._bits(name, None)) for name in booleans}
        self._kept: dict[tuple[str, FindingValue | None], tuple[int, int]] = {}

    def read(self, values: Findings) -> tuple[int, int]:
        """The literals that certainly hold, and those that may. Raises :class:`EngineFault` as :class:`FactBuilder`."""
        known, possible = self._base
        for name, (own, if_true, if_unknown) in self._booleans.items():
            value = values.get(name)
            if value is not False:
                certain, open_ = if_unknown if value is None else if_true
                known, possible = known & ~own | certain, possible & ~own | open_
        for name in self._others:
            certain, open_ = self._kept.get((name, values.get(name))) or self._learn(name, values.get(name))
            known, possible = known | certain, possible | open_
        return known, possible

    def _learn(self, name: str, value: FindingValue | None) -> tuple[int, int]:
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        bits = self._kept[name, value] = self._bits(name, value)
        return bits

    def _own(self, name: str) -> int:
        return sum(self._bit[literal] for literal in self._literals[name])

    def _bits(self, name: str, value: FindingValue | None) -> tuple[int, int]:
        known, possible = self._builder.build({} if value is None else {name: value})
        own = self._literals[name]
        return (
            sum(self._bit[literal] for literal in own if holds(literal, known)),
            sum(self._bit[literal] for literal in own if holds(literal, possible)),
        )
