"""Distances from the shore: circles, lawful belts, and whose island a piece of sea is nearest to."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NM = 1.852
_A, _E2 = 6378.137, 0.00669437999014  # WGS-84


def circles(points: Floats, radius_km: float, sides: int = 96) -> NDArray[np.object_]:
    """Circles around points on the ellipsoid, (N,) polygons; for radii of some tens of km."""
    lat = np.radians(points[:, 1])
    bend = 1 - _E2 * np.sin(lat) ** 2
    north = np.degrees(radius_km / (_A * (1 - _E2) / bend**1.5))
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    # Outside the circle by half its sagitta, so that the error is even.
    stretch = 2 / (1 + np.cos(np.pi / sides))
    rim_lat = points[:, 1:2] + stretch * north[:, None] * np.sin(turn)
    # The parallel radius at the rim's own latitude keeps the shape true away from the equator.
    middle = np.radians((rim_lat + points[:, 1:2]) / 2)
    bend = 1 - _E2 * np.sin(middle) ** 2
    east = np.degrees(radius_km / (_A / np.sqrt(bend) * np.cos(middle)))
    rim_lon = points[:, 0:1] + stretch * east * np.cos(turn)
    return shapely.polygons(np.stack([rim_lon, rim_lat], axis=-1))


def spaced(points: Floats, step: float) -> Floats:
    """One point per square of `step` degrees."""
    _, first = np.unique(np.floor(points / step).astype(np.int64), axis=0, return_index=True)
    return points[np.sort(first)]


def lawful(shore: Floats) -> shapely.Geometry:
    """Waters within 12 nm of the shore, and bays and sounds narrower than 24 nm (UNCLOS articles 3 and 10).

    Parameters
    ----------
    shore : (N, 2) shore points, degrees, at most about 500 m apart
    """
    far = shapely.union_all(circles(spaced(shore, 0.005), 24 * NM, 64))
    rim = shapely.segmentize(shapely.boundary(far), 0.01)
    return shapely.difference(far, shapely.union_all(circles(shapely.get_coordinates(rim), 12 * NM, 64)))


def nearest_share(own: Floats, other: Floats, reach_km: float) -> shapely.Geometry:
    """The region within `reach_km` of `own` points that is nearer to them than to `other` points."""
    scale = float(np.cos(np.radians(own[:, 1].mean())))
    flat_own, flat_other = own * [scale, 1], other * [scale, 1]
    reach = reach_km / 111.2
    disc = shapely.union_all(shapely.buffer(shapely.points(spaced(flat_own, 0.01)), reach))
    if not len(other):
        return _unscaled(disc, scale)
    hull = shapely.buffer(shapely.envelope(disc), 3 * reach)
    both = shapely.multipoints(np.concatenate([flat_own, flat_other]))
    cells = shapely.get_parts(shapely.voronoi_polygons(both, extend_to=hull, ordered=True))
    return _unscaled(shapely.intersection(shapely.union_all(cells[: len(own)]), disc), scale)


def _unscaled(area: shapely.Geometry, scale: float) -> shapely.Geometry:
    return shapely.transform(area, lambda c: c / [scale, 1])
