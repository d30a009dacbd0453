"""Days: reviews that are overdue, and what comes into effect later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cds.pack import Rule
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue, names


def review_issues(inspection: Inspection) -> Iterator[Issue]:
    """Overdue reviews, reviews before the first day, first days that lie ahead. A retired pack has none of these."""
    if inspection.pack.header.status == "retired":
        return
    yield from _pack(inspection)
    yield from _overdue(inspection)
    for rule in inspection.pack.all_rules:
        if rule.status == "retired":
            continue
        name, places = f"the rule {rule.id!r}", [Place.of(rule)]
        if rule.review < rule.effective:
            yield issue("review-before-effective", places, name=name, review=rule.review, effective=rule.effective)
        if rule.status == "active" and rule.effective > inspection.today:
            yield issue("not-yet-effective", places, name=name, effective=rule.effective)


def _pack(inspection: Inspection) -> Iterator[Issue]:
    header = inspection.pack.header
    review, effective = (inspection.sources.place("pack.yaml", (key,), key) for key in ("review", "effective"))
    if header.review < inspection.today:
        yield issue("pack-review-overdue", [review], day=header.review)
    if header.review < header.effective:
        days = {"review": header.review, "effective": header.effective}
        yield issue("review-before-effective", [review], name="the pack", **days)
    if header.status == "active" and header.effective > inspection.today:
        yield issue("not-yet-effective", [effective], name="the pack", effective=header.effective)


def _overdue(inspection: Inspection) -> Iterator[Issue]:
    """One issue for all rules of a file that were due on the same day: they mostly share their dates."""
    due: dict[tuple[str, date, str], list[Rule]] = {}
    for rule in inspection.pack.all_rules:
        check = {"draft": "draft-review-overdue", "retired": ""}.get(rule.status, "rule-review-overdue")
        if check and rule.review < inspection.today:
            due.setdefault((rule.file, rule.review, check), []).append(rule)
    for (_, day, check), rules in due.items():
        yield issue(check, map(Place.of, rules), names=names(rule.id for rule in rules), day=day)
