"""Geodesics on the WGS-84 ellipsoid: arrays in, arrays out, with a scalar convenience on top.

Exact work goes through PROJ (Karney's method, errors of nanometres). Kernels that need a length in their
inner loop use :func:`~overflight.route.kernels.lambert_km` on unit geocentric vectors instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.kernels import AXIS_KM, ECCENTRICITY_2, FLATTENING, lambert_km
from overflight.world.airspace import unit_vectors

if TYPE_CHECKING:
    from pyproj import Geod

__all__ = [
    "AXIS_KM",
    "FLATTENING",
    "along",
    "densify",
    "distance_km",
    "interpolate",
    "lambert_km",
    "leg_km",
    "length_km",
    "line_of",
    "lonlat_of",
    "stations",
    "unit_vectors",
]

Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def _geod() -> Geod:
    # Imported late: PROJ costs a tenth of a second that callers of lambert_km alone need not pay.
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _points(lonlat: ArrayLike, where: str) -> Floats:
    points = np.asarray(lonlat, dtype=np.float64)
    if points.ndim == 0 or points.shape[-1] != 2:
        raise InputError(
            "not a list of [longitude, latitude] pairs", where=where, mend="give degrees in that order"
        )
    if not np.isfinite(points).all():
        raise InputError("a coordinate is not a number", where=where, mend="give degrees")
    if points.size and np.abs(points[..., 1]).max() > 90.0:
        raise InputError(
            "a latitude is beyond 90 degrees", where=where, mend="give [longitude, latitude], in that order"
        )
    return points


def line_of(line: ArrayLike) -> Floats:
    """A polyline as an array of shape (N, 2), checked: at least one point, and coordinates that exist."""
    points = _points(line, "line")
    if points.ndim != 2 or len(points) == 0:
        raise InputError(
            "a line needs at least one point", where="line", mend="give [longitude, latitude] pairs"
        )
    return points


def lonlat_of(vectors: ArrayLike) -> Floats:
    """Longitude and geodetic latitude of geocentric directions: the inverse of :func:`unit_vectors`.

    Parameters
    ----------
    vectors : array_like, shape (..., 3)
        Of any length but zero.

    Returns
    -------
    ndarray, shape (..., 2)
        Degrees, longitude from -180 to 180.
    """
    v = np.asarray(vectors, dtype=np.float64)
    lon = np.arctan2(v[..., 1], v[..., 0])
    lat = np.arctan2(v[..., 2], (1.0 - ECCENTRICITY_2) * np.hypot(v[..., 0], v[..., 1]))
    return np.asarray(np.degrees(np.stack((lon, lat), axis=-1)))


def distance_km(a: ArrayLike, b: ArrayLike) -> Floats:
    """Geodesic length between points.

    Parameters
    ----------
    a, b : array_like, shape (..., 2)
        [longitude, latitude] in degrees; the shapes broadcast.

    Returns
    -------
    ndarray, shape (...)
        Kilometres.

    Examples
    --------
    >>> round(float(distance_km([0, 0], [0, 90])), 3)
    10001.966
    """
    first, second = np.broadcast_arrays(_points(a, "from"), _points(b, "to"))
    shape = first.shape[:-1]
    first, second = first.reshape(-1, 2), second.reshape(-1, 2)
    _, _, metres = _geod().inv(first[:, 0], first[:, 1], second[:, 0], second[:, 1])
    lengths = np.asarray(metres, dtype=np.float64).reshape(shape)
    return np.asarray(lengths / 1000.0)


def interpolate(a: ArrayLike, b: ArrayLike, km: ArrayLike) -> Floats:
    """Points on the geodesic from `a` to `b`, `km` kilometres from `a`.

    Parameters
    ----------
    a, b : array_like, shape (..., 2)
        [longitude, latitude] in degrees.
    km : array_like, shape (...)
        May lie beyond `b`; broadcasts against the points.

    Returns
    -------
    ndarray, shape (..., 2)

    Examples
    --------
    >>> interpolate([0, 0], [90, 0], 1000.0).round(4).tolist()
    [8.9832, 0.0]
    """
    along = np.asarray(km, dtype=np.float64)
    first, second = _points(a, "from"), _points(b, "to")
    shape = np.broadcast_shapes(first.shape[:-1], second.shape[:-1], along.shape)
    first = np.broadcast_to(first, (*shape, 2)).reshape(-1, 2)
    second = np.broadcast_to(second, (*shape, 2)).reshape(-1, 2)
    along = np.broadcast_to(along, shape).reshape(-1)
    azimuth, _, _ = _geod().inv(first[:, 0], first[:, 1], second[:, 0], second[:, 1])
    lon, lat, _ = _geod().fwd(first[:, 0], first[:, 1], azimuth, along * 1000.0)
    return np.stack((lon, lat), axis=-1).reshape((*shape, 2))


def leg_km(line: ArrayLike) -> Floats:
    """Length of each leg of a polyline.

    Parameters
    ----------
    line : array_like, shape (N, 2)

    Returns
    -------
    ndarray, shape (N - 1,)
        Kilometres.
    """
    points = _points(line, "line")
    return distance_km(points[:-1], points[1:])


def length_km(line: ArrayLike) -> float:
    """Length of a polyline of geodesics, in kilometres."""
    return float(leg_km(line).sum())


def along(line: ArrayLike, km: ArrayLike) -> Floats:
    """Points on a polyline, by the distance flown.

    Parameters
    ----------
    line : array_like, shape (N, 2)
    km : array_like, shape (M,)
        Held to the ends of the line.

    Returns
    -------
    ndarray, shape (M, 2)
    """
    points = _points(line, "line")
    wanted = np.asarray(km, dtype=np.float64)
    if len(points) < 2:
        return np.broadcast_to(points[:1], (*wanted.shape, 2)).copy()
    flown = np.concatenate(([0.0], np.cumsum(leg_km(points))))
    leg = np.clip(np.searchsorted(flown, wanted, side="right") - 1, 0, len(points) - 2)
    within = np.clip(wanted - flown[leg], 0.0, flown[leg + 1] - flown[leg])
    return interpolate(points[leg], points[leg + 1], within)


def stations(
    points: Floats, offsets: NDArray[np.int64], max_km: float
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Cut many polylines into pieces no longer than `max_km`.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        The corners of all lines, one line after the other.
    offsets : ndarray, shape (L + 1,)
        Line `i` is ``points[offsets[i]:offsets[i + 1]]``.
    max_km : float
        Greatest length of a piece.

    Returns
    -------
    lonlat : ndarray, shape (M, 2)
        Corners and points between them; the corners are kept to the bit.
    km : ndarray, shape (M,)
        Distance flown on its line.
    starts : ndarray, shape (L + 1,)
        Where each line begins in the other two.
    """
    count = len(points)
    lines = len(offsets) - 1
    if count == 0:
        return np.empty((0, 2)), np.empty(0), np.zeros(lines + 1, dtype=np.int64)
    last = np.zeros(count, dtype=bool)
    last[offsets[1:][np.diff(offsets) > 0] - 1] = True
    start = np.flatnonzero(~last)
    azimuth, _, metres = _geod().inv(
        points[start, 0], points[start, 1], points[start + 1, 0], points[start + 1, 1]
    )
    leg = np.zeros(count)
    leg[start] = np.asarray(metres, dtype=np.float64) / 1000.0
    bearing = np.zeros(count)
    bearing[start] = azimuth
    pieces = np.ones(count, dtype=np.int64)
    pieces[start] = np.maximum(1, np.ceil(leg[start] / max_km)).astype(np.int64)

    owner = np.repeat(np.arange(count), pieces)
    first = np.concatenate(([0], np.cumsum(pieces)))
    step = np.arange(len(owner)) - first[owner]
    within = leg[owner] * (step / pieces[owner])
    lonlat = points[owner].copy()
    between = step > 0
    lon, lat, _ = _geod().fwd(
        lonlat[between, 0], lonlat[between, 1], bearing[owner[between]], within[between] * 1000.0
    )
    lonlat[between, 0], lonlat[between, 1] = lon, lat

    flown = np.concatenate(([0.0], np.cumsum(leg)))[:-1]
    origin = np.repeat(flown[np.minimum(offsets[:-1], count - 1)], np.diff(offsets))
    return lonlat, (flown - origin)[owner] + within, first[offsets]


def densify(line: ArrayLike, max_km: float) -> Floats:
    """A polyline with extra points on its geodesics so that no leg is longer than `max_km`.

    Parameters
    ----------
    line : array_like, shape (N, 2)
    max_km : float

    Returns
    -------
    ndarray, shape (M, 2)
        The given points among them, unchanged.
    """
    if not max_km > 0.0:
        raise InputError(
            "the greatest step must be longer than nothing", where="max_km", mend="give kilometres"
        )
    points = _points(line, "line")
    lonlat, _, _ = stations(points, np.array([0, len(points)], dtype=np.int64), max_km)
    return lonlat
