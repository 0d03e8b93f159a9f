"""What times the desk takes, and how it writes them: every time that comes in passes `sound_time`."""

from __future__ import annotations

from datetime import UTC, date, datetime

__all__ = ["YEARS", "days_off", "minute_text", "second_text", "sound_time"]

#: Powered flight across borders is not older; the far end only catches slips of the pen.
YEARS = range(1919, 2101)


def sound_time(moment: datetime) -> datetime:
    """A time in UTC; without a zone it is taken for UTC.

    Raises
    ------
    ValueError
        It is in a year that no flight is of; the words follow the name of a field.
    """
    if moment.year in YEARS:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment.year not in YEARS:
        raise ValueError(f"is in the year {moment.year}; write a year from {YEARS.start} to {YEARS.stop - 1}")
    return moment


def days_off(day: date, days: int) -> date:
    """The day so many days later, or earlier; the calendar's own end where it has no such day."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def minute_text(moment: datetime, between: str = "T") -> str:
    """``2008-08-07T04:10Z`` of a time in UTC."""
    return _text(moment, "minutes", between)


def second_text(moment: datetime) -> str:
    """``2008-08-07T04:10:00Z`` of a time in UTC."""
    return _text(moment, "seconds")


def _text(moment: datetime, to: str, between: str = "T") -> str:
    # Not strftime: its years before 1000 have no leading zeros, and would not be read again.
    return f"{moment.replace(tzinfo=None).isoformat(between, to)}Z"
