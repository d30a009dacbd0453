"""Further answers after which as little speaks for a rule as can be: after these, most questions still matter."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from cds.pack.condition import Compare
from cds.verify.difference.deciding import signed_atoms
from cds.verify.difference.domain import values_agree
from cds.verify.difference.side import Side
from cds.verify.difference.turned_out import keys_of
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import negation
from cds.verify.encoding.literals import Key


def mildest(side: Side, keys: Sequence[Key]) -> dict[Key, bool | None]:
    """A value for each statement, such that those about one finding go together."""
    weights = dict.fromkeys(keys, 0)
    for rule in side.pack.rules:
        for atom, sign in signed_atoms(rule.when):
            for key in keys_of(atom):
                if key in weights:
                    weights[key] += -sign if isinstance(atom, Compare) and "<" in atom.operator else sign
    variables = {key: z3.Bool(f"mild {key}") for key in keys}
    solver = z3.Solver()
    for name in dict.fromkeys(key.finding for key in keys):
        own = [key for key in keys if key.finding == name]
        truths = {key: Kleene(variables[key], negation(variables[key])) for key in own}
        solver.add(*values_agree(side.pack.findings[name], own, truths.__getitem__))
    chosen: dict[Key, bool | None] = {}
    for key, weight in sorted(weights.items(), key=lambda one: -abs(one[1])):
        wanted = variables[key] if weight < 0 else negation(variables[key])
        chosen[key] = (solver.check(wanted) == z3.sat) is (weight < 0)
        solver.add(variables[key] if chosen[key] else negation(variables[key]))
    return chosen
