"""Where findings come from, checked: the questionnaire's items and the chart's resources (docs/pack-format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from cds.pack.expression import Report, own_unit, written
from cds.pack.finding import AnswerSource, ChartSource, Finding
from cds.pack.problem import did_you_mean
from cds.pack.questionnaire import Item, Questionnaire
from cds.pack.units import conversion
from cds.pack.value_set import ValueSets
from cds.pack.yaml_source import KeyPath

_CHOICES: Final = ("choice", "open-choice")
_NUMBERS: Final = ("integer", "decimal", "quantity")
_DATES: Final = ("date", "dateTime")
_NOT_SURE: Final = "ASKU"


class _Form(NamedTuple):
    """A row of the table of answer sources: the keys that it needs, those that it may have, and how it is written."""

    needed: frozenset[str]
    allowed: frozenset[str]
    hint: str


def _source(needed: str, optional: str, rest: str) -> _Form:
    keys = frozenset(needed.split())
    return _Form(keys, keys | frozenset(optional.split()), f"Write {{{{link_id: {{link_id}}{rest}}}}}")


_BOOLEAN: Final = _source("when_true", "when_false unknown", ", true: [CODE], false: [CODE]")
_CODE: Final = _source("", "map unknown", "")
_PLAIN: Final = _source("", "", "")
_NUMBER: Final = _source("", "unit", "")
_DATE: Final = _source("elapsed", "", ", elapsed: d")
_CHOICE_FORMS: Final[dict[tuple[str, bool], _Form]] = {
    ("boolean", False): _BOOLEAN,
    ("boolean", True): _BOOLEAN,
    ("integer", False): _source("values", "unknown", ", values: {{CODE: number, CODE: [from, to]}}"),
    ("code", False): _CODE,
    ("codes", True): _CODE,
}
"""By the finding's type, and whether the choice repeats."""


@dataclass(frozen=True, slots=True)
class SourceChecks:
    """Checks of ``answers`` and ``chart``; each fault goes to ``report``."""

    questionnaire: Questionnaire
    value_sets: ValueSets
    report: Report

    def check(self, finding: Finding, path: KeyPath) -> None:
        """Check all sources of one finding, which stands at ``path``."""
        for index, answer in enumerate(finding.answers):
            self._answer(finding, answer, (*path, "answers", index))
        for index, chart in enumerate(finding.chart):
            self._chart(finding, chart, (*path, "chart", index))

    def _answer(self, finding: Finding, answer: AnswerSource, path: KeyPath) -> None:
        item = self.questionnaire.items.get(answer.link_id)
        if item is None:
            hint = did_you_mean(answer.link_id, self.questionnaire.items)
            self.report((*path, "link_id"), "unknown-link-id", hint, name=answer.link_id)
            return
        form = _form(finding, item)
        given = {key for key in answer.model_fields_set - {"link_id"} if getattr(answer, key) not in (None, [], {})}
        if form is None or not form.allowed >= given >= form.needed:
            hint = form.hint.format(link_id=item.link_id) if form else ""
            self.report(path, "item-type", hint, item_type=item.type, finding_type=finding.type)
            return
        self._options(finding, answer, item, path)
        self._numbers(finding, answer, path)
        self._unit(finding, answer.elapsed, (*path, "elapsed"))
        self._unit(finding, answer.unit, (*path, "unit"))
        self._codes(finding, answer.map, (*path, "map"))

    def _options(self, finding: Finding, answer: AnswerSource, item: Item, path: KeyPath) -> None:
        options = item.option_codes
        named = {
            "true": answer.when_true or [],
            "false": answer.when_false or [],
            "unknown": answer.unknown,
            "values": list(answer.values or ()),
            "map": list(answer.map or ()),
        }
        for key, codes in named.items():
            for code in codes:
                if code not in options:
                    hint = did_you_mean(code, options)
                    self.report((*path, key), "unknown-option", hint, link_id=item.link_id, option=code)
        meaning: dict[str, str] = {_NOT_SURE: "unknown"}
        for key in ("unknown", "true", "false", "values", "map"):
            for code in named[key]:
                other = meaning.setdefault(code, key)
                if other != key:
                    self.report((*path, key), "option-twice", option=code, first=other, second=key)
        if finding.type == "boolean":
            return
        for code in options:
            if code not in meaning and code not in finding.code_ids:
                details = {"option": code, "link_id": item.link_id, "finding": finding.id}
                self.report(path, "option-without-meaning", **details)

    def _numbers(self, finding: Finding, answer: AnswerSource, path: KeyPath) -> None:
        for code, given in (answer.values or {}).items():
            place = (*path, "values", code)
            low, high = given if isinstance(given, list) else (given, given)
            if low > high:
                self.report(place, "bad-range")
            for value in dict.fromkeys((low, high)):
                if not finding.low <= Fraction(str(value)) * finding.scale <= finding.high:
                    bounds = {"low": written(finding, finding.low), "high": written(finding, finding.high)}
                    self.report(place, "outside-range", value=value, finding=finding.id, **bounds)

    def _unit(self, finding: Finding, unit: str | None, path: KeyPath) -> None:
        if unit is not None and conversion(unit, finding.unit) is None:
            own, hint = own_unit(finding)
            self.report(path, "unit-mismatch", hint, unit=unit, finding=finding.id, own=own)

    def _codes(self, finding: Finding, mapping: dict[str, str] | dict[str, str | None] | None, path: KeyPath) -> None:
        for key, code in (mapping or {}).items():
            if code is not None and code not in finding.code_ids:
                hint = did_you_mean(code, finding.code_ids)
                self.report((*path, key), "unknown-code", hint, finding=finding.id, name=code)

    def _chart(self, finding: Finding, chart: ChartSource, path: KeyPath) -> None:
        if chart.resource == "Patient" and chart.element is None:
            self.report(path, "missing-key", "Write 'element: birthDate' or 'element: gender'", key="element")
            return
        if chart.resource != "Patient" and chart.value_set is None:
            self.report(path, "missing-key", key="value_set")
            return
        wanted = _chart_form(finding, chart)
        if wanted is None or not wanted >= chart.model_fields_set - {"resource"}:
            self.report(path, "chart-type", resource=chart.resource, finding_type=finding.type)
            return
        if chart.value_set is not None and chart.value_set not in self.value_sets:
            hint = did_you_mean(chart.value_set, self.value_sets)
            self.report((*path, "value_set"), "unknown-value-set", hint, name=chart.value_set)
        self._unit(finding, chart.elapsed, (*path, "elapsed"))
        if finding.type == "integer":
            self._unit(finding, chart.unit, (*path, "unit"))
        self._codes(finding, chart.map, (*path, "map"))


def _form(finding: Finding, item: Item) -> _Form | None:
    """How a finding of this type is read from such an item; ``None`` where it cannot be."""
    if item.type in _CHOICES:
        return _CHOICE_FORMS.get((finding.type, item.repeats))
    if item.repeats:
        return None
    if finding.type == "boolean":
        return _PLAIN if item.type == "boolean" else None
    if finding.type != "integer":
        return None
    return _DATE if item.type in _DATES else _NUMBER if item.type in _NUMBERS else None


def _chart_form(finding: Finding, chart: ChartSource) -> set[str] | None:
    """The keys that a chart source may have, or ``None`` where the resource cannot give the finding."""
    if chart.element == "birthDate":
        return {"element", "elapsed"} if finding.type == "integer" else None
    if chart.element == "gender":
        return {"element", "map"} if finding.type == "code" else None
    if chart.resource == "Condition":
        return {"value_set", "ever"} if finding.type == "boolean" else None
    if chart.resource == "Observation":
        both = {"value_set", "within_days"}
        if finding.type == "integer":
            return {*both, "unit"}
        return {*both, "when_true", "below", "above", "unit"} if finding.type == "boolean" else None
    return {"value_set"} if finding.type == "boolean" else None
