"""The vocabulary against the rules: findings that no rule reads, and informational ones that a rule does."""

from __future__ import annotations

from collections.abc import Iterator

from cds.verify.issue import Issue
from cds.verify.static.inspection import Inspection, issue, names


def finding_issues(inspection: Inspection) -> Iterator[Issue]:
    """Findings that are read and should not be, or the other way round. Only evaluated rules count."""
    for finding in inspection.pack.findings.values():
        readers = inspection.readers.get(finding.id, ())
        rules = names(rule.id for rule in readers)
        if readers and finding.informational:
            yield issue("informational-used", [inspection.sources.finding(finding.id)], name=finding.id, rules=rules)
        elif not readers and finding.red_flag:
            yield issue("red-flag-unused", [inspection.sources.finding(finding.id)], name=finding.id)
        elif not (readers or finding.informational):
            yield issue("unused-finding", [inspection.sources.finding(finding.id)], name=finding.id)
