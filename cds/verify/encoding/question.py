"""One question as variables: how a patient may answer it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Final

import z3

from cds.pack.questionnaire import Item
from cds.verify.encoding.kleene import (
    FALSE,
    TRUE,
    Formula,
    at_most_one,
    is_false,
    negation,
    some,
)

_DATED: Final = ("date", "dateTime")
_TEXTS: Final = ("open-choice", "text", "string", "url", "time")


@dataclass(frozen=True, slots=True)
class QuestionVariables:
    """How one question is answered.

    ``options`` by code, and ``text`` for free text; ``yes`` and ``no`` of a boolean; ``number`` of a number in parts of
    ``1 / divisor`` of the item's unit, or of a date as the whole days that have passed since (for a dateTime: hours).
    What does not apply to the type is ``FALSE`` or zero.

    A date may be partial, and a response may have no time to count from: ``timed`` and ``whole`` say that neither is
    so. Only such dates can be written out for a witness. ``more`` are further variables that belong to the answer.
    """

    item: Item
    options: dict[str, Formula]
    text: Formula
    yes: Formula
    no: Formula
    numbered: Formula
    number: z3.ArithRef
    divisor: int
    timed: Formula
    whole: Formula
    more: dict[str, Formula] = field(default_factory=dict)

    @property
    def dated(self) -> bool:
        """Whether the answer is a date, or a time."""
        return self.item.type in _DATED

    def further(self, what: str, make: Callable[[str], Formula]) -> Formula:
        """A further variable that belongs to the answer, made on first use."""
        if what not in self.more:
            self.more[what] = make(named(str(self.number), what))
        return self.more[what]

    @property
    def answered(self) -> Formula:
        """When the question has an answer."""
        return some([*self.options.values(), self.text, self.yes, self.no, self.numbered])

    @property
    def variables(self) -> list[z3.ExprRef]:
        """All variables."""
        found: list[z3.ExprRef] = [
            one for one in (*self.options.values(), self.text, self.yes, self.no) if not is_false(one)
        ]
        if not is_false(self.numbered):
            found += [self.numbered, self.number]
        return [*found, *([self.timed, self.whole] if self.dated else []), *self.more.values()]

    def constraints(self) -> list[Formula]:
        """What the checks of a response demand of the answers."""
        item = self.item
        ways = [*self.options.values(), self.text]
        found = [at_most_one([self.yes, self.no])] if not is_false(self.yes) else []
        if not item.repeats and len(ways) > 1:
            found.append(at_most_one(ways))
        for code, option in item.option_codes.items():
            if option.exclusive and item.repeats:
                others = [other for name, other in self.options.items() if name != code]
                found.append(z3.Implies(self.options[code], negation(some(others))))
        if not is_false(self.numbered):
            found += self._bounds()
        return found

    @property
    def some_number(self) -> int:
        """A number that the question takes: what its number may be where there is no answer."""
        low, high = self.item.minimum, self.item.maximum
        least = 0 if low is None else ceil(Fraction(str(low)) * self.divisor)
        return least if high is None else min(least, floor(Fraction(str(high)) * self.divisor))

    def _bounds(self) -> list[Formula]:
        low, high = self.item.minimum, self.item.maximum
        if self.item.type in _DATED:
            return [self.number >= 0]
        found = []
        if low is not None:
            found.append(self.number >= ceil(Fraction(str(low)) * self.divisor))
        if high is not None:
            found.append(self.number <= floor(Fraction(str(high)) * self.divisor))
        return found


def named(*parts: str) -> str:
    """A name that no other parts give: link ids and codes may hold any characters."""
    return json.dumps(parts)


def question_variables(item: Item, prefix: str, divisor: int = 1) -> QuestionVariables:
    """The variables of one question; ``divisor`` is how finely its numbers must be told apart."""

    def variable(name: str, kind: str = "is") -> Formula:
        return z3.Bool(named(prefix, "answer", item.link_id, kind, name))

    choice = item.type in ("choice", "open-choice")
    numeric = item.type in ("integer", "decimal", "quantity", *_DATED)
    dated = item.type in _DATED
    return QuestionVariables(
        item=item,
        options={code: variable(code) for code in item.option_codes} if choice else {},
        text=variable("text", "has") if item.type in _TEXTS else FALSE,
        yes=variable("yes", "has") if item.type == "boolean" else FALSE,
        no=variable("no", "has") if item.type == "boolean" else FALSE,
        numbered=variable("number", "has") if numeric else FALSE,
        number=z3.Int(named(prefix, "answer", item.link_id)),
        divisor=divisor if item.type in ("decimal", "quantity") else 1,
        timed=variable("timed", "is known") if dated else TRUE,
        whole=variable("whole", "is known") if dated else TRUE,
    )
