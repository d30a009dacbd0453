"""Other validators, asked about the same responses."""

from __future__ import annotations

from typing import Any

import fhirkit
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.intake.faults import IntakeError
from cds.intake.models import validate_models
from cds.intake.response import check_response
from cds.intake.response_types import check_types
from tests.intake.example import HERE, QUESTIONNAIRE, RESOURCE, UCUM, about, answer, coded, fall, response

VALID = [
    response(about()),
    response(about(), coded("numb", "saddle", "ASKU"), answer("sport", valueString="climbing")),
    response(
        about(
            answer("age", valueInteger=40),
            answer("temperature", valueDecimal=37.8),
            answer("wait", valueQuantity={"value": 2, "unit": "h", "system": UCUM, "code": "h"}),
            answer("onset", valueDate="2026-11"),
            answer("began", valueDateTime="2026-11-20T08:00:00Z"),
            answer("clock", valueTime="07:30:00"),
            answer("page", valueUri="https://example.org"),
            fell=True,
        ),
        fall(coded("landed", "N")),
        id="r1",
        language="es",
        subject={"reference": "Patient/p1"},
    ),
]
"""Responses that every validator takes."""

STRUCTURAL = (
    "wrong-json-type",
    "unknown-element",
    "missing-element",
    "null-value",
    "empty-value",
    "bad-date",
    "several-values",
)
"""Faults of structure, which other validators find too; each of them misses some."""


@pytest.mark.parametrize("resource", VALID)
def test_all_agree_on_what_is_valid(resource: dict[str, Any]) -> None:
    check_types(resource)
    validate_models(resource)
    check_response(resource, QUESTIONNAIRE)
    assert _fhirkit(resource)


@pytest.mark.parametrize("code", STRUCTURAL)
def test_another_validator_refuses_it_too(code: str) -> None:
    resource = orjson.loads((HERE / "faults" / f"{code}.json").read_bytes())["response"]
    assert not _fhirkit(resource) or not _models(resource)


def _fhirkit(resource: dict[str, Any]) -> bool:
    return not fhirkit.validate(orjson.dumps(resource).decode())


def _models(resource: dict[str, Any]) -> bool:
    try:
        validate_models(resource)
    except IntakeError:
        return False
    return True


ELEMENTS = st.sampled_from(
    [
        "valueBoolean",
        "valueInteger",
        "valueDecimal",
        "valueString",
        "valueDate",
        "valueCoding",
        "linkId",
        "item",
        "answer",
    ]
)
JSON = st.sampled_from([True, False, 0, 7, 1.5, "no", "2026-11-22", "", None, [], {}, {"code": "a"}, [{"linkId": "a"}]])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(ELEMENTS, JSON, max_size=3), st.booleans())
def test_what_passes_here_passes_there(parts: dict[str, Any], inside: bool) -> None:
    item = {"linkId": "x", "answer": [parts]} if inside else {"linkId": "x", **parts}
    resource = response(item)
    try:
        check_types(resource)
    except IntakeError:
        return
    assert _fhirkit(resource)
    assert _models(resource)


def test_the_questionnaire_of_these_tests_is_valid() -> None:
    assert not fhirkit.validate(orjson.dumps(RESOURCE).decode())
