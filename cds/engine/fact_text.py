"""The facts of a patient as durable-rules reads them: JSON, put together from pieces that are written once.

What a finding says in the fact of a stage is one piece of JSON, ``,"fever.yes":true``, so that the fact is its pieces
joined. They are those of the *possible* rail; where the *known* rail is otherwise, its pieces are held beside them: for
most findings there is no difference. Which value brings which properties is what :class:`FactBuilder` says of that
value alone: findings have no property in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from cds.engine.facts import Fact, FactBuilder
from cds.engine.plan import Stage
from cds.pack.finding import Finding
from cds.pack.value import Findings, FindingValue

_MAX_KEPT: Final = 4096
"""Numbers, codes and selections of codes whose pieces are kept; they identify nobody."""

_Placed = tuple[int, int, str]
"""A piece, with its stage and its place in it."""


class _Effect(NamedTuple):
    """The pieces of a value, and those that are otherwise on the known rail.

    ``differing`` are the keys of the products that test a property which is not the same on both rails.
    """

    possible: tuple[_Placed, ...]
    known: tuple[_Placed, ...]
    differing: frozenset[str]


class _Derived(NamedTuple):
    """What it makes of the pieces that a derived finding may hold, and that it holds for certain."""

    open: _Effect
    settled: _Effect


class Rails:
    """The pieces of one patient's facts, for each stage; what the rules conclude is added as it becomes known."""

    __slots__ = ("_derived", "_known", "_possible", "_start", "certainly_hold", "differing", "possibly_hold")

    def __init__(self, start: str, derived: Mapping[str, _Derived], possible: list[list[str]]) -> None:
        self._start, self._derived, self._possible = start, derived, possible
        self._known: dict[int, dict[int, str]] = {}
        self.differing: set[str] = set()
        """The keys of all products that may be otherwise on the known rail."""
        self.possibly_hold: set[str] = set()
        """Derived findings that were concluded, and may hold."""
        self.certainly_hold: set[str] = set()
        """Those that hold for certain."""

    def apply(self, effects: Iterable[_Effect]) -> None:
        """Note what values bring."""
        rail = self._possible
        for possible, known, differing in effects:
            for stage, place, text in possible:
                rail[stage][place] = text
            if known:
                self.differing |= differing
                for stage, place, text in known:
                    self._known.setdefault(stage, {})[place] = text

    def possible_fact(self, stage: int) -> str:
        """The fact of the possible rail as JSON."""
        return f"{self._start}{''.join(self._possible[stage])}}}"

    def known_fact(self, stage: int) -> str:
        """The fact of the known rail as JSON."""
        pieces = self._possible[stage].copy()
        for place, text in self._known.get(stage, {}).items():
            pieces[place] = text
        return f"{self._start}{''.join(pieces)}}}"

    def may_hold(self, findings: Iterable[str]) -> None:
        """Note derived findings that may hold: they fail on the known rail no more."""
        for finding in findings:
            self.possibly_hold.add(finding)
            if finding not in self.certainly_hold:
                self.apply((self._derived[finding].open,))

    def hold(self, findings: Iterable[str]) -> None:
        """Note derived findings that hold for certain: they fail on no rail any more."""
        for finding in findings:
            self.certainly_hold.add(finding)
            open_, settled = self._derived[finding]
            self.apply((settled,))
            for stage, place, _ in open_.known:
                self._known.get(stage, {}).pop(place, None)


class FactText:
    """Writes the facts of both rails in pieces, for these stages.

    ``derived`` are findings that fail until they are concluded; ``start`` is a fact without properties.
    """

    def __init__(
        self, findings: Mapping[str, Finding], stages: Sequence[Stage], derived: Iterable[str], start: str
    ) -> None:
        self._start = start.removesuffix("}")
        self._layout = layout = _Layout(stages)
        self._builder = FactBuilder(findings, layout.properties)
        plain = {name: finding.type for name, finding in findings.items() if not finding.derived}
        self._declared = frozenset(plain)
        self._booleans = frozenset(name for name, kind in plain.items() if kind == "boolean")
        self._others = sorted(plain.keys() - self._booleans)
        # Most answers are "no", so that is where a patient's facts start from; others have their piece in any case.
        denied = {name: self._effect(name, False) for name in self._booleans}
        denied |= {name: layout.effect(name, *_derived_facts(name, False, False)) for name in derived}
        self._base = [[""] * count for count in layout.counts]
        for effect in denied.values():
            for stage, place, text in effect.possible:
                self._base[stage][place] = text
        self._if_true = {name: self._effect(name, True) for name in self._booleans}
        self._if_unknown = {name: self._effect(name, None) for name in self._booleans}
        self._if_other: dict[tuple[str, FindingValue | None], _Effect] = {}
        self._derived = {
            name: _Derived(
                layout.effect(name, *_derived_facts(name, True, False)),
                layout.effect(name, *_derived_facts(name, True, True)),
            )
            for name in {entry.concludes for stage in stages for entry in stage.conclusions if entry.concludes}
        }

    def write(self, values: Findings) -> Rails:
        """The pieces of a patient's facts. Raises :class:`EngineFault` as :class:`FactBuilder`."""
        rails = Rails(self._start, self._derived, [pieces.copy() for pieces in self._base])
        rails.apply(self._effects(values))
        return rails

    def _effects(self, values: Findings) -> list[_Effect]:
        if not self._declared.issuperset(values):
            self._builder.build(values)  # says what is wrong
        if_true, if_other, get, booleans = self._if_true, self._if_other, values.get, self._booleans
        effects = [if_other.get((name, get(name))) or self._learn(name, get(name)) for name in self._others]
        if len(values) != len(self._declared):
            effects += [self._if_unknown[name] for name in booleans.difference(values)]
        for name, value in values.items():
            if value is not False and name in booleans:
                if value is not True:
                    self._builder.build(values)  # says what is wrong
                effects.append(if_true[name])
        return effects

    def _learn(self, name: str, value: FindingValue | None) -> _Effect:
        """What a value that is not boolean brings; kept for the next patient."""
        effect = self._effect(name, value)
        if len(self._if_other) >= _MAX_KEPT:
            self._if_other.clear()
        self._if_other[name, value] = effect
        return effect

    def _effect(self, name: str, value: FindingValue | None) -> _Effect:
        return self._layout.effect(name, *self._builder.build({} if value is None else {name: value}))


class _Layout:
    """Where the piece of each finding stands, with which properties, and which products test them."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.counts: list[int] = []
        """How many findings each stage has."""
        self._own: dict[str, list[tuple[int, int, list[str]]]] = {}
        self._tested: dict[str, set[str]] = {}
        for stage in stages:
            here: dict[str, list[str]] = {}
            for name in stage.properties:
                here.setdefault(name.partition(".")[0], []).append(name)
            for place, (finding, names) in enumerate(here.items()):
                self._own.setdefault(finding, []).append((len(self.counts), place, names))
            self.counts.append(len(here))
            for entry in stage.conclusions:
                for literal in entry.terms:
                    self._tested.setdefault(literal.name, set()).add(entry.key)
        self.properties = frozenset(self._tested)

    def effect(self, finding: str, known: Fact, possible: Fact) -> _Effect:
        """The pieces of one finding, by the facts of the two rails."""
        own = self._own.get(finding, ())
        otherwise = {name for _, _, names in own for name in names if known.get(name) != possible.get(name)}
        return _Effect(
            tuple((stage, place, _piece(possible, names)) for stage, place, names in own),
            tuple((stage, place, _piece(known, names)) for stage, place, names in own if otherwise.intersection(names)),
            frozenset().union(*(self._tested[name] for name in otherwise)),
        )


def _derived_facts(finding: str, possible: bool, certain: bool) -> tuple[Fact, Fact]:
    """The facts of both rails about a derived finding that possibly or certainly holds."""
    holds, fails = f"{finding}.yes", f"{finding}.no"
    known: Fact = {holds: True} if certain else {} if possible else {fails: True}
    return known, known if certain or not possible else {holds: True, fails: True}


def _piece(fact: Fact, names: Iterable[str]) -> str:
    return "".join([f',"{name}":{"true" if fact[name] is True else fact[name]}' for name in names if name in fact])
