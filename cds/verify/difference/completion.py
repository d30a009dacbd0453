"""How what is unknown may turn out: a value for each finding, and another one for the finding that is asked about.

An assessment holds a finding open if, for some values of all that is unknown, its own value decides the level or the
scope. So each statement of the rules gets a second variable, its truth in such a completion, and for the finding that
is asked about a third one. docs/decisions/0019-semantic-difference.md has the argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, pairwise
from typing import Final

import z3

from cds.pack import Pack
from cds.pack.condition import All, AnyOf, AtLeast, Atom, Compare, Condition, Not, findings_of
from cds.verify.difference.pair import Pair
from cds.verify.difference.side import Side
from cds.verify.difference.turned_out import Truth, keys_of, turned_out
from cds.verify.encoding import Kleene, Rules
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, as_any, both, constant, either, every, negation, some
from cds.verify.encoding.literals import Key, atom_of

MOST_CODES: Final = 6
"""Of a finding that has several codes, all combinations of so many codes are looked at."""

Value = bool | int | frozenset[str]


class Completion:
    """The completions of both versions' patients, and what they decide."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._variables: dict[tuple[str, Key], z3.BoolRef] = {}
        self._same = {name for name in pair.old.patient.findings if self._is_same(name)}
        self._keys = {
            side.which: list(dict.fromkeys(key for atom in side.named for key in keys_of(atom))) for side in pair.sides
        }
        self._decided = {side.which: self._completed(side) for side in pair.sides}
        self._read = {side.which: _read_by(side.pack) for side in pair.sides}
        self.constraints = [
            one for side in pair.sides for part in (self._fits, self._domain) for one in part(side, None)
        ]
        """What makes it a completion: what is known stays, and statements about one finding go together."""

    @property
    def alike(self) -> bool:
        """Whether both versions are the same formulas: then all that a finding decides, it decides in both."""
        old, new = self._decided["old"], self._decided["new"]
        return len(old) == len(new) and all(one.eq(other) for one, other in zip(old, new, strict=True))

    def decides(self, side: Side, name: str, alone: bool = False) -> Formula:
        """The two values of the finding give another level or another scope, all other findings being the same.

        ``alone``: only what the other version does not decide by the very same formula.
        """
        if name not in self._read[side.which]:
            return FALSE
        there = self._decided[self._pair.other(side).which] if alone and name in self._same else ()
        shared = {one.get_id() for one in there}
        pairs = [
            (self._variable(side, key, None), self._variable(side, key, name))
            for key in self._keys[side.which]
            if key.finding == name
        ]
        own = [one for one in self._decided[side.which] if one.get_id() not in shared]
        exchanged = ((formula, z3.substitute(formula, *pairs)) for formula in own)
        return some(z3.Xor(one, other) for one, other in exchanged if not one.eq(other))

    def decides_never(self, side: Side, name: str) -> Formula:
        """No value that the finding can still have gives another level or scope than the one it has here.

        Of several codes in many combinations only the other value is looked at, so it may hold for too many.
        """
        values = None if name not in self._read[side.which] else self._values(side, name)
        if values is None:
            return negation(self.decides(side, name))
        keys = [key for key in self._keys[side.which] if key.finding == name]
        found = []
        for value in values:
            told = {key: constant(_holds(key, value)) for key in keys}
            possible = every(
                negation(named.no if z3.is_true(turned_out(atom, told.__getitem__)) else named.yes)
                for atom, named in side.named.items()
                if atom.finding == name
            )
            pairs = [(self._variable(side, key, None), told[key]) for key in keys]
            exchanged = ((formula, z3.substitute(formula, *pairs)) for formula in self._decided[side.which])
            found += [z3.Implies(possible, as_any(one == other)) for one, other in exchanged if not one.eq(other)]
        return every(found)

    def of(self, side: Side, model: z3.ModelRef) -> dict[Key, bool]:
        """How everything turned out in a model."""
        return {
            key: z3.is_true(model.eval(self._variable(side, key, None), model_completion=True))
            for key in self._keys[side.which]
        }

    def mildest(self, side: Side) -> dict[Key, bool]:
        """A completion in which as little speaks for a rule that decides as can be."""
        weights = dict.fromkeys(self._keys[side.which], 0)
        for rule in side.pack.rules:
            for atom, sign in signed_atoms(rule.when):
                for key in keys_of(atom):
                    if key in weights:
                        weights[key] += sign if not isinstance(atom, Compare) or ">" in atom.operator else -sign
        solver, chosen = z3.Solver(), dict[Key, bool]()
        solver.add(*self._domain(side, None))
        for key, weight in sorted(weights.items(), key=lambda one: -abs(one[1])):
            variable = self._variable(side, key, None)
            chosen[key] = (
                (solver.check(variable) == z3.sat) if weight < 0 else (solver.check(negation(variable)) != z3.sat)
            )
            solver.add(as_any(variable == constant(chosen[key])))
        return chosen

    def turned(self, side: Side, values: Mapping[Key, bool]) -> list[Formula]:
        """That these statements turned out like this."""
        return [as_any(self._variable(side, key, None) == constant(value)) for key, value in values.items()]

    def turns_out(self, side: Side, key: Key, value: bool, model: z3.ModelRef) -> bool:
        """A statement about the patient of a model, which turns out like this if it is unknown."""
        known = self._known(side, key)
        yes, no = (z3.is_true(model.eval(one, model_completion=True)) for one in known)
        return yes or (value and not no)

    def turning_out(self, side: Side, formula: Formula, values: Mapping[Key, bool]) -> Formula:
        """The formula where these statements, as far as they are unknown, turn out like this."""
        pairs = []
        for key, value in values.items():
            known = self._known(side, key)
            turned = either(known.yes, both(negation(known.no), constant(value)))
            pairs.append((self._variable(side, key, None), turned))
        return z3.substitute(formula, *pairs) if pairs else formula

    def _known(self, side: Side, key: Key) -> Kleene:
        atom = atom_of(key, side.pack.findings[key.finding].type == "codes")
        return side.named.get(atom) or side.patient.values[key.finding].reads(atom)

    def _values(self, side: Side, name: str) -> list[Value] | None:
        """A value of each kind that the rules can tell apart; ``None`` if there are too many."""
        finding = side.pack.findings[name]
        keys = [key for key in self._keys[side.which] if key.finding == name]
        if finding.type == "boolean":
            return [True, False]
        if finding.type == "code":
            return [frozenset({code}) for code in sorted(finding.code_ids)]
        if finding.type == "codes":
            codes = [str(key.value) for key in keys]
            return [frozenset(chosen) for chosen in _subsets(codes)] if len(codes) <= MOST_CODES else None
        starts = {finding.low, *(int(key.value) for key in keys)}
        return [start for start in sorted(starts) if finding.low <= start <= finding.high]

    def other_value(self, name: str) -> list[Formula]:
        """What makes the second value of a finding one that it can have, as far as it is known."""
        return [
            one
            for side in self._pair.sides
            if name in side.patient.findings
            for part in (self._fits, self._domain)
            for one in part(side, name)
        ]

    def _is_same(self, name: str) -> bool:
        """Whether a finding is the same in both versions: what it can be, and what each statement about it means."""
        old, new = (side.pack.findings.get(name) for side in self._pair.sides)
        if old is None or new is None or (old.type, old.range, old.scale) != (new.type, new.range, new.scale):
            return False
        if old.derived or new.derived or old.code_ids != new.code_ids:
            return False
        atoms = {atom for side in self._pair.sides for atom in side.named if atom.finding == name}
        values = [side.patient.values[name] for side in self._pair.sides]
        readings = ([value.reads(atom) for value in values] for atom in atoms)
        return all(one.yes.eq(other.yes) and one.no.eq(other.no) for one, other in readings)

    def _completed(self, side: Side) -> list[Formula]:
        """What decides, over the variables of the completion."""
        pairs = []
        for atom, named in side.named.items():
            truth = turned_out(atom, self._truth(side, None))
            pairs += [(named.yes, truth), (named.no, negation(truth))]
        found = (z3.substitute(one, *pairs) if pairs else one for one in deciding(side.rules))
        return list({one.get_id(): one for one in found}.values())

    def _variable(self, side: Side, key: Key, exchanged: str | None) -> z3.BoolRef:
        """A statement in the completion; of the second value, if its finding is the one that is exchanged."""
        place = ("" if key.finding in self._same else side.which) + ("'" if key.finding == exchanged else "")
        if (place, key) not in self._variables:
            name = f"turned out{place}: {key.finding} {key.kind} {key.value}"
            self._variables[place, key] = z3.Bool(name)
        return self._variables[place, key]

    def _truth(self, side: Side, exchanged: str | None) -> Truth:
        def truth(key: Key) -> Formula:
            finding = side.pack.findings[key.finding]
            if key.kind == "least" and not finding.low < int(key.value) <= finding.high:
                return TRUE if int(key.value) <= finding.low else FALSE
            return self._variable(side, key, exchanged)

        return truth

    def _fits(self, side: Side, exchanged: str | None) -> Iterator[Formula]:
        """What is known of a statement stays so; of the exchanged finding alone, if there is one."""
        truth = self._truth(side, exchanged)
        for atom, named in side.named.items():
            if exchanged in (None, atom.finding):
                told = turned_out(atom, truth)
                yield z3.Implies(named.yes, told)
                yield z3.Implies(named.no, negation(told))

    def _domain(self, side: Side, exchanged: str | None) -> Iterator[Formula]:
        """Statements about one finding agree with each other."""
        by_finding: dict[str, list[Key]] = {}
        for key in self._keys[side.which]:
            if exchanged in (None, key.finding):
                by_finding.setdefault(key.finding, []).append(key)
        for name, keys in by_finding.items():
            finding, truth = side.pack.findings[name], self._truth(side, exchanged)
            truths = [truth(key) for key in sorted(keys, key=lambda key: key.value)]
            if finding.type == "integer":
                yield from (z3.Implies(higher, lower) for lower, higher in pairwise(truths))
            elif finding.type == "code":
                yield z3.PbLe([(one, 1) for one in truths], 1)
                if len(keys) == len(finding.code_ids):
                    yield some(truths)


def _holds(key: Key, value: Value) -> bool:
    """Whether a statement holds for a value."""
    if key.kind == "least":
        return int(value) >= int(key.value)  # type: ignore[arg-type]  # a number, as its finding is
    return key.value in value if isinstance(value, frozenset) else bool(value)


def _subsets(codes: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(codes, size) for size in range(len(codes) + 1))


def deciding(rules: Rules) -> list[Formula]:
    """What an assessment asks for: how urgent the level is, and for each scope whether a rule of what urgency says so.

    Of patients of whom all is known, so the known reading says it.
    """
    pack = rules.pack
    lowest = len(pack.levels) - 1
    found = [rules.reaches(rank).known for rank in range(lowest)]
    own = [
        (rule.then.out_of_scope, pack.rank[rule.then.level or pack.default_level], rules.fires(rule).known)
        for rule in pack.rules
        if rule.then.out_of_scope
    ]
    found += [
        some(fires for name, rank, fires in own if name == scope and rank <= limit)
        for scope in dict.fromkeys(scope for scope, _, _ in own)
        for limit in range(lowest + 1)
    ]
    return found


def signed_atoms(condition: Condition, sign: int = 1) -> Iterator[tuple[Atom, int]]:
    """The statements of a condition, each with 1 if it speaks for it and -1 if against."""
    match condition:
        case Not(operand):
            yield from signed_atoms(operand, -sign)
        case All(operands) | AnyOf(operands) | AtLeast(_, operands):
            for operand in operands:
                yield from signed_atoms(operand, sign)
        case _:
            yield condition, sign


def _read_by(pack: Pack) -> frozenset[str]:
    """The findings that some rule reads."""
    return frozenset(name for rule in pack.rules for name in findings_of(rule.when))
