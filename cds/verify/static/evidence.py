"""Evidence that a clinician has to look at: rules that nobody could check, and sources read at second hand only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue, names

WEAK: Final = frozenset({"secondary", "not-read"})
"""How little of a source must have been read for a rule to need more than that."""


def evidence_issues(inspection: Inspection) -> Iterator[Issue]:
    """One issue for each rule on weak evidence; none once every reviewer has signed, for they signed with this list."""
    if not inspection.unsigned:
        return
    citations = inspection.pack.citations
    for rule in inspection.pack.rules:
        if rule.unverified:
            yield issue("unverified-rule", [Place.of(rule)], name=rule.id)
        elif rule.citations and all(citations[key].read in WEAK for key in rule.citations):
            yield issue("weak-sources", [Place.of(rule)], name=rule.id, sources=names(rule.citations))
