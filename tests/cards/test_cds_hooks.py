"""Cards: CDS Hooks 2.0.1 to the letter, and never more reassuring than the decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import fhirkit
import orjson
import pytest
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task
from markdown_it import MarkdownIt

from cds.pack.content import CardTexts
from tests.decisions import COMMENT, LANGUAGES, VARIETY, decide, example, response, support
from tests.schemas import RESPONSE, faults

MODELS: dict[str, Any] = {"ServiceRequest": ServiceRequest, "Task": Task}


def cards(name: str, language: str = "en") -> list[dict[str, Any]]:
    return support().cards.cards(example(name), language)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        assert value
        for child in value.values():
            yield from leaves(child)
    elif isinstance(value, list):
        assert value
        for child in value:
            yield from leaves(child)
    else:
        yield value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_conforms_to_cds_hooks(name: str, language: str) -> None:
    assert faults(RESPONSE, json.loads(orjson.dumps({"cards": cards(name, language)}))) == []


@pytest.mark.parametrize("name", VARIETY)
def test_nothing_is_null_or_empty(name: str) -> None:
    for value in leaves(cards(name)):
        assert value is not None
        assert value != ""


@pytest.mark.parametrize("name", VARIETY)
def test_critical_means_the_most_urgent_level(name: str) -> None:
    most_urgent = support().pack.levels[0].id
    indicators = [card["indicator"] for card in cards(name)]
    assert (indicators[0] == "critical") == (example(name).assessment.level == most_urgent)
    assert "critical" not in indicators[1:]


@pytest.mark.parametrize("name", VARIETY)
def test_what_is_no_all_clear_is_never_just_information(name: str) -> None:
    if example(name).assessment.outcome in ("incomplete", "out-of-scope"):
        assert cards(name)[0]["indicator"] in ("warning", "critical")


def every_text() -> Iterator[tuple[str, CardTexts]]:
    texts = support().pack.cards
    yield from texts.levels.items()
    yield from texts.out_of_scope.items()
    yield from (("incomplete", texts.incomplete), ("open", texts.open), ("advice", texts.advice))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("texts", [pytest.param(texts, id=name) for name, texts in every_text()])
def test_every_summary_is_below_140_characters(texts: CardTexts, language: str) -> None:
    assert 0 < len(texts.summary[language]) < 140


def test_the_right_cards_in_the_right_order() -> None:
    pack = support().pack.cards

    def summaries(name: str) -> list[str]:
        return [card["summary"] for card in cards(name)]

    opened, advice = pack.open.summary["en"], pack.advice.summary["en"]
    assert summaries("within-days") == [pack.levels["within-days"].summary["en"], advice]
    assert summaries("self-care-ask-first") == [pack.levels["self-care"].summary["en"], opened, advice]
    assert summaries("emergency") == [pack.levels["emergency"].summary["en"]]
    assert summaries("incomplete") == [pack.incomplete.summary["en"]]
    assert summaries("child") == [pack.out_of_scope["under-16"].summary["en"]]
    assert summaries("child-emergency") == [pack.levels["emergency"].summary["en"]]


def test_an_incomplete_card_lists_every_question_that_withholds() -> None:
    decision = decide(leave_out=["fever", "saddle_numbness"])
    detail = support().cards.cards(decision, "en")[0]["detail"]
    items = support().pack.questionnaire.items
    assert items["fever"].text["en"] in detail
    assert items["bladder-bowel"].text["en"] in detail


def test_a_level_that_is_certain_is_said_beside_the_open_questions() -> None:
    first = cards("incomplete-routine")[0]
    assert "**Routine**" in first["detail"]
    assert {suggestion["label"] for suggestion in first["suggestions"]} == {
        "Ask the open questions today",
        "Request a planned visit",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_the_patients_own_words_are_never_shown(name: str, language: str) -> None:
    text = orjson.dumps(cards(name, language)).decode()
    assert "Maria" not in text
    assert COMMENT not in text


def test_a_comment_is_announced() -> None:
    assert support().pack.cards.labels["comment"]["en"] in cards("same-day")[0]["detail"]
    assert support().pack.cards.labels["comment"]["en"] not in cards("emergency")[0]["detail"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_proposed_resources_are_whole_and_valid(name: str, language: str) -> None:
    for resource in resources(cards(name, language)):
        assert fhirkit.validate(resource) == []
        model = MODELS[resource["resourceType"]].model_validate(resource)
        assert model.intent == "proposal"
        assert model.status == "draft"


def resources(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    suggestions = [suggestion for card in made for suggestion in card.get("suggestions", [])]
    return [action["resource"] for suggestion in suggestions for action in suggestion["actions"]]


def uuids(made: list[dict[str, Any]]) -> set[str]:
    suggestions = [suggestion for card in made for suggestion in card.get("suggestions", [])]
    return {entry["uuid"] for entry in [*made, *suggestions]}


@pytest.mark.parametrize("name", VARIETY)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    again = support().cards.cards(VARIETY[name](), "en")
    assert orjson.dumps(again) == orjson.dumps(cards(name))
    assert {UUID(uuid).version for uuid in uuids(again)} == {5}


def test_any_other_input_gives_other_identifiers() -> None:
    seen: set[str] = set()
    later = support().decide_parsed(response(), as_of="2026-11-23T09:30:00+01:00")
    made = [cards(name, language) for name in VARIETY for language in LANGUAGES]
    for identifiers in map(uuids, [*made, support().cards.cards(later, "en")]):
        assert not seen & identifiers
        seen |= identifiers


def test_links_lead_to_the_sources_of_the_level() -> None:
    (card,) = cards("emergency")
    rules = [rule for rule in example("emergency").assessment.fired if rule.then.level == "emergency"]
    addresses = {support().pack.citations[key].address for rule in rules for key in rule.citations}
    assert {link["url"] for link in card["links"]} <= addresses


@pytest.mark.parametrize(
    ("wanted", "given"), [("es", "es"), ("es-MX", "es"), ("fr", "en"), (None, "en"), ("", "en"), ("en-GB", "en")]
)
def test_the_nearest_language(wanted: str | None, given: str) -> None:
    assert support().cards.language(wanted) == given


def test_the_language_of_the_response_counts() -> None:
    decision = support().decide_parsed(response(language="es"))
    assert support().make_cards(decision)[0]["summary"] == support().pack.cards.levels["self-care"].summary["es"]
    assert support().make_cards(decision, "en")[0]["summary"] == support().pack.cards.levels["self-care"].summary["en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_a_draft_pack_says_that_it_is_one(name: str, language: str) -> None:
    if support().pack.header.status == "draft":
        assert support().pack.cards.labels["draft_pack"][language] in cards(name, language)[0]["detail"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_details_are_markdown_without_html_or_code(name: str, language: str) -> None:
    for card in cards(name, language):
        tokens = MarkdownIt("commonmark").parse(card["detail"])
        kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
        assert not kinds & {"html_block", "html_inline", "code_block", "fence", "code_inline", "image"}
