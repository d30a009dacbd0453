"""The vocabulary checked against itself, the questionnaire and the value sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cds.pack.finding import AnswerSource, ChartSource, Finding
from cds.pack.problem import Problem, did_you_mean
from cds.pack.questionnaire import Item, Questionnaire
from cds.pack.value_set import ValueSets
from cds.pack.yaml_source import KeyPath, YamlSource

_CHOICES: Final = ("choice", "open-choice")
_DIRECT: Final = {
    "boolean": ("boolean",),
    "integer": ("integer", "decimal", "quantity"),
    "code": (),
    "codes": (),
}


@dataclass(slots=True)
class FindingChecks:
    """Checks of ``findings.yaml``; what is wrong goes to ``problems``."""

    source: YamlSource
    questionnaire: Questionnaire
    value_sets: ValueSets
    problems: list[Problem]

    def check(self, findings: list[Finding], comment_questions: Iterable[str]) -> None:
        """Check every finding, and that every question is read by some finding or is free text for a human."""
        seen: set[str] = set()
        for index, finding in enumerate(findings):
            path: KeyPath = ("findings", index)
            if finding.id in seen:
                self._report((*path, "id"), "duplicate-id", kind="finding", name=finding.id)
            seen.add(finding.id)
            self._shape(finding, path)
            for number, answer in enumerate(finding.answers):
                self._answer(finding, answer, (*path, "answers", number))
            for number, chart in enumerate(finding.chart):
                self._chart(chart, (*path, "chart", number))
        self._coverage(findings, set(comment_questions))

    def _report(self, path: KeyPath, code: str, hint: str = "", **details: Any) -> None:
        self.problems.append(self.source.problem(path, code, hint, **details))

    def _shape(self, finding: Finding, path: KeyPath) -> None:
        allowed = {"integer": ("range",), "code": ("codes",), "codes": ("codes",), "boolean": ()}[finding.type]
        for key in ("range", "codes"):
            given = bool(getattr(finding, key))
            if key in allowed and not given:
                self._report(path, "finding-incomplete", type=finding.type, need=key)
            if key not in allowed and given:
                self._report((*path, key), "finding-excess", type=finding.type, key=key)
        if finding.range and finding.range[0] >= finding.range[1]:
            self._report((*path, "range"), "bad-range")
        codes = [code.code for code in finding.codes]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self._report((*path, "codes"), "duplicate-id", kind="code", name=code)
        if finding.derived:
            for key in ("answers", "chart", "unanswered", "not_applicable"):
                if getattr(finding, key) not in (None, []):
                    self._report((*path, key), "derived-with-source", key=key)
            if finding.type != "boolean":
                self._report((*path, "type"), "finding-excess", type=finding.type, key="derived")
            return
        if finding.unanswered is None:
            self._report(path, "missing-key", "Write escalate, ask or ignore", key="unanswered")
        elif finding.red_flag and finding.unanswered != "escalate":
            self._report((*path, "unanswered"), "red-flag-not-escalated", name=finding.id)
        if not finding.answers and not finding.chart:
            self._report(path, "no-source", name=finding.id)
        if finding.not_applicable is not None and not is_value(finding, finding.not_applicable):
            self._report((*path, "not_applicable"), "bad-not-applicable", value=finding.not_applicable)

    def _answer(self, finding: Finding, answer: AnswerSource, path: KeyPath) -> None:
        item = self.questionnaire.items.get(answer.link_id)
        if item is None:
            hint = did_you_mean(answer.link_id, self.questionnaire.items)
            self._report((*path, "link_id"), "unknown-link-id", hint, name=answer.link_id)
            return
        if not _readable(finding, answer, item):
            self._report(path, "item-type", item_type=item.type, finding_type=finding.type)
            return
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
                    self._report((*path, key), "unknown-option", hint, link_id=item.link_id, code=code)
        for code in (answer.map or {}).values():
            if code is not None and code not in finding.code_ids:
                self._report((*path, "map"), "unknown-code", finding=finding.id, code=code)

    def _chart(self, chart: ChartSource, path: KeyPath) -> None:
        if chart.resource == "Patient":
            if chart.element is None:
                self._report(path, "missing-key", "Write birthDate or gender", key="element")
        elif chart.value_set is None:
            self._report(path, "missing-key", key="value_set")
        elif chart.value_set not in self.value_sets:
            hint = did_you_mean(chart.value_set, self.value_sets)
            self._report((*path, "value_set"), "unknown-value-set", hint, name=chart.value_set)

    def _coverage(self, findings: list[Finding], comments: set[str]) -> None:
        read = {answer.link_id for finding in findings for answer in finding.answers}
        gates = {gate.question for item in self.questionnaire.items.values() for gate in item.enable_when}
        for link_id, item in self.questionnaire.items.items():
            if item.type in ("group", "display") or link_id in read or link_id in comments:
                continue
            code = "gate-without-finding" if link_id in gates else "unread-question"
            self._report(("findings",), code, "Add a finding, if need be with 'informational: true'", link_id=link_id)


def is_value(finding: Finding, value: Any) -> bool:
    """Whether a YAML value is a value of the finding: a boolean, a number in range, a code, or a list of codes."""
    match finding.type:
        case "boolean":
            return type(value) is bool
        case "integer":
            return type(value) is int and finding.low <= value <= finding.high
        case "code":
            return isinstance(value, str) and value in finding.code_ids
        case "codes":
            return isinstance(value, list) and set(value) <= finding.code_ids


def _readable(finding: Finding, answer: AnswerSource, item: Item) -> bool:
    """Whether the form of the source fits the finding and the item (the table in docs/pack-format.md)."""
    choice = item.type in _CHOICES
    if finding.type == "boolean":
        return bool(answer.when_true) if choice else item.type == "boolean" and answer.when_true is None
    if finding.type == "integer":
        if choice:
            return bool(answer.values) and not item.repeats
        if item.type in ("date", "dateTime"):
            return answer.elapsed is not None
        return item.type in _DIRECT["integer"] and answer.elapsed is None
    return choice and item.repeats == (finding.type == "codes")
