"""Timestamps of RFC 3339, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_FORM: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,30}))?(?:([Zz])|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)


def utc(text: str) -> datetime:
    """The moment that an RFC 3339 ``date-time`` names, in UTC; what is finer than a microsecond is cut off.

    A leap second is read as the second before it, because Python's clock has none. Raises ``ValueError``, also for a
    moment that lies outside the years 1 to 9999 in UTC; the message does not repeat the text.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("this is not a timestamp of RFC 3339: write it as in 2026-11-22T08:30:00Z")
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    fraction, z, sign, hours, minutes = match.group(7, 8, 9, 10, 11)
    offset = timedelta(0) if z else timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    if second > 60:
        raise ValueError("there is no such second")
    try:
        there = datetime(
            year,
            month,
            day,
            hour,
            minute,
            min(second, 59),
            int(((fraction or "") + "000000")[:6]),
            tzinfo=timezone(offset),
        )
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such day or time") from None
