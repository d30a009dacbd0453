"""What about two versions cannot be told to be the same, and which patients only one of them takes."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack import Pack
from cds.pack.expression import written
from cds.verify.difference.questions import asks_alike, comparable
from cds.verify.difference.records import chart_comparable, reads_alike


def unclear(old: Pack, new: Pack) -> Iterator[str]:
    """Questions and findings that changed so that nobody may conclude that nothing else did."""
    for link_id in old.questionnaire.items:
        if link_id not in new.questionnaire.items or asks_alike(old, new, link_id):
            continue
        if not comparable(old, new, link_id):
            yield f"question {link_id}: its type or unit changed, so its answers are taken to be independent"
    for name in in_both_charts(old, new):
        if not reads_alike(old, new, name) and not chart_comparable(old, new, name):
            yield f"finding {name}: it reads the chart in another way; patients whose chart speaks of it are left out"


def left_out(old: Pack, new: Pack) -> Iterator[str]:
    """Findings of which one version refuses values that the other takes."""
    for name, one in old.findings.items():
        other = new.findings.get(name)
        if other is not None and one.type == other.type and one.range != other.range:
            ends = [f"{written(finding, finding.low)} to {written(finding, finding.high)}" for finding in (one, other)]
            ranges = " and ".join(ends)
            yield f"finding {name}: its range changed ({ranges}); only numbers that both versions take are compared"


def in_both_charts(old: Pack, new: Pack) -> Iterator[str]:
    """The findings that both versions read in the chart."""
    for name, finding in old.findings.items():
        if finding.chart and name in new.findings and new.findings[name].chart:
            yield name
