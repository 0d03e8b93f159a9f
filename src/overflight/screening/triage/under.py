"""The states under the great circles of many legs: cut as arrays, each pair of places once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from overflight.law import over_of, regimes_in
from overflight.route.crossing import LAND, crossings, in_view
from overflight.route.cuts import TOUCH_KM, Stretches, cross_lines
from overflight.route.index import borders_of
from overflight.world.airspace import Airspace
from overflight.world.flight import Flight, Leg

__all__ = ["Under", "Ways"]

_REMEMBERED = 20_000
Ends = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Under:
    """One state under a leg.

    Attributes
    ----------
    state : str
        Alpha-3.
    over : str
        As the law asks (`overflight.law.over_of`): land if any passage is over land.
    entry_km, exit_km : float
        First entry and last exit, distance flown.
    disputed_by : tuple of str
        States that claim any of what is passed.
    """

    state: str
    over: str
    entry_km: float
    exit_km: float
    disputed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A leg's great circle: its length, and the states under it in order of first entry."""

    km: float
    states: tuple[Under, ...]


class Ways:
    """Great circles and what is under them, kept from application to application.

    Parameters
    ----------
    airspace : Airspace
    view : str
        As in `overflight.route.crossing.crossings`.
    """

    def __init__(self, airspace: Airspace, view: str) -> None:
        self._airspace, self._view = airspace, view
        self._granted = in_view(airspace, view)
        self._kept: dict[Ends, Way] = {}

    def prepare(self, flights: Iterable[Flight]) -> None:
        """Cut the legs of many flights at once."""
        wanted = dict.fromkeys(_ends(leg) for flight in flights for leg in flight.legs)
        new = [ends for ends in wanted if ends not in self._kept]
        if len(self._kept) + len(new) > _REMEMBERED:
            self._kept = {ends: self._kept[ends] for ends in wanted if ends in self._kept}
        if new:
            self._kept |= zip(new, self._cut(new), strict=True)

    def of(self, leg: Leg) -> Way:
        """The way of one leg."""
        ends = _ends(leg)
        if ends not in self._kept:
            self._kept[ends] = self._cut([ends])[0]
        return self._kept[ends]

    def _cut(self, all_ends: Sequence[Ends]) -> list[Way]:
        points = np.array(all_ends, dtype=float).reshape(-1, 2)
        offsets = np.arange(0, len(points) + 1, 2)
        faces = cross_lines(points, offsets, borders_of(self._airspace.borders))
        ground = cross_lines(points, offsets, borders_of(self._airspace.land))
        dry = _by_line(_only_land(ground), len(all_ends))
        ways = []
        for ends, line, land in zip(all_ends, _by_line(faces, len(all_ends)), dry, strict=True):
            states = self._states(line, land)
            if any(one.over != LAND for one in states):
                # Waters have regimes of their own: straits, lanes, the Caspian.
                states = self._at_sea(ends)
            ways.append(Way(line[-1][1], states))
        return ways

    def _states(
        self, line: list[tuple[float, float, int]], land: list[tuple[float, float, int]]
    ) -> tuple[Under, ...]:
        """By borders and land alone."""
        found: dict[str, Under] = {}
        for standing, group in groupby(line, key=lambda stretch: self._granted[stretch[2]]):
            stretches = list(group)
            state, disputed_by = standing
            if state is None:
                continue
            entry, exit_ = stretches[0][0], stretches[-1][1]
            dry = any(min(b, exit_) - max(a, entry) >= TOUCH_KM for a, b, _ in land)
            over = LAND if dry else "territorial sea"
            found[state] = _joined(found.get(state), Under(state, over, entry, exit_, disputed_by))
        return tuple(found.values())

    def _at_sea(self, ends: Ends) -> tuple[Under, ...]:
        """By the full account of one line."""
        found: dict[str, Under] = {}
        for one in crossings([ends[:2], ends[2:]], self._airspace, self._view):
            if one.state is not None:
                over = over_of(one.over, regimes_in(one.remarks, self._airspace.regimes))
                here = Under(one.state, over, one.entry_km, one.exit_km, one.disputed_by)
                found[one.state] = _joined(found.get(one.state), here)
        return tuple(found.values())


def _ends(leg: Leg) -> Ends:
    return leg.origin.lon, leg.origin.lat, leg.destination.lon, leg.destination.lat


def _joined(before: Under | None, here: Under) -> Under:
    if before is None:
        return here
    over = LAND if LAND in (before.over, here.over) else before.over
    claims = tuple(sorted({*before.disputed_by, *here.disputed_by}))
    return Under(before.state, over, before.entry_km, here.exit_km, claims)


def _only_land(ground: Stretches) -> Stretches:
    inside = ground.face == 1
    return Stretches(
        ground.line[inside], ground.entry_km[inside], ground.exit_km[inside], ground.face[inside]
    )


def _by_line(found: Stretches, lines: int) -> list[list[tuple[float, float, int]]]:
    out: list[list[tuple[float, float, int]]] = [[] for _ in range(lines)]
    columns = (found.line.tolist(), found.entry_km.tolist(), found.exit_km.tolist(), found.face.tolist())
    for line, entry, exit_, face in zip(*columns, strict=True):
        out[line].append((entry, exit_, face))
    return out
