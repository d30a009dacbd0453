"""LForms agrees: about the shipped questionnaire, what is shown, what responses say, and what is wrong with them.

LForms (National Library of Medicine) shares no code and no language with this package. Where the two differ, the reason
stands here, and FHIR R4 says who is right.
"""

from __future__ import annotations

import os
from typing import Final

import pytest

from cds.intake.checked import Answers
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.faults import FAULTS
from cds.intake.response import check_response
from cds.pack.questionnaire import Questionnaire
from tests.oracle.asked import FAULTY, LIVE, QUESTIONNAIRES, RESPONSES, SHIPPED, forms
from tests.oracle.lforms_browser import Report, ask, missing
from tests.oracle.said import instants, said

# One browser for all: under pytest-xdist these tests stay in one process.

_OUTSIDE: Final = "LForms takes the items and leaves the rest of the resource to the application"
_CHART: Final = "LForms has no chart"
UNSEEN: Final = {
    "bad-format": _OUTSIDE,
    "missing-element": _OUTSIDE,
    "no-questionnaire": _OUTSIDE,
    "not-final": _OUTSIDE,
    "other-questionnaire": _OUTSIDE,
    "other-version": _OUTSIDE,
    "modifier": "LForms ignores modifierExtension in a response, which FHIR does not allow",
    "exclusive-option": "LForms does not support optionExclusive (its sdc-support.md)",
    "same-option-twice": "LForms keeps every answer of a repeating question",
    "date-in-future": "LForms does not know when the response is evaluated",
    "value-out-of-range": "the range is that of the finding in the pack, not of the question",
    "wrong-unit": "the unit is that of the finding in the pack, not of the question",
    "not-a-chart": _CHART,
    "other-patient": _CHART,
    "several-patients": _CHART,
}
"""Faults that LForms cannot see, and why not."""


@pytest.fixture(scope="module")
def report() -> Report:
    """All that LForms says; the tests are skipped where it is not installed, but never in CI."""
    if absent := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    return ask(forms(), SHIPPED, [step for step, _ in LIVE])


def _shown(questionnaire: Questionnaire, answers: Answers) -> set[str]:
    """The link ids that are shown, by our reading of enableWhen."""
    enablement = Enablement(questionnaire)
    return {link_id for link_id in questionnaire.items if enablement.state(link_id, answers) == SHOWN}


def test_the_page_stays_at_home_and_has_no_errors(report: Report) -> None:
    assert report.problems == []


def test_a_person_sees_what_we_call_shown(report: Report) -> None:
    questionnaire = QUESTIONNAIRES["shipped"]
    for answers, seen in zip(({}, *(answers for _, answers in LIVE)), report.shown, strict=True):
        expected = {questionnaire.items[link_id].text["en"] for link_id in _shown(questionnaire, answers)}
        assert set(seen) == expected, answers


def test_questions_about_pregnancy_come_and_go(report: Report) -> None:
    about_pregnancy = {QUESTIONNAIRES["shipped"].items[one].text["en"] for one in ("pregnant", "pregnancy-signs")}
    counts = [len(about_pregnancy.intersection(seen)) for seen in report.shown]
    assert counts == [0, 1, 1, 2, 0]


def test_we_take_what_the_page_gives(report: Report) -> None:
    _, answers = LIVE[-1]
    assert check_response(report.filled_in, QUESTIONNAIRES["shipped"]).answers == answers


@pytest.mark.parametrize("form", RESPONSES)
def test_no_objection_to_a_response_that_we_take(form: str, report: Report) -> None:
    assert {name: found.objections for name, found in report.results[form].items() if found.objections} == {}


@pytest.mark.parametrize("form", RESPONSES)
def test_the_same_answers(form: str, report: Report) -> None:
    for name, raw in RESPONSES[form].items():
        back = said(report.results[form][name].item)
        assert back == said(raw.get("item")), name
        ours = check_response(raw, QUESTIONNAIRES[form]).answers
        assert back.keys() == ours.keys(), name
        if form == "shipped":
            assert back == {link_id: instants(values) for link_id, values in ours.items()}, name


@pytest.mark.parametrize("form", RESPONSES)
def test_the_same_items_are_enabled(form: str, report: Report) -> None:
    questionnaire = QUESTIONNAIRES[form]
    for name, raw in RESPONSES[form].items():
        shown = _shown(questionnaire, check_response(raw, questionnaire).answers)
        assert report.results[form][name].enabled == shown, name


@pytest.mark.parametrize("code", FAULTY)
def test_the_same_faults(code: str, report: Report) -> None:
    found = report.results["faulty"][code]
    seen = bool(found.objections) or said(found.item) != said(FAULTY[code].get("item"))
    if code in UNSEEN:
        assert not seen, f"LForms sees it now: take {code} off the list ({UNSEEN[code]})"
    else:
        assert seen, f"LForms takes it: {found}"


def test_faults_that_lforms_cannot_see_are_faults() -> None:
    assert UNSEEN.keys() <= FAULTY.keys() <= FAULTS.keys()
