"""The land layer: one outline between land and sea, lakes counted as land, the Caspian as sea."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from worldbuild.arrangement import cells_of, covered, inside_points, weld

CASPIAN = shapely.Point(51.0, 41.5)
SMALLEST_KM2 = 0.1
SMALLEST_SHIPPED_KM2 = 0.5


def solid(polygons: NDArray[np.object_], smallest_km2: float = SMALLEST_KM2) -> NDArray[np.object_]:
    """Land polygons without their lakes, and without islets too small to matter."""
    shells = shapely.polygons(shapely.get_exterior_ring(polygons))
    bounds = shapely.bounds(shells)
    scale = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2)) * 111.195**2
    return shells[shapely.area(shells) * scale >= smallest_km2]


def caspian_ring(polygons: NDArray[np.object_]) -> shapely.Polygon:
    """The hole in Eurasia that is the Caspian Sea."""
    host = max(polygons, key=lambda p: p.area)
    holes = [shapely.Polygon(ring) for ring in host.interiors if ring.length > 5]
    return next(hole for hole in holes if shapely.intersects_xy(hole, CASPIAN.x, CASPIAN.y))


def shore_points(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """Points along every shore, at most about 500 m apart, (N, 2) degrees."""
    rings = np.append(shapely.get_exterior_ring(polygons), caspian_ring(polygons).exterior)
    return np.unique(shapely.get_coordinates(shapely.segmentize(rings, 0.0045)), axis=0)


def land_edges(
    polygons: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Edges between water (0) and land (1), welded to the sphere."""
    sea = caspian_ring(polygons)
    solids = solid(polygons, SMALLEST_SHIPPED_KM2)
    lines = np.append(shapely.get_exterior_ring(solids), sea.exterior)
    cells = cells_of(lines)
    points = inside_points(cells)
    island = shapely.contains_properly(shapely.envelope(sea), solids)
    is_land = np.zeros(len(cells.polygon), np.int64)
    order = np.argsort(-shapely.area(solids), kind="stable")
    for number in order:
        if not island[number]:
            is_land[covered(points, solids[number])] = 1
    is_land[covered(points, sea)] = 0
    for number in np.flatnonzero(island):
        # Inside the envelope of the Caspian lie its islands and pieces of land that are land already.
        is_land[covered(points, solids[number])] = 1
    # South of the mapped coast of Antarctica there is only ice.
    is_land[points[:, 1] < -85.5] = 1
    face = np.append(is_land, 0)
    return weld(cells.edge, face[cells.left], face[cells.right])
