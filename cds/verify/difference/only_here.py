"""The search for patients whom one version asks about a finding, and the other does not.

The other version must not ask after any further answers. There is a formula for each of these, and there are far too
many. So some are looked for after which the other version does ask; the next patient must not be asked after those, and
so on, until there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import z3

from cds.pack import Pack, Rule
from cds.pack.condition import findings_of
from cds.verify.difference.change_class import ChangeClass
from cds.verify.difference.completion import Completion, Known
from cds.verify.difference.mildest import mildest
from cds.verify.difference.search import TRIES, Search
from cds.verify.difference.side import Side, Which
from cds.verify.encoding.kleene import Formula, as_any, either, every

MOST_COMPLETIONS: Final = 8
"""After so many, only patients are looked at of whom all else is known: they have no further answers to give."""


class OnlyHere(NamedTuple):
    """Patients for whom a finding is open in the version ``side``, and not in the other.

    ``never``: the other version does not ask after the further answers at hand; or ``otherwise``, it does not at all.
    """

    side: Side
    finding: str
    here: tuple[Formula, ...]
    never: Formula
    otherwise: Formula


class OnlyHereSearch:
    """Looks for such patients. Answers after which one finding was asked for are tried first with the next."""

    def __init__(self, search: Search, completion: Completion) -> None:
        self._search = search
        self._completion = completion
        self._asking: dict[Which, list[Known]] = {"old": [], "new": []}
        self._changed = {side.which: _under(side.pack, search) for side in search.pair.sides}
        self._mildest = {side.which: mildest(side, completion.keys[side.which]) for side in search.pair.sides}

    def seek(self, change: ChangeClass, only: OnlyHere, *told: Formula) -> bool:
        """Look for a patient of the class; whether one was found. ``told`` holds for all of them as well."""
        search = self._search
        if not told and search.vary(change):
            return True
        own: list[Known] = []
        refused: list[Formula] = []
        wanted = self._all_else_known(only.finding)
        phases: list[tuple[Formula, ...]] = [(wanted,), ()] if told else [(), (wanted,)]
        for phase in phases:
            for _ in range(MOST_COMPLETIONS + TRIES):
                formulas = (*self._formulas(only, own, told), *phase, *refused)
                if not search.pair.exists(*formulas):
                    if not phase and not refused:
                        return False
                    break
                model = search.pair.solver.model()
                if self._is_asked(only, model, own):
                    if not phase and len(own) >= MOST_COMPLETIONS and not told:
                        break
                    continue
                model = search.pair.nearest(*formulas) or model
                if search.take(change, model):
                    return True
                if not self._is_asked(only, model, own):
                    refused.append(search.others(model))
        (search.undecided if refused else search.several).append(str(change))
        return False

    def _formulas(self, only: OnlyHere, own: Sequence[Known], told: Sequence[Formula]) -> list[Formula]:
        other = self._search.pair.other(only.side)
        nor = (self._nor(only, values) for values in (*self._asking[other.which], *own))
        return [*only.here, either(only.otherwise, every([only.never, *nor])), *told]

    def _nor(self, only: OnlyHere, values: Known) -> Formula:
        other = self._search.pair.other(only.side)
        rest = {key: value for key, value in values.items() if key.finding != only.finding}
        return self._completion.turning_out(other, only.never, rest)

    def _is_asked(self, only: OnlyHere, model: z3.ModelRef, own: list[Known]) -> bool:
        """Whether the other version asks this patient after some further answers; those are kept, ``own`` for once."""
        if z3.is_true(model.eval(only.otherwise, model_completion=True)):
            return False
        pair, completion, other = self._search.pair, self._completion, self._search.pair.other(only.side)
        names = (one for name in pair.statements.names for one in name)
        known = [as_any(one == model.eval(one, model_completion=True)) for one in names]
        asks = [*known, *completion.other_value(only.finding), completion.decides(other, only.finding)]
        free = {*self._changed[other.which], only.finding}
        here = {key: value for key, value in completion.of(other, model).items() if key.finding not in free}
        mild = self._mildest[other.which]
        milder = {
            key: value if (told := completion.told(other, key, model)) is None else told
            for key, value in mild.items()
            if key.finding not in free
        }
        # What turns out otherwise is sought first where it tells most of other patients: among what the changed rules
        # read, all else as here; then with all that is unknown as mild as can be; then anywhere.
        if pair.exists(*asks, *completion.turned(other, here)):
            after = completion.of(other, pair.solver.model())
            self._keep(other, {key: one for key, one in after.items() if key.finding in free - {only.finding}})
        elif pair.exists(*asks, *completion.turned(other, milder)):
            after = completion.of(other, pair.solver.model())
            self._keep(other, {key: after[key] if key.finding in free else mild[key] for key in mild})
        elif pair.exists(*asks):
            own.append(completion.of(other, pair.solver.model()))
        else:
            return False
        return True

    def _keep(self, side: Side, values: Known) -> None:
        if values not in self._asking[side.which]:
            self._asking[side.which].append(values)

    def _all_else_known(self, finding: str) -> Formula:
        return every(
            either(*named)
            for side in self._search.pair.sides
            for atom, named in side.named.items()
            if atom.finding != finding
        )


def _under(pack: Pack, search: Search) -> frozenset[str]:
    """The base findings under the rules that changed."""
    found: set[str] = set()
    changed = [one.behind.rule for one in search.rules if one.behind.how != "indirectly"]
    left: list[Rule] = [pack.rule[name] for name in changed if name in pack.rule]
    seen: set[str] = set()
    while left:
        rule = left.pop()
        seen.add(rule.id)
        for name in findings_of(rule.when):
            found.add(name)
            left += (one for one in pack.concluding.get(name, ()) if one.id not in seen)
    return frozenset(found)
