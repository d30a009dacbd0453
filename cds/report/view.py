"""A run in one language: the rows that table, page and picture show, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.pack import Pack, Rule
from cds.pack.content import Citation
from cds.pack.text import text_in
from cds.report.read import Run
from cds.report.tally import Question
from cds.report.words import ReportWords

REFUSED = "refused"
_TONES = 5
"""Colours from the most urgent level to the least; a pack may have more or fewer levels."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome, also what is no assessment. ``detail`` says what else is known; ``tone`` is its colour's name."""

    name: str
    title: str
    note: str
    detail: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, and how many responses it holds back or leaves merely open. ``findings`` are what it would tell."""

    name: str
    text: str
    findings: tuple[str, ...]
    held_back: int
    merely_open: int

    @property
    def count(self) -> int:
        """Responses in which it is open."""
        return self.held_back + self.merely_open


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that fired. ``level`` is its level's id, or empty; ``does`` what it does in words."""

    name: str
    title: str
    level: str
    does: str
    tone: str
    count: int
    citations: tuple[str, ...]
    unverified: bool


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """A finding on which answers and chart differ."""

    name: str
    title: str
    count: int


class View:
    """The rows of a run, with texts in ``language``, which is one of the pack's."""

    def __init__(self, run: Run, language: str) -> None:
        self.run, self.pack, self.tally, self.counts = run, run.pack, run.tally, run.manifest.counts
        self.language = language
        self.words = ReportWords(run.pack, language)
        self.title = text_in(run.pack.header.title, language)
        self.outcomes = tuple(self._outcomes())
        self.questions = tuple(sorted(self._questions(), key=lambda row: (-row.held_back, -row.merely_open)))
        fired = sorted(self._fired(), key=lambda row: -row.count)
        self.rules = tuple(row for row in fired if row.level)
        self.other_rules = tuple(row for row in fired if not row.level)
        self.contradictions = tuple(
            ContradictionRow(name, text_in(self.pack.findings[name].title, language), count)
            for name, count in self.tally.contradictions.most_common()
        )

    @property
    def sum(self) -> str:
        """That what was read is what was assessed and what was refused."""
        number, counts = self.words.as_count, self.counts
        read, assessed, refused = number(counts.responses), number(counts.assessed), number(counts.refused)
        return self.words["sum"].format(read=read, assessed=assessed, refused=refused)

    @property
    def notices(self) -> tuple[str, ...]:
        """What must stand beside the figures: what they do not say."""
        status = self.pack.header.status
        draft = () if status == "active" else (self.words[f"{status}_pack"],)
        return (self.words["not_all_clear_notice"], self.words["no_prevalence_notice"], *draft)

    @property
    def charts(self) -> tuple[str, ...]:
        """What is known of the charts, a sentence each."""
        number, tally = self.words.as_count, self.tally
        counts = self.counts
        read = self.words["charts_read"].format(
            read=number(counts.chart_resources), refused=number(counts.chart_resources_refused)
        )
        return read, self.of_assessed("with_chart", tally.with_chart), self.of_assessed("not_whole", tally.not_whole)

    @property
    def never_fired(self) -> str:
        """How many of the rules fired in no response."""
        silent = sum(not self.tally.fired[rule.id] for rule in self.pack.rules)
        number = self.words.as_count
        return self.words["never_fired"].format(count=number(silent), all=number(len(self.pack.rules)))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources of the rules that fired and give a level, in the order of the pack."""
        cited = {key for row in self.rules for key in row.citations}
        return tuple(entry for key, entry in self.pack.citations.items() if key in cited)

    def of_assessed(self, word: str, count: int) -> str:
        """A sentence about ``count`` of the responses assessed."""
        assessed = self.counts.assessed
        number, share = self.words.as_count, self.words.as_share(count, assessed)
        return self.words[word].format(count=number(count), assessed=number(assessed), share=share)

    def tone(self, rank: int) -> str:
        """The colour of the level at this place."""
        last = len(self.pack.levels) - 1
        return f"rank-{round(rank * (_TONES - 1) / last)}"

    def _outcomes(self) -> Iterator[OutcomeRow]:
        words, found, tally = self.words, self.tally.outcomes, self.tally
        for rank, level in enumerate(self.pack.levels):
            title, note = text_in(level.title, self.language), text_in(level.timeframe, self.language)
            yield OutcomeRow(level.id, title, note, "", found[level.id], self.tone(rank))
        possible, calls = self._by_level("could_be", tally.possible), self._by_level("calls_for", tally.in_scope_levels)
        yield OutcomeRow(
            INCOMPLETE, words["incomplete"], words["not_all_clear"], possible, found[INCOMPLETE], "incomplete"
        )
        yield OutcomeRow(OUT_OF_SCOPE, words["out-of-scope"], words["not_covered"], calls, found[OUT_OF_SCOPE], "scope")
        yield OutcomeRow(REFUSED, words["refused"], words["refused_note"], "", self.counts.refused, REFUSED)

    def _by_level(self, word: str, found: Counter[str]) -> str:
        parts = [
            f"{text_in(level.title, self.language)} {self.words.as_count(found[level.id])}"
            for level in self.pack.levels
            if found[level.id]
        ]
        return f"{self.words[word]}: {', '.join(parts)}" if parts else ""

    def _questions(self) -> Iterator[QuestionRow]:
        """In the order of the questionnaire, then what only the chart can give."""
        tally, items = self.tally, self.pack.questionnaire.items
        asked = {*tally.held_back, *tally.merely_open}
        order = {link_id: place for place, link_id in enumerate(items)}
        for question in sorted(asked, key=lambda one: (order.get(one.link_id, len(order)), one.finding)):
            yield self._question(question)

    def _question(self, question: Question) -> QuestionRow:
        tally = self.tally
        findings = tuple(
            name for name in self.pack.findings if tally.open_findings[name] and tally.question(name) == question
        )
        if question.link_id:
            text = text_in(self.pack.questionnaire.items[question.link_id].text, self.language)
        else:
            title = text_in(self.pack.findings[question.finding].title, self.language)
            text = f"{title} ({self.words['only_chart']})"
        return QuestionRow(
            question.link_id or question.finding, text, findings, tally.held_back[question], tally.merely_open[question]
        )

    def _fired(self) -> Iterator[RuleRow]:
        """The most urgent first, then in the order of the pack."""
        rank, lowest = self.pack.rank, len(self.pack.levels)
        for rule in sorted(self.pack.rules, key=lambda one: rank.get(one.then.level or "", lowest)):
            count = self.tally.fired[rule.id]
            if count:
                level = rule.then.level or ""
                tone = self.tone(rank[level]) if level else "scope"
                does = _does(self.pack, rule, self.words, self.language)
                yield RuleRow(
                    rule.id, rule.title, level, does, tone, count, tuple(dict.fromkeys(rule.citations)), rule.unverified
                )


def _does(pack: Pack, rule: Rule, words: ReportWords, language: str) -> str:
    then, parts = rule.then, []
    if then.level:
        parts.append(text_in(pack.levels[pack.rank[then.level]].title, language))
    else:
        if then.conclude:
            parts.append(f"{words['concludes']} {text_in(pack.findings[then.conclude].title, language)}")
        for word, advice in (("advises", then.advise), ("blocks", then.block)):
            if advice:
                titles = [text_in(pack.advice[name].title, language) for name in advice]
                parts.append(f"{words[word]} {', '.join(titles)}")
    if then.out_of_scope:
        parts.append(words["out-of-scope"])
    return "; ".join(parts)
