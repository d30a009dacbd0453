"""The questions on the page, group by group as in the questionnaire, with how often each answer was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cds.pack.text import text_in
from cds.verify.cases.answers import QuestionSeen
from cds.verify.cases.coverage import Coverage
from cds.verify.cases.page.mark import Tone, tone_of


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer and in how many cases it was given; ``code`` is empty where ``text`` says all."""

    code: str
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question; the last of its ``answers`` is that there was none, if it may be left out."""

    link_id: str
    text: str
    tone: Tone
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A group of the questionnaire with the questions directly inside it."""

    title: str
    questions: tuple[QuestionView, ...]


def section_views(found: Coverage) -> tuple[SectionView, ...]:
    """The questions in document order, those of one group together."""
    items = found.pack.questionnaire.items
    groups: dict[str | None, list[QuestionView]] = {}
    for entry in found.questions.values():
        groups.setdefault(entry.item.parent, []).append(_view(entry))
    titles = {parent: text_in(items[parent].text, "en") if parent else "Other questions" for parent in groups}
    return tuple(SectionView(titles[parent] or parent or "", tuple(views)) for parent, views in groups.items())


def _view(entry: QuestionSeen) -> QuestionView:
    answers = tuple(_answers(entry))
    return QuestionView(
        link_id=entry.item.link_id,
        text=text_in(entry.item.text, "en"),
        tone=tone_of([bool(answer.number) for answer in answers]),
        answers=answers,
    )


def _answers(entry: QuestionSeen) -> Iterator[AnswerView]:
    for answer, number in entry.chosen.items():
        if isinstance(answer, bool):
            yield AnswerView("", entry.option_name(answer), number)
        else:
            option = entry.item.options[answer]  # type: ignore[index]  # the keys of chosen are those of options
            yield AnswerView(option.code, text_in(option.text, "en"), number)
    if not entry.chosen:
        yield AnswerView("", f"answered ({entry.item.type})", entry.answered)
    if entry.may_be_unanswered:
        yield AnswerView("", "left unanswered", entry.unanswered)
