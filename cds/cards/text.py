"""Decisions as text for a nurse: how urgent in words and colour, why, what to do, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.headline import Headline, headline, outcome_title
from cds.cards.layout import bullet, heading, plain, print_trimmed
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.words import WORDS, Words
from cds.pack.text import text_in

PIPE_WIDTH: Final = 100
"""Columns where there is no terminal to ask: lines that fit a mail, a log and a terminal side by side."""

COLOURS: Final = {"critical": "red", "warning": "yellow", "info": "green"}
_SOURCE_WIDTH: Final = 46


def text_console(file: IO[str] | None = None) -> Console:
    """A console for the functions here: markup off, as wide as the terminal, in a pipe :data:`PIPE_WIDTH`."""
    console = Console(file=file, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console


def print_decision(console: Console, maker: CardMaker, decision: Decision, source: str, language: str) -> None:
    """Print one decision, the level first. ``source`` says where the response came from."""
    parts = [title_panel(maker, decision, source, language), *_body(maker, decision, language)]
    print_trimmed(console, Group(*parts))


def print_summary(console: Console, rows: Iterable[Headline], language: str = "en") -> None:
    """Print one line for each patient, most urgent first, and how many have each outcome."""
    ordered = sorted(rows, key=lambda row: row.order)
    if not ordered:
        return
    names = {name: text_in(WORDS[name], language) for name in ("outcome", "source", "count")}
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), expand=True)
    table.add_column(names["outcome"], no_wrap=True)
    table.add_column(names["source"], no_wrap=True, max_width=_SOURCE_WIDTH)
    table.add_column("", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in ordered:
        table.add_row(Text(row.outcome, style=COLOURS[row.indicator]), _tail(row.source), Text(row.reason))
    counts = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    counts.add_column(names["outcome"])
    counts.add_column(names["count"], justify="right")
    for (outcome, indicator), count in Counter((row.outcome, row.indicator) for row in ordered).items():
        counts.add_row(Text(outcome, style=COLOURS[indicator]), str(count))
    print_trimmed(console, Group(table, counts))


def title_panel(maker: CardMaker, decision: Decision, source: str, language: str) -> Panel:
    """The outcome in words and colour, with its summary and what it could still become."""
    pack, assessment, words = maker.pack, decision.assessment, Words(maker.pack, language)
    line = headline(maker, decision, source, language)
    colour = COLOURS[line.indicator]
    text = Text(line.outcome.upper(), style=f"bold {colour}")
    if assessment.outcome not in (INCOMPLETE, OUT_OF_SCOPE):
        text.append(f": {line.timeframe}")
    text.append("\n" + text_in(maker.texts(decision)[1].summary, language), style="not bold default")
    if assessment.outcome in (INCOMPLETE, OUT_OF_SCOPE) and assessment.level != pack.default_level:
        word = "already_certain" if assessment.outcome == INCOMPLETE else "urgency_all_the_same"
        text.append(f"\n{words[word]}: {_level(maker, assessment.level, language)}", style="bold default")
    if pack.rank[assessment.possible_level] < pack.rank[assessment.level]:
        possible = _level(maker, assessment.possible_level, language)
        text.append(f"\n{words['possible_level']}: {possible}", style="not bold default")
    return Panel(text, title=Text(line.source), title_align="left", border_style=colour, padding=(0, 1))


def _level(maker: CardMaker, level: str, language: str) -> str:
    timeframe = maker.pack.levels[maker.pack.rank[level]].timeframe
    return f"{outcome_title(maker, level, language)} ({text_in(timeframe, language)})"


def _body(maker: CardMaker, decision: Decision, language: str) -> Iterator[RenderableType]:
    words = Words(maker.pack, language)
    questions = open_questions(maker.pack, decision, language)
    texts = maker.texts(decision)[1]
    view = maker.view(language).of(decision, texts, questions)
    yield from _reasons(words["outside_scope"], view["out_of_scope"], words)
    shown = {reason["rule"] for reason in view["out_of_scope"]}
    yield from _reasons(words["why"], [reason for reason in view["reasons"] if reason["rule"] not in shown], words)
    yield heading(words["what_to_do"])
    yield _markdown(view["action"])
    yield from _questions(maker, decision, questions, words, language)
    yield from _contradictions(view["contradictions"], words)
    if maker.gives_advice(decision):
        yield from _advice(view["advice"], words)
    if view["safety_net"]:
        yield heading(words["watch_for"])
        yield _markdown(view["safety_net"])
    if decision.comment_present:
        yield plain(words["comment"], style="bold", above=1)
    yield footer(maker, language)


def footer(maker: CardMaker, language: str) -> RenderableType:
    """Which rules these are, whether they are approved, and the disclaimer."""
    header, words = maker.pack.header, Words(maker.pack, language)
    title, status = text_in(header.title, language), words[f"status-{header.status}"]
    text = f"{words['pack']}: {title} ({header.id} {header.version}, {status}). {words['disclaimer']}"
    if header.status != "active":
        text += f" {words[f'{header.status}_pack']}"
    return plain(text, style="dim", above=1, below=1)


def _reasons(title: str, reasons: list[dict[str, Any]], words: Words) -> Iterator[RenderableType]:
    if not reasons:
        return
    yield heading(title)
    for reason in reasons:
        keys = ", ".join(source["key"] for source in reason["citations"])
        note = f"{words['rule']} {reason['rule']}" + (f"; {words['sources']}: {keys}" if keys else "")
        if reason["unverified"]:
            note += f"; {words['unverified']}"
        yield bullet(reason["text"], note)


def _questions(
    maker: CardMaker, decision: Decision, questions: tuple[OpenQuestion, ...], words: Words, language: str
) -> Iterator[RenderableType]:
    if not questions:
        return
    pack = maker.pack
    yield heading(words["questions"])
    for level, group in groupby(questions, key=lambda question: question.level):
        raises = pack.rank[level] < pack.rank[decision.assessment.level]
        meaning = f"{words['could_mean']} {_level(maker, level, language)}" if raises else words["could_leave_scope"]
        yield plain(f"{meaning}:", style="italic", indent=2)
        for question in group:
            titles = [text_in(pack.findings[name].title, language) for name in question.findings]
            about = f"{words['about']}: {'; '.join(titles)}" if question.link_id else ""
            yield bullet(question.text, about)


def _contradictions(entries: list[dict[str, str]], words: Words) -> Iterator[RenderableType]:
    if not entries:
        return
    yield heading(words["contradictions"])
    for entry in entries:
        told = f"{words['answered']} {entry['answer']}; {words['in_chart']} {entry['chart']}"
        yield bullet(f"{entry['finding']}: {told}")
    yield plain(words["contradiction_note"], indent=2)


def _advice(entries: list[dict[str, Any]], words: Words) -> Iterator[RenderableType]:
    for status, label in (("advised", "advised"), ("ask-first", "ask_first"), ("instead", "instead")):
        chosen = [entry for entry in entries if entry["status"] == status]
        if chosen:
            yield heading(words[label])
        for entry in chosen:
            yield bullet(f"{entry['title']}. {entry['text']}")


def _markdown(text: str) -> RenderableType:
    return Padding(Markdown(text, hyperlinks=False), (0, 0, 0, 2))


def _tail(source: str) -> Text:
    return Text(source if len(source) <= _SOURCE_WIDTH else "…" + source[1 - _SOURCE_WIDTH :])
