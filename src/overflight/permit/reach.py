"""How far a type can fly at best, and how long a leg takes: only to say what is impossible.

The verdict on a flight, with reserves and wind, is the work of `overflight.route.range`. Here every figure is
taken from its favourable end, so that a flag means that no reading of the sources allows the flight.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import pyproj

from overflight.errors import InputError
from overflight.world.aircraft import AircraftType, aircraft

__all__ = ["SPREAD", "best_range_km", "geodesic_km", "known_type", "speeds_kmh", "variants"]

#: Sources differ by up to this share; a flag keeps it as a distance.
SPREAD = 0.15


@lru_cache(maxsize=1)
def _geod() -> pyproj.Geod:
    return pyproj.Geod(ellps="WGS84")


@lru_cache(maxsize=8192)
def geodesic_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Length of the shortest line on WGS-84 between two points [lon, lat], km."""
    return float(_geod().inv(*one, *other)[2]) / 1000


@lru_cache(maxsize=1024)
def known_type(text: str) -> AircraftType | None:
    """The type behind a text; None when no table has it."""
    try:
        return aircraft(text)
    except InputError:
        return None


def variants(kind: AircraftType) -> tuple[AircraftType, ...]:
    """The type and what else its designator may mean."""
    return (kind, *kind.siblings)


def best_range_km(kind: AircraftType, payload_t: float | None = None) -> tuple[float, AircraftType] | None:
    """The longest published range of a type's variants, km, and whose it is; None without figures.

    Without a payload it is that with the least load.
    """
    found = [(reach, one) for one in variants(kind) if (reach := _reach(one, payload_t)) is not None]
    return max(found, key=lambda pair: pair[0], default=None)


def _reach(kind: AircraftType, payload_t: float | None) -> float | None:
    if not kind.ranges:
        return None
    points = sorted(
        ((point.payload_t[1] if point.payload_t else 0.0), point.range_km[1]) for point in kind.ranges
    )
    if payload_t is None or payload_t <= points[0][0]:
        return max(reach for _, reach in points)
    if payload_t >= points[-1][0]:
        return points[-1][1]
    for (light, far), (heavy, near) in pairwise(points):
        if light <= payload_t <= heavy:
            share = (payload_t - light) / (heavy - light)
            return max(far + (near - far) * share, near)
    return points[-1][1]


def speeds_kmh(kind: AircraftType) -> tuple[float, float] | None:
    """Cruising speeds of a type's variants, lowest and highest, km/h."""
    found = [one.cruise_kmh for one in variants(kind) if one.cruise_kmh]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None
