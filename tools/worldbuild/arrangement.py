"""From many overlapping outlines to one partition of the plane: every point lies in exactly one cell.

All coordinates are whole steps of the grid of the shipped file (1e-5 degree), so that nothing moves any more
once the lines are noded. The plane is longitude × latitude, framed at ±180 and ±90 degrees; `weld` then
closes it to a sphere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from overflight.world.airspace_codec import GRID_PER_DEGREE

STEP = 1.0 / GRID_PER_DEGREE
HALF = 180 * GRID_PER_DEGREE
KM_PER_DEGREE = 111.195

Ints = NDArray[np.int64]


@dataclass
class Cells:
    """Smallest pieces of the plane.

    `polygon` (C,) shapely polygons; `edge` (E, 2, 2) grid points from → to; `left`, `right` (E,) cell
    numbers beside each edge, -1 outside the frame.
    """

    polygon: NDArray[np.object_]
    edge: Ints
    left: Ints
    right: Ints

    def areas_km2(self) -> NDArray[np.float64]:
        """Rough areas (plane, scaled by the cosine of the middle latitude), (C,)."""
        bounds = shapely.bounds(self.polygon)
        scale = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
        return np.asarray(shapely.area(self.polygon) * scale * KM_PER_DEGREE**2)


def edges_of(lines: NDArray[np.object_]) -> Ints:
    """Undirected grid edges of line geometries, each once, (E, 4)."""
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    grid = np.rint(coordinates * GRID_PER_DEGREE).astype(np.int64)
    edge = np.column_stack([grid[:-1], grid[1:]])[index[1:] == index[:-1]]
    return unique_edges(edge)


def unique_edges(edge: Ints) -> Ints:
    """Drop empty edges, point the rest the same way, keep each once."""
    edge = edge[(edge[:, :2] != edge[:, 2:]).any(axis=1)]
    swap = (edge[:, 0] > edge[:, 2]) | ((edge[:, 0] == edge[:, 2]) & (edge[:, 1] > edge[:, 3]))
    edge[swap] = edge[swap][:, [2, 3, 0, 1]]
    return np.unique(edge, axis=0)


def frame() -> shapely.LineString:
    """The edge of the map."""
    return shapely.LineString([(-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)])


def cells_of(lines: NDArray[np.object_], pixel: int = 1) -> Cells:
    """Node lines on the grid and cut the plane into cells.

    Parameters
    ----------
    lines : (N,) line geometries, degrees
    pixel : int
        Grid steps that count as one while noding. Lines come out at least half a pixel apart, so that
        later rounding cannot make them cross.

    Returns
    -------
    Cells
    """
    edge = edges_of(lines)
    pieces = shapely.linestrings(edge.reshape(-1, 2, 2) * STEP)
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces)))
    noded = shapely.union_all(np.append(chains, frame()), grid_size=STEP * pixel)
    polygons = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    polygons = shapely.orient_polygons(polygons)
    # A fixed order, whatever the library does: by bounds, then area.
    key = np.column_stack([np.rint(shapely.bounds(polygons) * GRID_PER_DEGREE), shapely.area(polygons)])
    polygons = polygons[np.lexsort(key.T[::-1])]
    return _with_edges(polygons)


def _with_edges(polygons: NDArray[np.object_]) -> Cells:
    rings, owner = shapely.get_rings(polygons, return_index=True)
    coordinates, index = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(coordinates * GRID_PER_DEGREE).astype(np.int64)
    same = index[1:] == index[:-1]
    start, end, cell = grid[:-1][same], grid[1:][same], owner[index[:-1][same]]
    forward = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    low, high = np.where(forward[:, None], start, end), np.where(forward[:, None], end, start)
    key, where = np.unique(np.column_stack([low, high]), axis=0, return_inverse=True)
    left = np.full(len(key), -1, np.int64)
    right = np.full(len(key), -1, np.int64)
    left[where[forward]] = cell[forward]
    right[where[~forward]] = cell[~forward]
    return Cells(polygons, key.reshape(-1, 2, 2), left, right)


def inside_points(cells: Cells) -> NDArray[np.float64]:
    """One point well inside each cell, (C, 2) degrees."""
    return shapely.get_coordinates(shapely.point_on_surface(cells.polygon))


def covered(points: NDArray[np.float64], area: shapely.Geometry) -> NDArray[np.intp]:
    """Numbers of the points inside an area, in order."""
    west, south, east, north = area.bounds
    near = np.flatnonzero(
        (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    )
    shapely.prepare(area)
    return near[shapely.contains_xy(area, points[near, 0], points[near, 1])]


def lengths_km(edge: Ints) -> NDArray[np.float64]:
    """Rough lengths of grid edges, (E,)."""
    degrees = (edge[:, 1] - edge[:, 0]) * STEP
    scale = np.cos(np.radians(edge[:, :, 1].mean(axis=1) * STEP))
    return np.asarray(np.hypot(degrees[:, 0] * scale, degrees[:, 1]) * KM_PER_DEGREE)


def weld(edge: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Close the framed plane to a sphere: join -180 and +180, drop the poles' edges.

    Parameters
    ----------
    edge : (E, 2, 2) grid edges
    left, right : (E,) faces beside them; anything outside the frame

    Returns
    -------
    edge, left, right
        With longitudes in [-180, 180) and no edge left that has the same face on both sides.
    """
    pole = (np.abs(edge[:, :, 1]) == 90 * GRID_PER_DEGREE).all(axis=1)
    east = (edge[:, :, 0] == HALF).all(axis=1)
    west = (edge[:, :, 0] == -HALF).all(axis=1)
    inner = ~(pole | east | west)
    # Cut the seam of both sides at the same latitudes; edges run north, the inside lies left in the east.
    cuts = np.unique(np.concatenate([edge[east][:, :, 1].ravel(), edge[west][:, :, 1].ravel()]))
    low, high = cuts[:-1], cuts[1:]
    beside_east = _seam(edge[east], left[east], right[east], low, HALF)
    beside_west = _seam(edge[west], left[west], right[west], low, -HALF)
    seam = np.stack(
        [np.column_stack([np.full(len(low), -HALF), low]), np.column_stack([np.full(len(low), -HALF), high])],
        axis=1,
    )
    edge = np.concatenate([edge[inner], seam])
    edge[:, :, 0] = (edge[:, :, 0] + HALF) % (2 * HALF) - HALF
    left = np.concatenate([left[inner], beside_east])
    right = np.concatenate([right[inner], beside_west])
    keep = left != right
    return edge[keep], left[keep], right[keep]


def _seam(edge: Ints, left: Ints, right: Ints, low: Ints, at: int) -> Ints:
    """Faces inside the frame along one side, for each stretch that starts at latitude `low`."""
    inside = left if at > 0 else right
    bottom = edge[:, :, 1].min(axis=1)
    order = np.argsort(bottom)
    return inside[order][np.searchsorted(bottom[order], low, side="right") - 1]
