"""The FHIR Bundle: valid R4, the same bytes every time, and as cautious as the cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import fhirkit
import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle

from cds.assessment import Decision
from cds.cards.fhir import bundle
from tests.decisions import LANGUAGES, MINIMAL, VARIETY, condition, example, support


def made(name: str, language: str = "en") -> dict[str, Any]:
    return bundle(support().cards, example(name), language)


def resource(found: dict[str, Any], kind: str) -> dict[str, Any]:
    (only,) = [entry["resource"] for entry in found["entry"] if entry["resource"]["resourceType"] == kind]
    assert isinstance(only, dict)
    return only


def values(node: Any, key: str) -> Iterator[Any]:
    """Every value of an element of this name, at any depth."""
    if isinstance(node, dict):
        for name, child in node.items():
            if name == key:
                yield child
            yield from values(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from values(child, key)


def check(found: dict[str, Any]) -> None:
    assert fhirkit.validate(found) == []
    Bundle.model_validate(found)
    for entry in found["entry"]:
        assert fhirkit.validate(entry["resource"]) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_valid(name: str, language: str) -> None:
    check(made(name, language))


SMALL: list[Callable[[], Decision]] = [
    MINIMAL.nothing_answered,
    lambda: MINIMAL.decide("cold"),
    lambda: MINIMAL.decide("cold", age=0),
    lambda: MINIMAL.decide("cold", chart=condition("J44.9"), cough="dry"),
]


@pytest.mark.parametrize("decide", SMALL)
def test_another_pack(decide: Callable[[], Decision]) -> None:
    check(bundle(MINIMAL.support.cards, decide(), "es"))


@pytest.mark.parametrize("name", VARIETY)
def test_same_bytes_every_time(name: str) -> None:
    again = bundle(support().cards, VARIETY[name](), "en")
    assert orjson.dumps(again) == orjson.dumps(made(name))


@pytest.mark.parametrize("name", VARIETY)
def test_every_reference_within_is_to_an_entry(name: str) -> None:
    found = made(name)
    urls = [entry["fullUrl"] for entry in found["entry"]]
    assert len(set(urls)) == len(urls)
    assert urls == [f"urn:uuid:{entry['resource']['id']}" for entry in found["entry"]]
    inner = [reference for reference in values(found, "reference") if reference.startswith("urn:")]
    assert set(inner) == set(urls[1:])  # all but the GuidanceResponse, where reading starts


def test_other_input_gives_other_identifiers() -> None:
    seen: set[str] = set()
    for found in [made(name, language) for name in VARIETY for language in LANGUAGES]:
        identifiers = {entry["fullUrl"] for entry in found["entry"]} | {found["id"]}
        assert not seen & identifiers
        seen |= identifiers


@pytest.mark.parametrize("name", VARIETY)
def test_status(name: str) -> None:
    guidance, assessment = resource(made(name), "GuidanceResponse"), example(name).assessment
    if assessment.incomplete:
        assert guidance["status"] == "data-required"
    else:
        assert guidance["status"] == ("data-requested" if assessment.open_findings else "success")
    assert ("dataRequirement" in guidance) == bool(assessment.open_findings)


def test_the_module_is_the_pack_with_its_version() -> None:
    header = support().pack.header
    canonical = f"{header.url}/PlanDefinition/{header.id}|{header.version}"
    assert resource(made("emergency"), "GuidanceResponse")["moduleCanonical"] == canonical
    assert resource(made("emergency"), "RequestGroup")["instantiatesCanonical"] == [canonical]


def test_required_data_names_the_findings() -> None:
    requirements = resource(made("incomplete"), "GuidanceResponse")["dataRequirement"]
    codes = {coding["code"] for coding in values(requirements, "code") if isinstance(coding, dict)}
    codes |= {coding["code"] for group in values(requirements, "code") if isinstance(group, list) for coding in group}
    assert "saddle_numbness" in codes


@pytest.mark.parametrize("name", VARIETY)
def test_actions_are_the_cards(name: str) -> None:
    cards = support().cards.cards(example(name), "en")
    group = resource(made(name), "RequestGroup")
    assert (group["status"], group["intent"]) == ("draft", "proposal")
    assert [action["title"] for action in group["action"]] == [card["summary"] for card in cards]
    assert [action["description"] for action in group["action"]] == [card["detail"] for card in cards]
    for action in group["action"]:
        assert ("resource" in action) != ("action" in action)  # invariant rqg-1
        for step in action.get("action", []):
            assert "resource" in step


@pytest.mark.parametrize(
    ("name", "expected"), [("emergency", "stat"), ("incomplete", "asap"), ("self-care", "routine")]
)
def test_priority(name: str, expected: str) -> None:
    assert resource(made(name), "RequestGroup")["priority"] == expected
    assert resource(made(name), "RequestGroup")["action"][0]["priority"] == expected


def test_documentation_is_where_the_reasons_come_from() -> None:
    group = resource(made("emergency"), "RequestGroup")
    rules = [rule for rule in example("emergency").assessment.fired if rule.then.level]
    keys = {entry["label"] for entry in group["action"][0]["documentation"]}
    assert keys == {key for rule in rules for key in rule.citations}


def parameter(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [entry for entry in resource(found, "Parameters")["parameter"] if entry["name"] == name]


@pytest.mark.parametrize("name", VARIETY)
def test_parameters_say_what_the_assessment_says(name: str) -> None:
    found, assessment = made(name), example(name).assessment
    assert [entry["valueCode"] for entry in parameter(found, "outcome")] == [assessment.outcome]
    assert [entry["valueCode"] for entry in parameter(found, "level")] == [assessment.level]
    assert [entry["valueCode"] for entry in parameter(found, "possible-level")] == [assessment.possible_level]
    assert [entry["valueString"] for entry in parameter(found, "fired-rule")] == [rule.id for rule in assessment.fired]


@pytest.mark.parametrize("name", ["emergency", "incomplete", "nothing-answered", "child"])
def test_no_advice_beside_what_is_urgent_or_open(name: str) -> None:
    assert parameter(made(name), "advice") == []


def test_notes_for_the_reader() -> None:
    def notes(decision: Decision) -> str:
        found = bundle(support().cards, decision, "en")
        return "\n".join(note["text"] for note in resource(found, "GuidanceResponse")["note"])

    labels = support().pack.cards.labels
    assert labels["disclaimer"]["en"] in notes(example("self-care"))
    assert labels["comment"]["en"] in notes(example("same-day"))
    assert labels["comment"]["en"] not in notes(example("self-care"))
    assert "Cancer now or in the past" in notes(example("contradiction"))


def test_who_is_meant() -> None:
    subjects = list(values(made("emergency"), "subject"))
    assert subjects
    assert all(subject == {"reference": "Patient/example"} for subject in subjects)
    assert list(values(made("nothing-answered"), "subject")) == []


@pytest.mark.parametrize("name", VARIETY)
def test_no_words_of_the_patient(name: str) -> None:
    assert b"Maria" not in orjson.dumps(made(name))
