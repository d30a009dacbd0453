"""When a response was given, and whether that is too long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from cds.intake.instant import TOLERANCE, Moment, moment
from cds.service.prefetch.state import Resource

_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
DAY: Final = 86_400 * 1_000_000
_EASTMOST: Final = 14 * DAY // 24
_WESTMOST: Final = 12 * DAY // 24


def authored(resource: Resource) -> Moment | None:
    """When a response was given, in UTC; one without a zone may be of any. ``None`` if that cannot be read."""
    text = resource.get("authored")
    try:
        at = moment(text) if type(text) is str else None
    except ValueError:
        return None
    if at is None:
        return None
    if at.zone is None:
        return Moment(at.first - _EASTMOST, at.last + _WESTMOST, 0)
    return Moment(at.first - at.zone, at.last - at.zone, 0)


def clock(now: datetime) -> int:
    """An aware time as :class:`Moment` counts, in microseconds."""
    return (now - _ZERO) // timedelta(microseconds=1) + DAY


def is_future(at: Moment, now: datetime) -> bool:
    """Whether a response claims to be of a time to come, by more than clocks and zones may differ."""
    return at.first > clock(now) + TOLERANCE


def may_be_older(at: Moment, now: datetime, days: int) -> bool:
    """Whether a response may have been given more than ``days`` ago."""
    return at.first < clock(now) - days * DAY


def is_older(at: Moment, now: datetime, days: int) -> bool:
    """Whether it certainly was."""
    return at.last < clock(now) - days * DAY


def days_since(resource: Resource, now: datetime) -> int | None:
    """Whole days since a response was given, at least; ``None`` if that is not known."""
    at = authored(resource)
    return None if at is None else max(0, (clock(now) - at.last) // DAY)
