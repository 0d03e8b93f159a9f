"""Whether an aerodrome serves the place of a meeting."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import pyproj

from overflight.errors import InputError, UnknownCodeError
from overflight.meetings.model import Meeting, Place
from overflight.world.aerodromes import aerodrome, aerodromes_of
from overflight.world.states import alpha3_codes, state

__all__ = ["NEAR_KM", "distance_km", "fold", "nearness", "place_of"]

#: A delegation lands within this distance of its meeting.
NEAR_KM = 100.0


@lru_cache(maxsize=4096)
def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Length of the shortest line on WGS-84 between two points [lon, lat], km."""
    return float(_geod().inv(*one, *other)[2]) / 1000


@cache
def _geod() -> pyproj.Geod:
    return pyproj.Geod(ellps="WGS84")


def fold(text: str) -> str:
    """A name without case, accents and punctuation, to compare it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def nearness(place: Place, key: str, city: str, code: str, lonlat: tuple[float, float]) -> str:
    """How an aerodrome lies to a place.

    Parameters
    ----------
    place : Place
        Of the meeting.
    key, city, code, lonlat
        Of the aerodrome: its lasting name, city, state (alpha-3) and position.

    Returns
    -------
    str
        ``aerodrome``, ``city`` (the same city, or within `NEAR_KM`), ``state``, ``elsewhere`` or ``unknown``.
    """
    if not place.known:
        return "unknown"
    if key in place.aerodromes:
        return "aerodrome"
    if place.city and code == place.state and fold(place.city) == fold(city.split(",")[0]):
        return "city"
    points = [(found.lon, found.lat) for found in map(aerodrome, place.aerodromes)]
    if place.lonlat:
        points.append(place.lonlat)
    if any(distance_km(point, lonlat) <= NEAR_KM for point in points):
        return "city"
    if place.state is None:
        return "elsewhere" if points else "unknown"
    return "state" if code == place.state else "elsewhere"


@cache
def _cities() -> frozenset[str]:
    found = set()
    for code in alpha3_codes():
        for key in aerodromes_of(code):
            found.add(fold(aerodrome(key).city.split(",")[0]))
    return frozenset(found - {""})


def place_of(text: str, meetings: tuple[Meeting, ...] = ()) -> Place:
    """The place that a person means by a state, a city or an aerodrome code.

    Raises
    ------
    UnknownCodeError
        None of these has that name.
    """
    try:
        return Place(state=state(text))
    except InputError as error:
        mend = error.mend
    try:
        found = aerodrome(text)
    except InputError:
        wanted = fold(text)
        for meeting in meetings:
            if wanted and fold(meeting.place.city) == wanted:
                return Place(meeting.place.city, meeting.place.state, meeting.place.aerodromes)
        if wanted and wanted in _cities():
            return Place(" ".join(text.split()))
        raise UnknownCodeError(
            f"{text.strip()!r} is no state, city or aerodrome that is known", mend=mend
        ) from None
    return Place(found.city.split(",")[0], found.state, (found.key,), (found.lon, found.lat))
