"""RFC 3339: the examples of the RFC, what it does not allow, and any moment in any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.feedback.timestamp import utc


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # RFC 3339, section 5.8
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520000, UTC)),
        ("1996-12-19T16:39:57-08:00", datetime(1996, 12, 20, 0, 39, 57, 0, UTC)),
        ("1990-12-31T23:59:60Z", datetime(1990, 12, 31, 23, 59, 59, 0, UTC)),
        ("1990-12-31T15:59:60-08:00", datetime(1990, 12, 31, 23, 59, 59, 0, UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870000, UTC)),
        # others
        ("2026-11-22t08:30:00z", datetime(2026, 11, 22, 8, 30, 0, 0, UTC)),
        ("2026-11-22T08:30:00-00:00", datetime(2026, 11, 22, 8, 30, 0, 0, UTC)),
        ("2026-11-22T08:30:00.123456789Z", datetime(2026, 11, 22, 8, 30, 0, 123456, UTC)),
    ],
)
def test_what_it_means(text: str, moment: datetime) -> None:
    assert utc(text) == moment
    assert utc(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-11-22", "2026-11-22T08:30Z", "2026-11-22T08:30:00", "2026-11-22 08:30:00Z", "1795336200"),
        *("2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T08:60:00Z"),
        *("2026-11-22T08:30:61Z", "2026-11-22T08:30:00+24:00", "2026-11-22T08:30:00+0100", "2026-11-22T08:30:00.Z"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"),
        *(
            "2026-11-22T08:30:00Z\n",
            " 2026-11-22T08:30:00Z",
            "\u0662026-11-22T08:30:00Z",
            "2026-11-22T08:30:00.1\u06f0Z",
        ),
        "2026-11-22T08:30:00." + "1" * 5000 + "Z",
    ],
)
def test_what_it_is_not(text: str) -> None:
    with pytest.raises(ValueError, match=r"this is not|there is no"):
        utc(text)


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),
    st.integers(-1439, 1439),
)
def test_any_moment_in_any_zone(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert utc(moment.isoformat()) == moment


@given(st.text())
def test_any_text(text: str) -> None:
    try:
        moment = utc(text)
    except ValueError:
        return
    assert moment.tzinfo is UTC
