"""The time in which observations of the chart count, and which of them are the latest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from cds.intake.instant import TOLERANCE, Moment, moment
from cds.pack.finding import ChartSource

_DAY: Final = 86_400_000_000
_ALWAYS: Final = (-1, 1 << 62)


class Observed(NamedTuple):
    """A result, the range of when it was made (microseconds in UTC), and its place.

    ``resource`` is the Observation, or one of its components with what both have in common.
    """

    first: int
    last: int
    path: str
    resource: dict[str, Any]


class Window:
    """The time from which and to which observations count.

    They count up to ``until`` (default: ``as_of``), and the days that a source names are counted from the earlier of
    both. A time without a zone is taken to be in that of ``as_of``.
    """

    def __init__(self, as_of: Moment | None, until: Moment | None) -> None:
        known = [one for one in (as_of, until) if one is not None]
        self._zone = known[0].zone or 0 if known else 0
        self._start = min((one.first - (one.zone or 0) for one in known), default=None)
        end = until or as_of
        self._end = None if end is None else end.last - (end.zone or 0)

    def place(self, path: str, resource: dict[str, Any]) -> Observed | None:
        """The result with its time; ``None`` if it was made after the end."""
        first, last = self._time(resource)
        if self._end is not None and first > self._end + TOLERANCE:
            return None
        return Observed(first, last, path, resource)

    def is_undated(self, one: Observed, source: ChartSource) -> bool:
        """Whether nobody can tell if it is recent enough."""
        return source.within_days is not None and (one.first == _ALWAYS[0] or self._start is None)

    def recent(self, found: Sequence[Observed], source: ChartSource) -> list[Observed]:
        """Those that are known to be recent enough."""
        if source.within_days is None:
            return list(found)
        if self._start is None:
            return []
        since = self._start - source.within_days * _DAY
        return [one for one in found if one.first != _ALWAYS[0] and one.last >= since]

    def latest(self, found: Sequence[Observed]) -> list[Observed]:
        """Those that may be the latest: several if times are equal or partial.

        What is dated after the end, as the day's tolerance allows, hides none before it.
        """
        due = [one for one in found if self._end is None or one.first <= self._end]
        newest = max((one.first for one in due), default=0)
        return [one for one in found if one.last >= newest]

    def _time(self, resource: dict[str, Any]) -> tuple[int, int]:
        period = resource.get("effectivePeriod", {})
        for text in (
            resource.get("effectiveDateTime"),
            resource.get("effectiveInstant"),
            period.get("end") or period.get("start"),
            resource.get("issued"),
        ):
            if text is not None:
                at = moment(text)
                zone = at.zone if at.zone is not None else self._zone
                # A period that has a start and no end still goes on.
                lasts = text == period.get("start") and "end" not in period
                return at.first - zone, _ALWAYS[1] if lasts else at.last - zone
        return _ALWAYS
