"""What stands above and below every text: how urgent, in words and colour; which rules, and the disclaimer."""

from __future__ import annotations

from typing import Final

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.headline import headline, level_in_words
from cds.cards.layout import plain
from cds.cards.words import Words
from cds.pack.text import text_in

COLOURS: Final = {"critical": "red", "warning": "yellow", "info": "green"}
"""By CDS Hooks indicator; the words always say the same, for a pipe and for whoever sees no colours."""


def title_panel(maker: CardMaker, decision: Decision, source: str, language: str) -> Panel:
    """The outcome, its summary, what is certain all the same, and what it could still become."""
    pack, assessment, words = maker.pack, decision.assessment, Words(maker.pack, language)
    line = headline(maker, decision, source, language)
    colour = COLOURS[line.indicator]
    text = Text()
    text.append(line.outcome.upper(), style=f"bold {colour}")
    text.append(f": {line.note}", style=colour)
    text.append("\n" + text_in(maker.texts(decision)[1].summary, language))
    certain = certain_level(maker, decision, language)
    if certain:
        text.append(f"\n{certain}", style="bold")
    if pack.rank[assessment.possible_level] < pack.rank[assessment.level]:
        text.append(f"\n{words['possible_level']}: {level_in_words(maker, assessment.possible_level, language)}")
    return Panel(text, title=Text(line.source), title_align="left", border_style=colour, padding=(0, 1))


def certain_level(maker: CardMaker, decision: Decision, language: str) -> str:
    """The level that is certain although the outcome is another, in words; empty if there is none."""
    assessment, words = decision.assessment, Words(maker.pack, language)
    word = {INCOMPLETE: "already_certain", OUT_OF_SCOPE: "urgency_all_the_same"}.get(assessment.outcome)
    if word is None or assessment.level == maker.pack.default_level:
        return ""
    return f"{words[word]}: {level_in_words(maker, assessment.level, language)}"


def footer(maker: CardMaker, language: str) -> RenderableType:
    """Which rules these are, whether they are approved, and the disclaimer."""
    header, words = maker.pack.header, Words(maker.pack, language)
    title, status = text_in(header.title, language), words[f"status_{header.status}"]
    text = f"{words['pack']}: {title} ({header.id} {header.version}, {status}). {words['disclaimer']}"
    if header.status != "active":
        text += f" {words[f'{header.status}_pack']}"
    return plain(text, style="dim", above=1, below=1)
