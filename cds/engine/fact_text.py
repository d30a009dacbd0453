"""The facts of a patient as durable-rules reads them: JSON, put together from pieces that are written once.

Each property of a rail is held as its piece of JSON, ``,"fever.yes":true``, and one that is not there as an empty
piece. So the fact of a stage is its pieces, in their order, joined. Which value changes which properties is what
:class:`FactBuilder` says of that value alone: findings have no property in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Final

from cds.engine.facts import Fact, FactBuilder
from cds.pack.finding import Finding
from cds.pack.value import Findings, FindingValue

Pieces = dict[str, str]
"""Property to its piece of JSON; empty for one that does not hold."""

_Changes = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
"""What a value changes on the known and on the possible rail: properties and their new pieces."""

_MAX_KEPT: Final = 4096
"""Numbers, codes and selections of codes whose pieces are kept; they identify nobody."""


class StageText:
    """Writes the fact of one stage from the pieces of a rail."""

    def __init__(self, start: str, names: Iterable[str]) -> None:
        """``start`` is the fact without properties; ``names`` are those that it may carry."""
        self._start = start.removesuffix("}")
        # Two more, so that there are always several to get: an empty stage has none.
        self._pieces = itemgetter(*names, "", "")

    def write(self, rail: Pieces) -> str:
        """The fact as JSON."""
        return f"{self._start}{''.join(self._pieces(rail))}}}"


class FactText:
    """Writes the facts of both rails in pieces, with the properties that some rule tests."""

    def __init__(self, findings: Mapping[str, Finding], used: frozenset[str], negated: Iterable[str]) -> None:
        """``negated`` are derived findings, which fail until they are concluded; ``used`` are all properties."""
        self._builder = FactBuilder(findings, used)
        self._base = self._builder.build({})
        derived = {f"{name}.no": piece(f"{name}.no", True) for name in negated}
        known, possible = ({name: _piece_in(fact, name) for name in used} for fact in self._base)
        self._known: Pieces = {**known, **derived, "": ""}
        self._possible: Pieces = {**possible, **derived, "": ""}
        names = [name for name, finding in findings.items() if finding.type == "boolean" and not finding.derived]
        self._if_true = {name: self._changes(name, True) for name in names}
        self._if_false = {name: self._changes(name, False) for name in names}
        self._if_other: dict[tuple[str, FindingValue], _Changes] = {}

    def write(self, values: Findings) -> tuple[Pieces, Pieces]:
        """The pieces of the known and of the possible rail. Raises :class:`EngineFault` as :class:`FactBuilder`."""
        known, possible = self._known.copy(), self._possible.copy()
        if_true, if_false = self._if_true, self._if_false
        for name, value in values.items():
            if value is True:
                changes = if_true.get(name)
            elif value is False:
                changes = if_false.get(name)
            else:
                changes = self._if_other.get((name, value))
            if changes is None:
                changes = self._learn(name, value)
            for prop, text in changes[0]:
                known[prop] = text
            for prop, text in changes[1]:
                possible[prop] = text
        return known, possible

    def _learn(self, name: str, value: FindingValue) -> _Changes:
        """What a value that is not boolean changes; kept for the next patient."""
        changes = self._changes(name, value)
        if len(self._if_other) >= _MAX_KEPT:
            self._if_other.clear()
        self._if_other[name, value] = changes
        return changes

    def _changes(self, name: str, value: FindingValue) -> _Changes:
        known, possible = self._builder.build({name: value})
        return _difference(self._base[0], known), _difference(self._base[1], possible)


def piece(name: str, value: int | bool) -> str:
    """A property's piece of the JSON of a fact."""
    return f',"{name}":{"true" if value is True else value}'


def _piece_in(fact: Fact, name: str) -> str:
    return piece(name, fact[name]) if name in fact else ""


def _difference(base: Fact, fact: Fact) -> tuple[tuple[str, str], ...]:
    names = sorted(name for name in base.keys() | fact.keys() if base.get(name) != fact.get(name))
    return tuple((name, _piece_in(fact, name)) for name in names)
