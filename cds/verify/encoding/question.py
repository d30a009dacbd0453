"""One question as variables: how a patient may answer it, and what each answer says of a finding."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

import z3

from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item
from cds.pack.units import HOURS, WORDS, conversion
from cds.verify.encoding.kleene import (
    FALSE,
    TRUE,
    Formula,
    Kleene,
    at_most_one,
    both,
    either,
    every,
    is_false,
    negation,
    some,
)
from cds.verify.encoding.number import Case, Cases, Number

NOT_SURE: Final = "ASKU"
_DATED: Final = ("date", "dateTime")
_TEXTS: Final = ("open-choice", "text", "string", "url", "time")
_CALENDAR: Final = {"a": 12, "mo": 1}


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


@dataclass(frozen=True, slots=True)
class Source:
    """What one question says of one finding, when it was answered.

    ``truth`` of a boolean, ``cases`` of a number, ``codes`` of a finding with codes (``no`` where it is ruled out).
    """

    link_id: str
    truth: Kleene
    cases: Cases
    codes: dict[str, Kleene]
    scope: frozenset[str]


def unsure_options(source: AnswerSource) -> frozenset[str]:
    """The options that say nothing."""
    return frozenset({NOT_SURE, *source.unknown})


def source_of(finding: Finding, source: AnswerSource, asked: QuestionVariables, scope: frozenset[str]) -> Source:
    """What the question says of the finding; ``scope`` are the codes that it decides about."""
    truth, codes = Kleene(FALSE, FALSE), dict[str, Kleene]()
    cases: Cases = ()
    if finding.type == "boolean":
        truth = _truth(source, asked)
    elif finding.type == "integer":
        cases = _numbers(finding, source, asked)
    elif finding.type == "code":
        codes = _one_code(finding, source, asked)
    else:
        codes = _several_codes(finding, source, asked, scope)
    return Source(source.link_id, truth, cases, codes, scope)


def _truth(source: AnswerSource, asked: QuestionVariables) -> Kleene:
    if not asked.options:
        return Kleene(asked.yes, asked.no)
    unsure = unsure_options(source)
    yes = some(asked.options[code] for code in source.when_true or () if code not in unsure)
    if asked.item.repeats:
        doubt = [asked.text, *(option for code, option in asked.options.items() if code in unsure)]
        return Kleene(yes, every([asked.answered, negation(yes), *map(negation, doubt)]))
    no = some(asked.options[code] for code in source.when_false or () if code not in unsure)
    return Kleene(yes, both(no, negation(yes)))


def _numbers(finding: Finding, source: AnswerSource, asked: QuestionVariables) -> Cases:
    if asked.options:
        unsure = unsure_options(source)
        return tuple(
            Case(asked.options[code], *_scaled(finding, given))
            for code, given in (source.values or {}).items()
            if code not in unsure
        )
    if source.elapsed is not None:
        return (Case(both(asked.numbered, asked.timed), *_elapsed(finding, source.elapsed, asked)),)
    factor = conversion(source.unit or finding.unit, finding.unit) if asked.item.type != "quantity" else Fraction(1)
    ratio = (factor or Fraction(1)) * finding.scale / asked.divisor
    low, high = _times(asked.number, ratio)
    return (Case(asked.numbered, low, high),)


def _scaled(finding: Finding, given: int | float | list[int | float]) -> tuple[int, int]:
    low, high = given if isinstance(given, list) else (given, given)
    exact = [Fraction(Decimal(str(end))) * finding.scale for end in (low, high)]
    return floor(exact[0]), ceil(exact[1])


def _times(number: z3.ArithRef, ratio: Fraction) -> tuple[Number, Number]:
    """A number times a ratio, rounded down and rounded up."""
    if ratio.denominator == 1:
        exact = number * ratio.numerator if ratio != 1 else number
        return exact, exact
    above = number * ratio.numerator
    return above / ratio.denominator, -((-above) / ratio.denominator)


def _elapsed(finding: Finding, unit: str, asked: QuestionVariables) -> tuple[Number, Number]:
    """Whole units that have passed by noon of the day of the assessment, as a range of the finding's own."""
    code = WORDS.get(unit, unit)
    factor = conversion(code, finding.unit) or Fraction(1)
    dated = asked.item.type == "date"
    if code in _CALENDAR:
        # Dates of witnesses are whole years or months back, to the day.
        low: Number = asked.number
        high: Number = asked.number
    else:
        length = HOURS[code]
        parts = (asked.number * 24 - 12, asked.number * 24 + 12) if dated else (asked.number, asked.number)
        low, high = (_divided(part, length) for part in parts)
        low = z3.If(low > 0, low, z3.IntVal(0))
    # A partial date, or another hour of the day, may mean any range.
    least, most = (asked.further(f"{end} {code}", z3.Int) for end in ("least", "most"))
    low, high = z3.If(asked.whole, low, least), z3.If(asked.whole, high, most)
    ratio = factor * finding.scale
    first, _ = _times(low, ratio)
    _, last = _times(high + 1, ratio)
    # A number beyond what the finding can have leaves no range, and is refused by the intake.
    first = z3.If(first < finding.low, z3.IntVal(finding.low), first)
    return first, z3.If(last - 1 > finding.high, z3.IntVal(finding.high), last - 1)


def _divided(hours: z3.ArithRef, length: Fraction) -> z3.ArithRef:
    """Whole units of ``length`` hours in so many hours, rounded down."""
    return hours if length == 1 else (hours * length.denominator) / length.numerator


def _one_code(finding: Finding, source: AnswerSource, asked: QuestionVariables) -> dict[str, Kleene]:
    unsure = unsure_options(source)
    chosen = {
        code: some(
            option
            for name, option in asked.options.items()
            if name not in unsure and (source.map or {}).get(name, name) == code
        )
        for code in sorted(finding.code_ids)
    }
    return {
        code: Kleene(formula, some(other for name, other in chosen.items() if name != code))
        for code, formula in chosen.items()
    }


def _several_codes(
    finding: Finding, source: AnswerSource, asked: QuestionVariables, scope: frozenset[str]
) -> dict[str, Kleene]:
    unsure, mapping = unsure_options(source), source.map or {}
    chosen: dict[str, list[Formula]] = {code: [] for code in sorted(finding.code_ids)}
    doubt = [asked.text]
    for name, option in asked.options.items():
        meaning = mapping.get(name, name)
        if name in unsure:
            doubt.append(option)
        elif meaning in chosen:
            chosen[meaning].append(option)
        elif name not in mapping:
            doubt.append(option)
    told = both(asked.answered, negation(some(doubt)))
    found = {}
    for code, options in chosen.items():
        yes = some(options) if code in scope else FALSE
        no = both(told, negation(some(options))) if code in scope else FALSE
        found[code] = Kleene(yes, no)
    return found


def is_told(source: Source) -> Formula:
    """When the answer says something of the finding."""
    parts = [source.truth, *source.codes.values()]
    return either(*(formula for part in parts for formula in part), some(case.when for case in source.cases))


__all__ = ["NOT_SURE", "TRUE", "QuestionVariables", "Source", "is_told", "question_variables", "source_of"]
