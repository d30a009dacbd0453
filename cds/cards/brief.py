"""Decisions in a few lines each, for many patients: how soon which care, and why."""

from __future__ import annotations

from typing import Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from cds.assessment import Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.headline import headline
from cds.cards.layout import bullet, plain, print_trimmed
from cds.cards.panel import COLOURS, certain_level, footer
from cds.cards.questions import open_questions
from cds.cards.words import Words
from cds.pack.text import text_in

_MOST_QUESTIONS: Final = 3


def print_brief(console: Console, maker: CardMaker, decision: Decision, source: str, language: str) -> None:
    """Print one decision: the level and where the response came from, what to do in a line, the reasons.

    For an incomplete result the most urgent open questions stand in place of reasons, and how many there are.
    """
    line = headline(maker, decision, source, language)
    title = Text()
    title.append(f"{line.outcome.upper()}: {line.note}", style=f"bold {COLOURS[line.indicator]}")
    title.append(f"   {line.source}", style="dim")
    summary = plain(text_in(maker.texts(decision)[1].summary, language), indent=1)
    certain = certain_level(maker, decision, language)
    floor = [plain(certain, style="bold", indent=1)] if certain else []
    print_trimmed(console, Group(title, summary, *floor, *_why(maker, decision, language), Text("")))


def print_footer(console: Console, maker: CardMaker, language: str) -> None:
    """Print which rules these were, and the disclaimer."""
    print_trimmed(console, footer(maker, language))


def _why(maker: CardMaker, decision: Decision, language: str) -> list[RenderableType]:
    view, words = maker.view(language), Words(maker.pack, language)
    reasons = [*view.out_of_scope(decision), *view.reasons(decision)]
    lines: list[RenderableType] = [bullet(text) for text in dict.fromkeys(str(reason["text"]) for reason in reasons)]
    if decision.assessment.incomplete:
        questions = open_questions(maker.pack, decision, language)
        lines.append(plain(f"{words['questions']} ({len(questions)}):", indent=1))
        lines += [bullet(question.text) for question in questions[:_MOST_QUESTIONS]]
        if len(questions) > _MOST_QUESTIONS:
            lines.append(bullet("..."))
    return lines
