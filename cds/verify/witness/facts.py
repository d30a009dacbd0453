"""A concrete patient of the encoding: answers, and what the chart says; read from a model, or given to one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import z3

from cds.intake.checked import Answer, Answers, Quantity
from cds.pack import Pack
from cds.pack.units import WORDS
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.chart import ChartVariables
from cds.verify.encoding.kleene import is_false, is_true
from cds.verify.encoding.question import QuestionVariables

FREE_TEXT: Final = "free text"
_TEXTS: Final = {"time": "12:00:00", "url": "https://example.org"}
UCUM: Final = "http://unitsofmeasure.org"
_LONGEST: Final = 365_000
"""No date of a witness lies so many days back; that is a thousand years."""


@dataclass(frozen=True, slots=True)
class ChartFact:
    """What the chart says of one finding: it is true, there is a result that nobody can read, a number, a code.

    The number is between ``number`` and ``high``; without ``high`` it is exact.
    """

    yes: bool = False
    doubt: bool = False
    number: int | None = None
    code: str | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a patient: ``answers`` by link id, and ``chart`` by finding."""

    answers: Answers = field(default_factory=dict)
    chart: Mapping[str, ChartFact] = field(default_factory=dict)


def noon(pack: Pack) -> datetime:
    """The time at which witnesses and cases are assessed: noon of the day on which the pack takes effect."""
    day = pack.header.effective
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def facts_of(patient: SymbolicPatient, model: z3.ModelRef) -> Facts:
    """The patient that a model describes."""
    answers = {link_id: tuple(_answers(patient.pack, asked, model)) for link_id, asked in patient.questions.items()}
    chart = {name: _chart_fact(recorded, model) for name, recorded in patient.chart.items()}
    silent = ChartFact()
    return Facts(
        {link_id: given for link_id, given in answers.items() if given},
        {name: fact for name, fact in chart.items() if fact != silent},
    )


def assignment(patient: SymbolicPatient, facts: Facts) -> Iterator[tuple[z3.ExprRef, z3.ExprRef]]:
    """The variables of a symbolic patient with the values that the facts give them."""
    for link_id, asked in patient.questions.items():
        yield from _assigned(patient.pack, asked, facts.answers.get(link_id, ()))
    for name, recorded in patient.chart.items():
        fact = facts.chart.get(name, ChartFact())
        truths: dict[int, bool] = {recorded.yes.get_id(): fact.yes, recorded.doubt.get_id(): fact.doubt}
        truths |= {variable.get_id(): fact.code == code for code, variable in recorded.codes.items()}
        truths[recorded.given.get_id()] = fact.number is not None
        for variable in recorded.records:
            yield variable, z3.BoolVal(truths[variable.get_id()])
        if not is_false(recorded.given):
            number = recorded.finding.low if fact.number is None else fact.number
            yield recorded.number, z3.IntVal(number)
            yield recorded.high, z3.IntVal(number if fact.high is None else fact.high)


def _is(model: z3.ModelRef, formula: z3.BoolRef) -> bool:
    # Much of what could be asked does not apply, and reading a model is slow.
    return not is_false(formula) and is_true(model.eval(formula, model_completion=True))


def _chart_fact(recorded: ChartVariables, model: z3.ModelRef) -> ChartFact:
    code = next((code for code, variable in recorded.codes.items() if _is(model, variable)), None)
    fact = ChartFact(_is(model, recorded.yes), _is(model, recorded.doubt), code=code)
    if not _is(model, recorded.given):
        return fact
    low, high = (model.eval(end, model_completion=True).as_long() for end in (recorded.number, recorded.high))
    return replace(fact, number=low, high=None if low == high else high)


def _answers(pack: Pack, asked: QuestionVariables, model: z3.ModelRef) -> Iterator[Answer]:
    codes = asked.item.option_codes
    for code, variable in asked.options.items():
        if _is(model, variable):
            yield codes[code].value
    if _is(model, asked.text):
        yield _TEXTS.get(asked.item.type, FREE_TEXT)
    if _is(model, asked.yes) or _is(model, asked.no):
        yield _is(model, asked.yes)
    if _is(model, asked.numbered):
        yield number_answer(pack, asked, model.eval(asked.number, model_completion=True).as_long())


def number_answer(pack: Pack, asked: QuestionVariables, number: int) -> Answer:
    """The answer that a number of the encoding stands for."""
    item = asked.item
    if item.type == "integer":
        return number
    if item.type in ("date", "dateTime"):
        return _dated(pack, asked, number)
    exact = Fraction(number, asked.divisor)
    decimal = Decimal(exact.numerator) / exact.denominator
    return Quantity(decimal, _unit(pack, item.link_id) or "1", UCUM) if item.type == "quantity" else decimal


def _dated(pack: Pack, asked: QuestionVariables, number: int) -> str:
    """The date, or the time, so long before the assessment."""
    now, unit = noon(pack), _elapsed(pack, asked.item.link_id)
    if unit in ("a", "mo"):
        months = now.year * 12 + now.month - 1 - number * (12 if unit == "a" else 1)
        day = _last_day(max(months // 12, 1), months % 12 + 1, now.day)
        return day.isoformat() if asked.item.type == "date" else f"{day.isoformat()}T00:00:00Z"
    if asked.item.type == "date":
        return (now.date() - timedelta(days=number)).isoformat()
    return (now - timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _last_day(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _sources(pack: Pack, link_id: str) -> Iterator[Any]:
    for finding in pack.findings.values():
        for source in finding.answers:
            if source.link_id == link_id:
                yield finding, source


def _elapsed(pack: Pack, link_id: str) -> str:
    unit: str = next((source.elapsed for _, source in _sources(pack, link_id) if source.elapsed), "d")
    return WORDS.get(unit, unit)


def _unit(pack: Pack, link_id: str) -> str | None:
    return next((finding.unit for finding, _ in _sources(pack, link_id)), None)


def _assigned(
    pack: Pack, asked: QuestionVariables, given: tuple[Answer, ...]
) -> Iterator[tuple[z3.ExprRef, z3.ExprRef]]:
    codes = asked.item.option_codes
    for code, variable in asked.options.items():
        yield variable, z3.BoolVal(codes[code].value in given)
    if not is_false(asked.text):
        listed = {option.value for option in codes.values()}
        yield asked.text, z3.BoolVal(any(isinstance(one, str) and one not in listed for one in given))
    if not is_false(asked.yes):
        yield asked.yes, z3.BoolVal(True in given)
        yield asked.no, z3.BoolVal(bool(given) and True not in given)
    if not is_false(asked.numbered):
        yield asked.numbered, z3.BoolVal(bool(given))
        yield asked.number, z3.IntVal(_parts(pack, asked, given[0]) if given else asked.some_number)
    if asked.dated:
        yield from ((one, z3.BoolVal(True)) for one in (asked.timed, asked.whole))
    # What is answered plainly needs nothing further.
    yield from ((one, z3.BoolVal(False) if z3.is_bool(one) else z3.IntVal(0)) for one in asked.more.values())


def _parts(pack: Pack, asked: QuestionVariables, answer: Answer) -> int:
    """A number in the parts of the encoding; the opposite of :func:`number_answer`."""
    if isinstance(answer, str):
        # The longer ago, the earlier the date.
        longest = _LONGEST * (1 if asked.item.type == "date" else 24)
        return bisect_left(range(longest), True, key=lambda number: _dated(pack, asked, number) <= answer)
    value = answer.value if isinstance(answer, Quantity) else answer
    return int(Fraction(str(value)) * asked.divisor)
