"""How what is unknown may turn out, as far as further answers tell, and what one more answer then decides.

An assessment holds a finding open if, after some further answers to other questions, an answer about it would make
another level certain, or another scope. So each statement of the rules gets a second pair of variables, what is known
of it after these answers, and for the finding that is asked about a third one, its value.
docs/decisions/0019-semantic-difference.md has the argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import z3

from cds.pack import Pack
from cds.pack.condition import findings_of
from cds.verify.difference.deciding import deciding
from cds.verify.difference.domain import holds, some_values, values_agree
from cds.verify.difference.pair import Pair
from cds.verify.difference.side import Side, Which
from cds.verify.difference.turned_out import Truth, keys_of, turned_out
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, as_any, both, constant, either, every, negation, some
from cds.verify.encoding.literals import Key, atom_of

Known = Mapping[Key, bool | None]
"""What is known of statements; ``None`` where nothing is."""


class Completion:
    """Further answers for both versions' patients, and what they decide."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._variables: dict[tuple[str, Key], Kleene] = {}
        self._answers: dict[tuple[Which, int], tuple[Known, dict[Key, Kleene]]] = {}
        self._told: dict[tuple[Which, Key], Kleene] = {}
        self._same = {name for name in pair.old.patient.findings if self._is_same(name)}
        self.keys = {
            side.which: list(dict.fromkeys(key for atom in side.named for key in keys_of(atom))) for side in pair.sides
        }
        self._decided = {side.which: self._completed(side) for side in pair.sides}
        self._read = {side.which: _read_by(side.pack) for side in pair.sides}
        self.constraints = [one for side in pair.sides for one in (*self._fits(side, None), *self._agree(side, None))]
        """What is known stays, and statements about one finding go together."""

    @property
    def alike(self) -> bool:
        """Whether both versions are the same formulas: then all that a finding decides, it decides in both."""
        old, new = self._decided["old"], self._decided["new"]
        return len(old) == len(new) and all(one.eq(other) for one, other in zip(old, new, strict=True))

    def decides(self, side: Side, name: str, alone: bool = False) -> Formula:
        """The finding's value makes another level or scope certain than if nothing more were known of it.

        ``alone``: only what the other version does not decide by the very same formula.
        """
        if name not in self._read[side.which]:
            return FALSE
        there = self._decided[self._pair.other(side).which] if alone and name in self._same else ()
        shared = {one.get_id() for one in there}
        own = [one for one in self._decided[side.which] if one.get_id() not in shared]
        truth = self._truth(side, name)
        return some(self._changes(side, own, {key: truth(key) for key in self._about(side, name)}))

    def decides_never(self, side: Side, name: str) -> Formula:
        """No value that the finding can still have makes another level or scope certain.

        Of several codes in too many combinations only the other value is looked at, so it may hold for too many.
        """
        if name not in self._read[side.which]:
            return TRUE
        keys = self._about(side, name)
        values = some_values(side.pack.findings[name], keys)
        if values is None:
            return negation(self.decides(side, name))
        found = []
        for value in values:
            told = {key: Kleene(constant(holds(key, value)), constant(not holds(key, value))) for key in keys}
            possible = every(
                negation(named.no if z3.is_true(turned_out(atom, told.__getitem__).yes) else named.yes)
                for atom, named in side.named.items()
                if atom.finding == name
            )
            changes = some(self._changes(side, self._decided[side.which], told))
            found.append(either(negation(possible), negation(changes)))
        return every(found)

    def other_value(self, name: str) -> list[Formula]:
        """What makes the value of a finding one that it can have; before it, no more is known than the patient told."""
        found: list[Formula] = []
        for side in self._pair.sides:
            if name in side.patient.findings:
                found += (*self._fits(side, name), *self._agree(side, name))
                for key in self._about(side, name):
                    known, turned = self._known(side, key), self._variable(side, key, None)
                    found += [as_any(one == other) for one, other in zip(turned, known, strict=True)]
        return found

    def of(self, side: Side, model: z3.ModelRef) -> dict[Key, bool | None]:
        """What is known in a model after the further answers."""
        return {key: _read(self._variable(side, key, None), model) for key in self.keys[side.which]}

    def told(self, side: Side, key: Key, model: z3.ModelRef) -> bool | None:
        """What the patient of a model told."""
        return _read(self._known(side, key), model)

    def turned(self, side: Side, values: Known) -> list[Formula]:
        """That just this is known of these statements after the further answers."""
        pairs = ((self._variable(side, key, None), value) for key, value in values.items())
        return [
            as_any(one == constant(wanted))
            for variable, value in pairs
            for one, wanted in zip(variable, (value is True, value is False), strict=True)
        ]

    def turning_out(self, side: Side, formula: Formula, values: Known, but: str = "") -> Formula:
        """The formula after the further answers that make just this known of these statements, all ``but`` a finding's.

        Of what the patient told of that finding, no more is known.
        """
        place = side.which, id(values)
        if place not in self._answers:
            # The values are kept as well: only while they live is their id their own.
            self._answers[place] = values, {key: self._after(side, key, value) for key, value in values.items()}
        pairs = []
        for key, after in self._answers[place][1].items():
            variable = self._variable(side, key, None)
            pairs += list(zip(variable, self._known(side, key) if key.finding == but else after, strict=True))
        return z3.substitute(formula, *pairs) if pairs else formula

    def _after(self, side: Side, key: Key, value: bool | None) -> Kleene:
        known = self._known(side, key)
        yes = either(known.yes, both(negation(known.no), constant(value is True)))
        return Kleene(yes, either(known.no, both(negation(known.yes), constant(value is False))))

    def _changes(self, side: Side, decided: list[Formula], told: Mapping[Key, Kleene]) -> Iterator[Formula]:
        """What differs once these statements are known."""
        variables = ((self._variable(side, key, None), truth) for key, truth in told.items())
        pairs = [pair for variable, truth in variables for pair in zip(variable, truth, strict=True)]
        for formula in decided:
            other = z3.substitute(formula, *pairs)
            if not other.eq(formula):
                yield z3.Xor(formula, other)

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
        """What decides, over what is known after the further answers."""
        pairs = []
        for atom, named in side.named.items():
            truth = turned_out(atom, self._truth(side, None))
            pairs += [(named.yes, truth.yes), (named.no, truth.no)]
        found = (z3.substitute(one, *pairs) if pairs else one for one in deciding(side.rules))
        return list({one.get_id(): one for one in found}.values())

    def _about(self, side: Side, name: str) -> list[Key]:
        return [key for key in self.keys[side.which] if key.finding == name]

    def _known(self, side: Side, key: Key) -> Kleene:
        """What the patient told of a statement."""
        if (side.which, key) not in self._told:
            atom = atom_of(key, side.pack.findings[key.finding].type == "codes")
            self._told[side.which, key] = side.named.get(atom) or side.patient.values[key.finding].reads(atom)
        return self._told[side.which, key]

    def _variable(self, side: Side, key: Key, exchanged: str | None) -> Kleene:
        """A statement after the further answers; or by its value, if its finding is the one that is exchanged."""
        value = key.finding == exchanged
        place = ("" if key.finding in self._same else side.which) + ("'" if value else "")
        if (place, key) not in self._variables:
            name = f"turned out{place}: {key.finding} {key.kind} {key.value}"
            yes = z3.Bool(f"{name} yes")
            self._variables[place, key] = Kleene(yes, negation(yes) if value else z3.Bool(f"{name} no"))
        return self._variables[place, key]

    def _truth(self, side: Side, exchanged: str | None) -> Truth:
        def truth(key: Key) -> Kleene:
            finding = side.pack.findings[key.finding]
            if key.kind == "least" and not finding.low < int(key.value) <= finding.high:
                below = int(key.value) <= finding.low
                return Kleene(constant(below), constant(not below))
            return self._variable(side, key, exchanged)

        return truth

    def _fits(self, side: Side, exchanged: str | None) -> Iterator[Formula]:
        """What is known of a statement stays so; of the exchanged finding alone, if there is one."""
        truth = self._truth(side, exchanged)
        for atom, named in side.named.items():
            if exchanged in (None, atom.finding):
                told = turned_out(atom, truth)
                yield z3.Implies(named.yes, told.yes)
                yield z3.Implies(named.no, told.no)

    def _agree(self, side: Side, exchanged: str | None) -> Iterator[Formula]:
        truth = self._truth(side, exchanged)
        for name in dict.fromkeys(key.finding for key in self.keys[side.which]):
            if exchanged in (None, name):
                yield from values_agree(side.pack.findings[name], self._about(side, name), truth)


def _read(truth: Kleene, model: z3.ModelRef) -> bool | None:
    if z3.is_true(model.eval(truth.yes, model_completion=True)):
        return True
    return False if z3.is_true(model.eval(truth.no, model_completion=True)) else None


def _read_by(pack: Pack) -> frozenset[str]:
    """The findings that some rule reads."""
    return frozenset(name for rule in pack.rules for name in findings_of(rule.when))
