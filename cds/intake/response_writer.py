"""A QuestionnaireResponse from answers: the opposite of the checks that take one apart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from cds.intake.checked import Answer, Answers, Quantity
from cds.pack.questionnaire import Item, Questionnaire
from cds.pack.text import text_in

_ELEMENTS: Final = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "dateTime": "valueDateTime",
    "time": "valueTime",
    "url": "valueUri",
}


class ResponseWriter:
    """Writes responses to one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._inside: dict[str | None, list[Item]] = {}
        for item in questionnaire.items.values():
            self._inside.setdefault(item.parent, []).append(item)

    def write(self, answers: Answers, authored: str, language: str | None = None) -> dict[str, Any]:
        """A completed response with these answers, in the order and nesting of the questionnaire."""
        response: dict[str, Any] = {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": f"{self._questionnaire.url}|{self._questionnaire.version}",
            "status": "completed",
            "authored": authored,
        }
        if language:
            response["language"] = language
        items = self._nested(answers, None, language or "")
        if items:
            response["item"] = items
        return response

    def _nested(self, answers: Answers, parent: str | None, language: str) -> list[dict[str, Any]]:
        items = []
        for item in self._inside.get(parent, ()):
            link_id = item.link_id
            inner = self._nested(answers, link_id, language) if link_id in self._inside else []
            elements = [_element(item, answer, language) for answer in answers.get(link_id, ())]
            if item.type == "group" and inner:
                items.append({"linkId": link_id, "item": inner})
            elif elements:
                if inner:
                    elements[0]["item"] = inner
                items.append({"linkId": link_id, "answer": elements})
        return items


def _element(item: Item, answer: Answer, language: str) -> dict[str, Any]:
    option = None if isinstance(answer, Decimal | Quantity) else item.options.get(answer)
    if isinstance(answer, tuple) and not isinstance(answer, Quantity):
        system, code = answer
        display = text_in(option.text, language) if option else ""
        return {"valueCoding": {"system": system, "code": code, "display": display}}
    if isinstance(answer, Quantity):
        return {"valueQuantity": {"value": _number(answer.value), "unit": answer.code, **_unit(answer)}}
    if option is not None:
        return {"valueInteger" if isinstance(answer, int) else "valueString": answer}
    return {_ELEMENTS.get(item.type, "valueString"): _number(answer) if isinstance(answer, Decimal) else answer}


def _unit(quantity: Quantity) -> dict[str, str]:
    return {"system": quantity.system, "code": quantity.code}


def _number(value: Decimal) -> int | float:
    """A number as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
