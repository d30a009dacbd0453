"""Which answers of the questionnaire the cases give, and which questions they leave unanswered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cds.intake import Answer
from cds.intake.enablement import SHOWN, Enablement
from cds.pack.questionnaire import Item, Questionnaire
from cds.verify.cases.run_cases import CaseResult

_WITHOUT_ANSWER: Final = ("group", "display")


@dataclass(slots=True)
class QuestionSeen:
    """In how many cases a question was answered, and with what.

    ``chosen`` has an entry for each option, for a yes-or-no question ``True`` and ``False``, for a number, a date or
    a text none. ``unanswered`` counts the cases in which it was shown and not answered.
    """

    item: Item
    chosen: dict[Answer, int] = field(default_factory=dict)
    answered: int = 0
    unanswered: int = 0

    @property
    def may_be_unanswered(self) -> bool:
        """Whether it can be left out: a response without the answer to a required question is refused."""
        return not self.item.required

    def option_name(self, answer: Answer) -> str:
        """What an option is called in the questionnaire."""
        if isinstance(answer, bool):
            return "yes" if answer else "no"
        return answer[1] if isinstance(answer, tuple) else str(answer)

    def take(self, given: tuple[Answer, ...] | None, shown: bool) -> None:
        """Count the answers of one case."""
        if given:
            self.answered += 1
            for answer in set(given) & self.chosen.keys():
                self.chosen[answer] += 1
        elif shown:
            self.unanswered += 1


def count_answers(questionnaire: Questionnaire, results: Iterable[CaseResult]) -> Mapping[str, QuestionSeen]:
    """For each question by link id, how often each answer was given in the cases."""
    found = {item.link_id: QuestionSeen(item, dict.fromkeys(_options(item), 0)) for item in _questions(questionnaire)}
    enablement = Enablement(questionnaire)
    for result in results:
        if result.decision is not None:
            answers = result.decision.response.answers
            states = enablement.read(answers)
            for link_id, seen in found.items():
                seen.take(answers.get(link_id), states[enablement.gate[link_id]] == SHOWN)
    return found


def _questions(questionnaire: Questionnaire) -> Iterator[Item]:
    return (item for item in questionnaire.items.values() if item.type not in _WITHOUT_ANSWER)


def _options(item: Item) -> Iterable[Answer]:
    return (True, False) if item.type == "boolean" else item.options
