"""Whatever comes in: a decision, or an :class:`IntakeError` with a place; never another exception, never no card."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds import DecisionSupport, IntakeError, default_pack

ROOT = Path(__file__).resolve().parent.parent
RESPONSES = sorted((ROOT / "fixtures" / "responses").glob("*.json"))
CHARTS = sorted((ROOT / "fixtures" / "charts").glob("*.json"))
SUPPORT = DecisionSupport.load(default_pack())
NAME = "Zacarías Ñandú"
HOSTILE = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(["", "Y", "N", "ASKU", "completed", "2026-02-30", NAME, "x" * 5000, "\x00", "{{7*7}}"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["linkId", "answer", "item", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in entries:
        found += _places(child, (*path, key))
    return found


def _mutated(data: st.DataObject, resource: Any) -> Any:
    """The resource with one to three places replaced, removed or doubled."""
    changed = copy.deepcopy(resource)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(changed)
        if not places:
            break
        *above, last = data.draw(st.sampled_from(places))
        holder = changed
        for key in above:
            holder = holder[key]
        match data.draw(st.sampled_from(["replace", "remove", "double"])):
            case "replace":
                holder[last] = data.draw(JSON_VALUES)
            case "remove":
                del holder[last]
            case _ if isinstance(holder, list):
                holder.append(holder[last])
            case _:
                holder[f"{last}2"] = holder[last]
    return changed


def _decide(response: bytes, chart: bytes | None = None) -> None:
    try:
        decision = SUPPORT.decide(response, chart)
    except IntakeError as error:
        assert error.faults
        assert all(fault.path and fault.message for fault in error.faults)
        assert NAME not in str(error)
        return
    cards = SUPPORT.make_cards(decision)
    assert 1 <= len(cards) <= 3
    assert all(NAME not in card["detail"] and NAME not in card["summary"] for card in cards)


@HOSTILE
@given(st.data())
def test_mutated_responses(data: st.DataObject) -> None:
    resource = json.loads(data.draw(st.sampled_from(RESPONSES)).read_bytes())
    _decide(json.dumps(_mutated(data, resource)).encode())


@HOSTILE
@given(st.data())
def test_mutated_charts(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(CHARTS))
    response = (ROOT / "fixtures" / "responses" / file.name).read_bytes()
    _decide(response, json.dumps(_mutated(data, json.loads(file.read_bytes()))).encode())


@HOSTILE
@given(st.data())
def test_mutated_bytes(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(RESPONSES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    _decide(bytes(raw))


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"{}", b"true", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b" " * 3_000_000],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_response_is_refused(data: bytes) -> None:
    with pytest.raises(IntakeError):
        SUPPORT.decide(data)


@pytest.mark.parametrize("as_of", ["yesterday", "2026-13-01", "2026-11-22T25:00:00Z"])
def test_a_time_that_is_none_is_refused(as_of: str) -> None:
    with pytest.raises(IntakeError):
        SUPPORT.decide(RESPONSES[0].read_bytes(), None, as_of)


@pytest.mark.parametrize(("days_later", "refused"), [(-400, True), (-3, True), (-1, False), (0, False), (30, False)])
def test_an_assessment_cannot_be_of_a_time_before_the_answers(days_later: int, refused: bool) -> None:
    """Durations would come out too short, and so would the urgency."""
    resource = json.loads(RESPONSES[0].read_bytes())
    resource["authored"] = "2026-11-20T12:00:00Z"
    as_of = (datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(days=days_later)).isoformat()
    if not refused:
        SUPPORT.decide(json.dumps(resource).encode(), None, as_of)
        return
    with pytest.raises(IntakeError, match=r"QuestionnaireResponse\.authored"):
        SUPPORT.decide(json.dumps(resource).encode(), None, as_of)


def test_a_comment_is_announced_and_never_shown() -> None:
    resource = json.loads(RESPONSES[0].read_bytes())
    resource["item"].append({"linkId": "comment", "answer": [{"valueString": f"<script>{NAME}</script>"}]})
    decision = SUPPORT.decide(json.dumps(resource).encode())
    assert decision.comment_present
    for card in SUPPORT.make_cards(decision):
        assert NAME not in json.dumps(card, ensure_ascii=False)
        assert "<script>" not in card["detail"]
    label = SUPPORT.cards.view("en").labels["comment"]
    assert any(label in card["detail"] for card in SUPPORT.make_cards(decision, "en"))
