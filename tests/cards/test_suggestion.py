"""Proposed requests: who, what, how soon, and why."""

from __future__ import annotations

import pytest

from cds.assessment import Decision
from cds.cards.suggestion import priority, resource
from cds.pack.content import Suggestion
from tests.decisions import decide, example, response, support

SUGGESTIONS = {suggestion.id: suggestion for suggestion in support().pack.cards.suggestions}
VISIT = SUGGESTIONS["emergency-assessment"]


def of(decision: Decision, suggestion: Suggestion = VISIT, language: str = "en") -> dict[str, object]:
    return resource(support().pack, suggestion, decision, language)


def test_a_service_request_names_its_subject_and_the_response() -> None:
    made = of(example("emergency"))
    assert made["resourceType"] == "ServiceRequest"
    assert made["subject"] == {"reference": "Patient/example"}
    assert made["supportingInfo"] == [{"reference": "QuestionnaireResponse/example-1"}]
    assert made["authoredOn"] == "2026-11-22T09:30:00+01:00"


def test_without_a_subject_it_is_a_task() -> None:
    anonymous = response(saddle_numbness="yes")
    del anonymous["subject"]
    made = of(support().decide_parsed(anonymous))
    assert made["resourceType"] == "Task"
    assert made["focus"] == {"reference": "QuestionnaireResponse/example-1"}
    assert "for" not in made
    assert made["description"] == VISIT.description["en"]


def test_without_an_id_nothing_refers_to_the_response() -> None:
    unnamed = response(saddle_numbness="yes")
    del unnamed["id"]
    assert "supportingInfo" not in of(support().decide_parsed(unnamed))


def test_a_task_is_for_the_subject() -> None:
    made = of(example("incomplete"), SUGGESTIONS["complete-answers"])
    assert made["resourceType"] == "Task"
    assert made["for"] == {"reference": "Patient/example"}


@pytest.mark.parametrize("as_of", ["2026", "2026-11"])
def test_a_time_without_a_day_is_left_out(as_of: str) -> None:
    assert "authoredOn" not in of(support().decide_parsed(response(saddle_numbness="yes"), as_of=as_of))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_reasons_are_those_of_the_level_in_the_language_of_the_card(language: str) -> None:
    pack = support().pack
    reason = pack.rule["ces.saddle_numbness"].then.reason
    assert reason is not None
    assert of(example("emergency"), language=language)["reasonCode"] == [{"text": reason[language]}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("emergency", "stat"),
        ("same-day", "asap"),
        ("within-days", "urgent"),
        ("routine", "routine"),
        ("self-care", "routine"),
        ("incomplete", "asap"),
        ("incomplete-routine", "asap"),
        ("incomplete-within-days", "asap"),
        ("no-exercise", "urgent"),
        ("child", "urgent"),
        ("child-emergency", "stat"),
    ],
)
def test_priority(name: str, expected: str) -> None:
    assert priority(support().pack, example(name)) == expected


def test_a_level_proposes_its_own_request_and_nothing_else() -> None:
    for level, expected in (("emergency", "emergency-assessment"), ("same-day", "same-day-assessment")):
        (card,) = support().cards.cards(example(level), "en")
        assert [entry["label"] for entry in card["suggestions"]] == [SUGGESTIONS[expected].label["en"]]


def test_out_of_scope_proposes_the_level_that_the_answers_call_for() -> None:
    (card,) = support().cards.cards(decide(age=14), "en")
    assert [entry["label"] for entry in card["suggestions"]] == [SUGGESTIONS["assessment-within-days"].label["en"]]
