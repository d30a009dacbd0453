"""A prefetch key in every shape: what cannot be read is never "there is nothing"."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cds.service.prefetch.bundle import Page, prefetch_state, read_page
from cds.service.prefetch.state import Absent, Failed, Found, Nothing, State

CONDITION = {"resourceType": "Condition", "id": "c1"}
MEDICATION = {"resourceType": "Medication", "id": "m1"}
FIXTURES = Path(__file__).parents[3] / "fixtures"


def state(value: Any) -> State:
    return prefetch_state({"key": value}, "key")


def bundle(*entries: Any, **elements: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": list(entries), **elements}


def outcome(severity: str, code: str) -> dict[str, Any]:
    resource = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}
    return {"resource": resource, "search": {"mode": "outcome"}}


def test_a_key_that_was_not_sent_is_absent() -> None:
    assert prefetch_state({"other": CONDITION}, "key") == Absent()


def test_null_is_nothing() -> None:
    assert state(None) == Nothing()


def test_an_operation_outcome_is_a_failure() -> None:
    assert state(outcome("information", "informational")["resource"]) == Failed("operation-outcome")


def test_a_single_resource_where_a_bundle_is_expected() -> None:
    assert state(CONDITION) == Found((CONDITION,))


def test_an_empty_search_has_found_no_resource_which_is_not_nothing() -> None:
    assert state({"resourceType": "Bundle", "type": "searchset", "total": 0}) == Found(())
    assert state(bundle()) == Found(())


def test_matches_and_included_resources_are_found_in_order() -> None:
    entries = [{"resource": CONDITION}, {"resource": MEDICATION, "search": {"mode": "include"}}]
    assert state(bundle(*entries)) == Found((CONDITION, MEDICATION))


@pytest.mark.parametrize("kind", ["batch-response", "transaction", "history", "document", "message", None, 7])
def test_a_bundle_of_another_kind_is_refused(kind: Any) -> None:
    assert state(bundle({"resource": CONDITION}, type=kind)) == Failed("not-fhir")


def test_a_collection_that_a_client_made_itself() -> None:
    assert state(bundle({"resource": CONDITION}, type="collection")) == Found((CONDITION,))


@pytest.mark.parametrize(
    "value",
    [
        "a string",
        "",
        7,
        0,
        True,
        False,
        [],
        [CONDITION],
        {},
        {"id": "c1"},
        {"resourceType": None},
        {"resourceType": ""},
        {"resourceType": ["Condition"]},
        {"resourceType": "condition"},
        {"resourceType": "Condition\n"},
        {"resourceType": "../Condition"},
        {"resourceType": "Bundle"},
        bundle(entry=None),
        bundle(entry={}),
        bundle(entry="x"),
        bundle(None),
        bundle("x"),
        bundle({}),
        bundle({"resource": None}),
        bundle({"resource": "Condition"}),
        bundle({"resource": {"id": "c1"}}),
        bundle({"fullUrl": "https://ehr.example.org/fhir/Condition/c1"}),
        bundle({"resource": bundle({"resource": CONDITION})}),
        bundle({"resource": CONDITION, "search": None}),
        bundle({"resource": CONDITION, "search": {"mode": "outcome"}}),
        bundle({"resource": CONDITION, "search": {"mode": "maybe"}}),
        bundle({"resource": CONDITION, "search": {"mode": ["match"]}}),
        bundle({"resource": CONDITION}, total="1"),
        bundle({"resource": CONDITION}, total=-1),
        bundle({"resource": CONDITION}, total=True),
        bundle({"resource": CONDITION}, {"resource": 1}),
    ],
    ids=lambda value: json.dumps(value)[:70],
)
def test_what_is_not_fhir_is_a_failure(value: Any) -> None:
    assert state(value) == Failed("not-fhir")


@pytest.mark.parametrize(
    ("severity", "code", "partial"),
    [
        ("information", "informational", False),
        ("information", "suppressed", True),
        ("information", "incomplete", True),
        ("warning", "not-supported", False),
        ("warning", "processing", True),
        ("error", "processing", True),
    ],
)
def test_an_outcome_beside_matches(severity: str, code: str, partial: bool) -> None:
    assert state(bundle({"resource": CONDITION}, outcome(severity, code))) == Found((CONDITION,), partial=partial)


@pytest.mark.parametrize(
    ("severity", "code", "expected"),
    [
        ("information", "informational", Found(())),
        ("warning", "informational", Found((), partial=True)),
        ("warning", "processing", Found((), partial=True)),
        ("error", "processing", Failed("operation-outcome")),
        ("fatal", "exception", Failed("operation-outcome")),
    ],
)
def test_an_outcome_alone(severity: str, code: str, expected: State) -> None:
    assert state(bundle(outcome(severity, code))) == expected


@pytest.mark.parametrize("issue", [None, [], "x", [None], [7]])
def test_an_outcome_that_says_nothing_readable_may_say_anything(issue: Any) -> None:
    broken = {"resource": {"resourceType": "OperationOutcome", "issue": issue}}
    assert state(bundle(broken)) == Failed("operation-outcome")
    assert state(bundle({"resource": CONDITION}, broken)) == Found((CONDITION,), partial=True)


def test_an_outcome_without_a_mode_is_one_all_the_same() -> None:
    bare = {"resource": outcome("warning", "processing")["resource"]}
    assert state(bundle({"resource": CONDITION}, bare)) == Found((CONDITION,), partial=True)


def test_the_next_page() -> None:
    links = [{"relation": "self", "url": "https://x.example/1"}, {"relation": "next", "url": "https://x.example/2"}]
    assert state(bundle({"resource": CONDITION}, link=links)) == Found((CONDITION,), "https://x.example/2")


@pytest.mark.parametrize(
    "links",
    [
        None,
        {},
        "x",
        ["x"],
        [{"relation": "next"}],
        [{"relation": "next", "url": ""}],
        [{"relation": "next", "url": 7}],
        [{"relation": "next", "url": "a"}, {"relation": "next", "url": "b"}],
    ],
)
def test_links_that_cannot_be_read_may_have_led_to_more(links: Any) -> None:
    assert state(bundle({"resource": CONDITION}, link=links)) == Found((CONDITION,), partial=True)


@pytest.mark.parametrize(("total", "partial"), [(1, False), (2, True), (0, False)])
def test_more_matches_than_are_there_and_no_way_to_them(total: int, partial: bool) -> None:
    included = {"resource": MEDICATION, "search": {"mode": "include"}}
    found = state(bundle({"resource": CONDITION}, included, total=total))
    assert isinstance(found, Found)
    assert found.partial is partial


def test_a_total_beyond_the_page_is_right_if_there_is_a_next_page() -> None:
    found = state(bundle({"resource": CONDITION}, total=9, link=[{"relation": "next", "url": "x"}]))
    assert found == Found((CONDITION,), "x")


def test_a_resource_without_all_its_elements_is_partial() -> None:
    short = {**CONDITION, "meta": {"tag": [{"code": "SUBSETTED"}]}}
    assert state(short) == Found((short,), partial=True)
    assert state(bundle({"resource": short})) == Found((short,), partial=True)


@pytest.mark.parametrize("meta", [None, {"tag": None}, {"tag": [None]}, {"tag": [{"code": "other"}]}, []])
def test_other_tags_do_not_matter(meta: Any) -> None:
    tagged = {**CONDITION, "meta": meta}
    assert state(tagged) == Found((tagged,))


@pytest.mark.parametrize("chart", sorted((FIXTURES / "charts").glob("*.json")), ids=lambda path: path.stem)
def test_every_resource_of_a_chart_is_found(chart: Path) -> None:
    value = json.loads(chart.read_text(encoding="utf-8"))
    entries = [entry["resource"] for entry in value["entry"]]
    assert state({**value, "type": "searchset"}) == Found(tuple(entries))


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["Bundle", "match", "next"])
NAMES = st.sampled_from(["resourceType", "type", "entry", "resource", "search", "mode", "link", "relation", "url"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=15
)


@given(VALUES.filter(lambda value: value is not None))
@example({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"resourceType": "Bundle"}}]})
def test_any_json_gives_a_state_and_only_null_is_nothing(value: Any) -> None:
    found = state(value)
    assert isinstance(found, Failed | Found)
    if isinstance(found, Found):
        assert all(one["resourceType"] not in {"Bundle", "OperationOutcome"} for one in found.resources)


@given(st.lists(VALUES, max_size=4))
def test_no_entry_is_lost_without_a_word(resources: list[Any]) -> None:
    page = read_page(bundle(*({"resource": one} for one in [CONDITION, *resources])))
    assert page == Failed("not-fhir") or not isinstance(page, Failed)
    if not isinstance(page, Failed):
        assert page.partial or len(page.resources) == 1 + len(resources)


@pytest.mark.parametrize(("severity", "partial"), [("information", False), ("warning", False), ("error", True)])
def test_an_ignored_parameter_takes_nothing_away_from_what_was_found(severity: str, partial: bool) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "not-supported"}]}
    said = {"resource": outcome, "search": {"mode": "outcome"}}
    match = {"resource": {"resourceType": "Condition", "id": "c"}, "search": {"mode": "match"}}
    found = read_page({"resourceType": "Bundle", "type": "searchset", "entry": [match, said]})
    assert isinstance(found, Page)
    assert found.partial is partial
    nothing = read_page({"resourceType": "Bundle", "type": "searchset", "entry": [said]})
    assert isinstance(nothing, Failed) if severity == "error" else isinstance(nothing, Page) and nothing.partial
