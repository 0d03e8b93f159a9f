"""The meetings beside one flight: found on its days, at its stops, and held against its legs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from overflight.meetings.coincidence import (
    AFTER_DAYS,
    BEFORE_DAYS,
    NEAR_DAYS,
    Coincidence,
    coincident,
    gather,
)
from overflight.meetings.explanation import Score, explanations
from overflight.meetings.features import Known
from overflight.meetings.model import Place
from overflight.world.flight import Flight
from overflight.world.times import YEARS, days_off

__all__ = ["Beside", "beside", "days_of", "in_our_years"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is on beside a flight.

    Attributes
    ----------
    first, last : date
        Its days.
    found : tuple of Coincidence
        In the states where its legs begin and end; those on its days first, then those near them.
    scores : tuple of Score
        Each of these meetings as an explanation, best first.
    """

    first: date
    last: date
    found: tuple[Coincidence, ...]
    scores: tuple[Score, ...]


def days_of(flight: Flight) -> tuple[date, date]:
    """From the first departure to the last landing; without one, to the day after the last departure."""
    last = flight.legs[-1]
    latest = (last.arrives or last.departs).latest
    # A window that ends at midnight does not reach into the day that begins there.
    end = days_off(latest.date(), -1) if latest.time() == time() else latest.date()
    return flight.day, days_off(max(end, flight.day), 0 if last.arrives else 1)


def in_our_years(flight: Flight) -> bool:
    """Whether every leg departs in a year that meetings are known of; an old record may say any year."""
    return all(leg.departs.earliest.year in YEARS for leg in flight.legs)


def beside(
    flight: Flight,
    known: Known | None = None,
    *,
    calendars: Iterable[str | Path] = (),
    home: Path | None = None,
    near_days: int = NEAR_DAYS,
) -> Beside:
    """The meetings beside a flight.

    Parameters
    ----------
    flight : Flight
    known : Known, optional
        Facts beyond the flight: an answer of the host, a number of passengers.
    calendars : iterable of path
        iCalendar files.
    home : Path, optional
        The desk's folder; its ``meetings/*.ics`` are read too.
    near_days : int
        How far off a meeting may be.

    Raises
    ------
    InputError
        A calendar is broken.
    """
    first, last = days_of(flight)
    if not in_our_years(flight):
        return Beside(first, last, (), ())
    off = timedelta(days=max(near_days, BEFORE_DAYS, AFTER_DAYS))
    states = dict.fromkeys(stop.state for leg in flight.legs for stop in (leg.origin, leg.destination))
    found = coincident(
        first,
        last,
        places=[Place(state=state) for state in states if state],
        meetings=gather(first - off, last + off, calendars=calendars, home=home),
        near_days=near_days,
    )
    return Beside(first, last, found, explanations(flight, [one.meeting for one in found], known))
