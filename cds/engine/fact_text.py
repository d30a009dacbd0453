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
        plain = {name for name, finding in findings.items() if not finding.derived}
        self._booleans = frozenset(name for name in plain if findings[name].type == "boolean")
        self._others = sorted(plain - self._booleans)
        self._declared = frozenset(plain)
        # Most answers are "no", so that is where a patient's facts start from.
        denied = self._builder.build(dict.fromkeys(self._booleans, False))
        derived = {f"{name}.no": piece(f"{name}.no", True) for name in negated}
        self._known: Pieces = {**{name: _piece_in(denied[0], name) for name in used}, **derived, "": ""}
        self._possible: Pieces = {**{name: _piece_in(denied[1], name) for name in used}, **derived, "": ""}
        self._if_true = {name: self._changes({name: False}, {name: True}) for name in self._booleans}
        self._if_unknown = {name: self._changes({name: False}, {}) for name in self._booleans}
        self._if_other: dict[tuple[str, FindingValue], _Changes] = {}

    def write(self, values: Findings) -> tuple[Pieces, Pieces]:
        """The pieces of the known and of the possible rail. Raises :class:`EngineFault` as :class:`FactBuilder`."""
        if not self._declared.issuperset(values) or any(values.get(name) is False for name in self._others):
            self._builder.build(values)  # says what is wrong
        changes = [self._if_unknown[name] for name in self._booleans.difference(values)]
        if_true, if_other = self._if_true, self._if_other
        for name, value in values.items():
            if value is False:
                continue
            found = if_true.get(name) if value is True else if_other.get((name, value))
            changes.append(found or self._learn(name, value))
        known, possible = self._known.copy(), self._possible.copy()
        for certain, open_ in changes:
            for prop, text in certain:
                known[prop] = text
            for prop, text in open_:
                possible[prop] = text
        return known, possible

    def _learn(self, name: str, value: FindingValue) -> _Changes:
        """What a value that is not boolean changes; kept for the next patient."""
        changes = self._changes({}, {name: value})
        if len(self._if_other) >= _MAX_KEPT:
            self._if_other.clear()
        self._if_other[name, value] = changes
        return changes

    def _changes(self, before: Findings, after: Findings) -> _Changes:
        """What is different on each rail when these values take the place of those."""
        old, new = self._builder.build(before), self._builder.build(after)
        return _difference(old[0], new[0]), _difference(old[1], new[1])


def piece(name: str, value: int | bool) -> str:
    """A property's piece of the JSON of a fact."""
    return f',"{name}":{"true" if value is True else value}'


def _piece_in(fact: Fact, name: str) -> str:
    return piece(name, fact[name]) if name in fact else ""


def _difference(base: Fact, fact: Fact) -> tuple[tuple[str, str], ...]:
    names = sorted(name for name in base.keys() | fact.keys() if base.get(name) != fact.get(name))
    return tuple((name, _piece_in(fact, name)) for name in names)
