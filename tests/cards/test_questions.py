"""Open questions: each once, the one that a person would now ask, most urgent first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cds.assessment import Decision, OpenFinding
from cds.cards import OpenQuestion, open_questions
from tests.decisions import MINIMAL, SHIPPED, VARIETY, decide, example, response, support


def asked(decision: Decision, language: str = "en") -> dict[str | None, OpenQuestion]:
    found = open_questions(support().pack, decision, language)
    assert len({question.link_id for question in found}) == len(found)
    return {question.link_id: question for question in found}


def link_ids(decision: Decision) -> list[str | None]:
    return list(asked(decision))


def test_nothing_is_asked_when_everything_was_answered() -> None:
    assert link_ids(decide()) == []


def test_the_question_that_was_skipped() -> None:
    (question,) = asked(decide(leave_out=["fever"])).values()
    assert question.link_id == "fever"
    assert "fever" in question.findings
    assert question.level in ("emergency", "same-day")
    assert question.text == support().pack.questionnaire.items["fever"].text["en"]


def test_not_sure_is_asked_again() -> None:
    resource = response()
    (answer,) = (item for group in resource["item"] for item in group.get("item", []) if item["linkId"] == "fever")
    answer["answer"][0]["valueCoding"] = {
        "system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
        "code": "ASKU",
        "display": "not sure",
    }
    assert "fever" in link_ids(support().decide_parsed(resource))


def test_one_question_for_all_that_it_decides_with_the_most_urgent_level() -> None:
    (question,) = asked(decide(leave_out=["saddle_numbness", "urine_retention"])).values()
    assert question.link_id == "bladder-bowel"
    assert {"saddle_numbness", "urine_retention"} <= set(question.findings)
    assert question.level == "emergency"


def test_the_question_that_opens_another_is_asked_first() -> None:
    # Whether the exercise questions are asked hangs on "after-exercise", which was not answered.
    left_out = ["after_exercise", "exercise_type", "strenuous", "max_effort_lift", "load_increase", "extreme_exertion"]
    found = asked(decide(leave_out=[*left_out, "heat_illness", "low_energy_intake"], dark_urine="yes"))
    assert "exercise-type" not in found
    assert "training" not in found


def test_a_question_that_can_be_asked_now_is_asked_and_not_one_that_was_answered() -> None:
    pregnancy = ["pregnant", "pregnancy_signs", "trying_to_conceive", "menstrual_disturbance"]
    found = asked(decide(sex="female", age=30, leave_out=pregnancy))
    assert "pregnancy_signs" in found["pregnant"].findings
    assert "age" not in found


def test_the_outermost_gate_comes_first() -> None:
    found = asked(SHIPPED.nothing_answered())
    assert {"age", "sex", "pain-site", "pain-onset"} <= found.keys()
    for hidden in ("pregnant", "pregnancy-signs", "temperature", "rigors", "periods"):
        assert hidden not in found
    assert "pregnant" in found["age"].findings + found["sex"].findings


@pytest.mark.parametrize("name", VARIETY)
def test_most_urgent_first_and_nothing_forgotten(name: str) -> None:
    pack, decision = support().pack, example(name)
    found = open_questions(pack, decision, "en")
    ranks = [pack.rank[question.level] for question in found]
    assert ranks == sorted(ranks)
    findings = [name for question in found for name in question.findings]
    assert sorted(findings) == sorted(gap.finding for gap in decision.assessment.open_findings)


@pytest.mark.parametrize("name", VARIETY)
def test_whoever_answers_all_questions_is_never_left_with_an_unaskable_one(name: str) -> None:
    items = support().pack.questionnaire.items
    for question in open_questions(support().pack, example(name), "en"):
        assert question.link_id is not None
        assert items[question.link_id].type not in ("group", "display")


def test_the_language() -> None:
    (question,) = asked(decide(leave_out=["fever"]), "es").values()
    assert question.text == support().pack.questionnaire.items["fever"].text["es"]


class TestOtherPack:
    """A pack about something else, with findings that only the chart gives."""

    def decide(self, *items: dict[str, Any]) -> Decision:
        questionnaire = MINIMAL.support.pack.questionnaire
        resource: dict[str, Any] = {"resourceType": "QuestionnaireResponse", "status": "completed"}
        resource["questionnaire"] = f"{questionnaire.url}|{questionnaire.version}"
        resource["authored"] = "2026-11-22T09:30:00Z"
        return MINIMAL.support.decide_parsed(resource | ({"item": list(items)} if items else {}))

    def test_a_finding_of_the_chart_alone_is_asked_by_its_title(self) -> None:
        decision = self.decide()
        gap = OpenFinding("kidney_disease", "same-day", "medicine.kidney")
        decision = replace(decision, assessment=replace(decision.assessment, open_findings=(gap,)))
        assert open_questions(MINIMAL.support.pack, decision, "en") == (
            OpenQuestion(None, "Weak kidneys", "same-day", ("kidney_disease",)),
        )

    def test_a_hidden_question_is_reached_by_its_gate(self) -> None:
        temperature = {"linkId": "temperature", "answer": [{"valueDecimal": 38.5}]}
        found = open_questions(MINIMAL.support.pack, self.decide(temperature), "en")
        questions = {question.link_id: question for question in found}
        assert "bloody-phlegm" not in questions
        assert "bloody_phlegm" in questions["cough"].findings

    def test_a_question_about_the_scope_alone(self) -> None:
        found = open_questions(MINIMAL.support.pack, self.decide(), "en")
        assert "age" in {question.link_id for question in found}
