"""What the cases of a pack cover: rules, the clauses of their conditions, the answers of the questionnaire."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cds.pack import Pack, Rule, Truth
from cds.pack.condition import Atom
from cds.verify.cases.answers import QuestionSeen, count_answers
from cds.verify.cases.clauses import ClauseKey, Seen, count_truths
from cds.verify.cases.not_coverable import NotCoverable
from cds.verify.cases.red_flags import is_red_flag
from cds.verify.cases.run_cases import CaseResult


@dataclass(frozen=True, slots=True)
class Coverage:
    """``fires``, ``near_miss`` and ``unanswered``: rules that some case expects to fire, not to fire, to stay open.

    ``clauses`` counts for each clause of each rule the truths that were seen, ``questions`` the answers by link id.
    ``not_coverable`` are the truths that the pack says no case can show.
    """

    pack: Pack
    results: tuple[CaseResult, ...]
    clauses: Mapping[ClauseKey, Seen]
    questions: Mapping[str, QuestionSeen]
    fires: frozenset[str]
    near_miss: frozenset[str]
    unanswered: frozenset[str]
    not_coverable: Mapping[tuple[ClauseKey, Truth], NotCoverable] = field(default_factory=dict)

    @property
    def without_firing_case(self) -> tuple[str, ...]:
        """Rules that no case expects to fire."""
        return self._rules_outside(self.fires, self.pack.rules)

    @property
    def without_near_miss(self) -> tuple[str, ...]:
        """Rules that no case expects not to fire."""
        return self._rules_outside(self.near_miss, self.pack.rules)

    @property
    def without_unanswered_case(self) -> tuple[str, ...]:
        """Red-flag rules that no case expects to stay open when an answer is missing."""
        return self._rules_outside(self.unanswered, (rule for rule in self.pack.rules if is_red_flag(self.pack, rule)))

    @property
    def statements(self) -> Mapping[tuple[str, Atom], Seen]:
        """The clauses that are statements about one finding."""
        return {(rule, clause): seen for (rule, clause), seen in self.clauses.items() if isinstance(clause, Atom)}

    def statement_counts(self) -> tuple[int, int]:
        """How many (statement, truth) pairs were seen, and how many there are: three for each statement."""
        return sum(map(len, self.statements.values())), 3 * len(self.statements)

    @staticmethod
    def _rules_outside(named: Collection[str], rules: Iterable[Rule]) -> tuple[str, ...]:
        return tuple(rule.id for rule in rules if rule.id not in named)


def coverage(pack: Pack, results: Iterable[CaseResult], not_coverable: Iterable[NotCoverable] = ()) -> Coverage:
    """What the cases cover. Cases that could not be evaluated cover nothing but what they expect."""
    kept = tuple(results)
    expected = [result.case.expect for result in kept]
    return Coverage(
        pack=pack,
        results=kept,
        clauses=count_truths(pack, kept),
        questions=count_answers(pack.questionnaire, kept),
        fires=frozenset(rule for expect in expected for rule in expect.fires),
        near_miss=frozenset(rule for expect in expected for rule in expect.does_not_fire),
        unanswered=frozenset(rule for expect in expected for rule in expect.could_fire),
        not_coverable={((entry.rule, entry.clause), entry.never): entry for entry in not_coverable},
    )
