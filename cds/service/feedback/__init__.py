"""Feedback on cards: reading what a CDS client sends, and the report on what was kept."""

from cds.service.feedback.body import MAX_ITEMS, read_feedback
from cds.service.feedback.comments import Comment, comments
from cds.service.feedback.fault import FeedbackError, FeedbackFault
from cds.service.feedback.report import NO_RULE, By, Group, Reason, Report
from cds.service.feedback.selection import Selection, packs
from cds.service.store.feedback_item import FeedbackItem, OverrideReason

__all__ = [
    "MAX_ITEMS",
    "NO_RULE",
    "By",
    "Comment",
    "FeedbackError",
    "FeedbackFault",
    "FeedbackItem",
    "Group",
    "OverrideReason",
    "Reason",
    "Report",
    "Selection",
    "comments",
    "packs",
    "read_feedback",
]
