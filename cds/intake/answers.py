"""Answers of the questionnaire as readings of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cds.intake.answer_source import check_fit, choice_numbers, not_applicable, unsure_codes
from cds.intake.checked import Answer, Quantity
from cds.intake.enablement import HIDDEN, OPEN, SHOWN, Shown
from cds.intake.instant import Moment
from cds.intake.number import scaled, since, time_factor
from cds.intake.reading import Reading, State, UnreadableError
from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item
from cds.pack.units import conversion
from cds.pack.value import FindingValue, Selection

UCUM: Final = "http://unitsofmeasure.org"
_REMEMBERED: Final = 512
_Read = Callable[[tuple[Answer, ...], Moment | None], FindingValue | None]


class AnswerReader:
    """Reads one finding from one question.

    ``absent`` are its readings without an answer, by the state of the item. ``scope`` are the codes of a
    ``codes`` finding that this question decides about. Raises ``ValueError`` for a source that does not fit.
    """

    def __init__(self, finding: Finding, source: AnswerSource, item: Item, scope: frozenset[str]) -> None:
        check_fit(finding, source, item)
        self.finding = finding
        self.source = source
        self.item = item
        self.link_id = source.link_id
        self.scope = scope
        self.absent: Mapping[Shown, tuple[Reading]] = {
            SHOWN: (Reading("answer", "unanswered", None, self.link_id),),
            HIDDEN: (Reading("answer", "hidden", not_applicable(finding), self.link_id),),
            OPEN: (Reading("answer", "gate-open", None, self.link_id),),
        }
        self.unsure = unsure_codes(source)
        self._map = source.map or {}
        self._numbers = choice_numbers(finding, source)
        self._factor = Fraction(1)
        self._value = self._reader()
        self.known: dict[tuple[Answer, ...], tuple[Reading]] = {}
        self._closed = item.type in ("choice", "boolean", "integer")

    def read(self, answers: tuple[Answer, ...], as_of: Moment | None) -> tuple[Reading]:
        """The one reading of a question that was answered; raises :class:`UnreadableError`.

        Readings of options, booleans and integers, which identify nobody, are kept in ``known``.
        """
        found = self.known.get(answers)
        if found is None:
            found = (self._read(answers, as_of),)
            if self._closed and len(self.known) < _REMEMBERED:
                self.known[answers] = found
        return found

    def meaning(self, code: str) -> str | None:
        """The finding's code that an option's code means; ``None`` for none."""
        meaning = self._map.get(code, code)
        return meaning if meaning in self.finding.code_ids else None

    def uncertain(self, answer: Answer) -> bool:
        """Whether an answer leaves the finding unknown: "not sure", free text, or what has no meaning."""
        return self._not_sure((answer,)) or self._value((answer,), None) is None

    def _read(self, answers: tuple[Answer, ...], as_of: Moment | None) -> Reading:
        value = self._value(answers, as_of)
        partial = value is None or (isinstance(value, Selection) and bool(value.open))
        codes = tuple(code for code in map(self._code, answers) if code is not None)
        state: State = "not-sure" if partial and self.item.options and self._not_sure(answers) else "answered"
        return Reading("answer", state, value, self.link_id, codes)

    def _code(self, answer: Answer) -> str | None:
        """The code of an option as the pack writes it; ``None`` for free text, which is never evaluated."""
        option = None if isinstance(answer, Decimal | Quantity) else self.item.options.get(answer)
        return option.code if option else None

    def _not_sure(self, answers: tuple[Answer, ...]) -> bool:
        return any((code := self._code(answer)) is None or code in self.unsure for answer in answers)

    def _reader(self) -> _Read:
        choice, kind = bool(self.item.options), self.finding.type
        if kind == "boolean":
            return self._ticked if choice and self.item.repeats else self._chosen if choice else self._boolean
        if kind == "integer":
            return self._number_of_option if choice else self._number_reader()
        return self._several if kind == "codes" else self._one

    def _number_reader(self) -> _Read:
        if self.source.elapsed is not None:
            self._factor = time_factor(self.finding, self.source.elapsed)
            return self._elapsed
        if self.item.type == "quantity":
            return self._measured
        factor = conversion(self.source.unit or self.finding.unit, self.finding.unit)
        if factor is None:
            raise ValueError(f"the finding {self.finding.id!r} cannot be read in {self.source.unit!r}")
        self._factor = factor
        return self._number

    def _boolean(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        return True in answers

    def _chosen(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        code = self._code(answers[0])
        if code is None or code in self.unsure:
            return None
        if code in (self.source.when_true or ()):
            return True
        return False if code in (self.source.when_false or ()) else None

    def _ticked(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        when_true = frozenset(self.source.when_true or ()) - self.unsure
        if any(self._code(answer) in when_true for answer in answers):
            return True
        return None if self._not_sure(answers) else False

    def _one(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        code = self._code(answers[0])
        return None if code is None or code in self.unsure else self.meaning(code)

    def _several(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        chosen: set[str] = set()
        partial = self._not_sure(answers)
        for code in map(self._code, answers):
            if code is None or code in self.unsure:
                continue
            meaning = self.meaning(code)
            if meaning is not None:
                chosen.add(meaning)
            elif code not in self._map:
                partial = True
        if partial and not chosen:
            return None
        return Selection(frozenset(chosen), self.scope - chosen if partial else frozenset())

    def _number_of_option(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        code = self._code(answers[0])
        return None if code is None or code in self.unsure else self._numbers.get(code)

    def _elapsed(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        date, unit = answers[0], self.source.elapsed
        if as_of is None or not isinstance(date, str) or unit is None:
            return None
        return since(self.finding, date, as_of, unit, self._factor)

    def _number(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        answer = answers[0]
        return scaled(self.finding, answer, self._factor) if isinstance(answer, int | Decimal) else None

    def _measured(self, answers: tuple[Answer, ...], as_of: Moment | None) -> FindingValue | None:
        answer = answers[0]
        if not isinstance(answer, Quantity):
            return None
        known = answer.system == UCUM or (self.finding.unit is None and not answer.code)
        factor = conversion(None if answer.code in ("", "1") else answer.code, self.finding.unit)
        if factor is None or not known:
            raise UnreadableError("wrong-unit", unit=self.finding.unit or "a plain number")
        return scaled(self.finding, answer.value, factor)
