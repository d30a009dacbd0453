"""Checks of how a pack is kept: reviews, signatures, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.verify.static.catalogue.check import Check

UPKEEP: Final[Mapping[str, Check]] = {
    "pack-review-overdue": Check(
        "error",
        "The day on which the pack had to be reviewed is past.",
        "the review of the pack was due on {day}",
        "Review the pack, then set 'review' in pack.yaml to the next day",
    ),
    "rule-review-overdue": Check(
        "error",
        "The review day of a rule that is evaluated is past.",
        "the review of {names} was due on {day}",
        "Review the rules, then set 'review' to the next day",
    ),
    "draft-review-overdue": Check(
        "warning",
        "A draft is older than its own review day: nobody works on it.",
        "the draft of {names} was to be reviewed by {day}",
        "Finish the draft, or take it out",
    ),
    "review-before-effective": Check(
        "error",
        "A review day lies before the day on which the thing comes into effect.",
        "{name} is to be reviewed on {review}, before it comes into effect on {effective}",
        "Write a later 'review', or correct 'effective'",
    ),
    "not-yet-effective": Check(
        "warning",
        "A pack or rule is active, and its first day lies ahead. It is evaluated all the same.",
        "{name} is active, and comes into effect on {effective} only",
        "Do not call it active until then, or correct 'effective'",
    ),
    "active-pack-unsigned": Check(
        "error",
        "The pack is active, and not all of its reviewers have signed.",
        "the pack is active, and these have not signed: {roles}",
        "Write 'status: draft' until every reviewer has signed",
    ),
    "active-rule-unsigned": Check(
        "error",
        "A rule is active, and not all reviewers of the pack have signed.",
        "{names} active, and these have not signed: {roles}",
        "Write 'status: in-review' until every reviewer has signed",
    ),
    "signed-in-future": Check(
        "error",
        "A signature bears a day that lies ahead. It does not count.",
        "the signature of the {role} is of {day}, which lies ahead",
        "Write the day of the signature, or null until it is there",
    ),
    "active-without-citation": Check(
        "error",
        "An active rule names no source, not even under 'unverified'.",
        "the active rule {name!r} has no citation",
        "Add 'citations: [KEY]', or write 'status: in-review'",
    ),
    "unverified-rule": Check(
        "warning",
        "A rule says of itself that nobody could check it. Listed until every reviewer has signed.",
        "the rule {name!r} rests on a statement that nobody could check",
        "A clinician confirms it or finds a source; then take 'unverified' out",
    ),
    "weak-sources": Check(
        "warning",
        "No source of a rule was read in the original. Listed until every reviewer has signed.",
        "the rule {name!r} rests on sources that were not read in the original: {sources}",
        "Read one of them and set its 'read' in citations.yaml, or add a source that was read",
    ),
    "evidence-trace-fault": Check(
        "error",
        "A row of the evidence trace leads nowhere, stands twice, or names what is not there.",
        "{message}",
        "{hint}",
    ),
    "no-evidence-trace": Check(
        "warning",
        "The pack does not say which evidence led to which rule.",
        "the pack has no evidence-trace.yaml",
        "Add it: a row for each statement of the evidence, with the rules that carry it",
    ),
    "untraced-rule": Check(
        "warning",
        "No row of the evidence trace names a rule, so nobody can tell where it comes from.",
        "no row of the evidence names the rule {name!r}",
        "Name it under 'rules' of the row that it carries out, or add a row",
    ),
}
