"""The response held against its Questionnaire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cds.intake.checked import CheckedResponse, Quantity
from cds.intake.faults import IntakeError
from cds.intake.response import check_response
from tests.intake.example import OWN, QUESTIONNAIRE, UCUM, about, answer, coded, fall, response


def check(*items: dict[str, Any], **elements: Any) -> CheckedResponse:
    return check_response(response(*items, **elements), QUESTIONNAIRE)


def faults(*items: dict[str, Any], **elements: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(IntakeError) as caught:
        check(*items, **elements)
    return [(found.code, found.link_id) for found in caught.value.faults]


def test_answers_of_every_type() -> None:
    checked = check(
        about(
            answer("age", valueInteger=40),
            answer("temperature", valueDecimal=37.85),
            answer("weight", valueQuantity={"value": 80, "unit": "kg", "system": UCUM, "code": "kg"}),
            answer("onset", valueDate="2026-11"),
            answer("began", valueDateTime="2026-11-20T08:00:00Z"),
            answer("clock", valueTime="07:30:00"),
            answer("word", valueString="dull"),
            answer("comment", valueString="Call me"),
            answer("page", valueUri="https://example.org"),
            {"linkId": "note"},
        ),
        coded("numb", "saddle", "leg"),
        coded("more-numb", "foot"),
        answer("sport", valueString="climbing"),
        answer("floors", valueInteger=2),
        answer("word-choice", valueString="dull"),
        id="r1",
        language="es",
        subject={"reference": "Patient/p1"},
    )
    assert checked.answers == {
        "fell": (False,),
        "age": (40,),
        "temperature": (Decimal("37.85"),),
        "weight": (Quantity(Decimal(80), "kg", UCUM),),
        "onset": ("2026-11",),
        "began": ("2026-11-20T08:00:00Z",),
        "clock": ("07:30:00",),
        "word": ("dull",),
        "comment": ("Call me",),
        "page": ("https://example.org",),
        "numb": ((OWN, "saddle"), (OWN, "leg")),
        "more-numb": ((OWN, "foot"),),
        "sport": ("climbing",),
        "floors": (2,),
        "word-choice": ("dull",),
    }
    assert (checked.id, checked.language, checked.subject) == ("r1", "es", "Patient/p1")
    assert checked.authored == "2026-11-22T10:00:00+01:00"
    assert checked.path("age") == "QuestionnaireResponse.item[0].item[1]"


def test_comments_are_only_known_to_be_there() -> None:
    assert check(about(answer("comment", valueString="x"))).has_comment(["comment"])
    assert not check(about(answer("comment", valueString="  "))).has_comment(["comment"])
    assert not check(about()).has_comment(["comment"])


@pytest.mark.parametrize("status", ["completed", "amended"])
@pytest.mark.parametrize("version", ["", "|1.0.0"])
def test_final_responses_to_this_questionnaire_pass(status: str, version: str) -> None:
    canonical = f"https://example.org/fhir/Questionnaire/small{version}"
    assert check(about(), status=status, questionnaire=canonical).answers == {"fell": (False,)}


@pytest.mark.parametrize("status", ["in-progress", "stopped", "entered-in-error", "final"])
def test_other_statuses_are_refused(status: str) -> None:
    assert faults(about(), status=status) == [("not-final", None)]


def test_what_is_nested_in_an_answer() -> None:
    inside = {"linkId": "where", "answer": [{"valueString": "ice"}]}
    landed = coded("landed", "N")
    landed["answer"][0]["item"] = [inside]
    assert check(about(fell=True), fall(landed)).answers["where"] == ("ice",)
    assert faults(about(fell=True), fall(coded("landed", "N"), inside)) == [("misplaced-item", "where")]
    assert faults(about(fell=True), fall({**coded("landed", "N"), "item": [inside]})) == [("misplaced-item", "landed")]


def test_a_repeating_question_may_be_there_twice() -> None:
    checked = check(about(), coded("numb", "saddle"), coded("numb", "leg"))
    assert checked.answers["numb"] == ((OWN, "saddle"), (OWN, "leg"))
    assert faults(about(), coded("numb", "saddle"), coded("numb", "saddle")) == [("same-option-twice", "numb")]
    assert faults(about(), coded("numb", "saddle"), coded("numb", "none")) == [("exclusive-option", "numb")]


@pytest.mark.parametrize(
    "item",
    [
        coded("side", "middle"),
        coded("side", "left", system="https://example.org/other"),
        answer("side", valueCoding={"code": "left"}),
        coded("sport", "swimming"),
        answer("floors", valueInteger=3),
        answer("word-choice", valueString="tingling"),
    ],
)
def test_options_that_are_not_offered(item: dict[str, Any]) -> None:
    assert faults(about(), item) == [("option-not-offered", item["linkId"])]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (answer("age", valueInteger=-1), "below-minimum"),
        (answer("temperature", valueDecimal=44.001), "above-maximum"),
        (answer("onset", valueDate="1899-12-31"), "below-minimum"),
        (answer("onset", valueDate="1899"), "below-minimum"),
        (answer("comment", valueString="x" * 201), "answer-too-long"),
    ],
)
def test_limits(item: dict[str, Any], code: str) -> None:
    assert faults(about(item)) == [(code, item["linkId"])]


@pytest.mark.parametrize(
    "item",
    [answer("age", valueInteger=120), answer("temperature", valueDecimal=30.5), answer("onset", valueDate="1900")],
)
def test_limits_are_inclusive(item: dict[str, Any]) -> None:
    assert item["linkId"] in check(about(item)).answers


@pytest.mark.parametrize(
    ("link_id", "value"),
    [
        ("fell", {"valueInteger": 1}),
        ("age", {"valueDecimal": 40}),
        ("temperature", {"valueInteger": 37}),
        ("onset", {"valueDateTime": "2026-11-22"}),
        ("word", {"valueUri": "a"}),
        ("weight", {"valueDecimal": 80}),
        ("page", {"valueString": "a"}),
    ],
)
def test_answers_of_another_type(link_id: str, value: dict[str, Any]) -> None:
    items = [answer(link_id, **value)]
    if link_id == "fell":
        assert faults({"linkId": "about", "item": items}) == [("wrong-answer-type", link_id)]
    else:
        assert faults(about(*items)) == [("wrong-answer-type", link_id)]


def test_required_only_where_it_is_shown() -> None:
    assert check(about(fell=True), fall(coded("landed", "N"))).answers
    assert faults(about(fell=True), fall(coded("landed", "Y"))) == [("missing-answer", "bruise")]
    assert check(about(fell=True), fall(coded("landed", "ASKU"))).answers


def test_answers_to_questions_that_were_not_asked() -> None:
    deep = answer("deep", valueBoolean=True)
    bruise = answer("bruise", valueBoolean=False)
    assert faults(about(fell=True), fall(coded("landed", "Y"), bruise, deep)) == [("answer-when-disabled", "deep")]
    assert faults(about(), fall(coded("landed", "Y"), bruise)) == [
        ("answer-when-disabled", "landed"),
        ("answer-when-disabled", "bruise"),
    ]
    assert faults(about(fell=True), fall(answer("height", valueInteger=3), answer("high", valueBoolean=True))) == [
        ("answer-when-disabled", "high")
    ]


def test_an_empty_response_lacks_what_is_required() -> None:
    assert faults() == [("missing-answer", "fell")]
