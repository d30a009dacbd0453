"""What is remembered changes nothing: the same responses are refused, for the same reasons."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.intake import IntakeError, models
from cds.intake.models import validate_models, validate_whole

FILES = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "responses").glob("*.json"))


def _faults(check: Any, resource: Any) -> tuple[Any, ...]:
    try:
        check(resource)
    except IntakeError as error:
        return tuple(error.faults)
    return ()


def _leaves(value: Any) -> list[dict[str, Any]]:
    """Every item with an answer."""
    found: list[dict[str, Any]] = []
    for item in value.get("item", ()):
        found += [item] if "answer" in item else _leaves(item)
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_faults_are_those_of_the_whole_model(data: st.DataObject) -> None:
    resource = json.loads(data.draw(st.sampled_from(FILES)).read_bytes())
    if data.draw(st.booleans()):
        validate_models(copy.deepcopy(resource))
    leaves = _leaves(resource)
    for _ in range(data.draw(st.integers(0, 3)) if leaves else 0):
        item = data.draw(st.sampled_from(leaves))
        coding = {"system": "urn:x", "code": data.draw(st.sampled_from(["Y", " a  b ", "\t", "x y"]))}
        changes: list[dict[str, Any]] = [
            {"linkId": data.draw(st.sampled_from(["", " ", "a"]))},
            {"text": data.draw(st.sampled_from(["", "words"]))},
            {"answer": [{"valueCoding": coding}]},
            {"answer": [{"valueCoding": {**coding, "display": ""}}]},
            {"answer": [{"valueBoolean": True, "valueInteger": 1}]},
            {"unknown": 1},
        ]
        item.update(data.draw(st.sampled_from(changes)))
    assert _faults(validate_models, resource) == _faults(validate_whole, resource)


def test_an_item_that_was_refused_is_not_remembered() -> None:
    resource = json.loads(FILES[0].read_bytes())
    _leaves(resource)[0]["unknown"] = 1
    for _ in range(2):
        with pytest.raises(IntakeError):
            validate_models(resource)


def test_what_a_patient_wrote_is_never_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_remembered", set())
    resource = json.loads(FILES[0].read_bytes())
    resource["item"].append({"linkId": "comment", "answer": [{"valueString": "my words"}]})
    validate_models(resource)
    assert models._remembered
    assert not any(b"my words" in entry or b"Patient/" in entry for entry in models._remembered)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_remembered", set())
    monkeypatch.setattr(models, "_MAX_REMEMBERED", 50)
    for file in FILES:
        validate_models(json.loads(file.read_bytes()))
        assert len(models._remembered) <= 50


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"extension": [{"url": "http://a", "valueString": "x"}] * 2_001}, "QuestionnaireResponse.extension"),
        ({"contained": [{"contained": [{}] * 100}] * 60}, "QuestionnaireResponse"),
    ],
    ids=["one list", "all lists"],
)
def test_long_lists_are_refused_before_the_models_see_them(
    more: dict[str, Any], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse  # noqa: PLC0415 - slow to import

    monkeypatch.setattr(QuestionnaireResponse, "model_validate", None)
    resource = json.loads(FILES[0].read_bytes()) | more
    for check in (validate_models, validate_whole):
        (found,) = _faults(check, resource)
        assert (found.code, found.path) == ("too-many-entries", path)
