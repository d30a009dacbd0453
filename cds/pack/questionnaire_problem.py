"""What can be wrong with a Questionnaire, and the error that carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuestionnaireProblem:
    """One fault of a Questionnaire.

    ``path`` is the element (``Questionnaire.item[2].answerOption[0]``), ``message`` says what to do.
    """

    path: str
    message: str


class QuestionnaireError(ValueError):
    """A Questionnaire that cannot be used; ``problems`` are all that were found, in document order."""

    def __init__(self, problems: Iterable[QuestionnaireProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.path}: {problem.message}" for problem in self.problems))


class Problems:
    """Collects problems while a Questionnaire is read."""

    def __init__(self) -> None:
        self.found: list[QuestionnaireProblem] = []

    def add(self, path: str, message: str) -> None:
        """Note one problem and go on reading."""
        self.found.append(QuestionnaireProblem(path, message))
