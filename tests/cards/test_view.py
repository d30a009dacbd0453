"""What templates see: the pack's own texts, marked as such, and nothing that a patient wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cds.assessment import GivenAdvice
from cds.cards.questions import open_questions
from cds.cards.template import Markdown
from cds.cards.view import View
from cds.intake import Contradiction, Reading
from cds.pack.card_checks import TEMPLATE_VARIABLES
from cds.pack.value import FindingValue, Interval, Selection
from tests.decisions import LANGUAGES, VARIETY, decide, example, support


def seen(name: str, language: str = "en") -> dict[str, Any]:
    maker, decision = support().cards, example(name)
    questions = open_questions(maker.pack, decision, language)
    return maker.view(language).of(decision, maker.texts(decision)[1], questions)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for child in value.values():
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_the_variables_are_those_that_packs_may_use(name: str, language: str) -> None:
    assert seen(name, language).keys() == TEMPLATE_VARIABLES


@pytest.mark.parametrize("name", VARIETY)
def test_no_words_of_the_patient(name: str) -> None:
    assert not [text for text in strings(seen(name)) if "Maria" in text or "Patient/" in text]


def test_a_benign_pattern_speaks_only_for_the_last_level() -> None:
    default = support().pack.default_level
    rules = support().pack.rule
    assert {rules[str(reason["rule"])].then.level for reason in seen("self-care")["reasons"]} == {default}
    assert default not in {rules[str(reason["rule"])].then.level for reason in seen("routine")["reasons"]}
    assert seen("incomplete")["reasons"] == []


def test_reasons_come_most_urgent_first() -> None:
    pack = support().pack
    decision = decide(saddle_numbness="yes", fever="yes", cancer_history="yes")
    levels = [pack.rule[str(reason["rule"])].then.level for reason in support().cards.view("en").reasons(decision)]
    ranks = [pack.rank[level] for level in levels if level]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1


def test_a_floor_only_where_a_level_is_certain() -> None:
    assert seen("incomplete")["floor"] is None
    assert seen("incomplete-routine")["floor"]["id"] == "routine"


def test_a_contradiction_in_words() -> None:
    assert seen("contradiction")["contradictions"] == [
        {"finding": "Cancer now or in the past", "answer": "no", "chart": "yes"}
    ]
    assert seen("contradiction", "es")["contradictions"][0]["chart"] == "sí"


def test_each_advice_status_has_its_own_text() -> None:
    pack, view = support().pack, support().cards.view("en")
    nsaid, paracetamol = pack.advice["nsaid"], pack.advice["paracetamol-caution"]
    given = (
        GivenAdvice(nsaid, "advised"),
        GivenAdvice(nsaid, "ask-first"),
        GivenAdvice(paracetamol, "instead", ("check-paracetamol-total", "ask-pharmacist")),
    )
    decision = example("self-care")
    decision = replace(decision, assessment=replace(decision.assessment, advice=given))
    entries = view.of(decision, pack.cards.levels["self-care"], ())["advice"]
    assert [entry["status"] for entry in entries] == ["advised", "ask-first", "instead", "instead"]
    assert [entry["text"] for entry in entries] == [
        nsaid.text["en"],
        nsaid.ask_first["en"],
        pack.instead["check-paracetamol-total"].text["en"],
        pack.instead["ask-pharmacist"].text["en"],
    ]
    assert [bool(entry["evidence"]) for entry in entries] == [True, False, False, False]


@pytest.mark.parametrize(
    ("finding", "value", "words"),
    [
        ("fever", True, "yes"),
        ("fever", False, "no"),
        ("age", Interval(34, 34), "34 years"),
        ("pain_hours", Interval(24, 72), "24 - 72 hours"),
        ("temperature", Interval(378, 378), "37.8 °C"),
        ("pain_severity", Interval(3, 3), "3"),
        ("sex", "female", "female"),
        ("pain_site", Selection(frozenset({"sacrum", "low-back"})), "low back, sacrum"),
        ("pain_site", Selection(frozenset(), frozenset({"flank"})), "flank?"),
        ("pain_site", Selection(frozenset()), "-"),
        ("fever", None, "?"),
    ],
)
def test_values_in_words(finding: str, value: FindingValue | None, words: str) -> None:
    assert support().cards.view("en").value(finding, value) == words


def test_every_finding_can_be_told_in_every_language() -> None:
    for language in LANGUAGES:
        view = View(support().pack, language)
        for name, value in decide().patient.values.items():
            assert view.value(name, value)


def test_what_a_source_did_not_say_is_a_dash() -> None:
    decision = example("self-care")
    entry = Contradiction("fever", (Reading("answer", "answered", True), Reading("answer", "answered", False)), True)
    decision = replace(decision, patient=decision.patient._replace(contradictions=(entry,)))
    assert support().cards.view("en").contradictions(decision) == [
        {"finding": Markdown("Fever, chills or shivering"), "answer": "yes; no", "chart": "-"}
    ]


def test_a_question_that_cannot_raise_the_level_never_names_a_lower_one() -> None:
    """After "within days" is certain, "could raise this to: Routine" would be nonsense; it is about the scope."""
    maker, decision = support().cards, decide("teenager-athlete", leave_out=["after_exercise"])
    questions = [question for question in open_questions(maker.pack, decision, "en") if question.link_id]
    entries = {
        entry["link_id"]: str(entry["level"])
        for entry in maker.view("en").of(decision, maker.texts(decision)[1], tuple(questions))["questions"]
    }
    assert entries["after-exercise"] == "Out of scope"
