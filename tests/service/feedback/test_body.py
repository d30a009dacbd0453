"""Feedback requests as items: those of the specification, and whatever else may come."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.feedback import MAX_ITEMS, FeedbackError, FeedbackItem, OverrideReason, read_feedback
from cds.service.feedback.body import MAX_COMMENT, MAX_NAME, MAX_SUGGESTIONS

CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
SUGGESTION = "e56e1945-20b3-4393-8503-a1a20fd73152"
AT = "2020-12-11T21:05:09.123Z"
MOMENT = datetime(2020, 12, 11, 21, 5, 9, 123000, UTC)


def _body(**changes: Any) -> dict[str, Any]:
    entry = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": AT, **changes}
    return {"feedback": [{name: value for name, value in entry.items() if value is not ...}]}


def _faults(body: Any) -> list[str]:
    with pytest.raises(FeedbackError) as caught:
        read_feedback(body)
    return [fault.path for fault in caught.value.faults]


def test_accepted() -> None:
    body = _body(outcome="accepted", acceptedSuggestions=[{"id": SUGGESTION}, {"id": "x", "extension": {}}])
    assert read_feedback(body) == (FeedbackItem(CARD, "accepted", MOMENT, (SUGGESTION, "x")),)


def test_overridden_with_and_without_a_reason() -> None:
    coding = {"code": "already-assessed", "system": "http://example.org/reasons", "display": "Already assessed"}
    given_reason = {"reason": coding, "userComment": "seen this morning"}
    body = {
        "feedback": [
            *_body()["feedback"],
            *_body(overrideReason=given_reason)["feedback"],
            *_body(overrideReason={"reason": {"code": "x"}})["feedback"],
            *_body(overrideReason={"userComment": "only this"})["feedback"],
        ]
    }
    assert [item.reason for item in read_feedback(body)] == [
        None,
        OverrideReason("already-assessed", "http://example.org/reasons", "seen this morning"),
        OverrideReason("x", None, None),
        OverrideReason(None, None, "only this"),
    ]


def test_what_has_not_happened_yet_is_refused() -> None:
    day = timedelta(days=1)
    assert read_feedback(_body(), MOMENT - day)[0].at == MOMENT
    with pytest.raises(FeedbackError) as caught:
        read_feedback(_body(), MOMENT - day - timedelta(microseconds=1))
    assert [fault.path for fault in caught.value.faults] == ["feedback[0].outcomeTimestamp"]
    assert "future" in caught.value.faults[0].message
    assert read_feedback(_body(), datetime.max.replace(tzinfo=UTC))
    assert _faults(_body(outcomeTimestamp="9999-12-31T23:59:59Z")) == ["feedback[0].outcomeTimestamp"]


def test_a_uuid_has_one_spelling() -> None:
    (item,) = read_feedback(
        _body(card=CARD.upper(), outcome="accepted", acceptedSuggestions=[{"id": SUGGESTION.upper()}])
    )
    assert (item.card, item.suggestions) == (CARD, (SUGGESTION,))
    for other in ("not-a-uuid", CARD.replace("-", ""), f"{{{CARD}}}", "x" * 36):
        (item,) = read_feedback(_body(card=other))
        assert item.card == other


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"card": ...}, "card"),
        ({"card": ""}, "card"),
        ({"card": 7}, "card"),
        ({"card": "x" * (MAX_NAME + 1)}, "card"),
        ({"outcome": "ignored"}, "outcome"),
        ({"outcome": ["accepted"]}, "outcome"),
        ({"outcome": "accepted"}, "acceptedSuggestions"),
        ({"outcome": "accepted", "acceptedSuggestions": []}, "acceptedSuggestions"),
        ({"acceptedSuggestions": "x"}, "acceptedSuggestions"),
        ({"acceptedSuggestions": [{"id": "x"}] * (MAX_SUGGESTIONS + 1)}, "acceptedSuggestions"),
        ({"acceptedSuggestions": [{"id": "x"}, "y"]}, "acceptedSuggestions[1].id"),
        ({"outcomeTimestamp": ...}, "outcomeTimestamp"),
        ({"outcomeTimestamp": "yesterday"}, "outcomeTimestamp"),
        ({"overrideReason": "marked"}, "overrideReason"),
        ({"overrideReason": {}}, "overrideReason"),
        ({"overrideReason": {"userComment": ""}}, "overrideReason"),
        ({"overrideReason": {"userComment": 7}}, "overrideReason.userComment"),
        ({"overrideReason": {"reason": "marked"}}, "overrideReason.reason"),
        ({"overrideReason": {"reason": {"display": "marked"}}}, "overrideReason.reason.code"),
        ({"overrideReason": {"reason": {"code": "x", "system": 7}}}, "overrideReason.reason.system"),
    ],
)
def test_each_fault_has_its_place(changes: dict[str, Any], path: str) -> None:
    assert _faults(_body(**changes)) == [f"feedback[0].{path}"]


@pytest.mark.parametrize("body", [None, [], {}, {"feedback": {}}, {"feedback": []}, {"feedback": "x"}])
def test_no_items(body: Any) -> None:
    assert _faults(body) == ["feedback"]


def test_nothing_is_read_when_one_item_is_wrong() -> None:
    body = {"feedback": [*_body()["feedback"], 7, *_body(card="")["feedback"]]}
    assert _faults(body) == ["feedback[1]", "feedback[2].card"]


def test_bounds() -> None:
    (entry,) = _body()["feedback"]
    assert len(read_feedback({"feedback": [entry] * MAX_ITEMS})) == MAX_ITEMS
    assert _faults({"feedback": [entry] * (MAX_ITEMS + 1)}) == ["feedback"]
    assert len(_faults({"feedback": [7] * MAX_ITEMS})) == 20
    (item,) = read_feedback(_body(overrideReason={"userComment": "x" * 100_000}))
    assert item.reason is not None
    assert item.reason.comment == "x" * MAX_COMMENT


def test_what_no_database_can_keep_is_replaced() -> None:
    comment = "two\nlines\x00\x1b[31m \ud800\x9f \N{GRINNING FACE}"
    (item,) = read_feedback(_body(card="a\x00b", overrideReason={"userComment": comment}))
    assert item.card == "a\ufffdb"
    assert item.reason is not None
    assert item.reason.comment == "two\nlines\ufffd\ufffd[31m \ufffd\ufffd \N{GRINNING FACE}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "card": st.just(CARD) | _JSON,
        "outcome": st.sampled_from(["accepted", "overridden"]) | _JSON,
        "outcomeTimestamp": st.just(AT) | _JSON,
        "acceptedSuggestions": st.lists(st.fixed_dictionaries({"id": st.text(min_size=1)}), min_size=1) | _JSON,
        "overrideReason": st.fixed_dictionaries({}, optional={"reason": _JSON, "userComment": _JSON}) | _JSON,
    },
)


@given(_JSON | st.fixed_dictionaries({"feedback": st.lists(_ENTRY | _JSON, max_size=4)}))
def test_any_json_gives_items_or_faults(body: Any) -> None:
    try:
        items = read_feedback(body)
    except FeedbackError as error:
        assert error.faults
        return
    assert len(items) == len(body["feedback"])
    for item in items:
        json.dumps([item.card, item.suggestions]).encode()
        assert "\x00" not in item.card
        item.digest("issuer")
        item.card.encode()
