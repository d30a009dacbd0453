"""How much the cases cover, as counts: never as percentages, which round one that is missing away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cds.pack import Truth
from cds.pack.condition import Atom
from cds.verify.cases.answers import QuestionSeen
from cds.verify.cases.clauses import ClauseKey
from cds.verify.cases.coverage import Coverage

TRUTH_WORDS: Final[dict[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_RULES: Final[dict[Truth, str]] = {True: "fire", False: "do not fire", None: "are undecided"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many of ``of`` were ``seen``; ``not_coverable`` of the others have a reason why no case can show them."""

    what: str
    seen: int
    of: int
    not_coverable: int = 0

    @property
    def missing(self) -> int:
        """How many are neither seen nor accounted for."""
        return self.of - self.seen - self.not_coverable


def counts(found: Coverage) -> tuple[Count, ...]:
    """What is covered, as counts: rules, statements, combined clauses, answers."""
    rules = [(rule.id, rule.when) for rule in found.pack.rules]
    statements = [key for key in found.clauses if isinstance(key[1], Atom)]
    combined = [key for key in found.clauses if not isinstance(key[1], Atom)]
    return (
        *(clause_count(found, f"rules that {word}", rules, truth) for truth, word in _RULES.items()),
        *(clause_count(found, f"statements {word}", statements, truth) for truth, word in TRUTH_WORDS.items()),
        *(clause_count(found, f"combined clauses {word}", combined, truth) for truth, word in TRUTH_WORDS.items()),
        *answer_counts(found.questions.values()),
    )


def clause_count(found: Coverage, what: str, keys: Iterable[ClauseKey], *truths: Truth) -> Count:
    """How many of the pairs of these clauses and these truths were seen."""
    cells = [(key, truth) for key in keys for truth in truths]
    unseen = [cell for cell in cells if not found.clauses[cell[0]][cell[1]]]
    return Count(what, len(cells) - len(unseen), len(cells), sum(cell in found.not_coverable for cell in unseen))


def answer_counts(questions: Iterable[QuestionSeen]) -> tuple[Count, Count, Count]:
    """How many options were chosen, questions without options answered, and questions left unanswered."""
    entries = list(questions)
    options = [number for entry in entries for number in entry.chosen.values()]
    answered = [entry.answered for entry in entries if not entry.chosen]
    unanswered = [entry.unanswered for entry in entries if entry.may_be_unanswered]
    return (
        Count("answer options chosen", sum(map(bool, options)), len(options)),
        Count("numbers, dates and texts given", sum(map(bool, answered)), len(answered)),
        Count("questions left unanswered", sum(map(bool, unanswered)), len(unanswered)),
    )
