"""The fast checks of the bytes, held against slow and exact ones."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cds.intake.faults import IntakeError
from cds.intake.strict_json import Limits, count_keys, count_values, is_deeper, may_repeat_keys, parse_json

TEXTS = st.text(alphabet='ab"\\[]{}: ,\n\té\U0001f600', max_size=6)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.5, 1e30]) | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


class Pairs(list[tuple[str, Any]]):
    """An object written with all its keys, repeated ones too."""


OBJECTS: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.lists(st.tuples(TEXTS, inner), max_size=3).map(Pairs),
    max_leaves=10,
)


def written(value: Any, space: str = "") -> str:
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{json.dumps(name)}{space}:{space}{written(one, space)}" for name, one in value) + "}"
    if isinstance(value, list):
        return f"[{','.join(written(one, space) for one in value)}]"
    return json.dumps(value)


def repeats(value: Any) -> bool:
    if isinstance(value, Pairs):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(repeats(one) for _, one in value)
    return isinstance(value, list) and any(map(repeats, value))


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_depth_is_exact_for_json(value: Any, indent: int | None, ascii_only: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    true_depth = depth(value)
    assert [is_deeper(data, limit) for limit in range(10)] == [limit < true_depth for limit in range(10)]


@given(st.text(alphabet='"\\[]{},', max_size=30), st.integers(0, 8))
@example('""["', 0)
@example('"["["', 1)
def test_bytes_that_are_deeper_never_pass(text: str, limit: int) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        return
    assert is_deeper(text.encode(), limit) == (depth(value) > limit)


@given(OBJECTS, st.sampled_from(["", " ", "\n"]))
@example(Pairs([("a", 1), ("a", 2)]), " ")
@example(Pairs([("a", '":'), ("b", 2), ("b", 3)]), "")
def test_a_repeated_key_never_passes(value: Any, space: str) -> None:
    data = written(value, space).encode()
    if repeats(value):
        assert may_repeat_keys(data, orjson.loads(data))
        with pytest.raises(IntakeError, match="twice"):
            parse_json(data)
    else:
        assert parse_json(data) == orjson.loads(data)


@given(VALUES)
def test_plain_compact_json_takes_the_fast_way(value: Any) -> None:
    data = orjson.dumps(value)
    assert not may_repeat_keys(data, orjson.loads(data))
    assert parse_json(data) == orjson.loads(data)


def test_keys_are_counted_in_all_objects() -> None:
    assert count_keys({"a": [{"b": 1, "c": {}}], "d": {"a": "x"}}) == 5


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1,]", "{'a': 1}", "NaN", "Infinity", "1e999", "[1] [2]", '"\\ud800"', "{a: 1}", "01", "nul", "]["],
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(IntakeError) as caught:
        parse_json(text.encode())
    assert caught.value.faults[0].code == "json-syntax"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_only_utf8_is_read(encoding: str) -> None:
    with pytest.raises(IntakeError):
        parse_json('{"a": "é"}'.encode(encoding))


def values(value: Any) -> int:
    """How many values there are, and keys of objects."""
    if isinstance(value, dict):
        return 1 + sum(map(values, value.values()))
    return 1 + sum(map(values, value)) if isinstance(value, list) else 1


@given(VALUES, st.sampled_from([None, 1]))
@example([[[]], [[[]]]], None)
@example({"a": {}, "b": [{}]}, None)
def test_there_are_never_more_values_than_counted(value: Any, indent: int | None) -> None:
    assert count_values(json.dumps(value, indent=indent).encode()) >= values(value)


def test_hostile_values_are_refused_before_they_are_parsed() -> None:
    limits = Limits(size=18 << 20, depth=40)
    deep = b"[" * 30 + b"]" * 30
    for data in (
        b"[" + b"[]," * 5_000_000 + b"[]]",
        b"[" + b",".join([deep] * 250_000) + b"]",  # few commas, many values
        b"{" + b",".join(b'"%x" :1' % number for number in range(800_000)) + b"}",
    ):
        assert len(data) < limits.size
        with pytest.raises(IntakeError) as caught:
            parse_json(data, limits)
        assert [found.code for found in caught.value.faults] == ["too-many-values"]


def test_a_chart_of_twenty_thousand_conditions_passes() -> None:
    coding = {"system": "http://snomed.info/sct", "code": "278860009", "display": "Chronic low back pain (finding)"}
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "active"}]}
    condition = {
        "resourceType": "Condition",
        "id": "5f2b1c0e-7a44-4a0e-9c5d-111111111111",
        "clinicalStatus": status,
        "verificationStatus": status,
        "code": {"coding": [coding], "text": "Chronic low back pain"},
        "subject": {"reference": "Patient/5f2b1c0e-7a44-4a0e-9c5d-222222222222"},
        "onsetDateTime": "2020-01-01T10:00:00+00:00",
    }
    data = orjson.dumps({"resourceType": "Bundle", "entry": [{"resource": condition}] * 20_000})
    assert len(parse_json(data, Limits(size=18 << 20))["entry"]) == 20_000
    densest = count_values(data) * (16 << 20) / len(data)
    assert densest < Limits().values, "a full chart of 16 MiB passes too"


def test_limits_are_inclusive() -> None:
    assert parse_json(b"[[1]]", Limits(size=5, depth=2)) == [[1]]
    with pytest.raises(IntakeError, match="bytes"):
        parse_json(b"[[1]]", Limits(size=4, depth=2))
    with pytest.raises(IntakeError, match="levels"):
        parse_json(b"[[1]]", Limits(size=5, depth=1))
    assert parse_json(b"[[1,2]]", Limits(values=4)) == [[1, 2]]
    with pytest.raises(IntakeError, match="values"):
        parse_json(b"[[1,2]]", Limits(values=3))


@pytest.mark.parametrize(
    "data", [b'"' + b'\\"' * 400_000, b'"' + b"\\" * 800_001, b'"[' * 400_000, b'"a" ' * 250_000, b"[]" * 500_000]
)
def test_hostile_bytes_take_linear_time(data: bytes) -> None:
    started = process_time()
    with pytest.raises(IntakeError):
        parse_json(data)
    assert process_time() - started < 2


def test_a_hostile_depth_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(IntakeError, match="levels"):
        parse_json(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    with pytest.raises(IntakeError, match="not valid JSON"):
        parse_json(b"[" * 700_000)
