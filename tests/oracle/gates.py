"""A questionnaire in which every operator of enableWhen meets every type of question, and responses to it.

Dates are left out: LForms does not compare them (its r4-support.md), not even for equality. So are quantities in
different units, which it compares by number alone.
"""

from __future__ import annotations

from itertools import product
from typing import Any, Final, NamedTuple

URL: Final = "https://example.org/fhir/Questionnaire/gates"
_EQUAL: Final = ("=", "!=")
_ORDER: Final = (*_EQUAL, ">", "<", ">=", "<=")


class Asked(NamedTuple):
    """A question, the operators for its type, what is expected of it, and the answers that are tried."""

    question: dict[str, Any]
    operators: tuple[str, ...]
    expected: dict[str, Any]
    tried: tuple[list[dict[str, Any]], ...]


def _each(name: str, *values: object) -> tuple[list[dict[str, Any]], ...]:
    return tuple([{name: value}] for value in values)


def _colour(code: str) -> dict[str, Any]:
    return {"system": "https://example.org/fhir/CodeSystem/colours", "code": code, "display": code.title()}


def _kilograms(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}


_RED, _GREEN, _BLUE = _OPTIONS = [{"valueCoding": _colour(code)} for code in ("red", "green", "blue")]
_IS_RED: Final = {"answerCoding": _colour("red")}

ASKED: Final = {
    "boolean": Asked({"type": "boolean"}, _EQUAL, {"answerBoolean": True}, _each("valueBoolean", True, False)),
    "integer": Asked({"type": "integer"}, _ORDER, {"answerInteger": 5}, _each("valueInteger", 4, 5, 6, 0)),
    "decimal": Asked({"type": "decimal"}, _ORDER, {"answerDecimal": 0.3}, _each("valueDecimal", 0.29, 0.3, 0.31)),
    "string": Asked({"type": "string"}, _EQUAL, {"answerString": "ice"}, _each("valueString", "ice", "Ice", "snow")),
    "quantity": Asked(
        {"type": "quantity"},
        _ORDER,
        {"answerQuantity": _kilograms(80)},
        _each("valueQuantity", *map(_kilograms, (79, 80, 81))),
    ),
    "choice": Asked({"type": "choice", "answerOption": _OPTIONS}, _EQUAL, _IS_RED, ([_RED], [_GREEN])),
    "several": Asked(
        {"type": "choice", "answerOption": _OPTIONS, "repeats": True},
        _EQUAL,
        _IS_RED,
        ([_RED], [_GREEN], [_RED, _GREEN], [_GREEN, _BLUE]),
    ),
    "open": Asked(
        {"type": "open-choice", "answerOption": _OPTIONS},
        _EQUAL,
        _IS_RED,
        ([_RED], [_BLUE], [{"valueString": "pink"}]),
    ),
}


def _gate(link_id: str, *conditions: tuple[str, str, dict[str, Any]], **elements: Any) -> dict[str, Any]:
    gates = [{"question": question, "operator": operator, **expected} for question, operator, expected in conditions]
    return {"linkId": link_id, "text": link_id, "type": "boolean", "enableWhen": gates, **elements}


def questionnaire() -> dict[str, Any]:
    """Each question, an item for each operator on it, and items that depend on several or on hidden questions."""
    questions = [{"linkId": name, "text": name, **asked.question} for name, asked in ASKED.items()]
    single = [
        _gate(f"{name}.{number}", (name, operator, expected))
        for name, asked in ASKED.items()
        for number, (operator, expected) in enumerate(
            [
                *((operator, asked.expected) for operator in asked.operators),
                *(("exists", {"answerBoolean": there}) for there in (True, False)),
            ]
        )
    ]
    fell, five = ("boolean", "=", {"answerBoolean": True}), ("integer", ">", {"answerInteger": 5})
    not_red = _gate("inside", ("choice", "!=", _IS_RED))
    several = [
        _gate(
            behavior, fell, five, type="group", enableBehavior=behavior, item=[{**not_red, "linkId": f"{behavior}.in"}]
        )
        for behavior in ("any", "all")
    ]
    after_hidden = [
        _gate("chain.not", ("boolean.0", "!=", {"answerBoolean": True})),
        _gate("chain.none", ("boolean.0", "exists", {"answerBoolean": False})),
        _gate("chain.some", ("boolean.0", "exists", {"answerBoolean": True})),
    ]
    head = {"resourceType": "Questionnaire", "url": URL, "version": "1.0.0", "status": "draft", "title": "Gates"}
    return {**head, "item": [*questions, *single, *several, *after_hidden]}


def responses() -> dict[str, dict[str, Any]]:
    """Every boolean (or none) with every integer (or none); the other questions take their answers in turn."""
    found = {}
    pairs = product(([], *ASKED["boolean"].tried), ([], *ASKED["integer"].tried))
    for number, (boolean, integer) in enumerate(pairs):
        answers = {name: ([], *asked.tried)[number % (len(asked.tried) + 1)] for name, asked in ASKED.items()}
        answers |= {"boolean": boolean, "integer": integer}
        if boolean == ASKED["boolean"].tried[0]:
            answers["boolean.0"] = ([], *ASKED["boolean"].tried)[number % 3]
        items = [{"linkId": name, "answer": given} for name, given in answers.items() if given]
        head = {"resourceType": "QuestionnaireResponse", "questionnaire": URL, "status": "completed"}
        found[str(number)] = {**head, **({"item": items} if items else {})}
    return found
