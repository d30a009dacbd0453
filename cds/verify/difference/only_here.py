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
from cds.verify.encoding.kleene import Formula, as_any, either, every, negation

MOST_CANDIDATES: Final = 3
"""Of so many findings that withhold, patients with several open questions are looked for, once each."""
THOROUGH: Final = 200
"""So many tries for each, if all is to be decided."""
MOST_COMPLETIONS: Final = 10
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


class _Answers(NamedTuple):
    """Further answers: ``all`` of them, the ``part`` that matters, and whether it is ``telling`` of other patients."""

    all: Known
    part: Known
    telling: bool


class OnlyHereSearch:
    """Looks for such patients. Answers after which one finding was asked for are tried first with the next."""

    def __init__(self, search: Search, completion: Completion, thorough: bool = False) -> None:
        """``thorough``: look on among patients with several open questions until all is decided."""
        self._thorough = thorough
        self._search = search
        self._completion = completion
        self._asking: dict[Which, list[Known]] = {"old": [], "new": []}
        self._changed = {side.which: _under(side.pack, search) for side in search.pair.sides}
        self._mildest = {side.which: mildest(side, completion.keys[side.which]) for side in search.pair.sides}

    def seek(self, change: ChangeClass, only: OnlyHere) -> bool:
        """Look for a patient of the class; whether one was found."""
        if self._search.vary(change):
            return True
        found = self._sought(change, only, tries=THOROUGH if self._thorough else MOST_COMPLETIONS)
        if found is None:
            found = self._sought(change, only, alone=True)
            (self._search.undecided if found is None else [] if found else self._search.several).append(str(change))
        return bool(found)

    def seek_outcome(self, change: ChangeClass, candidates: Sequence[OnlyHere], *told: Formula) -> None:
        """Look for a patient for whom ``told`` holds, and one of these findings is open; if it can be, none else."""
        if self._search.reuse(change):
            return
        if any(self._sought(change, only, *told, alone=True) for only in candidates):
            return
        left = list(candidates) if self._thorough else list(candidates[:MOST_CANDIDATES])
        open_still = len(left) < len(candidates)
        for only in left:
            found = self._sought(change, only, *told, tries=THOROUGH if self._thorough else 1)
            if found:
                return
            open_still |= found is None
        if open_still:
            self._search.several.append(str(change))

    def _sought(
        self, change: ChangeClass, only: OnlyHere, *told: Formula, alone: bool = False, tries: int = TRIES
    ) -> bool | None:
        """Whether there is a patient, of whom all else is known if ``alone``; ``None`` if that is not known."""
        search, own, refused = self._search, list[Known](), list[Formula]()
        known = (self._all_else_known(only.finding),) if alone else ()
        for _ in range(tries):
            formulas = (*self._formulas(only, own, told), *known, *refused)
            if not search.pair.exists(*formulas):
                return False  # whoever was refused is not of the class either: the evaluators say so
            model = search.pair.solver.model()
            if self._is_asked(only, model, own):
                continue
            model = search.pair.nearest(*formulas) or model
            if search.take(change, model):
                return True
            if not self._is_asked(only, model, own):
                refused += self._why_refused(only, model) if told else [search.others(model)]
        return None

    def _why_refused(self, only: OnlyHere, model: z3.ModelRef) -> list[Formula]:
        """What rules out a patient from whom the other version withholds a level for the sake of another finding."""
        other = self._search.pair.other(only.side)
        decisions = self._search.decisions(model)
        names = decisions[0 if other.which == "old" else 1].assessment.withholding if decisions else ()
        found = []
        for name in names:
            answers = self._further_answers(other, name, model)
            if answers is not None:
                never = self._completion.decides_never(other, name)
                never = self._completion.turning_out(other, never, answers.all, but=name)
                found.append(either(negation(other.withheld_level), never))
        return found or [self._search.others(model)]

    def _formulas(self, only: OnlyHere, own: Sequence[Known], told: Sequence[Formula]) -> list[Formula]:
        other = self._search.pair.other(only.side)
        asking = (*self._asking[other.which], *own)
        nor = (self._completion.turning_out(other, only.never, values, but=only.finding) for values in asking)
        return [*only.here, either(only.otherwise, every([only.never, *nor])), *told]

    def _is_asked(self, only: OnlyHere, model: z3.ModelRef, own: list[Known]) -> bool:
        """Whether the other version asks this patient after some further answers; those are kept, ``own`` for once."""
        if z3.is_true(model.eval(only.otherwise, model_completion=True)):
            return False
        other = self._search.pair.other(only.side)
        answers = self._further_answers(other, only.finding, model)
        if answers is None:
            return False
        kept = self._asking[other.which] if answers.telling else own
        if answers.part not in kept:
            kept.append(answers.part)
        return True

    def _further_answers(self, side: Side, name: str, model: z3.ModelRef) -> _Answers | None:
        """Answers after which a version asks the patient of a model about a finding; ``None`` if there are none.

        They are sought first where they tell most of other patients: among what the changed rules read, all else as
        here; then with all that is unknown as mild as can be; then anywhere.
        """
        pair, completion = self._search.pair, self._completion
        names = (one for pair_of_names in pair.statements.names for one in pair_of_names)
        known = [as_any(one == model.eval(one, model_completion=True)) for one in names]
        asks = [*known, *completion.other_value(name), completion.decides(side, name)]
        free = {*self._changed[side.which], name}
        here = {key: value for key, value in completion.of(side, model).items() if key.finding not in free}
        mild = self._mildest[side.which]
        milder = {
            key: value if (told := completion.told(side, key, model)) is None else told
            for key, value in mild.items()
            if key.finding not in free
        }
        if pair.exists(*asks, *completion.turned(side, here)):
            after = completion.of(side, pair.solver.model())
            part = {key: one for key, one in after.items() if key.finding in free - {name}}
            return _Answers(after, part, telling=True)
        if pair.exists(*asks, *completion.turned(side, milder)):
            after = completion.of(side, pair.solver.model())
            part = {key: after[key] if key.finding in free else mild[key] for key in mild}
            return _Answers(part, part, telling=True)
        if pair.exists(*asks):
            after = completion.of(side, pair.solver.model())
            return _Answers(after, after, telling=False)
        return None

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
