"""Decisions as text for a nurse: how urgent in words and colour, why, what to do, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cds.assessment import Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.explanation_text import print_explanation
from cds.cards.headline import headline, level_in_words, refused
from cds.cards.layout import bullet, heading, plain, print_trimmed
from cds.cards.panel import COLOURS, footer, title_panel
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.words import Words

__all__ = ["print_decision", "print_explanation", "print_summary"]

_SOURCE_WIDTH: Final = 38


def print_decision(console: Console, maker: CardMaker, decision: Decision, source: str, language: str) -> None:
    """Print one decision, the level first. ``source`` says where the response came from."""
    body = _Body(maker, decision, language).parts()
    print_trimmed(console, Group(title_panel(maker, decision, source, language), *body, footer(maker, language)))


def print_summary(
    console: Console, maker: CardMaker, rows: Iterable[tuple[str, Decision | None]], language: str
) -> None:
    """Print a line for each patient, most urgent first, then how many have each outcome.

    A row is a source with its decision, or with ``None`` for a response that was refused.
    """
    words = Words(maker.pack, language)
    lines = sorted(
        (
            refused(maker, source, language) if decision is None else headline(maker, decision, source, language)
            for source, decision in rows
        ),
        key=lambda line: line.order,
    )
    if not lines:
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), expand=True)
    table.add_column(words["outcome"], no_wrap=True)
    table.add_column(words["patient"], no_wrap=True)
    table.add_column(words["why"], no_wrap=True, overflow="ellipsis", ratio=1)
    for line in lines:
        table.add_row(Text(line.outcome, style=COLOURS[line.indicator]), _tail(line.source), Text(line.reason))
    counts = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    counts.add_column(words["outcome"])
    counts.add_column(words["patients"], justify="right")
    order = {line.outcome: line for line in reversed(lines)}
    for outcome, count in sorted(Counter(line.outcome for line in lines).items(), key=lambda row: order[row[0]].order):
        counts.add_row(Text(outcome, style=COLOURS[order[outcome].indicator]), str(count))
    print_trimmed(console, Group(table, counts))


class _Body:
    """The parts below the panel: each gives nothing when there is nothing to say."""

    def __init__(self, maker: CardMaker, decision: Decision, language: str) -> None:
        self._maker, self._decision, self._language = maker, decision, language
        self._words = Words(maker.pack, language)
        self._questions = open_questions(maker.pack, decision, language)
        self._view = maker.view(language).of(decision, maker.texts(decision)[1], self._questions)

    def parts(self) -> Iterator[RenderableType]:
        view, words = self._view, self._words
        yield from self._reasons(words["outside_scope"], view["out_of_scope"])
        scope = {reason["rule"] for reason in view["out_of_scope"]}
        yield from self._reasons(words["why"], [reason for reason in view["reasons"] if reason["rule"] not in scope])
        yield from _markdown(words["what_to_do"], view["action"])
        yield from self._open()
        yield from self._contradictions()
        if self._maker.gives_advice(self._decision):
            yield from self._advice()
        yield from _markdown(words["watch_for"], view["safety_net"])
        if self._decision.comment_present:
            yield plain(words["comment"], style="bold", above=1)

    def _reasons(self, title: str, reasons: list[dict[str, Any]]) -> Iterator[RenderableType]:
        if reasons:
            yield heading(title)
        for reason in reasons:
            note = f"{self._words['rule']} {reason['rule']}"
            keys = ", ".join(source["key"] for source in reason["citations"])
            note += f"; {self._words['sources']}: {keys}" if keys else ""
            note += f"; {self._words['unverified']}" if reason["unverified"] else ""
            yield bullet(reason["text"], note)

    def _open(self) -> Iterator[RenderableType]:
        if self._questions:
            yield heading(self._words["questions"])
        pack = self._maker.pack
        for level, group in groupby(self._questions, key=lambda question: question.level):
            raises = pack.rank[level] < pack.rank[self._decision.assessment.level]
            raised = f"{self._words['could_mean']} {level_in_words(self._maker, level, self._language)}"
            yield plain(f"{raised if raises else self._words['could_leave_scope']}:", style="italic", indent=2)
            for question in group:
                yield bullet(question.text, self._about(question))

    def _about(self, question: OpenQuestion) -> str:
        about = self._maker.view(self._language).about(question)
        return f"{self._words['about']}: {about}" if about else ""

    def _contradictions(self) -> Iterator[RenderableType]:
        words, entries = self._words, self._view["contradictions"]
        if entries:
            yield heading(words["contradictions"])
        for entry in entries:
            told = f"{words['answered']} {entry['answer']}; {words['in_chart']} {entry['chart']}"
            yield bullet(f"{entry['finding']}: {told}")
        if entries:
            yield plain(words["contradiction_note"], indent=2)

    def _advice(self) -> Iterator[RenderableType]:
        for status, label in (("advised", "advised"), ("ask-first", "ask_first"), ("instead", "instead")):
            titles: dict[str, list[str]] = {}
            for entry in self._view["advice"]:
                if entry["status"] == status:
                    titles.setdefault(entry["text"], []).append(entry["title"])
            if titles:
                yield heading(self._words[label])
            for text, same in titles.items():
                yield bullet(f"{'; '.join(same)}: {text}")


def _markdown(title: str, text: str | None) -> Iterator[RenderableType]:
    if text:
        yield heading(title)
        yield Padding(Markdown(text, hyperlinks=False), (0, 0, 0, 2))


def _tail(source: str) -> Text:
    return Text(source if len(source) <= _SOURCE_WIDTH else "\N{HORIZONTAL ELLIPSIS}" + source[1 - _SOURCE_WIDTH :])
