"""All families of static checks, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from cds.pack import Pack
from cds.verify.issue import Issue
from cds.verify.static.conditions import condition_issues
from cds.verify.static.evidence import evidence_issues
from cds.verify.static.findings import finding_issues
from cds.verify.static.inspection import Inspection
from cds.verify.static.options import option_issues
from cds.verify.static.reviews import review_issues
from cds.verify.static.signatures import signature_issues
from cds.verify.static.summaries import summary_issues
from cds.verify.static.terminology import terminology_issues
from cds.verify.static.trace_rows import trace_issues
from cds.verify.static.translations import translation_issues
from cds.verify.static.unused import unused_issues

Family = Callable[[Inspection], Iterator[Issue]]

FAMILIES: Final[tuple[Family, ...]] = (
    review_issues,
    signature_issues,
    evidence_issues,
    trace_issues,
    translation_issues,
    terminology_issues,
    finding_issues,
    option_issues,
    condition_issues,
    summary_issues,
    unused_issues,
)
"""Each gives the issues of one kind of fault."""


def static_issues(pack: Pack, today: date) -> Iterator[Issue]:
    """What is wrong with a pack as far as its files alone can tell, family by family.

    ``today`` decides which reviews are overdue. Nothing is evaluated, and nothing is proved.
    """
    inspection = Inspection(pack, today)
    for family in FAMILIES:
        yield from family(inspection)
