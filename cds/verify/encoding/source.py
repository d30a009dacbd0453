"""What the answer to one question says of one finding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

import z3

from cds.pack.finding import AnswerSource, Finding
from cds.pack.units import HOURS, WORDS, conversion
from cds.verify.encoding.kleene import FALSE, Formula, Kleene, both, either, every, negation, some
from cds.verify.encoding.number import Case, Cases, Number
from cds.verify.encoding.question import QuestionVariables

NOT_SURE: Final = "ASKU"
_CALENDAR: Final = ("a", "mo")


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
