"""What LForms is asked: questionnaires, responses with and without faults, and a form filled in step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from cds.intake.checked import Answers
from cds.pack.loader import load_pack
from cds.pack.questionnaire_reader import parse_questionnaire
from cds.shipped import default_pack
from tests.intake import example
from tests.intake.example import about, answer, coded, fall, response
from tests.oracle import gates
from tests.oracle.lforms_browser import Form

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


def forms() -> dict[str, Form]:
    """All questionnaires and responses, without what LForms is known not to read."""
    small = _without_date_limits(example.RESOURCE)
    return {
        "shipped": Form(SHIPPED, _without_displays(RESPONSES["shipped"])),
        "small": Form(small, GOOD),
        "faulty": Form(small, FAULTY),
        "gates": Form(gates.questionnaire(), RESPONSES["gates"]),
    }


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
