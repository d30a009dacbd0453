"""A second pack is data alone: it is loaded, evaluated and explained without Python of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cds import DecisionSupport
from cds.engine import CheckedEvaluator
from cds.pack import FindingValue, load_pack
from cds.pack.plain_value import read_plain
from cds.pack.yaml_source import read_yaml
from cds.verify import Case, CaseRunner, load_cases
from tests.pack.overlay import MINIMAL

PACK = load_pack(MINIMAL)
EVALUATOR = CheckedEvaluator(PACK)
COLD: Mapping[str, Any] = read_yaml(MINIMAL / "patients.yaml", "patients.yaml").data["patients"]["cold"]


def patient(*, unanswered: tuple[str, ...] = (), **changed: Any) -> dict[str, FindingValue]:
    """The patient with a cold, with these answers changed or left out."""
    answers = {name: value for name, value in {**COLD, **changed}.items() if name not in unanswered}
    return {name: read_plain(PACK.findings[name], value) for name, value in answers.items()}


def test_it_has_no_python() -> None:
    assert {file.suffix for file in MINIMAL.rglob("*") if file.is_file()} == {".yaml", ".json"}


CASES: dict[str, tuple[dict[str, Any], str, str, set[str]]] = {
    "a cold": ({}, "self-care", "self-care", set()),
    "a cough": ({"cough": "dry"}, "self-care", "self-care", {"cough.mild"}),
    "a cough with ill lungs": ({"cough": "wet", "lung_disease": True}, "same-day", "same-day", {"cough.lungs"}),
    "a long fever": (
        {"temperature": 38, "ill_hours": "4 d"},
        "same-day",
        "same-day",
        {"danger.long_fever", "advice.fluids"},
    ),
    "two signs": (
        {"temperature": 39.5, "breathless": True},
        "emergency",
        "emergency",
        {"danger.seriously_ill", "danger.emergency"},
    ),
    "a rash with fever": (
        {"temperature": 39, "warning_signs": ["rash"]},
        "same-day",
        "same-day",
        {"rash.warm", "rash.hot", "advice.fluids"},
    ),
    "over 90": ({"age": 91}, "same-day", "same-day", {"frail.old"}),
    "a question about breath skipped": (
        {"temperature": 39.5, "unanswered": ("breathless",)},
        "self-care",
        "emergency",
        set(),
    ),
    "nothing answered": ({"unanswered": tuple(COLD)}, "self-care", "emergency", set()),
}


@pytest.mark.parametrize(("changed", "level", "possible", "fires"), CASES.values(), ids=CASES)
def test_it_is_evaluated(changed: dict[str, Any], level: str, possible: str, fires: set[str]) -> None:
    answer = EVALUATOR.evaluate(patient(**changed))
    assert (answer.level, answer.possible_level) == (level, possible)
    assert answer.known == fires


@pytest.mark.parametrize("case", load_cases(PACK), ids=lambda case: case.name)
def test_its_cases_hold(case: Case) -> None:
    assert not CaseRunner(DecisionSupport.load(MINIMAL)).run(case).failures
