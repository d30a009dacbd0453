"""A QuestionnaireResponse from findings: the way back, for test cases, fixtures and demonstrations.

What is left out stays unanswered. A tick-list of which only some findings are given gets "not sure" beside what is
ticked, so that the rest stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from cds.intake.checked import Answer, Quantity
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.response_writer import ResponseWriter
from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item, Option, Questionnaire
from cds.pack.units import conversion
from cds.pack.value import Findings, FindingValue, Interval, Selection

NOT_SURE: Final = "ASKU"
UCUM: Final = "http://unitsofmeasure.org"


class ComposeError(ValueError):
    """Findings that no set of answers can express; the message names the finding and the question."""


class Composer:
    """Composes responses to one questionnaire."""

    def __init__(self, questionnaire: Questionnaire, findings: Mapping[str, Finding]) -> None:
        self._questionnaire = questionnaire
        self._findings = findings
        self._enablement = Enablement(questionnaire)
        self._writer = ResponseWriter(questionnaire)
        self._readers: dict[str, list[tuple[Finding, AnswerSource]]] = {}
        for finding in findings.values():
            for source in finding.answers:
                self._readers.setdefault(source.link_id, []).append((finding, source))

    def compose(
        self,
        values: Findings,
        authored: str,
        language: str | None = None,
        droppable: Collection[str] = (),
    ) -> dict[str, Any]:
        """A completed QuestionnaireResponse in which the findings have these values.

        Raises :class:`ComposeError` for a finding that the questionnaire cannot express or whose question is hidden,
        save those of ``droppable``, which are left out.
        """
        answers: dict[str, tuple[Answer, ...]] = {}
        expressed: set[str] = set()
        for link_id, item in self._questionnaire.items.items():
            readers = [entry for entry in self._readers.get(link_id, []) if entry[0].id in values]
            if not readers or item.type in ("date", "dateTime") or self._enablement.state(link_id, answers) != SHOWN:
                continue
            read = self._answer(item, readers, values)
            if read:
                answers[link_id] = read
                expressed.update(finding.id for finding, _ in readers)
        self._check(values, expressed.union(droppable))
        return self._writer.write(answers, authored, language)

    def _check(self, values: Findings, expressed: set[str]) -> None:
        for name in values.keys() - expressed:
            finding = self._findings.get(name)
            if finding is None or not finding.answers:
                raise ComposeError(f"no question gives the finding {name!r}")
            hidden = finding.not_applicable
            plain = sorted(value.chosen) if isinstance(value := values[name], Selection) else value
            if hidden is None or plain != hidden:
                links = ", ".join(source.link_id for source in finding.answers)
                raise ComposeError(
                    f"{name} cannot be answered: its question ({links}) is hidden, or has no answer for this value"
                )

    def _answer(self, item: Item, readers: list[tuple[Finding, AnswerSource]], values: Findings) -> tuple[Answer, ...]:
        if item.type not in ("choice", "open-choice"):
            finding, source = readers[0]
            return (_number_or_truth(item, finding, source, values[finding.id]),)
        options = self._ticked(item, readers, values) if item.repeats else _option(item, readers, values)
        return tuple(option.value for option in options)

    def _ticked(self, item: Item, readers: list[tuple[Finding, AnswerSource]], values: Findings) -> list[Option]:
        """The options of a tick-list; "none" when nothing is ticked, "not sure" when something stays open."""
        codes = item.option_codes
        ticked: list[str] = []
        unsure = len(readers) < len(self._readers[item.link_id])
        for finding, source in readers:
            value = values[finding.id]
            if isinstance(value, Selection):
                names = {name: code for code, name in (source.map or {}).items() if name is not None}
                ticked += [names.get(code, code) for code in sorted(value.chosen)]
                unsure = unsure or bool(value.open)
            elif value is True:
                ticked += (source.when_true or [])[:1]
        chosen = [codes[code] for code in codes if code in ticked]
        if unsure and NOT_SURE in codes:
            return [*chosen, codes[NOT_SURE]]
        return chosen or [option for option in codes.values() if option.exclusive][:1]


def _number_or_truth(item: Item, finding: Finding, source: AnswerSource, value: FindingValue) -> Answer:
    if isinstance(value, bool):
        return value
    if not isinstance(value, Interval):
        raise ComposeError(f"the question {item.link_id} cannot express {finding.id}")
    unit = source.unit or finding.unit
    factor = conversion(finding.unit, unit)
    exact = Fraction(value.low, finding.scale) * (Fraction(1) if factor is None else factor)
    if item.type == "integer":
        return int(exact)
    number = Decimal(exact.numerator) / exact.denominator
    return Quantity(number, unit or "1", UCUM) if item.type == "quantity" else number


def _option(item: Item, readers: list[tuple[Finding, AnswerSource]], values: Findings) -> list[Option]:
    """The first option that gives all the findings their values; none if there is no such option."""
    for option in item.options.values():
        if all(_gives(option.code, finding, source, values[finding.id]) for finding, source in readers):
            return [option]
    return []


def _gives(code: str, finding: Finding, source: AnswerSource, value: FindingValue) -> bool:
    if isinstance(value, bool):
        return code in ((source.when_true if value else source.when_false) or [])
    if isinstance(value, Interval):
        bounds = (source.values or {}).get(code)
        if bounds is None:
            return False
        low, high = bounds if isinstance(bounds, list) else (bounds, bounds)
        return low * finding.scale <= value.low and value.high <= high * finding.scale
    return (source.map or {}).get(code, code) == value
