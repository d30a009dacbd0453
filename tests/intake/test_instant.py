"""Dates and the time that has passed, held against Python's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cds.intake import instant
from cds.intake.instant import FutureDateError, elapsed, is_date, is_date_time, is_instant, moment, time_unit
from cds.pack.value import Interval

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ZONES = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2100, 12, 30), timezones=ZONES).map(
    lambda at: at.replace(microsecond=0)
)
UNITS = {"min": 60, "h": 3600, "d": 86_400, "wk": 604_800}


def span(start: str, as_of: str, unit: str) -> tuple[int, int]:
    found = elapsed(moment(start), moment(as_of), unit)
    return found.low, found.high


def birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def birthdays(born: date, today: date) -> int:
    """Age by counting birthdays."""
    return sum(birthday(born, year) <= today for year in range(born.year + 1, today.year + 1))


@given(DATES, DATES)
def test_age_counts_birthdays(born: date, today: date) -> None:
    assume(born <= today)
    age = birthdays(born, today)
    assert span(born.isoformat(), today.isoformat(), "a") == (age, age)


@given(DATES, DATES)
def test_months_count_days_of_the_month(born: date, today: date) -> None:
    assume(born <= today)
    months, at = 0, (born.year, born.month)
    while True:
        at = (at[0] + at[1] // 12, at[1] % 12 + 1)
        if (*at, born.day) > (today.year, today.month, today.day):
            break
        months += 1
    assert span(born.isoformat(), today.isoformat(), "mo") == (months, months)


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        ("2008-02-29", "2025-02-28", 16),
        ("2008-02-29", "2025-03-01", 17),
        ("2010-11-22", "2026-11-21", 15),
        ("2010-11-22", "2026-11-22", 16),
        ("2010-11-22", "2026-11-22T00:30:00+02:00", 16),
    ],
)
def test_age_on_and_around_birthdays(born: str, today: str, age: int) -> None:
    assert span(born, today, "a") == (age, age)


@given(TIMES, TIMES, st.sampled_from(sorted(UNITS)))
def test_clock_units_by_exact_times(start: datetime, as_of: datetime, unit: str) -> None:
    seconds = (as_of - start) // timedelta(seconds=1)
    if seconds < -86_400:
        with pytest.raises(FutureDateError):
            span(start.isoformat(), as_of.isoformat(), unit)
    else:
        whole = max(seconds // UNITS[unit], 0)
        assert span(start.isoformat(), as_of.isoformat(), unit) == (whole, whole)


@given(DATES, TIMES, st.integers(0, 86_399), st.sampled_from([*UNITS, "mo", "a"]), st.sampled_from([4, 7, 10]))
def test_a_partial_date_covers_every_time_it_may_mean(
    day: date, as_of: datetime, second: int, unit: str, length: int
) -> None:
    assume(day <= as_of.date())
    exact = datetime.combine(day, datetime.min.time(), as_of.tzinfo) + timedelta(seconds=second)
    assume(exact <= as_of)
    (low, high) = span(day.isoformat()[:length], as_of.isoformat(), unit)
    (whole, _) = span(exact.isoformat(), as_of.isoformat(), unit)
    assert low <= whole <= high


@pytest.mark.parametrize(
    ("start", "as_of", "unit", "expected"),
    [
        ("2026-11-20", "2026-11-22T10:00:00Z", "h", (34, 58)),
        ("2026-11-20", "2026-11-22T10:00:00Z", "d", (1, 2)),
        ("2026-11", "2026-11-22T10:00:00Z", "d", (0, 21)),
        ("2026", "2026-11-22", "mo", (0, 10)),
        ("2026-11-22", "2026-11-22", "h", (0, 23)),
        ("2026-11-22T10:00:00.5Z", "2026-11-22T11:00:00Z", "h", (0, 0)),
        ("2026-11-22T10:00:00+01:00", "2026-11-22T10:00:00Z", "h", (1, 1)),
        ("2026-11-22T23:59:60Z", "2026-11-23T00:59:59Z", "h", (1, 1)),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "a", (9998, 9998)),
        ("2026-11-22", "2026-11-22T10:00:00Z", "hours", (0, 10)),
    ],
)
def test_examples(start: str, as_of: str, unit: str, expected: tuple[int, int]) -> None:
    assert span(start, as_of, unit) == expected


def test_a_day_of_tolerance_for_other_time_zones() -> None:
    assert span("2026-11-23", "2026-11-22T10:00:00Z", "h") == (0, 0)
    assert span("2026-11-23T10:00:00Z", "2026-11-22T10:00:00Z", "h") == (0, 0)
    for start in ("2026-11-23T10:00:01Z", "2026-11-24", "2026-12", "2027"):
        with pytest.raises(FutureDateError):
            span(start, "2026-11-22T10:00:00Z", "h")


@given(st.text(alphabet="0123456789-T:Z+.", max_size=25) | TIMES.map(datetime.isoformat) | DATES.map(str))
def test_what_is_taken_for_a_date_is_one(text: str) -> None:
    if is_date(text) and len(text) == 10:
        date.fromisoformat(text)
    if is_instant(text):
        at = datetime.fromisoformat(text.replace(":60", ":59"))
        assert at.tzinfo is not None
        found = moment(text)
        assert timedelta(microseconds=found.first - (found.zone or 0)) == at.astimezone(UTC).replace(
            tzinfo=None
        ) - datetime.min + timedelta(days=1)
    assert is_date_time(text) or not is_date(text)


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-11-22T10:00:00", "2026-11T10:00:00Z", "2026-11-22T10:00Z"])
def test_what_is_no_date(text: str) -> None:
    assert not is_date_time(text)
    with pytest.raises(ValueError, match="not a FHIR"):
        moment(text)


def test_units_are_times() -> None:
    assert [time_unit(unit) for unit in ("h", "days", "year", "mo")] == ["h", "d", "a", "mo"]
    with pytest.raises(ValueError, match="unit of time"):
        time_unit("kg")
    assert elapsed(moment("2000"), moment("2026"), "a") == Interval(25, 26)


def test_what_is_longer_than_a_time_is_none_and_is_not_kept() -> None:
    longest = "2026-11-22T09:30:00.123456789+01:00"
    assert is_date_time(longest)
    before = instant._kept_days.cache_info().currsize, instant._kept_moment.cache_info().currsize
    for words in ("my own words, and many of them, on a day", longest + "0", "2026-11-22x"):
        assert not is_date(words)
        assert not is_date_time(words) or len(words) <= len(longest)
    assert not is_date_time(longest + "0")
    assert instant._kept_days.cache_info().currsize == before[0]
    assert instant._kept_moment.cache_info().currsize <= before[1] + 1
