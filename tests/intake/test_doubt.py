"""What an answer hid that the chart contradicts was never asked, and is not ruled out."""

from __future__ import annotations

from typing import Any

import pytest

from cds import Decision
from cds.cards import open_questions
from tests.decisions import SHIPPED, support

PREGNANT = {"resourceType": "Condition", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "77386006"}]}}
FEMALE = {"resourceType": "Patient", "id": "example", "gender": "female"}
YOUNG = {"resourceType": "Patient", "id": "example", "birthDate": "1996-05-05"}
PREGNANCY = ("pregnant", "pregnancy_signs", "trying_to_conceive", "menstrual_disturbance")


def _decide(chart: dict[str, Any] | None, **changes: object) -> Decision:
    return SHIPPED.decide("ordinary-soreness", PREGNANCY, chart, None, **changes)


@pytest.mark.parametrize(
    ("changes", "chart", "question"),
    [
        ({"sex": "female", "age": 30, "pregnant": "no"}, PREGNANT, "pregnancy-signs"),
        ({"sex": "male", "age": 30}, PREGNANT, "pregnant"),
        ({"sex": "male", "age": 30}, FEMALE, "pregnant"),
        ({"sex": "female", "age": 60}, YOUNG, "pregnant"),
    ],
)
def test_no_all_clear_on_the_word_of_an_answer_that_the_chart_contradicts(
    changes: dict[str, object], chart: dict[str, Any], question: str
) -> None:
    decision = _decide(chart, **changes)
    assert "pregnancy_signs" not in decision.patient.values
    assert decision.assessment.outcome == "incomplete"
    assert decision.assessment.possible_level == "emergency"
    assert question in {asked.link_id for asked in open_questions(support().pack, decision, "en")}


@pytest.mark.parametrize("chart", [None, {"resourceType": "Patient", "id": "example", "gender": "male"}])
def test_what_nobody_contradicts_is_rightly_hidden(chart: dict[str, Any] | None) -> None:
    decision = _decide(chart, sex="male", age=30)
    assert decision.assessment.outcome == "self-care"


def test_a_normal_temperature_in_the_chart_casts_no_doubt_on_the_answer_about_fever() -> None:
    decision = SHIPPED.decide("ordinary-soreness", (), _temperature(36.8, "Cel"), fever="no")
    assert decision.assessment.outcome == "self-care"


def test_a_fever_in_fahrenheit_is_a_fever() -> None:
    decision = SHIPPED.decide("ordinary-soreness", (), _temperature(102.2, "[degF]"), fever="no")
    assert decision.assessment.outcome == "same-day"


def test_a_temperature_that_cannot_be_read_is_unknown_and_not_normal() -> None:
    decision = SHIPPED.decide("ordinary-soreness", (), _temperature(312.4, "K"), fever="no")
    assert "temperature" not in decision.patient.values
    assert decision.assessment.outcome == "incomplete"


@pytest.mark.parametrize(
    ("value", "unit", "status"),
    [(30, "mL/min/{1.73_m2}", "instead"), (30, "mL/min", "ask-first"), (90, "mL/min/{1.73_m2}", "advised")],
)
def test_kidneys_that_cannot_be_judged_by_the_chart_ask_first_about_painkillers(
    value: float, unit: str, status: str
) -> None:
    chart = _observation("98979-8", value, unit)
    decision = SHIPPED.decide("ordinary-soreness", (), chart, None, kidney_disease="no")
    given = {one.advice.id: one.status for one in decision.assessment.advice}
    assert given["nsaid"] == status
    assert ("kidney_disease" in decision.patient.values) == (status != "ask-first")


def _temperature(value: float, unit: str) -> dict[str, Any]:
    return _observation("8310-5", value, unit)


def _observation(code: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2026-11-22T08:00:00+01:00",
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit},
    }
