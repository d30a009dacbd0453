"""The vocabulary checked against itself and the questionnaire; its sources are checked in ``source_checks``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cds.pack.finding import Finding
from cds.pack.problem import Problem, did_you_mean
from cds.pack.questionnaire import Questionnaire
from cds.pack.source_checks import SourceChecks
from cds.pack.value_set import ValueSets
from cds.pack.yaml_source import KeyPath, YamlSource

_NEEDS: Final = {"integer": ("range",), "code": ("codes",), "codes": ("codes",), "boolean": ()}
_MAY_HAVE: Final = {"integer": ("range", "unit", "scale"), "code": ("codes",), "codes": ("codes",), "boolean": ()}
_FREE_TEXT: Final = ("string", "text")


@dataclass(slots=True)
class FindingChecks:
    """Checks of ``findings.yaml``; what is wrong goes to ``problems``."""

    source: YamlSource
    questionnaire: Questionnaire
    value_sets: ValueSets
    problems: list[Problem]

    def check(self, findings: list[Finding], comment_questions: Iterable[str]) -> None:
        """Check every finding, and that every question is read by some finding or is free text for a human."""
        sources = SourceChecks(self.questionnaire, self.value_sets, self._report)
        seen: set[str] = set()
        for index, finding in enumerate(findings):
            path: KeyPath = ("findings", index)
            if finding.id in seen:
                self._report((*path, "id"), "duplicate-id", kind="finding", name=finding.id)
            seen.add(finding.id)
            self._shape(finding, path)
            if finding.derived:
                self._derived(finding, path)
            else:
                self._base(finding, path)
                sources.check(finding, path)
        self._coverage(findings, set(comment_questions))

    def _report(self, path: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
        self.problems.append(self.source.problem(path, code, hint, **details))

    def _shape(self, finding: Finding, path: KeyPath) -> None:
        given = finding.model_fields_set
        for key in _NEEDS[finding.type]:
            if not getattr(finding, key):
                self._report(path, "finding-incomplete", type=finding.type, need=key)
        for key in ("range", "unit", "scale", "codes"):
            if key in given and key not in _MAY_HAVE[finding.type]:
                self._report((*path, key), "finding-excess", type=finding.type, key=key)
        if finding.range and finding.range[0] >= finding.range[1]:
            self._report((*path, "range"), "bad-range")
        codes = [code.code for code in finding.codes]
        for index, code in enumerate(codes):
            if code in codes[:index]:
                self._report((*path, "codes", index), "duplicate-id", kind="code", name=code)
        fitting = {"boolean": (True, False), "integer": ("high", "low")}.get(finding.type, ())
        if finding.safer is not None and finding.safer not in fitting:
            self._report((*path, "safer"), "bad-safer", type=finding.type)

    def _derived(self, finding: Finding, path: KeyPath) -> None:
        for key in ("answers", "chart", "unanswered", "not_applicable", "safer"):
            if getattr(finding, key) not in (None, []):
                self._report((*path, key), "derived-with-source", key=key)
        if finding.red_flag:
            self._report((*path, "red_flag"), "derived-with-source", key="red_flag")
        if finding.type != "boolean":
            self._report((*path, "type"), "finding-excess", "Write 'type: boolean'", type=finding.type, key="derived")

    def _base(self, finding: Finding, path: KeyPath) -> None:
        if finding.unanswered is None:
            hint = "Add 'unanswered: escalate', or 'ask' or 'ignore' if self-care is safe without it"
            self._report(path, "missing-key", hint, key="unanswered")
        elif finding.red_flag and finding.unanswered != "escalate":
            self._report((*path, "unanswered"), "red-flag-not-escalated", name=finding.id)
        if finding.red_flag and finding.safer is False:
            self._report((*path, "safer"), "red-flag-reassured", name=finding.id)
        if not finding.answers and not finding.chart:
            self._report(path, "no-source", name=finding.id)
        if finding.not_applicable is not None and not is_value(finding, finding.not_applicable):
            self._report((*path, "not_applicable"), "bad-not-applicable", _value_hint(finding))

    def _coverage(self, findings: list[Finding], comments: set[str]) -> None:
        read = {answer.link_id for finding in findings for answer in finding.answers}
        gates = {gate.question for item in self.questionnaire.items.values() for gate in item.enable_when}
        for link_id, item in self.questionnaire.items.items():
            if item.type in ("group", "display") or link_id in read or link_id in comments:
                continue
            code = "gate-without-finding" if link_id in gates else "unread-question"
            hint = "List it under comment_questions in pack.yaml, or add a finding" if item.type in _FREE_TEXT else ""
            self._report(("findings",), code, hint, link_id=link_id)


def check_comments(
    comment_questions: Iterable[str], questionnaire: Questionnaire, source: YamlSource, problems: list[Problem]
) -> None:
    """Comment questions are never evaluated, so each must be one, and free text."""
    for index, link_id in enumerate(comment_questions):
        path = ("comment_questions", index)
        item = questionnaire.items.get(link_id)
        if item is None:
            hint = did_you_mean(link_id, questionnaire.items)
            problems.append(source.problem(path, "unknown-link-id", hint, name=link_id))
        elif item.type not in _FREE_TEXT:
            problems.append(source.problem(path, "comment-type", link_id=link_id, item_type=item.type))


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
            return isinstance(value, list) and all(isinstance(code, str) and code in finding.code_ids for code in value)


def _value_hint(finding: Finding) -> str:
    match finding.type:
        case "boolean":
            return "Write true or false"
        case "integer":
            return f"Write a whole number from {finding.low} to {finding.high}"
        case "code":
            return f"Write one of: {', '.join(sorted(finding.code_ids))}"
        case "codes":
            return f"Write [] or a list of: {', '.join(sorted(finding.code_ids))}"
