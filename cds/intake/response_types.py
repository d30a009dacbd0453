"""The JSON types of a FHIR R4 QuestionnaireResponse."""

from __future__ import annotations

from typing import Any, Final

from cds.intake.faults import IntakeError, fault
from cds.intake.json_types import (
    LONGEST,
    any_object,
    boolean,
    code,
    date,
    date_time,
    decimal,
    identifier,
    integer,
    text,
    time,
    uri,
)
from cds.intake.shape import Shape, array, modifier
from cds.intake.type_problem import Check, Problems, as_faults, wrong

_EXTENSIBLE: Final[dict[str, Check]] = {"extension": array(any_object)}
_MODIFIED: Final[dict[str, Check]] = {**_EXTENSIBLE, "modifierExtension": modifier("modifierExtension")}

CODING: Final = Shape(["id", "system", "version", "code", "display"], {**_EXTENSIBLE, "userSelected": boolean})
QUANTITY: Final = Shape(
    ["id", "comparator", "unit", "system", "code"], {**_EXTENSIBLE, "value": decimal}, required=["value"]
)
_VALUES: Final[dict[str, Check]] = {
    "valueBoolean": boolean,
    "valueDecimal": decimal,
    "valueInteger": integer,
    "valueDate": date,
    "valueDateTime": date_time,
    "valueTime": time,
    "valueString": text,
    "valueUri": uri,
    "valueAttachment": any_object,
    "valueCoding": CODING,
    "valueQuantity": QUANTITY,
    "valueReference": any_object,
}

_TEXTS: Final = frozenset({"linkId", "text"})
_CODED: Final = frozenset({"system", "code", "display"})


def is_plain(item: Any) -> bool:
    """Whether an item is a question answered with codings alone, all of the right types.

    Most are. This only saves the time of the full check, which such an item is certain to pass.
    """
    if type(item) is not dict or "linkId" not in item:
        return False
    for name, child in item.items():
        if name == "answer":
            if type(child) is not list or not child or not all(map(_is_coding, child)):
                return False
        elif name not in _TEXTS or type(child) is not str or not 0 < len(child) <= LONGEST:
            return False
    return True


def _is_coding(answer: Any) -> bool:
    coding = answer.get("valueCoding") if type(answer) is dict and len(answer) == 1 else None
    if type(coding) is not dict:
        return False
    for name, child in coding.items():
        if name not in _CODED or type(child) is not str or not 0 < len(child) <= LONGEST:
            return False
    return True


def _item(value: Any) -> Problems:
    return None if is_plain(value) else _ITEM(value)


_ITEMS: Final = array(_item)
_ANSWER: Final = Shape(["id"], {**_MODIFIED, **_VALUES, "item": _ITEMS}, one_of=_VALUES)
_ITEM: Final = Shape(
    ["id", "linkId", "definition", "text"],
    {**_MODIFIED, "answer": array(_ANSWER), "item": _ITEMS},
    required=["linkId"],
)
_REFERENCE: Final = Shape(["id", "reference", "type", "display"], {**_EXTENSIBLE, "identifier": any_object})
_RESPONSE: Final = Shape(
    ["resourceType"],
    {
        **_MODIFIED,
        "id": identifier,
        "meta": any_object,
        "implicitRules": modifier("implicitRules"),
        "language": code,
        "text": any_object,
        "contained": array(any_object),
        "identifier": any_object,
        "basedOn": array(_REFERENCE),
        "partOf": array(_REFERENCE),
        "questionnaire": uri,
        "status": code,
        "subject": _REFERENCE,
        "encounter": _REFERENCE,
        "authored": date_time,
        "author": _REFERENCE,
        "source": _REFERENCE,
        "item": _ITEMS,
    },
    required=["status"],
)
ROOT: Final = "QuestionnaireResponse"


def check_types(resource: Any) -> None:
    """Check the JSON type of every element of a QuestionnaireResponse.

    Raises :class:`IntakeError` with all faults: wrong JSON types, unknown or missing elements, nulls, empty
    values, an answer without exactly one ``value[x]``, dates that do not exist.
    """
    if type(resource) is not dict:
        raise IntakeError(as_faults(ROOT, resource, wrong("an object", resource)))
    if resource.get("resourceType") != ROOT:
        raise IntakeError([fault("wrong-resource-type", ROOT, expected=ROOT)])
    problems = _RESPONSE(resource)
    if problems:
        raise IntakeError(as_faults(ROOT, resource, problems))
