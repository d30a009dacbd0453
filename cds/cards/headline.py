"""One line for one patient: the outcome in words, where the response came from, and the first reason."""

from __future__ import annotations

from dataclasses import dataclass

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.questions import open_questions
from cds.cards.words import WORDS, Words
from cds.pack.text import text_in


@dataclass(frozen=True, slots=True)
class Headline:
    """A patient in one line.

    ``outcome`` is the outcome's title in words, ``timeframe`` how soon (empty where no level is given), ``indicator``
    the CDS Hooks indicator. ``order`` sorts the most urgent first: by the most urgent level that is certain or
    possible, what is certain before what is only possible.
    """

    source: str
    outcome: str
    timeframe: str
    indicator: str
    reason: str
    order: tuple[int, int]

    @property
    def title(self) -> str:
        """Outcome and timeframe: ``Same day (within 24 hours)``."""
        return f"{self.outcome} ({self.timeframe})" if self.timeframe else self.outcome


def headline(maker: CardMaker, decision: Decision, source: str, language: str) -> Headline:
    """The line for one decision; ``source`` says where its response came from."""
    pack, assessment = maker.pack, decision.assessment
    level = pack.levels[pack.rank[assessment.level]]
    words = Words(pack, language)
    outcome, timeframe = text_in(level.title, language), text_in(level.timeframe, language)
    reason = _reason(maker, decision, language)
    order = (pack.rank[assessment.level], 0)
    if assessment.outcome == INCOMPLETE:
        outcome, timeframe = words["incomplete"], ""
        order = (pack.rank[assessment.possible_level], 1)
        count = len(open_questions(pack, decision, language))
        possible = pack.levels[pack.rank[assessment.possible_level]]
        reason = f"{words['open_count']}: {count}. {words['possible_level']}: {text_in(possible.title, language)}"
    elif assessment.outcome == OUT_OF_SCOPE:
        outcome, order = words["out-of-scope"], (order[0], 1)
        timeframe = f"{outcome_title(maker, assessment.level, language)}, {timeframe}" if order[0] < _last(maker) else ""
    return Headline(visible(source), outcome, timeframe, maker.indicator(decision), reason, order)


def refused(source: str, language: str, reason: str = "") -> Headline:
    """The line for a response that was not assessed, so that no summary leaves it out. Anything is possible."""
    return Headline(visible(source), text_in(WORDS["refused"], language), "", "warning", visible(reason), (0, 2))


def outcome_title(maker: CardMaker, level: str, language: str) -> str:
    """A level's title."""
    return text_in(maker.pack.levels[maker.pack.rank[level]].title, language)


def visible(text: str) -> str:
    """Text of one line without control characters, which a terminal would obey."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _last(maker: CardMaker) -> int:
    return len(maker.pack.levels) - 1


def _reason(maker: CardMaker, decision: Decision, language: str) -> str:
    view = maker.view(language)
    scope = view.out_of_scope(decision) if decision.assessment.outcome == OUT_OF_SCOPE else []
    for reason in (*scope, *view.reasons(decision)):
        return str(reason["text"])
    return text_in(maker.texts(decision)[1].summary, language)
