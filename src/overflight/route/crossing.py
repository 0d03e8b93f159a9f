"""Crossings: every airspace that a line enters, in order of flight.

:func:`crossings` is the scalar face of :mod:`overflight.route.cuts`, which does the geometry for many lines
at once. :func:`timed` turns distances into intervals of time.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from overflight.errors import InputError
from overflight.route.cuts import PIECE_KM, TOUCH_KM, cross_lines, cross_vectors
from overflight.route.geodesy import Floats, along, line_of, stations
from overflight.route.index import Borders, borders_of
from overflight.world.airspace import DE_FACTO, Airspace, Coverage, Face, Regime, unit_vectors

__all__ = [
    "DELAY_MIN",
    "SLIVER_KM",
    "Crossing",
    "Times",
    "cross_lines",
    "crossings",
    "in_view",
    "states_entered",
    "timed",
]

LAND, TERRITORIAL_SEA, HIGH_SEAS = "land", "territorial sea", "high seas"

#: A crossing shorter than this is marked: a small change of course misses it.
SLIVER_KM = 5.0
#: Minutes between the stated departure and the moment from which cruising speed counts: least and most.
#: Taxi-out takes about a tenth of block time in Europe (EUROCONTROL Data Snapshot 40, 2023); a climb at two
#: thirds of cruising speed for 20 minutes loses seven more. A planner's bracket, not a measurement.
DELAY_MIN = (0.0, 30.0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """One unbroken passage of a line through one airspace.

    Attributes
    ----------
    state : str or None
        Alpha-3 of the state that grants permission; None where nobody does.
    over : str
        "land" if any of it is over land, else "territorial sea" (internal waters with it); "high seas" where
        no state grants permission. Ice without a state is "land" with state None.
    entry_km, exit_km : float
        Distance flown on the line.
    entry, exit : (float, float)
        Longitude and latitude, degrees.
    disputed_by : tuple of str
        States that claim this airspace beside `state`.
    sliver : bool
        Shorter than 5 km.
    remarks : tuple of str
        Straits, the Caspian, claims beyond the lawful breadth, ice without a state.
    territories : tuple of str
        Territories and disputed areas passed, in order.
    parts : tuple of (str, float, float)
        The passage split into land and water: kind, entry_km, exit_km.
    """

    state: str | None
    over: str
    entry_km: float
    exit_km: float
    entry: tuple[float, float]
    exit: tuple[float, float]
    disputed_by: tuple[str, ...]
    sliver: bool
    remarks: tuple[str, ...]
    territories: tuple[str, ...]
    parts: tuple[tuple[str, float, float], ...]

    @property
    def km(self) -> float:
        """Length of the passage."""
        return self.exit_km - self.entry_km


@dataclass(frozen=True, slots=True)
class Times:
    """Earliest and latest moment at which a crossing can begin and end."""

    entry: tuple[datetime, datetime]
    exit: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What must be equal for neighbouring faces to make one crossing."""

    state: str | None
    disputed_by: tuple[str, ...]
    nobody: str  # "" under a state, else what kind of nobody's airspace, and whose claim


def in_view(airspace: Airspace, view: str = DE_FACTO) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """For each face the state that grants permission in this view, and the states that claim it beside it.

    A belt claimed beyond the lawful breadth counts as high seas, not as disputed.
    """
    out: list[tuple[str | None, tuple[str, ...]]] = []
    for state, face in zip(airspace.states(view), airspace.faces, strict=True):
        claimants = {face.state, *face.disputed_by} - {state, None}
        if face.kind == "claim":
            claimants = set()
        out.append((state, tuple(sorted(str(c) for c in claimants))))
    return tuple(out)


def crossings(line: ArrayLike, airspace: Airspace, view: str = DE_FACTO) -> tuple[Crossing, ...]:
    """Every airspace that a line enters.

    Parameters
    ----------
    line : array_like, shape (N, 2)
        [longitude, latitude] of its corners, degrees; the legs are WGS-84 geodesics.
    airspace : Airspace
    view : str
        "de-facto", or the alpha-3 of a state whose own claims are then taken as its territory.

    Returns
    -------
    tuple of Crossing
        In order of flight and without gaps, from 0 to the length of the line. Neighbouring faces of one state
        make one crossing, unless only one of them is disputed. Touches of less than a metre are left out.

    Raises
    ------
    InputError
        When the line has no points, or a coordinate is no coordinate.
    UnknownCodeError
        When nobody knows the view.
    """
    corners = line_of(line)
    granted = in_view(airspace, view)
    lonlat, km, starts = stations(corners, np.array([0, len(corners)]), PIECE_KM)
    vectors = unit_vectors(lonlat)
    cut = cross_vectors(vectors, km, starts, borders_of(airspace.borders))
    ground = _intervals(vectors, km, borders_of(airspace.land))
    waters = [
        (regime, intervals)
        for regime, ring in _regimes(airspace)
        if (intervals := _intervals(vectors, km, ring))
    ]

    def standing(face: int) -> _Standing:
        state, disputed_by = granted[face]
        its = airspace.faces[face]
        nobody = "" if state is not None else its.kind if its.kind != "claim" else f"claim {its.territory}"
        return _Standing(state, disputed_by, nobody)

    stretches = zip(cut.face.tolist(), cut.entry_km.tolist(), cut.exit_km.tolist(), strict=True)
    found: list[Crossing] = []
    for its, group in groupby(stretches, key=lambda s: standing(s[0])):
        members = list(group)
        faces = [airspace.faces[face] for face, _, _ in members]
        found.append(_crossing(its, faces, members[0][1], members[-1][2], ground, waters))
    ends = along(corners, [0.0] + [c.exit_km for c in found])
    points = [(float(lon), float(lat)) for lon, lat in ends]
    return tuple(replace(c, entry=points[i], exit=points[i + 1]) for i, c in enumerate(found))


def states_entered(found: Iterable[Crossing]) -> tuple[str, ...]:
    """The states of some crossings, each once, in order of first entry."""
    return tuple(dict.fromkeys(c.state for c in found if c.state is not None))


def timed(
    found: Sequence[Crossing],
    departs: tuple[datetime, datetime],
    speed_kmh: tuple[float, float],
    delay_min: tuple[float, float] = DELAY_MIN,
) -> tuple[Times, ...]:
    """When each crossing can begin and end.

    The earliest moment takes the earliest departure, the least delay and the highest speed over the ground,
    the latest moment the opposite. Speeds are over the ground: widen them by the wind.

    Parameters
    ----------
    found : sequence of Crossing
        Of one leg, with distances from its departure.
    departs : (datetime, datetime)
        Earliest and latest departure.
    speed_kmh : (float, float)
        Lowest and highest speed over the ground.
    delay_min : (float, float)
        Least and greatest time lost to taxi and climb before cruising speed counts.

    Returns
    -------
    tuple of Times

    Raises
    ------
    InputError
        When an interval runs backwards or a speed is not positive.
    """
    first, last = departs
    low, high = speed_kmh
    least, most = delay_min
    if (first.tzinfo is None) != (last.tzinfo is None) or first > last:
        raise InputError(
            "the departure window runs backwards", where="departs", mend="give [earliest, latest]"
        )
    if not 0.0 < low <= high:
        raise InputError(
            "no usable speed", where="speed", mend="give a lowest and a highest speed above zero, in km/h"
        )
    if not 0.0 <= least <= most:
        raise InputError(
            "no usable delay", where="delay", mend="give the least and the greatest delay, in minutes"
        )

    def moments(km: float) -> tuple[datetime, datetime]:
        return (
            first + timedelta(minutes=least, hours=km / high),
            last + timedelta(minutes=most, hours=km / low),
        )

    return tuple(Times(moments(c.entry_km), moments(c.exit_km)) for c in found)


def _crossing(
    its: _Standing,
    faces: Sequence[Face],
    entry_km: float,
    exit_km: float,
    ground: Sequence[tuple[float, float]],
    waters: Sequence[tuple[Regime, list[tuple[float, float]]]],
) -> Crossing:
    """A crossing whose end points are still to be placed."""
    water = TERRITORIAL_SEA if its.state is not None else HIGH_SEAS
    at_sea = its.state is None and faces[0].kind in ("high seas", "claim")
    parts = ((HIGH_SEAS, entry_km, exit_km),) if at_sea else _parts(entry_km, exit_km, ground, water)
    remarks: list[str] = []
    for face in dict.fromkeys(faces):
        if face.kind == "claim" and its.state is None:
            claimants = ", ".join(face.disputed_by) or face.territory.partition("-")[0]
            remarks.append(f"claimed by {claimants} beyond 12 nm")
        elif face.kind == "antarctica":
            remarks.append(f"{face.name}: no state grants permission")
    for regime, intervals in waters:
        wet = (part for part in parts if part[0] != LAND)
        if any(min(b, d) - max(a, c) > TOUCH_KM for _, a, b in wet for c, d in intervals):
            doubt = "" if regime.verified else " (not verified)"
            remarks.append(f"{regime.name}: {regime.remark}{doubt}")
    return Crossing(
        state=its.state,
        over=LAND if any(kind == LAND for kind, _, _ in parts) else water,
        entry_km=entry_km,
        exit_km=exit_km,
        entry=(0.0, 0.0),
        exit=(0.0, 0.0),
        disputed_by=its.disputed_by,
        sliver=exit_km - entry_km < SLIVER_KM,
        remarks=tuple(remarks),
        territories=tuple(dict.fromkeys(face.territory for face in faces)),
        parts=parts,
    )


def _parts(
    entry_km: float, exit_km: float, ground: Sequence[tuple[float, float]], water: str
) -> tuple[tuple[str, float, float], ...]:
    """Split a passage at the coast; stretches of less than a metre go to their neighbour."""
    parts: list[tuple[str, float, float]] = []
    at = entry_km
    for begin, end in ground:
        a, b = max(begin, entry_km), min(end, exit_km)
        if b - a < TOUCH_KM:
            continue
        if a - at >= TOUCH_KM:
            parts.append((water, at, a))
            at = a
        parts.append((LAND, at, b))
        at = b
    if exit_km - at >= TOUCH_KM or not parts:
        parts.append((water, at, exit_km))
    else:
        parts[-1] = (parts[-1][0], parts[-1][1], exit_km)
    return tuple(parts)


def _intervals(vectors: Floats, km: Floats, ring: Borders) -> list[tuple[float, float]]:
    """Where one line is inside: distances of entry and exit."""
    cut = cross_vectors(vectors, km, np.array([0, len(km)]), ring)
    inside = cut.face == 1
    return list(zip(cut.entry_km[inside].tolist(), cut.exit_km[inside].tolist(), strict=True))


_RINGS: dict[int, tuple[weakref.ref[Airspace], list[tuple[Regime, Borders]]]] = {}


def _regimes(airspace: Airspace) -> list[tuple[Regime, Borders]]:
    """Each regime with its ring as a coverage of its own, for rings may overlap."""
    key = id(airspace)
    kept = _RINGS.get(key)
    if kept is not None and kept[0]() is airspace:
        return kept[1]
    rings: list[tuple[Regime, Borders]] = []
    for regime in airspace.regimes:
        ring = regime.lonlat[:-1] if (regime.lonlat[0] == regime.lonlat[-1]).all() else regime.lonlat
        count = len(ring)
        whole = Coverage(
            lonlat=ring,
            level=np.zeros(count, dtype=np.uint8),
            arc_start=np.array([0, count + 1], dtype=np.int32),
            arc_vertex=np.append(np.arange(count), 0).astype(np.int32),
            arc_left=np.array([1], dtype=np.int32),
            arc_right=np.array([0], dtype=np.int32),
        )
        rings.append((regime, Borders.of(whole)))
    _RINGS[key] = (weakref.ref(airspace, lambda _: _RINGS.pop(key, None)), rings)
    return rings
