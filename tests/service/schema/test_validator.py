"""The validator: nothing of the sender's in a message, bounded work, and one verdict with another implementation."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from referencing import Registry, Resource

from cds.service.feedback import read_feedback
from cds.service.hooks.hook import HOOKS, SUBMIT
from cds.service.prefetch.templates import templates
from cds.service.schema import DISCOVERY, FEEDBACK, OPERATION_OUTCOME, REQUESTS, RESPONSE, Schema, request_problems
from cds.service.schema.documents import DOCUMENTS
from cds.service.schema.problem import NAMES, problem
from cds.service.schema.validator import MAX_PROBLEMS
from tests.decisions import LANGUAGES, VARIETY, example, support
from tests.service.schema.published import APPOINTMENT_BOOK, EXAMPLES, PATIENT_VIEW, Json
from tests.service.schema.published import FEEDBACK as SOME_FEEDBACK

SCHEMAS = {schema.name: schema for schema in (DISCOVERY, RESPONSE, FEEDBACK, OPERATION_OUTCOME, *REQUESTS.values())}
LATER = datetime(9999, 1, 1, tzinfo=UTC)
"""A clock for which nothing that is sent lies in the future."""
MARK = "Xq7"
"""What was sent; no word of ours has it in it."""


@cache
def other_validator(file: str) -> jsonschema.Draft202012Validator:
    """The same schema in the Python implementation."""
    registry: Registry[Any] = Registry().with_resources(
        ("file:///" + name, Resource.from_contents(document)) for name, document in DOCUMENTS.items()
    )
    return jsonschema.Draft202012Validator(
        {"$ref": "file:///" + file}, registry=registry, format_checker=jsonschema.FormatChecker(["date-time"])
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENTS[name])


def places(value: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a value."""
    found = [steps] if steps else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in entries:
        found += places(child, (*steps, step))
    return found


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**33), 2**33),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8).map(lambda text: MARK + text),
    st.sampled_from(["", " ", "absolute", "smart", "accepted", "any", "delete", "2026-11-22T10:05:31Z", "a\nb"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(sorted(NAMES)), st.just(MARK + "name")), inner, max_size=3),
    ),
    max_leaves=6,
)


@st.composite
def changed_examples(draw: Callable[..., Any]) -> tuple[str, Json]:
    """A published example with some places replaced, added to or taken away."""
    file, original = draw(st.sampled_from(list(EXAMPLES.values())))
    instance = copy.deepcopy(original)
    for _ in range(draw(st.integers(0, 3))):
        if not instance:
            break
        *steps, last = draw(st.sampled_from(places(instance)))
        parent: Any = instance
        for step in steps:
            parent = parent[step]
        match draw(st.sampled_from(["replace", "drop", "add"])):
            case "replace":
                parent[last] = draw(VALUES)
            case "drop":
                del parent[last]
            case _ if isinstance(parent, dict):
                parent[draw(st.sampled_from([*sorted(NAMES), MARK]))] = draw(VALUES)
    return file, instance


@given(changed_examples())
def test_both_implementations_give_one_verdict(drawn: tuple[str, Json]) -> None:
    file, instance = drawn
    # In Python, and only there, $ also matches before a line feed at the end of a text.
    assume(not re.search(r'\\n"', json.dumps(instance)))
    assert SCHEMAS[file].is_valid(instance) == other_validator(file).is_valid(instance)


@given(changed_examples())
def test_no_problem_repeats_what_was_sent(drawn: tuple[str, Json]) -> None:
    file, instance = drawn
    found = SCHEMAS[file].problems(instance)
    assert bool(found) == (not SCHEMAS[file].is_valid(instance))
    assert MARK not in str(found)


@given(changed_examples())
def test_what_is_cut_away_has_no_say(drawn: tuple[str, Json]) -> None:
    file, instance = drawn
    schema = SCHEMAS[file]
    whole = dict.fromkeys(map(problem, schema._validator.iter_errors(instance)))
    assert schema.problems(instance) == list(whole)[:MAX_PROBLEMS]


def test_an_unknown_name_is_not_repeated_in_a_path() -> None:
    cards = copy.deepcopy(EXAMPLES["response"][1])
    cards["cards"][0]["extension"] = {"Maria Lopez": {"born": ""}}
    assert [found.path for found in RESPONSE.problems(cards)] == ["cards[0].extension.*.*"]


@pytest.mark.parametrize("ending", ["\n", "\r", "\u2028", "\0", " "])
@pytest.mark.parametrize("place", ["patientId", "userId", "encounterId"])
def test_an_identifier_ends_where_it_ends(place: str, ending: str) -> None:
    request = copy.deepcopy(PATIENT_VIEW)
    request["context"][place] += ending
    assert [found.path for found in request_problems(request)] == [f"context.{place}"]


def test_problems_are_bounded() -> None:
    assert len(FEEDBACK.problems({"feedback": [{}] * 50})) == MAX_PROBLEMS


@pytest.mark.parametrize(
    "hostile",
    [
        {"feedback": [{"acceptedSuggestions": [1] * 2000}] * 500},
        {"feedback": [1] * 500_000},
    ],
)
def test_a_hostile_list_is_cut_before_it_is_judged(hostile: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Any] = []

    class Watched:
        def is_valid(self, value: object) -> bool:
            return False

        def iter_errors(self, value: object) -> list[Any]:
            judged.append(value)
            return []

    monkeypatch.setattr(FEEDBACK, "_validator", Watched())
    FEEDBACK.problems(hostile)
    assert len(places(judged[0])) <= 1 + 101 * 23


def test_a_hostile_object_is_cut_before_it_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Any] = []

    class Watched:
        def is_valid(self, value: object) -> bool:
            return False

        def iter_errors(self, value: object) -> list[Any]:
            judged.append(value)
            return []

    schema = REQUESTS["patient-view"]
    monkeypatch.setattr(schema, "_validator", Watched())
    many = {f"{MARK}{number}": {"a": {"b": 1}} for number in range(10_000)}
    found = schema.problems({**many, "hook": "patient-view", "context": {**many, "patientId": 7}})
    assert len(judged[0]) == 200
    assert len(judged[0]["context"]) == 200
    assert judged[0]["context"]["patientId"] == 7
    assert [problem.path for problem in found] == ["body"], "what does not conform must not look as if it did"


def test_a_fault_among_ten_thousand_members_is_found() -> None:
    many = {f"{MARK}{number}": 1 for number in range(10_000)}
    found = request_problems({**PATIENT_VIEW, "context": {**many, **PATIENT_VIEW["context"], "patientId": ""}})
    assert [problem.path for problem in found] == ["context.patientId"]


def test_many_entries_are_told_as_too_many() -> None:
    found = FEEDBACK.problems({"feedback": [SOME_FEEDBACK["feedback"][0]] * 10_000})
    assert [entry.path for entry in found] == ["feedback"]


def test_the_hooks_are_those_of_the_service() -> None:
    assert REQUESTS.keys() == HOOKS.keys()


@pytest.mark.parametrize(("hook", "said"), [("order-sign", "one of"), (7, "a string"), (None, "a string")])
def test_another_hook_is_refused(hook: object, said: str) -> None:
    (found,) = request_problems({**PATIENT_VIEW, "hook": hook})
    assert found.path == "hook"
    assert said in found.message


@pytest.mark.parametrize("body", [None, [], "patient-view", 1])
def test_a_body_that_is_no_object(body: object) -> None:
    assert request_problems(body) == [("body", "this must be an object")]


def test_a_request_is_judged_by_its_hook() -> None:
    assert request_problems(APPOINTMENT_BOOK) == []
    (found,) = request_problems({**APPOINTMENT_BOOK, "hook": SUBMIT})
    assert found.path == "context.questionnaireResponse"


@given(st.from_regex(DOCUMENTS["types.json"]["$defs"]["instant"]["pattern"], fullmatch=True))
def test_every_time_that_is_taken_can_be_read(text: str) -> None:
    assume(text[:4] not in ("0000", "0001", "9999"))  # where a moment may lie outside of the calendar
    feedback = {"feedback": [{"card": "a", "outcome": "overridden", "outcomeTimestamp": text}]}
    if FEEDBACK.is_valid(feedback):
        [item] = read_feedback(feedback, LATER)
        assert item.at.utcoffset() == timedelta(0)


@given(changed_examples())
def test_feedback_that_conforms_can_be_kept(drawn: tuple[str, Json]) -> None:
    _, instance = drawn
    if FEEDBACK.is_valid(instance):
        assert len(read_feedback(instance, LATER)) == len(instance["feedback"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_our_cards_conform(name: str, language: str) -> None:
    cards = support().make_cards(example(name), language=language)
    assert RESPONSE.problems({"cards": json.loads(json.dumps(cards))}) == []


def test_our_prefetch_templates_conform() -> None:
    pack = support().pack
    service = {"hook": "patient-view", "id": pack.id, "title": "a", "description": "a", "prefetch": templates(pack)}
    assert DISCOVERY.problems({"services": [service]}) == []


def test_a_schema_of_one_file() -> None:
    assert Schema("card.json").problems({}) == [
        ("summary", "this member is required: add it"),
        ("indicator", "this member is required: add it"),
        ("source", "this member is required: add it"),
    ]


def test_our_sources_are_the_same_for_every_patient() -> None:
    cards = [card for name in VARIETY for card in support().make_cards(example(name), language="en")]
    assert len({json.dumps(card["source"]) for card in cards}) == 1
