"""Itineraries written as a timetable: one leg a line, with its day and times."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from overflight.permit import values
from overflight.permit.application import Sector

__all__ = ["is_leg", "read_schedule"]

#: ``01 AUG 2026 ZKPY 0400 - VTBD 0945+1``; the day may be left out, or stand behind.
_LEG = re.compile(
    r"(?P<before>[0-9][^:]{3,20}?[,:]?[ ]+)?"
    r"(?P<origin>[A-Z]{3,4})[ /]*(?P<departs>[0-2][0-9]:?[0-5][0-9])[ ]?Z?"
    r"[ ]*(?:-+>?|–|—|→|/|TO)?[ ]*"
    r"(?P<destination>[A-Z]{3,4})[ /]*(?P<arrives>[0-2][0-9]:?[0-5][0-9])[ ]?Z?(?P<later>[ ]?\+[ ]?1)?"
    r"(?P<behind>[ ,]+[0-9].{3,20})?"
)


def is_leg(line: str) -> bool:
    """Whether a line is a leg of a timetable."""
    return _LEG.fullmatch(" ".join(line.upper().split())[:120]) is not None


def read_schedule(text: str, on: date | None = None) -> tuple[Sector, ...]:
    """The legs of a timetable, one a line.

    Parameters
    ----------
    text : str
        As it stands.
    on : date, optional
        Day of the first leg, when the lines have none.

    Returns
    -------
    tuple of Sector
        Empty when a line is no leg.

    Raises
    ------
    ValueError
        A leg without a day, or with one that cannot be understood.
    """
    legs = []
    day = on
    for line in text.splitlines():
        plain = " ".join(line.upper().split())[:120]
        if not plain:
            continue
        found = _LEG.fullmatch(plain)
        if not found:
            return ()
        given = (found["before"] or found["behind"] or "").strip(" ,:")
        if given:
            day = values.day(given)
        if day is None:
            raise ValueError("has a leg without a day; begin each line with its date")
        departs = values.moment(found["departs"], day)
        arrives = values.moment(found["arrives"], day)
        assert isinstance(departs, datetime)
        assert isinstance(arrives, datetime)
        if found["later"] or arrives <= departs:
            arrives += timedelta(days=1)
        legs.append(Sector(found["origin"], found["destination"], departs, arrives))
        # The next line, without a day of its own, is not before this landing.
        day = arrives.date()
    if len(legs) > 20:
        raise ValueError("has more than 20 sectors; split the application")
    return tuple(legs)
