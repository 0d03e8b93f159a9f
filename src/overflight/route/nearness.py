"""States near a line: those within a corridor, and the smallest detour into each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.crossing import in_view
from overflight.route.cuts import PIECE_KM, cross_vectors
from overflight.route.geodesy import Floats, along, distance_km, line_of, lonlat_of, stations
from overflight.route.index import Borders, borders_of
from overflight.route.kernels import AXIS_KM, FLATTENING, compiled, lambert_km
from overflight.route.rays import FAN, box_gap
from overflight.world.airspace import DE_FACTO, Airspace, unit_vectors

__all__ = ["NearState", "detours_into", "states_within"]

Ints = NDArray[np.int32]

# The ellipsoid lies outside the sphere of its polar radius, and a projection onto that never lengthens: a
# straight distance of 1 between unit vectors is at least the polar radius on the ground.
_LEAST_KM = AXIS_KM * (1.0 - FLATTENING)


@dataclass(frozen=True, slots=True)
class NearState:
    """A state whose airspace lies near a line, or can be reached by a detour.

    Attributes
    ----------
    state : str
    km : float
        Shortest distance from the line, or kilometres that the detour adds; 0 when the line enters it.
    point : (float, float)
        Longitude and latitude where the airspace is nearest, or where the detour touches it.
    at_km : float
        Distance flown on the line abreast of that point, or on the detour up to it.
    """

    state: str
    km: float
    point: tuple[float, float]
    at_km: float


def states_within(
    line: ArrayLike, airspace: Airspace, width_km: float, view: str = DE_FACTO
) -> tuple[NearState, ...]:
    """States whose airspace comes within a distance of a line that does not enter it.

    Parameters
    ----------
    line : array_like, shape (N, 2)
        [longitude, latitude] of its corners, degrees; the legs are WGS-84 geodesics.
    airspace : Airspace
    width_km : float
        Half the width of the corridor.
    view : str

    Returns
    -------
    tuple of NearState
        Nearest first. Distances hold to a metre plus 1e-5 of themselves.

    Raises
    ------
    InputError
        When the width is not a positive number below 3,000 km.
    """
    if not 0.0 < width_km <= 3000.0:
        raise InputError(
            "a corridor cannot be that wide", where="width", mend="give a distance above 0 and up to 3,000 km"
        )
    corners = line_of(line)
    lonlat, km, starts = stations(corners, np.array([0, len(corners)]), PIECE_KM)
    vectors = unit_vectors(lonlat)
    borders = borders_of(airspace.borders)
    faces = len(airspace.faces)
    gap, spot, flown = np.full(faces, np.inf), np.zeros((faces, 3)), np.zeros(faces)
    _sweep(vectors, km, width_km, borders, gap, spot, flown)
    granted = [state for state, _ in in_view(airspace, view)]
    entered = {granted[face] for face in cross_vectors(vectors, km, starts, borders).face}
    return _nearest(granted, entered, gap, spot, flown)


def detours_into(
    start: ArrayLike, end: ArrayLike, airspace: Airspace, view: str = DE_FACTO
) -> tuple[NearState, ...]:
    """For every state the smallest detour that would take a flight into its airspace.

    The detour is the least d(start, x) + d(x, end) - d(start, end) over the points x of the state's airspace,
    and nothing when the geodesic enters it.

    Parameters
    ----------
    start, end : array_like, shape (2,)
        [longitude, latitude], degrees.
    airspace : Airspace
    view : str

    Returns
    -------
    tuple of NearState
        Smallest detour first, states on the way in order of flight. Exact to a few metres on legs up to
        10,000 km (the length of the legs of the chosen detour is taken again with geodesics).
    """
    line = line_of(np.stack((np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64))))
    ends = unit_vectors(line)
    borders = borders_of(airspace.borders)
    faces = len(airspace.faces)
    extra, spot = np.full(faces, np.inf), np.zeros((faces, 3))
    _least_detours(ends[0], ends[1], borders, extra, spot)
    lonlat, km, starts = stations(line, np.array([0, 2]), PIECE_KM)
    cut = cross_vectors(unit_vectors(lonlat), km, starts, borders)

    granted = [state for state, _ in in_view(airspace, view)]
    whole = float(km[-1])
    entered: dict[str, NearState] = {}
    for face, entry_km in zip(cut.face.tolist(), cut.entry_km.tolist(), strict=True):
        state = granted[face]
        if state is not None and state not in entered:
            lon, lat = along(line, [entry_km])[0]
            entered[state] = NearState(state, 0.0, (float(lon), float(lat)), entry_km)
    near = _nearest(granted, {None, *entered}, extra, spot, np.zeros(faces))
    if not near:
        return tuple(entered.values())
    touch = np.array([n.point for n in near])
    out, back = distance_km(line[0], touch), distance_km(touch, line[1])
    exact = [
        NearState(n.state, max(0.0, float(a + b) - whole), n.point, float(a))
        for n, a, b in zip(near, out, back, strict=True)
    ]
    return (*entered.values(), *sorted(exact, key=lambda n: (n.km, n.state)))


def _nearest(
    granted: list[str | None], leave_out: set[str | None], gap: Floats, spot: Floats, flown: Floats
) -> tuple[NearState, ...]:
    """Faces become states: of each the nearest face, and of those the nearest first."""
    best: dict[str, int] = {}
    for face in np.argsort(gap, kind="stable").tolist():
        state = granted[face]
        if np.isfinite(gap[face]) and state is not None and state not in leave_out:
            best.setdefault(state, face)
    order = list(best.values())
    points = lonlat_of(spot[order]).reshape(-1, 2).tolist()
    return tuple(
        NearState(state, float(gap[face]), (points[i][0], points[i][1]), float(flown[face]))
        for i, (state, face) in enumerate(best.items())
    )


@compiled
def _foot(
    x: float, y: float, z: float, px: float, py: float, pz: float, qx: float, qy: float, qz: float
) -> tuple[float, float, float, float]:
    """Point of the short arc p..q that is nearest to x in angle, and its share of the chord, from 0 to 1."""
    dx, dy, dz = qx - px, qy - py, qz - pz
    nx, ny, nz = py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx
    norm = nx * nx + ny * ny + nz * nz
    share = 0.0
    if norm > 0.0:
        # The foot in the plane of the arc, then the ray through it against the chord.
        off = (x * nx + y * ny + z * nz) / norm
        fx, fy, fz = x - off * nx, y - off * ny, z - off * nz
        # p + s (q - p) parallel to f: s = |p x f| / (|p x f| + |f x q|), with signs along n.
        first = (py * fz - pz * fy) * nx + (pz * fx - px * fz) * ny + (px * fy - py * fx) * nz
        second = (fy * qz - fz * qy) * nx + (fz * qx - fx * qz) * ny + (fx * qy - fy * qx) * nz
        if first <= 0.0:
            share = 0.0
        elif second <= 0.0:
            share = 1.0
        else:
            share = first / (first + second)
        if first <= 0.0 and second <= 0.0:  # beyond the poles of the arc: the nearer end
            share = 0.0 if x * px + y * py + z * pz >= x * qx + y * qy + z * qz else 1.0
    fx, fy, fz = px + share * dx, py + share * dy, pz + share * dz
    size = 1.0 / np.sqrt(fx * fx + fy * fy + fz * fz)
    return fx * size, fy * size, fz * size, share


@compiled
def _sweep(
    vectors: Floats, km: Floats, width_km: float, borders: Borders, gap: Floats, spot: Floats, flown: Floats
) -> None:
    """Distance of every face from one line, where it is below `width_km`, and its nearest point."""
    vector, start, end, left, right = borders.vector, borders.start, borders.end, borders.left, borders.right
    leaf_first, leaf_count, box, level = borders.leaf_first, borders.leaf_count, borders.box, borders.level
    if level[-1] == 0:
        return
    reach = width_km / _LEAST_KM
    stack_at = np.empty(512, np.int64)
    stack_level = np.empty(512, np.int64)
    for i in range(max(len(km) - 1, 1)):
        j = min(i + 1, len(km) - 1)
        px, py, pz = vectors[i, 0], vectors[i, 1], vectors[i, 2]
        qx, qy, qz = vectors[j, 0], vectors[j, 1], vectors[j, 2]
        mx, my, mz = 0.5 * (px + qx), 0.5 * (py + qy), 0.5 * (pz + qz)
        half = 0.5 * np.sqrt((qx - px) ** 2 + (qy - py) ** 2 + (qz - pz) ** 2)
        sagitta = 1.0 - np.sqrt(max(0.0, 1.0 - half * half))
        limit = (half + sagitta + reach) ** 2
        top = 1
        stack_at[0] = level[-1] - 1
        stack_level[0] = len(level) - 2
        while top > 0:
            top -= 1
            at, deep = stack_at[top], stack_level[top]
            if box_gap(box, at, mx, my, mz) > limit:
                continue
            if deep > 0:
                child = level[deep - 1] + (at - level[deep]) * FAN
                for c in range(child, min(child + FAN, level[deep])):
                    stack_at[top] = c
                    stack_level[top] = deep - 1
                    top += 1
                continue
            for e in range(leaf_first[at], leaf_first[at] + leaf_count[at]):
                a, b = start[e], end[e]
                ax, ay, az = vector[a, 0], vector[a, 1], vector[a, 2]
                bx, by, bz = vector[b, 0], vector[b, 1], vector[b, 2]
                # The nearest points of two arcs that do not cross: an end of one and its foot on the other.
                for way in range(4):
                    if way == 0:
                        ex, ey, ez = ax, ay, az
                    elif way == 1:
                        ex, ey, ez = bx, by, bz
                    if way < 2:
                        fx, fy, fz, share = _foot(ex, ey, ez, px, py, pz, qx, qy, qz)
                    else:
                        fx, fy, fz, share = px, py, pz, 0.0
                        if way == 3:
                            fx, fy, fz, share = qx, qy, qz, 1.0
                        ex, ey, ez, _ = _foot(fx, fy, fz, ax, ay, az, bx, by, bz)
                    straight = np.sqrt((ex - fx) ** 2 + (ey - fy) ** 2 + (ez - fz) ** 2)
                    known = max(gap[left[e]], gap[right[e]])
                    if straight * _LEAST_KM >= min(known, width_km):
                        continue
                    far = lambert_km(ex, ey, ez, fx, fy, fz)
                    if far > width_km:
                        continue
                    for side in range(2):
                        face = left[e] if side == 0 else right[e]
                        if far < gap[face]:
                            gap[face] = far
                            spot[face, 0], spot[face, 1], spot[face, 2] = ex, ey, ez
                            flown[face] = km[i] + share * (km[j] - km[i])


@compiled
def _detour(start: Floats, end: Floats, x: float, y: float, z: float) -> float:
    return lambert_km(start[0], start[1], start[2], x, y, z) + lambert_km(x, y, z, end[0], end[1], end[2])


@compiled
def _least_detours(start: Floats, end: Floats, borders: Borders, extra: Floats, spot: Floats) -> None:
    """For every face the least way start - x - end over its border, and where it touches it.

    All vertices first, then the two edges at the best vertex of each face by golden section.
    """
    vector = borders.vector
    count = len(borders.start)
    way = np.full(len(vector), -1.0)
    best = np.full(len(extra), -1, np.int64)
    for e in range(count):
        for tip in range(2):
            v = borders.start[e] if tip == 0 else borders.end[e]
            if way[v] < 0.0:
                way[v] = _detour(start, end, vector[v, 0], vector[v, 1], vector[v, 2])
            for side in range(2):
                face = borders.left[e] if side == 0 else borders.right[e]
                if way[v] < extra[face]:
                    extra[face] = way[v]
                    best[face] = v
                    spot[face] = vector[v]
    for e in range(count):
        a, b = borders.start[e], borders.end[e]
        for side in range(2):
            face = borders.left[e] if side == 0 else borders.right[e]
            if a != best[face] and b != best[face]:
                continue
            ax, ay, az = vector[a, 0], vector[a, 1], vector[a, 2]
            dx, dy, dz = vector[b, 0] - ax, vector[b, 1] - ay, vector[b, 2] - az
            low, high = 0.0, 1.0
            for _ in range(24):
                one = high - 0.6180339887498949 * (high - low)
                two = low + 0.6180339887498949 * (high - low)
                if _detour(start, end, ax + one * dx, ay + one * dy, az + one * dz) < _detour(
                    start, end, ax + two * dx, ay + two * dy, az + two * dz
                ):
                    high = two
                else:
                    low = one
            share = 0.5 * (low + high)
            x, y, z = ax + share * dx, ay + share * dy, az + share * dz
            length = _detour(start, end, x, y, z)
            if length < extra[face]:
                size = 1.0 / np.sqrt(x * x + y * y + z * z)
                extra[face] = length
                spot[face, 0], spot[face, 1], spot[face, 2] = x * size, y * size, z * size
