"""Which meetings are on the days, and at the places, of a flight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from overflight.errors import InputError
from overflight.meetings.calendar import calendars_in, read_calendar
from overflight.meetings.geography import NEAR_KM, distance_km, fold
from overflight.meetings.model import Meeting, Place
from overflight.meetings.table import recurring, shipped
from overflight.world.aerodromes import aerodrome

__all__ = ["AFTER_DAYS", "BEFORE_DAYS", "NEAR_DAYS", "Coincidence", "coincident", "gather"]

#: Delegations arrive up to two days before a meeting opens and leave up to two days after it closes.
BEFORE_DAYS = 2
AFTER_DAYS = 2
#: Meetings this many days off are shown beside: a postponed flight may have been for them.
NEAR_DAYS = 14
_ORDER = {"city": 0, "state": 1, "any": 2, "unknown": 3}


@dataclass(frozen=True, slots=True)
class Coincidence:
    """One meeting beside the days and places that were asked for.

    Attributes
    ----------
    meeting : Meeting
    gap_days : int
        0 while it is on; negative: it closed so many days before the first day asked for; positive: it opens
        so many days after the last.
    place : str
        ``city``, ``state``, ``any`` (no place was asked for) or ``unknown`` (the calendar names none).
    fits : bool
        Whether the days are within those on which delegations travel.
    words : str
        For people: "closed 8 days before".
    """

    meeting: Meeting
    gap_days: int
    place: str
    fits: bool
    words: str


def gather(
    first: date, last: date, *, calendars: Iterable[str | Path] = (), home: Path | None = None
) -> tuple[Meeting, ...]:
    """Every meeting that touches the days from `first` to `last`.

    Parameters
    ----------
    first, last : date
        Both included.
    calendars : iterable of path
        iCalendar files.
    home : Path, optional
        The desk's folder; its ``meetings/*.ics`` are read too.

    Returns
    -------
    tuple of Meeting
        Shipped ones, recurring ones and those of the calendars, by first day and name.

    Raises
    ------
    InputError
        The days are the wrong way round, or a calendar is broken.
    """
    if last < first:
        raise InputError("the last day is before the first", mend="give FIRST..LAST")
    files = [*(calendars_in(home) if home else ()), *(read_calendar(path) for path in calendars)]
    found = [meeting for meeting in shipped() if meeting.first <= last and meeting.last >= first]
    found += recurring(first, last)
    for calendar in files:
        found += calendar.between(first, last)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.first, one.name, one.id)))


def _where(meeting: Meeting, places: tuple[Place, ...]) -> str | None:
    if not places:
        return "any"
    mine = meeting.place
    if not mine.known and not mine.city:
        return "unknown"
    best = None
    for asked in places:
        # Two states may have a city of one name.
        same_state = asked.state is None or mine.state is None or asked.state == mine.state
        if asked.city and fold(asked.city) == fold(mine.city) and same_state:
            return "city"
        if set(asked.aerodromes) & set(mine.aerodromes) or _close(asked, mine):
            return "city"
        if asked.state is not None and asked.state == mine.state:
            best = "state"
    return best


def _close(one: Place, other: Place) -> bool:
    mine, theirs = (
        [(found.lon, found.lat) for found in map(aerodrome, place.aerodromes)]
        + ([place.lonlat] if place.lonlat else [])
        for place in (one, other)
    )
    return any(distance_km(a, b) <= NEAR_KM for a in mine for b in theirs)


def _gap(meeting: Meeting, first: date, last: date) -> tuple[int, str]:
    if meeting.last < first:
        gap = (first - meeting.last).days
        return -gap, f"closed {_days(gap)} before"
    if meeting.first > last:
        gap = (meeting.first - last).days
        return gap, f"opens {_days(gap)} after"
    return 0, "is on" if meeting.exact else "is some time in these days"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def coincident(
    first: date,
    last: date,
    *,
    places: Iterable[Place] = (),
    meetings: Iterable[Meeting] | None = None,
    near_days: int = NEAR_DAYS,
) -> tuple[Coincidence, ...]:
    """Meetings on or near some days, at some places.

    Parameters
    ----------
    first, last : date
        The days of the flight, both included.
    places : iterable of Place
        States, cities or aerodromes; without any, every place counts.
    meetings : iterable of Meeting, optional
        What to look through; the shipped and recurring ones when left out.
    near_days : int
        How far off a meeting may be to be shown; those beyond the days of travel have ``fits`` false.

    Returns
    -------
    tuple of Coincidence
        Those that fit first, then by place and by how far off they are.

    Examples
    --------
    >>> found = coincident(date(2008, 8, 7), date(2008, 8, 8), places=[Place(state="IRN")])
    >>> [(one.meeting.id, one.fits, one.words) for one in found]
    [('nam-2008-ministerial', False, 'closed 8 days before')]
    """
    wanted = tuple(places)
    if not 0 <= near_days <= 366:
        raise InputError(f"is {near_days}", where="near_days", mend="give days from 0 to 366")
    if meetings is None:
        off = timedelta(days=max(near_days, BEFORE_DAYS, AFTER_DAYS))
        meetings = gather(first - off, last + off)
    found = []
    for meeting in meetings:
        gap, words = _gap(meeting, first, last)
        fits = -AFTER_DAYS <= gap <= BEFORE_DAYS and meeting.travel
        if not fits and abs(gap) > near_days:
            continue
        place = _where(meeting, wanted)
        if place is None:
            continue
        if not meeting.travel:
            words += ", held online"
        found.append(Coincidence(meeting, gap, place, fits, words))
    return tuple(
        sorted(found, key=lambda one: (not one.fits, _ORDER[one.place], abs(one.gap_days), one.meeting.first))
    )
