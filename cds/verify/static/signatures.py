"""Signatures: nothing is active before every reviewer has signed, and nothing active is without a source."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack import Rule
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue, names


def signature_issues(inspection: Inspection) -> Iterator[Issue]:
    """What is active without signatures or sources, and signatures of a day to come."""
    pack, roles = inspection.pack, names(inspection.unsigned)
    for index, reviewer in enumerate(pack.header.reviewers):
        if reviewer.signed is not None and reviewer.signed > inspection.today:
            place = inspection.sources.place("pack.yaml", ("reviewers", index), reviewer.role)
            yield issue("signed-in-future", [place], role=reviewer.role, day=reviewer.signed)
    active: dict[str, list[Rule]] = {}
    for rule in pack.all_rules:
        if rule.status == "active":
            active.setdefault(rule.file, []).append(rule)
            if not rule.citations:
                yield issue("active-without-citation", [Place.of(rule)], name=rule.id)
    if not inspection.unsigned:
        return
    if pack.header.status == "active":
        yield issue("active-pack-unsigned", [inspection.sources.place("pack.yaml", ("status",), "status")], roles=roles)
    for rules in active.values():
        are = "is" if len(rules) == 1 else "are"
        said = f"{names(rule.id for rule in rules)} {are}"
        yield issue("active-rule-unsigned", map(Place.of, rules), names=said, roles=roles)
