"""Answer options against the rules: an option that changes nothing is a question asked in vain, or a rule forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item, Option
from cds.verify.issue import Issue
from cds.verify.static.inspection import Inspection, issue, names

_NOT_SURE: Final = "ASKU"
_FOR_CODE: Final = "Use the code {code!r} in a rule, or write 'informational: true' beside it"
_FOR_NONE: Final = "Name it in a finding, if need be with 'informational: true', or under 'unknown'"


def option_issues(inspection: Inspection) -> Iterator[Issue]:
    """Options that nothing depends on, informational codes that a rule reads, and codes that nothing gives."""
    readers = _readers(inspection)
    for item in inspection.pack.questionnaire.items.values():
        for option in item.options.values():
            if not _matters(inspection, item, option, readers.get(item.link_id, [])):
                yield _unused(inspection, item, option, readers.get(item.link_id, []))
    for finding in inspection.pack.findings.values():
        given = _given(inspection, finding)
        for code in finding.codes:
            place = inspection.sources.code
            rules = inspection.code_readers.get((finding.id, code.code), ())
            if code.informational and rules:
                details = {"name": finding.id, "code": code.code, "rules": names(rule.id for rule in rules)}
                yield issue("informational-code-used", [place(finding.id, code.code)], **details)
            if code.code not in given:
                yield issue("code-never-given", [place(finding.id, code.code)], name=finding.id, code=code.code)


_Readers = list[tuple[Finding, AnswerSource]]


def _readers(inspection: Inspection) -> dict[str, _Readers]:
    """Link id to the findings that read the question, and how."""
    found: dict[str, _Readers] = {}
    for finding in inspection.pack.findings.values():
        for source in finding.answers:
            found.setdefault(source.link_id, []).append((finding, source))
    return found


def _matters(inspection: Inspection, item: Item, option: Option, readers: _Readers) -> bool:
    """Whether a rule or a question depends on the option, or it is said that none has to."""
    if option.exclusive or option.code == _NOT_SURE:
        return True
    items = inspection.pack.questionnaire.items.values()
    if any(gate.question == item.link_id and gate.answer == option.value for it in items for gate in it.enable_when):
        return True
    return any(_reads(inspection, finding, source, option.code) for finding, source in readers)


def _reads(inspection: Inspection, finding: Finding, source: AnswerSource, option: str) -> bool:
    """Whether a finding tells the option from others, for a rule or for the record.

    That no rule reads the finding at all is told once, of the finding.
    """
    if option in source.unknown:
        return True
    if finding.type == "boolean":
        return option in (*(source.when_true or ()), *(source.when_false or ()))
    if finding.type == "integer":
        return option in (source.values or ())
    code = _target(source, option)
    if finding.informational or code is None:
        return True
    told = {entry.code for entry in finding.codes if entry.informational}
    return code in told or (finding.id, code) in inspection.code_readers


def _target(source: AnswerSource, option: str) -> str | None:
    """The code that an option stands for, ``None`` for one that adds nothing."""
    mapping = source.map or {}
    return mapping.get(option, option)


def _unused(inspection: Inspection, item: Item, option: Option, readers: _Readers) -> Issue:
    places, hint = [inspection.sources.question(item.link_id)], _FOR_NONE
    for finding, source in readers:
        code = _target(source, option.code)
        if code in finding.code_ids:
            places.insert(0, inspection.sources.code(finding.id, code))
            hint = _FOR_CODE.format(code=code)
    return issue("unused-option", places, option=option.code, name=item.link_id, hint=hint)


def _given(inspection: Inspection, finding: Finding) -> set[str | None]:
    """The codes of a finding that some option or the chart gives."""
    items = inspection.pack.questionnaire.items
    answers = {
        _target(source, option)
        for source in finding.answers
        for option in items[source.link_id].option_codes
        if option not in source.unknown
    }
    return answers | {code for chart in finding.chart for code in (chart.map or {}).values()}
