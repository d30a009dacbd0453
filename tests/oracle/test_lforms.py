"""LForms agrees: about the shipped questionnaire, what is shown, what responses say, and what is wrong with them.

LForms (National Library of Medicine) shares no code and no language with this package. Where the two differ, the reason
stands here, and FHIR R4 says who is right.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from cds.intake.checked import Answers
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.faults import FAULTS
from cds.intake.response import check_response
from cds.pack.loader import load_pack
from cds.pack.questionnaire import Questionnaire
from cds.pack.questionnaire_reader import parse_questionnaire
from cds.shipped import default_pack
from tests.intake import example
from tests.intake.example import about, answer, coded, fall, response
from tests.oracle import gates
from tests.oracle.lforms_browser import Form, Report, ask, missing
from tests.oracle.said import instants, said

# One browser for all: under pytest-xdist these tests stay in one process.
pytestmark = pytest.mark.xdist_group("lforms")

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final[dict[str, Any]] = json.loads((default_pack() / "questionnaire.json").read_bytes())
QUESTIONNAIRES: Final = {
    "shipped": load_pack(default_pack()).questionnaire,
    "small": example.QUESTIONNAIRE,
    "gates": parse_questionnaire(gates.questionnaire(), {}),
}
CASES: Final = {path.stem: path.read_bytes() for path in sorted((ROOT / "tests/intake/faults").glob("*.json"))}
FAULTY: Final = {code: case["response"] for code, data in CASES.items() if "response" in (case := json.loads(data))}
"""Code of a fault to the response that has it; faults of bytes have none."""

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


def _landed(code: str, where: str) -> dict[str, Any]:
    """The question with another one inside its answer."""
    item = coded("landed", code)
    item["answer"][0]["item"] = [answer("where", valueString=where)]
    return item


GOOD: Final = {
    "least": response(about()),
    "types": response(
        about(
            answer("age", valueInteger=40),
            answer("temperature", valueDecimal=37.85),
            answer("weight", valueQuantity={"value": 80, "unit": "kg", "system": example.UCUM, "code": "kg"}),
            answer("onset", valueDate="2026-11-20"),
            answer("began", valueDateTime="2026-11-20T08:00:00+01:00"),
            answer("clock", valueTime="07:30:00"),
            answer("word", valueString="dull"),
            answer("comment", valueString="Call\nme"),
        ),
        answer("sport", valueString="climbing"),
    ),
    "options": response(about(), coded("side", "ASKU"), coded("numb", "leg", "saddle"), coded("more-numb", "foot")),
    "nested": response(
        about(fell=True),
        fall(
            answer("height", valueInteger=4),
            _landed("Y", "ice"),
            answer("bruise", valueBoolean=True),
            answer("deep", valueBoolean=False),
            answer("high", valueBoolean=True),
        ),
    ),
}
"""Responses to the small questionnaire without a fault.

Left out is what FHIR R4 allows and LForms 40 loses: a URL, an option that is a number or a text (dropped), a partial
date (it gets a first day), a date with a minimum (found too early whatever it is).
"""
RESPONSES: Final = {
    "shipped": {path.stem: json.loads(path.read_bytes()) for path in sorted((ROOT / "fixtures/responses").iterdir())},
    "small": GOOD,
    "gates": gates.responses(),
}


def _option(link_id: str, code: str) -> tuple[str, str]:
    """System and code of an option of the shipped questionnaire."""
    options = QUESTIONNAIRES["shipped"].items[link_id].options
    (found,) = (value for value in options if isinstance(value, tuple) and value[1] == code)
    return found


MALE, FEMALE = _option("sex", "male"), _option("sex", "female")
PREGNANT: Final = _option("pregnant", "Y")
LIVE: Final[tuple[tuple[dict[str, Any], Answers], ...]] = (
    ({"fill": ["age/1/1", "30"]}, {"age": (30,)}),
    ({"click": "sex/1/1|{}|{}".format(*FEMALE)}, {"age": (30,), "sex": (FEMALE,)}),
    (
        {"click": "pregnant/1/1|{}|{}".format(*PREGNANT)},
        {"age": (30,), "sex": (FEMALE,), "pregnant": (PREGNANT,)},
    ),
    ({"click": "sex/1/1|{}|{}".format(*MALE)}, {"age": (30,), "sex": (MALE,)}),
)
"""What a person does on the page, with the answers that then count."""


@pytest.fixture(scope="module")
def report() -> Report:
    """All that LForms says; the tests are skipped where it is not installed, but never in CI."""
    if absent := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    forms = {
        "shipped": Form(SHIPPED, _without_displays(RESPONSES["shipped"])),
        "small": Form(_without_date_limits(example.RESOURCE), GOOD),
        "faulty": Form(_without_date_limits(example.RESOURCE), FAULTY),
        "gates": Form(gates.questionnaire(), RESPONSES["gates"]),
    }
    return ask(forms, SHIPPED, [step for step, _ in LIVE])


def _without_displays(resource: Any) -> Any:
    """LForms drops an answer whose display is not the questionnaire's, as in another language; FHIR does not."""
    if isinstance(resource, list):
        return [_without_displays(one) for one in resource]
    if isinstance(resource, dict):
        return {name: _without_displays(one) for name, one in resource.items() if name != "display"}
    return resource


def _without_date_limits(resource: dict[str, Any]) -> dict[str, Any]:
    """LForms supports minValue on numbers only, and finds every date too early."""
    found: dict[str, Any] = json.loads(json.dumps(resource))
    (onset,) = (item for item in found["item"][0]["item"] if item["linkId"] == "onset")
    del onset["extension"]
    return found


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
