"""The answers of one question in the form that nearly all have: valid beyond doubt, or left to the full check.

A reader gives the answers of a question, or ``None`` for all that it does not know for certain to be without fault. It
never says what is wrong: that is for the full check, which everything that is not plain goes through.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any, Final

from cds.intake.checked import Answer
from cds.intake.plain_values import WORD, is_plain_date, is_plain_text, is_plain_time
from cds.intake.question import Question

Given = tuple[Answer, ...]
ReadAnswers = Callable[[list[Any]], Given | None]
"""From the ``answer`` array of an item, which may hold anything, to its answers."""

_INTEGERS: Final = range(-(2**31), 2**31)


def answers_reader(question: Question) -> ReadAnswers | None:
    """The reader of a question's answers; ``None`` for one whose answers always need the full check."""
    options = question.options
    if options is not None:
        return _coded(question) if question.names and all(map(_is_plain_option, options)) else None
    read = _SINGLE.get(question.item.type)
    return None if read is None or question.repeats else _single(question, *read)


def _is_plain_option(value: Any) -> bool:
    return type(value) is tuple and all(WORD.fullmatch(part) for part in value)


def _single(question: Question, name: str, valid: Callable[[Any], bool]) -> ReadAnswers:
    """One answer that is not a Coding."""

    def read(given: list[Any]) -> Given | None:
        if len(given) != 1 or type(given[0]) is not dict or len(given[0]) != 1:
            return None
        if not valid(given[0].get(name)):
            return None
        value = question.value(given[0])
        if value is None or (question.limited and question.beyond(value)):
            return None
        return (value,)

    return read


def _coded(question: Question) -> ReadAnswers:
    """Options that are Codings, one or several."""
    options: dict[tuple[str, str], Given] = {value: (value,) for value in question.options or {}}  # type: ignore[misc]
    several = question.repeats

    def coding(answer: Any) -> Given | None:
        if type(answer) is not dict or len(answer) != 1:
            return None
        coding = answer.get("valueCoding")
        if type(coding) is not dict:
            return None
        system, code = coding.get("system"), coding.get("code")
        if type(system) is not str or type(code) is not str:
            return None
        if len(coding) != 2 and not (len(coding) == 3 and is_plain_text(coding.get("display"))):
            return None
        return options.get((system, code))

    def read(given: list[Any]) -> Given | None:
        if len(given) == 1:
            return coding(given[0])
        found: list[Answer] = []
        for answer in given:
            one = coding(answer)
            if one is None:
                return None
            found += one
        fitting = found and several and len(set(found)) == len(found) and question.exclusive.isdisjoint(found)
        return tuple(found) if fitting else None

    return read


_SINGLE: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "boolean": ("valueBoolean", lambda value: type(value) is bool),
    "integer": ("valueInteger", lambda value: type(value) is int and value in _INTEGERS),
    "decimal": (
        "valueDecimal",
        lambda value: (type(value) is int and value in _INTEGERS) or (type(value) is float and isfinite(value)),
    ),
    "date": ("valueDate", is_plain_date),
    "dateTime": ("valueDateTime", lambda value: is_plain_date(value) or is_plain_time(value)),
    "string": ("valueString", is_plain_text),
    "text": ("valueString", is_plain_text),
}
"""The element that answers a question of each type, and what is plain there."""
