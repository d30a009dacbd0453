"""One line for one patient: the outcome in words, where the response came from, and the first reason."""

from __future__ import annotations

from dataclasses import dataclass

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.questions import open_questions
from cds.cards.words import Words
from cds.pack.text import text_in


@dataclass(frozen=True, slots=True)
class Headline:
    """A patient in one line.

    ``outcome`` is the outcome's title, ``note`` how soon or what it means, ``indicator`` the CDS Hooks indicator.
    ``order`` sorts the most urgent first: by the level that is certain or, when incomplete, the most urgent possible
    one; at the same level what is certain comes first. What is out of scope never stands below a warning.
    """

    source: str
    outcome: str
    note: str
    indicator: str
    reason: str
    order: tuple[int, int]


def headline(maker: CardMaker, decision: Decision, source: str, language: str) -> Headline:
    """The line for one decision; ``source`` says where its response came from."""
    assessment, words = decision.assessment, Words(maker.pack, language)
    indicator, source = maker.indicator(decision), visible(source)
    rank = maker.pack.rank[assessment.level]
    if assessment.outcome == INCOMPLETE:
        count = len(open_questions(maker.pack, decision, language))
        possible = level_in_words(maker, assessment.possible_level, language)
        reason = f"{words['questions']}: {count}. {words['possible_level']}: {possible}"
        order = (maker.pack.rank[assessment.possible_level], 1)
        return Headline(source, words["incomplete"], words["not_all_clear"], indicator, reason, order)
    reason = _reason(maker, decision, language)
    if assessment.outcome == OUT_OF_SCOPE:
        if assessment.level != maker.pack.default_level:
            reason = f"{level_in_words(maker, assessment.level, language)}. {reason}"
        return Headline(
            source, words["out-of-scope"], words["not_covered"], indicator, reason, (_before_all_clears(maker, rank), 1)
        )
    level = maker.pack.levels[rank]
    title, timeframe = text_in(level.title, language), text_in(level.timeframe, language)
    return Headline(source, title, timeframe, indicator, reason, (rank, 0))


def refused(maker: CardMaker, source: str, language: str) -> Headline:
    """The line for a response that was not assessed: anything is possible, so it stands high in the order."""
    words = Words(maker.pack, language)
    return Headline(visible(source), words["refused"], "", "warning", words["not_assessed"], (0, 2))


def level_in_words(maker: CardMaker, level: str, language: str) -> str:
    """A level's title and timeframe: ``Same day (within 24 hours)``."""
    entry = maker.pack.levels[maker.pack.rank[level]]
    return f"{text_in(entry.title, language)} ({text_in(entry.timeframe, language)})"


def visible(text: str) -> str:
    """Text without control characters, which a terminal would obey and which could break the line."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _before_all_clears(maker: CardMaker, rank: int) -> int:
    """``rank``, or that of the last level with a warning: a check that does not cover a patient clears nobody."""
    warnings = [index for index, level in enumerate(maker.pack.levels) if level.indicator != "info"]
    return min(rank, max(warnings, default=0))


def _reason(maker: CardMaker, decision: Decision, language: str) -> str:
    view = maker.view(language)
    scope = view.out_of_scope(decision) if decision.assessment.outcome == OUT_OF_SCOPE else []
    reasons = [*scope, *view.reasons(decision)]
    if reasons:
        return str(reasons[0]["text"])
    return text_in(maker.texts(decision)[1].summary, language)
