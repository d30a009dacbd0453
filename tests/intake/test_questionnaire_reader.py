"""Questionnaires as they are read, and what is refused in them."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from cds.pack.questionnaire import EnableWhen, Option
from cds.pack.questionnaire_reader import QuestionnaireError, parse_questionnaire
from tests.intake.example import OWN, QUESTIONNAIRE, RESOURCE, YES_NO

BASE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "https://example.org/fhir/Questionnaire/tiny",
    "version": "1",
    "status": "draft",
    "title": "Tiny",
}
LIMIT = "http://hl7.org/fhir/StructureDefinition"


def question(link_id: str = "a", kind: str = "boolean", **parts: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, "text": "?", **parts}


def option(code: str, system: str = OWN) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code, "display": code}}


def limits(kind: str, minimum: Any, maximum: Any) -> list[dict[str, Any]]:
    return [{"url": f"{LIMIT}/minValue", kind: minimum}, {"url": f"{LIMIT}/maxValue", kind: maximum}]


def test_items_in_order_with_parents_and_both_languages() -> None:
    items = QUESTIONNAIRE.items
    assert [item.order for item in items.values()] == list(range(len(items)))
    assert items["where"].parent == "landed"
    assert items["landed"].parent == "fall"
    assert items["fell"].text == {"en": "Did you fall?", "es": "¿Se cayó?"}
    assert QUESTIONNAIRE.title == {"en": "A small questionnaire", "es": "Un cuestionario pequeño"}
    assert items["numb"].options[(OWN, "none")] == Option(
        (OWN, "none"), {"en": "Nowhere", "es": "En ningún sitio"}, True
    )
    assert items["word-choice"].options["dull"].text == {"en": "dull", "es": "sordo"}
    assert list(items["floors"].option_codes) == ["1", "2"]
    assert (items["temperature"].minimum, items["temperature"].maximum) == (Decimal("30.5"), Decimal(44))
    assert (items["onset"].minimum, items["word"].max_length) == ("1900-01-01", 10)
    assert (items["fell"].required, items["numb"].repeats, items["either"].enable_any) == (True, True, True)
    assert items["bruise"].enable_when == (EnableWhen("landed", "=", (YES_NO, "Y")),)


@pytest.mark.parametrize(
    ("items", "path", "message"),
    [
        ([question(), question()], "item[1]", "used twice"),
        ([question("g", "group", item=[question("g")])], "item[0].item[0]", "used twice"),
        ([question(kind="slider")], "item[0].type", "not supported"),
        ([question(kind="attachment")], "item[0].type", "not supported"),
        ([{"linkId": "a", "type": "boolean"}], "item[0]", "no text"),
        ([question(kind="group")], "item[0]", "empty"),
        ([question("g", "group", repeats=True, item=[question()])], "item[0].repeats", "cannot have repeats"),
        ([question("d", "display", item=[question()])], "item[0].item[0]", "display"),
        ([question(kind="choice")], "item[0]", "offers nothing"),
        ([question(answerOption=[option("x")])], "item[0]", "make it a choice"),
        (
            [question("g", "group", answerOption=[option("x")], item=[question()])],
            "item[0].answerOption",
            "cannot have",
        ),
        ([question(kind="choice", answerOption=[option("x"), option("x")])], "item[0].answerOption[1]", "twice"),
        (
            [question(kind="choice", answerOption=[option("x"), option("x", YES_NO)])],
            "item[0].answerOption[1]",
            "two systems",
        ),
        (
            [question(kind="choice", answerOption=[{"valueCoding": {"code": "x"}}])],
            "item[0].answerOption[0]",
            "display",
        ),
        ([question(kind="choice", answerValueSet="https://example.org/x")], "item[0].answerValueSet", "no value set"),
        ([question(kind="integer", extension=limits("valueInteger", 5, 4))], "item[0]", "greater"),
        ([question(kind="string", extension=limits("valueInteger", 1, 2))], "item[0]", "has no minValue"),
        ([question(kind="integer", extension=limits("valueDecimal", 1, 2))], "item[0]", "valueInteger"),
        ([question(required="true")], "required", "without quotes"),
        ([question(enableWhen=[])], "enableWhen", "empty"),
    ],
)
def test_items_that_are_refused(items: list[dict[str, Any]], path: str, message: str) -> None:
    with pytest.raises(QuestionnaireError, match=message) as caught:
        parse_questionnaire(BASE | {"item": items}, {})
    assert any(path in problem.path for problem in caught.value.problems)


def gate(on: str, operator: str = "=", **expected: Any) -> dict[str, Any]:
    return {"question": on, "operator": operator, **expected}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ([gate("nowhere", answerBoolean=True)], "no item with the linkId"),
        ([gate("a", answerInteger=1)], "write answerBoolean"),
        ([gate("a", ">", answerBoolean=True)], "use the operator = or !="),
        ([gate("a", "exists", answerInteger=1)], "needs answerBoolean"),
        ([gate("a", "like", answerBoolean=True)], "operator must be one of"),
        ([gate("c", answerCoding={"system": OWN, "code": "y"})], "does not offer"),
        ([gate("c", answerCoding={"code": "x"})], "does not offer"),
        ([gate("g", answerBoolean=True)], "has no answer"),
        ([gate("z", answerBoolean=True)], "depends on itself"),
        ([gate("a", answerBoolean=True), gate("b", answerInteger=1)], "enableBehavior"),
        ([gate("a", answerBoolean=True, answerInteger=1)], "Any of one field|exactly one"),
    ],
)
def test_conditions_that_are_refused(conditions: list[dict[str, Any]], message: str) -> None:
    items = [
        question("a"),
        question("b", "integer"),
        question("c", "choice", answerOption=[option("x")]),
        question("g", "group", item=[question("h")]),
        question("z", enableWhen=conditions),
    ]
    with pytest.raises(QuestionnaireError, match=message):
        parse_questionnaire(BASE | {"item": items}, {})


def test_an_item_cannot_depend_on_what_is_inside_it() -> None:
    inner = question("g", "group", enableWhen=[gate("h", answerBoolean=True)], item=[question("h")])
    with pytest.raises(QuestionnaireError, match="depends on itself"):
        parse_questionnaire(BASE | {"item": [inner]}, {})


@pytest.mark.parametrize("element", ["url", "version", "title"])
def test_what_responses_and_pages_need(element: str) -> None:
    resource = {name: value for name, value in BASE.items() if name != element} | {"item": [question()]}
    with pytest.raises(QuestionnaireError, match=f"no {element}"):
        parse_questionnaire(resource, {})


def test_expressions_and_modifiers_are_not_guessed_at() -> None:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    expression = {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": "true"}}
    with pytest.raises(QuestionnaireError, match="not supported"):
        parse_questionnaire(BASE | {"item": [question(extension=[expression])]}, {})
    with pytest.raises(QuestionnaireError, match="resourceType"):
        parse_questionnaire({"resourceType": "Library"}, {})


def test_options_from_value_sets() -> None:
    codes = {"sides": {(OWN, "left"), (OWN, "right")}}
    choice = question(kind="choice", answerValueSet="https://example.org/fhir/ValueSet/sides|1")
    found = parse_questionnaire(BASE | {"item": [choice]}, codes)
    assert list(found.items["a"].options) == [(OWN, "left"), (OWN, "right")]
    concept = {"code": "left", "display": "Left", "designation": [{"language": "es", "value": "Izquierdo"}]}
    contained = {
        "resourceType": "ValueSet",
        "id": "sides",
        "status": "draft",
        "compose": {"include": [{"system": OWN, "concept": [concept]}]},
    }
    resource = BASE | {"contained": [contained], "item": [question(kind="choice", answerValueSet="#sides")]}
    (one,) = parse_questionnaire(resource, {}).items["a"].options.values()
    assert one.text == {"en": "Left", "es": "Izquierdo"}


def test_every_problem_is_found() -> None:
    resource = deepcopy(RESOURCE)
    resource["item"][0]["item"][0]["linkId"] = "age"
    del resource["item"][1]["answerOption"]
    with pytest.raises(QuestionnaireError) as caught:
        parse_questionnaire(resource, {})
    messages = "\n".join(map(str, caught.value.problems))
    assert all(part in messages for part in ("used twice", "offers nothing", "no item with the linkId 'fell'"))
