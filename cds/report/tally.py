"""What is counted of the assessments. Its size depends on the pack, never on how many there are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.pack import Pack
from cds.report.record import Record


@dataclass(frozen=True, slots=True)
class Question:
    """What would have to be asked: a question of the questionnaire, or a finding that only the chart can give.

    One of ``link_id`` and ``finding`` is empty.
    """

    link_id: str
    finding: str


def question_of(pack: Pack, finding: str) -> Question:
    """The question that gives a finding. Where it was hidden, an earlier answer may be what is missing."""
    sources = pack.findings[finding].answers
    return Question(sources[0].link_id, "") if sources else Question("", finding)


@dataclass(slots=True)
class Tally:
    """Counts of responses.

    ``possible``: of those that are incomplete, by the most urgent level that they could have; ``in_scope_levels``: of
    those out of scope, by their level all the same. ``held_back`` and ``merely_open``: by question, each response once
    for each question and in one of the two; ``open_findings`` by finding. ``contradicting`` have any contradiction,
    ``with_chart`` a chart with something in it, ``not_whole`` a chart that may have been more.
    """

    pack: Pack
    outcomes: Counter[str] = field(default_factory=Counter)
    possible: Counter[str] = field(default_factory=Counter)
    in_scope_levels: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    held_back: Counter[Question] = field(default_factory=Counter)
    merely_open: Counter[Question] = field(default_factory=Counter)
    open_findings: Counter[str] = field(default_factory=Counter)
    contradictions: Counter[str] = field(default_factory=Counter)
    contradicting: int = 0
    with_chart: int = 0
    not_whole: int = 0
    _questions: dict[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        self._questions = {name: question_of(self.pack, name) for name in self.pack.findings}

    def question(self, finding: str) -> Question:
        """The question that gives a finding."""
        return self._questions[finding]

    def add(self, record: Record) -> None:
        """Count one assessment."""
        self.outcomes[record.outcome] += 1
        if record.outcome == INCOMPLETE:
            self.possible[record.possible_level] += 1
        elif record.outcome == OUT_OF_SCOPE:
            self.in_scope_levels[record.level] += 1
        self.fired.update(record.fired)
        if record.open:
            held = {self._questions[name] for name in record.withholding}
            self.held_back.update(held)
            self.merely_open.update({self._questions[name] for name in record.open} - held)
            self.open_findings.update(record.open)
        if record.contradictions:
            self.contradictions.update(record.contradictions)
            self.contradicting += 1
        self.with_chart += record.chart > 0
        self.not_whole += not record.chart_whole
