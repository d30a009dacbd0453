"""Findings held against the questionnaire and the chart: which sources can be read, and what must be declared."""

from __future__ import annotations

from typing import Any

import pytest

from cds.pack import load_pack
from cds.pack.finding import Finding
from cds.pack.finding_checks import FindingChecks, check_comments, is_value
from cds.pack.problem import Problem
from cds.pack.yaml_source import YamlSource
from tests.pack.overlay import MINIMAL
from tests.pack.vocabulary import FINDINGS, TEXT

PACK = load_pack(MINIMAL)
HOURS = {"type": "integer", "range": [0, 999], "unit": "h"}
SCORE = {"type": "integer", "range": [0, 9]}
CODE = {"type": "code", "codes": [{"code": name, "title": TEXT} for name in ("short", "long")]}
SEVERAL = {**CODE, "type": "codes"}
BOOLEAN = {"type": "boolean"}
ASKED = {"answers": [{"link_id": "smoker"}]}


def problems_of(*findings: dict[str, Any], comments: tuple[str, ...] = ("comment",)) -> list[Problem]:
    """What is wrong when these findings are added to those of the minimal pack."""
    extra = [Finding.model_validate({"id": "extra", "title": TEXT, "unanswered": "ask", **one}) for one in findings]
    problems: list[Problem] = []
    checks = FindingChecks(YamlSource("findings.yaml"), PACK.questionnaire, PACK.value_sets, problems)
    checks.check([*PACK.findings.values(), *extra], comments)
    return problems


def codes_of(*findings: dict[str, Any]) -> list[str]:
    return [problem.code for problem in problems_of(*findings)]


ANSWERS: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "boolean from boolean": (BOOLEAN, {"link_id": "smoker"}, None),
    "boolean from choice": (BOOLEAN, {"link_id": "breathless", "true": ["Y"], "false": ["N"]}, None),
    "boolean from several": (BOOLEAN, {"link_id": "signs", "true": ["rash"], "unknown": ["drowsy"]}, None),
    "boolean from choice without true": (BOOLEAN, {"link_id": "breathless", "false": ["N"]}, "item-type"),
    "boolean from choice with an empty true": (BOOLEAN, {"link_id": "breathless", "true": []}, "item-type"),
    "boolean from boolean with true": (BOOLEAN, {"link_id": "smoker", "true": ["Y"]}, "item-type"),
    "boolean from number": (BOOLEAN, {"link_id": "age"}, "item-type"),
    "boolean from text": (BOOLEAN, {"link_id": "comment"}, "item-type"),
    "boolean from map": (BOOLEAN, {"link_id": "breathless", "true": ["Y"], "map": {"N": None}}, "item-type"),
    "boolean from an unknown option": (BOOLEAN, {"link_id": "breathless", "true": ["yes"]}, "unknown-option"),
    "boolean from an item that is not there": (BOOLEAN, {"link_id": "breath"}, "unknown-link-id"),
    "one option for both": (BOOLEAN, {"link_id": "breathless", "true": ["Y"], "false": ["Y"]}, "option-twice"),
    "number from number": (HOURS, {"link_id": "age"}, None),
    "number in another unit": (HOURS, {"link_id": "age", "unit": "d"}, None),
    "number in a unit that does not fit": (HOURS, {"link_id": "age", "unit": "kg"}, "unit-mismatch"),
    "number from date": (HOURS, {"link_id": "began", "elapsed": "d"}, None),
    "number from date without elapsed": (HOURS, {"link_id": "began"}, "item-type"),
    "number from date in no time": (HOURS, {"link_id": "began", "elapsed": "kg"}, "unit-mismatch"),
    "score from date": (SCORE, {"link_id": "began", "elapsed": "d"}, "unit-mismatch"),
    "number from number with elapsed": (HOURS, {"link_id": "age", "elapsed": "d"}, "item-type"),
    "number from boolean": (HOURS, {"link_id": "smoker"}, "item-type"),
    "number from choice": (
        HOURS,
        {"link_id": "since", "values": {"under-three-days": 9, "three-days-or-more": [72, 999]}},
        None,
    ),
    "number from choice without values": (HOURS, {"link_id": "since"}, "item-type"),
    "number from several": (HOURS, {"link_id": "signs", "values": {"rash": 3}}, "item-type"),
    "number from some options": (
        HOURS,
        {"link_id": "since", "values": {"under-three-days": [0, 71]}},
        "option-without-meaning",
    ),
    "number from some options, others unknown": (
        HOURS,
        {"link_id": "since", "values": {"under-three-days": [0, 71]}, "unknown": ["three-days-or-more"]},
        None,
    ),
    "range the wrong way round": (
        HOURS,
        {"link_id": "since", "values": {"under-three-days": [71, 0], "three-days-or-more": 72}},
        "bad-range",
    ),
    "range beyond the finding's": (
        HOURS,
        {"link_id": "since", "values": {"under-three-days": [0, 71], "three-days-or-more": [72, 1000]}},
        "outside-range",
    ),
    "code from choice": (CODE, {"link_id": "since", "map": {"under-three-days": "short"}}, "option-without-meaning"),
    "code from choice, all mapped": (
        CODE,
        {"link_id": "since", "map": {"under-three-days": "short", "three-days-or-more": "long"}},
        None,
    ),
    "code that is not the finding's": (
        CODE,
        {"link_id": "since", "map": {"under-three-days": "brief", "three-days-or-more": "long"}},
        "unknown-code",
    ),
    "code from several": (CODE, {"link_id": "signs"}, "item-type"),
    "codes from one": (SEVERAL, {"link_id": "since"}, "item-type"),
    "code from boolean": (CODE, {"link_id": "smoker"}, "item-type"),
}


@pytest.mark.parametrize(("finding", "answer", "code"), ANSWERS.values(), ids=ANSWERS)
def test_answer(finding: dict[str, Any], answer: dict[str, Any], code: str | None) -> None:
    assert codes_of({**finding, "answers": [answer]}) == ([] if code is None else [code])


CONDITION = {"resource": "Condition", "value_set": "lung-disease"}
GENDER = {"resource": "Patient", "element": "gender"}
OBSERVATION = {"resource": "Observation", "value_set": "egfr"}
CHARTS: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "condition": (BOOLEAN, CONDITION, None),
    "condition ever": (BOOLEAN, {**CONDITION, "ever": True}, None),
    "condition for a number": (HOURS, CONDITION, "chart-type"),
    "condition with a limit": (BOOLEAN, {**CONDITION, "below": 3}, "chart-type"),
    "condition without value set": (BOOLEAN, {"resource": "Condition"}, "missing-key"),
    "condition of an unknown value set": (BOOLEAN, {**CONDITION, "value_set": "lungs"}, "unknown-value-set"),
    "medicine": (BOOLEAN, {"resource": "MedicationRequest", "value_set": "blood-thinners"}, None),
    "medicine ever": (
        BOOLEAN,
        {"resource": "MedicationRequest", "value_set": "blood-thinners", "ever": True},
        "chart-type",
    ),
    "age": (HOURS, {"resource": "Patient", "element": "birthDate", "elapsed": "a"}, None),
    "age as a score": (SCORE, {"resource": "Patient", "element": "birthDate", "elapsed": "a"}, "unit-mismatch"),
    "age of a boolean": (BOOLEAN, {"resource": "Patient", "element": "birthDate"}, "chart-type"),
    "patient without element": (HOURS, {"resource": "Patient"}, "missing-key"),
    "gender": (CODE, {"resource": "Patient", "element": "gender", "map": {"male": "short"}}, None),
    "gender as another code": (
        CODE,
        {"resource": "Patient", "element": "gender", "map": {"male": "m"}},
        "unknown-code",
    ),
    "observation below": (BOOLEAN, {**OBSERVATION, "below": 60, "unit": "mL/min", "within_days": 9}, None),
    "observation coded": (BOOLEAN, {**OBSERVATION, "true": ["positive"]}, None),
    "observation as a number": (HOURS, {**OBSERVATION, "unit": "d", "within_days": 2}, None),
    "observation as a number in another unit": (HOURS, {**OBSERVATION, "unit": "kg"}, "unit-mismatch"),
    "observation as a number below": (HOURS, {**OBSERVATION, "below": 60}, "chart-type"),
    "observation as a code": (CODE, OBSERVATION, "chart-type"),
}


@pytest.mark.parametrize(("finding", "chart", "code"), CHARTS.values(), ids=CHARTS)
def test_chart(finding: dict[str, Any], chart: dict[str, Any], code: str | None) -> None:
    assert codes_of({**finding, "chart": [chart]}) == ([] if code is None else [code])


FINDING_FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "integer without range": ({"type": "integer", "answers": [{"link_id": "age"}]}, ["finding-incomplete"]),
    "range the wrong way round": ({**SCORE, "range": [9, 0], "answers": [{"link_id": "age"}]}, ["bad-range"]),
    "code without codes": (
        {"type": "code", "answers": [{"link_id": "since"}]},
        ["finding-incomplete", "option-without-meaning", "option-without-meaning"],
    ),
    "boolean with codes, unit and scale": (
        {**BOOLEAN, **ASKED, "codes": CODE["codes"], "unit": "h", "scale": 10},
        ["finding-excess"] * 3,
    ),
    "a code twice": (
        {**SEVERAL, "codes": [*SEVERAL["codes"], *SEVERAL["codes"][:1]], "answers": [{"link_id": "age"}]},
        ["duplicate-id", "item-type"],
    ),
    "no policy for an unanswered question": ({**BOOLEAN, **ASKED, "unanswered": None}, ["missing-key"]),
    "a red flag that reassures": ({**BOOLEAN, **ASKED, "red_flag": True}, ["red-flag-not-escalated"]),
    "a red flag that a no takes away": (
        {**BOOLEAN, **ASKED, "unanswered": "escalate", "red_flag": True, "safer": False},
        ["red-flag-reassured"],
    ),
    "a red flag that rules conclude": (
        {**BOOLEAN, "derived": True, "red_flag": True, "unanswered": None},
        ["derived-with-source"],
    ),
    "no source": (BOOLEAN, ["no-source"]),
    "derived with everything": (
        {**BOOLEAN, **ASKED, "derived": True, "not_applicable": False, "chart": [CONDITION]},
        ["derived-with-source"] * 4,
    ),
    "derived number": ({**SCORE, "derived": True, "unanswered": None}, ["finding-excess"]),
    "safer for a code": ({**CODE, "safer": True, "chart": [GENDER]}, ["bad-safer"]),
    "safer low for a boolean": ({**BOOLEAN, **ASKED, "safer": "low"}, ["bad-safer"]),
    "safer true for a number": ({**SCORE, "safer": True, "answers": [{"link_id": "age"}]}, ["bad-safer"]),
    "not applicable of another type": ({**BOOLEAN, **ASKED, "not_applicable": 0}, ["bad-not-applicable"]),
    "not applicable out of range": (
        {**SCORE, "not_applicable": 10, "answers": [{"link_id": "age"}]},
        ["bad-not-applicable"],
    ),
}


@pytest.mark.parametrize(("finding", "codes"), FINDING_FAULTS.values(), ids=FINDING_FAULTS)
def test_finding(finding: dict[str, Any], codes: list[str]) -> None:
    assert codes_of(finding) == codes


def test_the_same_finding_twice() -> None:
    assert codes_of({**BOOLEAN, **ASKED}, {**BOOLEAN, **ASKED}) == ["duplicate-id"]


def test_every_question_is_read_or_named_as_a_comment() -> None:
    assert [problem.code for problem in problems_of(comments=())] == ["unread-question"]


def test_comment_questions_are_there_and_free_text() -> None:
    problems: list[Problem] = []
    check_comments(["comment", "coment", "breathless"], PACK.questionnaire, YamlSource("pack.yaml"), problems)
    assert [problem.code for problem in problems] == ["unknown-link-id", "comment-type"]


VALUES: list[tuple[str, Any, bool]] = [
    ("breathless", True, True),
    ("breathless", 1, False),
    ("breathless", "yes", False),
    ("score", 0, True),
    ("score", 10, False),
    ("score", True, False),
    ("score", 1.0, False),
    ("cough", "dry", True),
    ("cough", "loud", False),
    ("cough", ["dry"], False),
    ("coughs", [], True),
    ("coughs", ["dry", "wet"], True),
    ("coughs", ["loud"], False),
    ("coughs", "dry", False),
    ("coughs", [["dry"]], False),
]


@pytest.mark.parametrize(("name", "value", "fits"), VALUES)
def test_value(name: str, value: Any, fits: bool) -> None:
    assert is_value(FINDINGS[name], value) is fits
