"""Times that the desk takes, and how they are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overflight.world.times import days_off, minute_text, second_text, sound_time


@pytest.mark.parametrize("year", [1, 999, 1918, 2101, 2500, 9999])
def test_a_year_of_no_flight_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match=rf"is in the year {year}; write a year from 1919 to 2100"):
        sound_time(datetime(year, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14))))


def test_the_year_is_that_of_utc() -> None:
    west = timezone(timedelta(hours=-12))
    assert sound_time(datetime(2008, 8, 7)) == datetime(2008, 8, 7, tzinfo=UTC)
    assert sound_time(datetime(2008, 8, 7, tzinfo=west)) == datetime(2008, 8, 7, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="year 2101"):
        sound_time(datetime(2100, 12, 31, 23, tzinfo=west))


@given(st.datetimes())
def test_every_year_is_written_so_that_it_is_read_again(moment: datetime) -> None:
    known = moment.replace(tzinfo=UTC)
    assert datetime.fromisoformat(second_text(known)) == known.replace(microsecond=0)
    assert datetime.fromisoformat(minute_text(known)) == known.replace(second=0, microsecond=0)
    assert len(minute_text(known, " ")) == len("2008-08-07 04:10Z")


@given(st.dates(), st.integers(-400, 400))
def test_days_off_stay_in_the_calendar(day: date, days: int) -> None:
    found = days_off(day, days)
    assert (found - day).days == days or found in (date.min, date.max)
