"""The JSON types of a FHIR R4 QuestionnaireResponse."""

from __future__ import annotations

from typing import Any, Final

from cds.intake.faults import IntakeError, fault
from cds.intake.json_types import (
    Check,
    Problems,
    Shape,
    any_object,
    array,
    as_faults,
    boolean,
    code,
    date,
    date_time,
    decimal,
    identifier,
    integer,
    modifier,
    text,
    time,
    uri,
    wrong,
)

_EXTENSIBLE: Final[dict[str, Check]] = {"extension": array(any_object)}
_MODIFIED: Final[dict[str, Check]] = {**_EXTENSIBLE, "modifierExtension": modifier("modifierExtension")}

CODING: Final = Shape(
    ["id", "system", "version", "code", "display"], {**_EXTENSIBLE, "userSelected": boolean}
)
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


def _items(value: Any) -> Problems:
    return _ITEMS(value)


_ANSWER: Final = Shape(["id"], {**_MODIFIED, **_VALUES, "item": _items}, one_of=_VALUES)
_ITEM: Final = Shape(
    ["id", "linkId", "definition", "text"],
    {**_MODIFIED, "answer": array(_ANSWER), "item": _items},
    required=["linkId"],
)
_ITEMS: Final = array(_ITEM)
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
