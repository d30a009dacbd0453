"""A report as rows of text and as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cds.service.feedback.comments import Comment
from cds.service.feedback.report import Group, Reason, Report

COLUMNS: Final = (
    "shown",
    "with feedback",
    "accepted",
    "overridden",
    "share with feedback",
    "share overridden",
    "override reasons",
)
COMMENT_COLUMNS: Final = ("time", "service", "level", "rules", "reason", "comment")
TOTAL: Final = "all recorded cards"
UNKNOWN: Final = "unknown card"


def rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The rows under the name of the grouping and :data:`COLUMNS`; the last two are the total and unknown cards."""
    systems = _ambiguous(report)
    for name, group in report.groups.items():
        yield (visible(name), str(group.shown), *_counts(group, systems))
    yield (TOTAL, str(report.total.shown), *_counts(report.total, systems))
    yield (UNKNOWN, "", *_counts(report.unknown, systems))


def comment_rows(found: list[Comment]) -> Iterator[tuple[str, ...]]:
    """The rows under :data:`COMMENT_COLUMNS`."""
    for comment in found:
        at = comment.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        level = UNKNOWN if comment.level is None else comment.level
        yield tuple(
            visible(cell)
            for cell in (at, comment.service, level, " ".join(comment.rules), comment.code or "", comment.text)
        )


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON values. Null: a share without a denominator, and how often unknown cards were shown."""
    return {
        "by": report.by,
        "rows": [{report.by: name, **_plain(group)} for name, group in report.groups.items()],
        "total": _plain(report.total),
        "unknown_card": _plain(report.unknown) | {"shown": None},
    }


def comment_as_json(comment: Comment) -> dict[str, Any]:
    """A comment as JSON values."""
    return {
        "time": comment.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "service": comment.service,
        "level": comment.level,
        "rules": list(comment.rules),
        "reason": comment.code,
        "comment": comment.text,
    }


def visible(text: str) -> str:
    """On one line and without characters that a terminal obeys or that turn the direction of reading."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))


def _counts(group: Group, systems: frozenset[str]) -> tuple[str, ...]:
    return (
        str(group.with_feedback),
        str(group.accepted),
        str(group.overridden),
        _percent(_share(group.with_feedback, group.shown)),
        _percent(_share(group.overridden, group.with_feedback)),
        ", ".join(f"{visible(_label(reason, systems))}: {count}" for reason, count in _by_count(group)),
    )


def _plain(group: Group) -> dict[str, Any]:
    return {
        "shown": group.shown,
        "with_feedback": group.with_feedback,
        "accepted": group.accepted,
        "overridden": group.overridden,
        "share_with_feedback": _share(group.with_feedback, group.shown),
        "share_overridden": _share(group.overridden, group.with_feedback),
        "reasons": [
            {"code": reason.code, "system": reason.system, "comment_only": reason.commented, "cards": count}
            for reason, count in _by_count(group)
        ],
    }


def _by_count(group: Group) -> list[tuple[Reason, int]]:
    def order(entry: tuple[Reason, int]) -> tuple[int, str, str, bool]:
        (code, system, commented), cards = entry
        return -cards, code or "", system or "", not commented

    return sorted(group.reasons.items(), key=order)


def _label(reason: Reason, ambiguous: frozenset[str]) -> str:
    if reason.code is None:
        return "(comment only)" if reason.commented else "(no reason given)"
    return f"{reason.code} ({reason.system or 'no system'})" if reason.code in ambiguous else reason.code


def _ambiguous(report: Report) -> frozenset[str]:
    """Codes that mean different things because they come from more than one system."""
    systems: dict[str, set[str | None]] = {}
    for group in (report.total, report.unknown):
        for reason in group.reasons:
            if reason.code is not None:
                systems.setdefault(reason.code, set()).add(reason.system)
    return frozenset(code for code, found in systems.items() if len(found) > 1)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
