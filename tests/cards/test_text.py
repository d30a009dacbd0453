"""The text output: what a nurse reads, in both languages, with and without colours.

The golden files use the small test pack, so that a change of the shipped pack's texts needs no change here.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console

from cds.assessment import Decision
from cds.cards import open_questions
from cds.cards.brief import print_brief
from cds.cards.text import print_decision, print_explanation, print_summary
from tests.decisions import COMMENT, LANGUAGES, MINIMAL, VARIETY, condition, example, support

GOLDEN: Final = Path(__file__).parent / "golden"
SMALL: Final[dict[str, Callable[[], Decision]]] = {
    "emergency": lambda: MINIMAL.decide("cold", warning_signs=["drowsy"], comment=COMMENT),
    "same-day-open": lambda: MINIMAL.decide("cold", ["breathless"], age=95),
    "self-care": lambda: MINIMAL.decide("cold", temperature=37.8),
    "self-care-ask-first": lambda: MINIMAL.decide("cold", ["blood_thinner"], age=70, temperature=37.8),
    "self-care-instead": lambda: MINIMAL.decide("cold", age=70, temperature=37.8, blood_thinner="yes"),
    "incomplete": lambda: MINIMAL.decide("cold", ["warning_signs", "age"]),
    "out-of-scope": lambda: MINIMAL.decide("cold", age=0),
    "contradiction": lambda: MINIMAL.decide("cold", chart=condition("J44.9"), cough="dry"),
    "nothing-answered": MINIMAL.nothing_answered,
}


def console(*, terminal: bool = False, width: int = 100) -> Console:
    return Console(
        file=StringIO(),
        width=width,
        highlight=False,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        legacy_windows=False,
        _environ={},
    )


def text_of(where: Console) -> str:
    assert isinstance(where.file, StringIO)
    return where.file.getvalue()


def shown(decision: Decision, language: str = "en", source: str = "responses/example.json") -> str:
    where = console()
    print_decision(where, support().cards, decision, source, language)
    return text_of(where)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SMALL)
def test_decisions(name: str, language: str, golden: Callable[[Path, str], None]) -> None:
    where = console()
    print_decision(where, MINIMAL.support.cards, SMALL[name](), f"responses/{name}.json", language)
    golden(GOLDEN / f"{name}.{language}.txt", text_of(where))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["emergency", "same-day-open", "incomplete", "contradiction"])
def test_explanations(name: str, language: str, golden: Callable[[Path, str], None]) -> None:
    where, decision = console(), SMALL[name]()
    misses = MINIMAL.support.assessor.near_misses(decision.patient.values)
    print_explanation(where, MINIMAL.support.cards, decision, misses, language)
    golden(GOLDEN / f"explain-{name}.{language}.txt", text_of(where))


@pytest.mark.parametrize("language", LANGUAGES)
def test_summary(language: str, golden: Callable[[Path, str], None]) -> None:
    where = console()
    rows: list[tuple[str, Decision | None]] = [(f"responses/{name}.json", made()) for name, made in SMALL.items()]
    print_summary(where, MINIMAL.support.cards, [*rows, ("a-very-long-folder/" * 4 + "x.json", None)], language)
    golden(GOLDEN / f"summary.{language}.txt", text_of(where))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_the_level_comes_first_in_words(name: str, language: str) -> None:
    pack, assessment = support().pack, example(name).assessment
    words = {"incomplete": {"en": "INCOMPLETE", "es": "INCOMPLETO"}}
    words["out-of-scope"] = {"en": "OUT OF SCOPE", "es": "FUERA DE ALCANCE"}
    words |= {level.id: {key: text.upper() for key, text in level.title.items()} for level in pack.levels}
    second = shown(example(name), language).splitlines()[1]
    assert second.startswith(f"│ {words[assessment.outcome][language]}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_neither_subject_nor_words_of_the_patient(name: str, language: str) -> None:
    decision, where = example(name), console()
    print_explanation(
        where, support().cards, decision, support().assessor.near_misses(decision.patient.values), language
    )
    text = shown(decision, language) + text_of(where)
    assert "Maria" not in text
    assert "Patient/example" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_says_all_that_the_cards_say(name: str, language: str) -> None:
    def flat(text: str) -> str:
        return " ".join(text.replace("│", " ").split())

    decision, maker = example(name), support().cards
    text = flat(shown(decision, language))
    view = maker.view(language)
    for reason in (*view.out_of_scope(decision), *view.reasons(decision)):
        assert flat(reason["text"]) in text
    texts = maker.texts(decision)[1]
    assert flat(texts.summary[language]) in text
    for question in open_questions(maker.pack, decision, language):
        assert flat(question.text) in text
    assert flat(maker.pack.cards.labels["disclaimer"][language]) in text


@pytest.mark.parametrize("name", ["emergency", "incomplete", "nothing-answered", "child"])
def test_no_advice_beside_what_is_urgent_or_open(name: str) -> None:
    assert support().pack.cards.labels["advised"]["en"] not in shown(example(name))


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("emergency", "31"),
        ("same-day", "33"),
        ("incomplete", "33"),
        ("child", "33"),
        ("no-exercise", "33"),
        ("child-emergency", "31"),
        ("self-care", "32"),
        ("routine", "32"),
    ],
)
def test_colours_on_a_terminal(name: str, colour: str) -> None:
    where = console(terminal=True)
    print_decision(where, support().cards, example(name), "x.json", "en")
    assert f"\x1b[{colour}m" in text_of(where) or f"\x1b[1;{colour}m" in text_of(where)
    if colour != "32":
        assert "32m" not in text_of(where)


def test_no_colours_in_a_pipe() -> None:
    assert "\x1b" not in shown(example("emergency"))


@pytest.mark.parametrize("width", [40, 80, 100, 240])
@pytest.mark.parametrize("name", ["emergency", "self-care-instead", "incomplete"])
def test_fits_the_width_and_is_never_wider_than_100(name: str, width: int) -> None:
    where = console(width=width)
    print_decision(where, support().cards, example(name), "x.json", "en")
    lines = text_of(where).splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    assert not [line for line in lines if line != line.rstrip()]


def test_nothing_in_a_source_is_markup_or_a_control_character() -> None:
    hostile = "[red]a[/red] :smile: [link=https://example.com]b[/link]\x1b[31m\n.json"
    text = shown(example("emergency"), source=hostile)
    assert "[red]a[/red] :smile: [link=https://example.com]b[/link]" in text
    assert "\x1b" not in text


def test_a_summary_counts_every_patient_once() -> None:
    where = console()
    rows = [(name, example(name)) for name in VARIETY]
    print_summary(where, support().cards, [*rows, ("broken.json", None)], "en")
    table, counts = text_of(where).split("Patients\n")
    assert all(name in table for name in VARIETY)
    assert "broken.json" in table
    assert sum(int(line.split()[-1]) for line in counts.splitlines() if line and line[-1].isdigit()) == len(rows) + 1


def test_out_of_scope_never_stands_below_an_all_clear() -> None:
    where = console()
    rows = [("well.json", SMALL["self-care"]()), ("baby.json", SMALL["out-of-scope"]())]
    print_summary(where, MINIMAL.support.cards, rows, "en")
    text = text_of(where)
    assert text.index("baby.json") < text.index("well.json")


@pytest.mark.parametrize("language", ("en", "es"))
@pytest.mark.parametrize("name", ["incomplete-routine", "incomplete-within-days", "child", "no-exercise"])
def test_the_brief_form_says_what_is_certain_beside_another_outcome(name: str, language: str) -> None:
    where, decision = console(), example(name)
    assert decision.assessment.outcome != decision.assessment.level
    print_brief(where, support().cards, decision, "x.json", language)
    title = support().pack.levels[support().pack.rank[decision.assessment.level]].title[language]
    assert title in text_of(where)


def test_a_summary_of_nobody_prints_nothing() -> None:
    where = console()
    print_summary(where, support().cards, [], "en")
    assert text_of(where) == ""
