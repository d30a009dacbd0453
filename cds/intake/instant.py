"""FHIR dates and times, which may be partial, as ranges of time; and the time that has passed since.

``2026-11`` means some moment of that month. A date without a time zone is read in the zone of the moment it
is compared with.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from cds.pack.units import HOURS, WORDS
from cds.pack.value import Interval

_LONGEST_DATE: Final = len("2026-11-22")
_LONGEST: Final = len("2026-11-22T09:30:00.123456789+01:00")
"""Nothing longer is a time; and no words that stand for one are kept."""
_DATE: Final = re.compile(r"(?!0000)(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d{1,9}))?", re.ASCII)
_ZONE: Final = re.compile(r"Z|([+-])(0\d|1[0-3]):([0-5]\d)|([+-])14:00", re.ASCII)
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_CALENDAR: Final = {"a": 12, "mo": 1}
TOLERANCE: Final = _DAY
"""How far a date may lie after the as-of time (microseconds): a day, for dates from another time zone."""


class Moment(NamedTuple):
    """The range of time that a FHIR date or dateTime may mean.

    ``first`` and ``last`` are microseconds on the clock of its zone, counted from day 0 of the proleptic
    Gregorian calendar (``date.toordinal``); ``zone`` is the offset from UTC in microseconds, or ``None``.
    """

    first: int
    last: int
    zone: int | None


class FutureDateError(ValueError):
    """A date that lies after the as-of time."""


def is_date(text: str) -> bool:
    """Whether ``text`` is a FHIR ``date``: a year, month or day that exists."""
    return _days(text) is not None


def is_time(text: str) -> bool:
    """Whether ``text`` is a FHIR ``time``: hours, minutes and seconds, without a zone."""
    return _CLOCK.fullmatch(text) is not None


def is_date_time(text: str) -> bool:
    """Whether ``text`` is a FHIR ``dateTime``: a date, or a date with a time and its zone."""
    return _parse(text) is not None


def is_instant(text: str) -> bool:
    """Whether ``text`` is a FHIR ``instant``: a dateTime to the second."""
    return "T" in text and _parse(text) is not None


def moment(text: str) -> Moment:
    """The range of time that a FHIR date, dateTime or instant may mean; ``ValueError`` if it is none."""
    found = _parse(text)
    if found is None:
        raise ValueError("this is not a FHIR date or dateTime")
    return found


def elapsed(start: Moment, as_of: Moment, unit: str) -> Interval:
    """The whole completed units from ``start`` to ``as_of``, as the range of what they may be.

    ``unit`` is a UCUM time. Years and months go by the calendar, as ages do: one born on 29 February
    completes a year on 1 March of a common year. Minutes, hours, days and weeks go by the clock. Raises
    :class:`FutureDateError` if ``start`` is later than ``as_of`` by more than :data:`TOLERANCE`; within it no
    time has passed.
    """
    shift = 0
    if start.zone is not None and as_of.zone is not None:
        shift = as_of.zone - start.zone
    first, last = start.first + shift, start.last + shift
    if first > as_of.last + TOLERANCE:
        raise FutureDateError("the date lies after the time of the assessment")
    code = time_unit(unit)
    if code in _CALENDAR:
        step = _CALENDAR[code]
        low = _months(last, as_of.first) // step
        high = _months(first, as_of.last) // step
    else:
        length = int(HOURS[code] * 3600 * _SECOND)
        low = (as_of.first - last) // length
        high = (as_of.last - first) // length
    return Interval(max(low, 0), max(high, 0))


def time_unit(unit: str) -> str:
    """The UCUM code of a unit of time; ``ValueError`` if it is none."""
    code = WORDS.get(unit, unit)
    if code not in HOURS:
        raise ValueError(f"{unit!r} is not a unit of time: write one of {', '.join(HOURS)}")
    return code


def _months(start: int, end: int) -> int:
    one, other = _date(start), _date(end)
    return (other.year - one.year) * 12 + other.month - one.month - (other.day < one.day)


def _date(clock: int) -> date:
    return date.fromordinal(min(max(clock // _DAY, 1), date.max.toordinal()))


def _days(text: str) -> tuple[date, date] | None:
    return _kept_days(text) if len(text) <= _LONGEST_DATE else None


@lru_cache(maxsize=4096)  # the days of a population recur
def _kept_days(text: str) -> tuple[date, date] | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    length = monthrange(year, month)[1]
    if not day:
        return date(year, month, 1), date(year, month, length)
    return (date(year, month, day), date(year, month, day)) if day <= length else None


def _parse(text: str) -> Moment | None:
    return _kept_moment(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1024)  # one time is looked at several times on its way through
def _kept_moment(text: str) -> Moment | None:
    day, separator, rest = text.partition("T")
    days = _days(day)
    if days is None or (separator and len(day) < 10):
        return None
    if not separator:
        return Moment(days[0].toordinal() * _DAY, (days[1].toordinal() + 1) * _DAY - 1, None)
    clock = _CLOCK.match(rest)
    zone = _ZONE.fullmatch(rest, clock.end()) if clock else None
    if clock is None or zone is None:
        return None
    hours, minutes, seconds, fraction = clock.groups()
    # A leap second is read as the second before it: the clock of UTC arithmetic has none.
    at = (int(hours) * 60 + int(minutes)) * 60 + min(int(seconds), 59)
    instant = days[0].toordinal() * _DAY + at * _SECOND + int(((fraction or "") + "000000")[:6])
    return Moment(instant, instant, _offset(zone))


def _offset(zone: re.Match[str]) -> int:
    sign, hours, minutes, extreme = zone.groups()
    if extreme:
        return (-14 if extreme == "-" else 14) * 3600 * _SECOND
    if sign is None:
        return 0
    size = (int(hours) * 60 + int(minutes)) * 60 * _SECOND
    return -size if sign == "-" else size
