"""How one question is answered by the patients of one profile."""

from __future__ import annotations

from dataclasses import dataclass

from cds.intake.chart_writer import UCUM
from cds.intake.checked import Answer
from cds.pack import Pack
from cds.pack.questionnaire import Item
from cds.sample.draw import (
    Ago,
    ANumber,
    Circumstances,
    Draw,
    EachOption,
    Following,
    Given,
    Numbers,
    OneOption,
    SomeText,
    Weighted,
    YesOrNo,
)
from cds.sample.model import AnswerEntry


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """``unsure`` is the answer of those who are not sure, where the question has one."""

    link_id: str
    skipped: float
    not_sure: float
    unsure: Given
    draw: Draw

    def answers(self, now: Circumstances) -> Given:
        """What the patient would answer if everybody answered."""
        if self.unsure and now.random.random() < self.not_sure:
            return self.unsure
        return self.draw(now)


def question_plan(pack: Pack, item: Item, entry: AnswerEntry, unsure: str | None, must: bool) -> QuestionPlan:
    """The plan of a whole and faultless entry; ``unsure`` is the code for "not sure", ``must``: nobody may skip it."""
    return QuestionPlan(
        link_id=item.link_id,
        skipped=0.0 if must else entry.skipped or 0.0,
        not_sure=entry.not_sure or 0.0,
        unsure=() if unsure is None else (item.option_codes[unsure].value,),
        draw=_draw(pack, item, entry),
    )


def _draw(pack: Pack, item: Item, entry: AnswerEntry) -> Draw:
    codes = item.option_codes
    if entry.options is not None:
        return OneOption(Weighted(((codes[code].value,), weight) for code, weight in entry.options.items()))
    if entry.each is not None:
        otherwise = () if entry.otherwise is None else (codes[entry.otherwise].value,)
        return EachOption(tuple((codes[code].value, share) for code, share in entry.each.items()), otherwise)
    if entry.numbers is not None:
        return ANumber(Numbers(entry.numbers), item.type, entry.at_most, (_unit(pack, item), UCUM))
    if entry.yes is not None:
        return YesOrNo(entry.yes)
    timed = item.type == "dateTime"
    if entry.ago is not None:
        return Ago(Numbers(entry.ago), timed)
    if entry.follows is not None:
        options = pack.questionnaire.items[entry.follows.question].option_codes
        ago: dict[Answer, Ago] = {
            options[code].value: Ago(Numbers([[*ends, 1]]), timed) for code, ends in entry.follows.ago.items()
        }
        return Following(entry.follows.question, ago)
    if entry.text is not None:
        return SomeText(entry.text.share, tuple(entry.text.phrases))
    raise AssertionError(f"the reader lets no entry of {item.link_id} pass that says nothing")


def _unit(pack: Pack, item: Item) -> str:
    """The unit in which a quantity is read."""
    units = (
        finding.unit
        for finding in pack.findings.values()
        for source in finding.answers
        if source.link_id == item.link_id
    )
    return next(filter(None, units), "1")
