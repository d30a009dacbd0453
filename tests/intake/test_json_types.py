"""JSON types of a response: what is refused, and that the short cut never lets anything through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.intake import response_types
from cds.intake.faults import IntakeError
from cds.intake.response_types import check_types, is_plain
from tests.intake.example import about, answer, coded, response


def codes_of(resource: Any) -> list[str]:
    try:
        check_types(resource)
    except IntakeError as error:
        return [found.code for found in error.faults]
    return []


@pytest.mark.parametrize(
    ("element", "good", "bad"),
    [
        ("valueBoolean", [True, False], ["true", "false", "no", 0, 1, "0", [], {}]),
        ("valueInteger", [0, -1, 2**31 - 1, -(2**31)], ["7", 7.0, True, 2**31, 1e3]),
        ("valueDecimal", [0, 36.6, -1.5], ["36.6", True]),
        ("valueString", ["a", " "], ["", 1, True]),
        ("valueDate", ["2026", "2026-11", "2024-02-29"], ["2026-02-29", "2026-13", "26-01-01", "2026-1-1", "0000"]),
        ("valueDateTime", ["2026", "2026-11-22T10:00:00Z"], ["2026-11-22T10:00:00", "2026-11-22T25:00:00Z", "now"]),
        ("valueTime", ["10:00:00", "23:59:60"], ["10:00", "24:00:00", "10:00:00Z"]),
        ("valueUri", ["https://example.org/a"], ["a b", ""]),
        ("valueCoding", [{"code": "a"}], ["a", [], {"code": 1}, {"code": ""}, {"kode": "a"}]),
        ("valueQuantity", [{"value": 1.5}], [{}, {"value": "1"}, {"value": 1, "unit": 2}, 1]),
    ],
)
def test_json_types_of_answers(element: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert codes_of(response(about(answer("x", **{element: value})))) == [], value
    for value in bad:
        assert len(codes_of(response(about(answer("x", **{element: value}))))) == 1, value


@pytest.mark.parametrize("resource", [None, [], "x", 7, True])
def test_a_response_is_an_object(resource: Any) -> None:
    assert codes_of(resource) in (["wrong-json-type"], ["null-value"])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"item": {}}, "wrong-json-type"),
        ({"item": [[]]}, "wrong-json-type"),
        ({"item": [{"linkId": "a", "answer": {"valueBoolean": True}}]}, "wrong-json-type"),
        ({"item": [{"linkId": 7}]}, "wrong-json-type"),
        ({"item": [{"text": "a"}]}, "missing-element"),
        ({"subject": "Patient/1"}, "wrong-json-type"),
        ({"meta": {}}, "empty-value"),
        ({"meta": {"tag": [None]}}, "null-value"),
        ({"contained": [{"resourceType": "Patient", "name": []}]}, "empty-value"),
        ({"_status": "x"}, "wrong-json-type"),
        ({"implicitRules": "https://example.org/rules"}, "modifier"),
        ({"authored": "2026-11-22T10:00:00"}, "bad-date"),
        ({"id": "a b"}, "bad-format"),
        ({"__proto__": {"a": 1}}, "unknown-element"),
    ],
)
def test_other_elements(part: dict[str, Any], code: str) -> None:
    assert codes_of(response() | part) == [code]


def test_what_is_only_carried_may_be_long() -> None:
    assert codes_of(response(text={"status": "generated", "div": "<div>" + "x" * 30_000 + "</div>"})) == []


def test_nulls_stand_only_beside_an_extension() -> None:
    extension = {"extension": [{"url": "https://example.org/x", "valueBoolean": True}]}
    name = {"given": ["A", None], "_given": [None, extension]}
    assert codes_of(response(contained=[{"resourceType": "Patient", "name": [name]}])) == []
    name = {"given": ["A", None], "_given": [None, None]}
    assert set(codes_of(response(contained=[{"resourceType": "Patient", "name": [name]}]))) == {"null-value"}


ODD = st.sampled_from([None, True, 1, 1.5, "", "x", "x" * 20_001, [], {}, [None], {"code": "a"}, ["x"]])
CODING = st.dictionaries(
    st.sampled_from(["system", "code", "display", "version", "odd"]), st.just("x") | ODD, max_size=3
)
ANSWER = st.dictionaries(st.sampled_from(["valueCoding", "valueBoolean", "item", "odd"]), CODING | ODD, max_size=2)
ITEM = st.dictionaries(
    st.sampled_from(["linkId", "text", "answer", "item", "odd"]),
    st.just("x") | st.lists(ANSWER | ODD, max_size=2) | ODD,
)


@given(ITEM | ODD)
def test_the_short_cut_lets_nothing_through(item: Any) -> None:
    if is_plain(item):
        assert not response_types._ITEM(item)


def test_the_short_cut_is_taken_by_plain_answers() -> None:
    assert is_plain(coded("side", "left"))
    assert not is_plain(about())


def test_deep_faults_are_found_once_and_in_time() -> None:
    item: Any = {"linkId": "x", "answer": [{"valueBoolean": "no"}]}
    for _ in range(200):
        item = {"linkId": "x", "item": [item]}
    assert codes_of(response(item)) == ["wrong-json-type"]
