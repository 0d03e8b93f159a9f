"""What the docs say about the file, measured: border error, widths of passages, reach of the sea belts."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from overflight.world.airspace import unit_vectors
from overflight.world.airspace_codec import GRID_PER_DEGREE, Arcs
from worldbuild.topology import EARTH_KM, _off_arc

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Name, layer, a line across the passage: the distance between its first and last border is compared.
GATES: tuple[tuple[str, str, tuple[float, float], tuple[float, float]], ...] = (
    ("Wakhan corridor at 72.5 E", "borders", (72.5, 36.2), (72.5, 37.3)),
    ("Wakhan corridor at 73 E", "borders", (73.0, 36.5), (73.0, 37.6)),
    ("Wakhan corridor at 74 E", "borders", (74.0, 36.6), (74.0, 37.6)),
    ("Nakhchivan at 45.6 E", "borders", (45.6, 38.7), (45.6, 39.7)),
    ("Malacca, between the coasts at 2.5 N", "land", (101.0, 2.0), (102.0, 2.7)),
    ("Bosporus at 41.08 N", "land", (29.02, 41.08), (29.09, 41.08)),
    ("Hormuz, Larak to Musandam", "land", (56.37, 26.86), (56.50, 26.30)),
)


@numba.njit(cache=False)
def _deviation(vector, sequence, keep):  # type: ignore[no-untyped-def]
    out = np.zeros(len(sequence))
    begin = 0
    for end in range(1, len(sequence)):
        if keep[end]:
            for k in range(begin + 1, end):
                out[k] = _off_arc(vector[sequence[k]], vector[sequence[begin]], vector[sequence[end]])
            begin = end
    return out


def deviation(arcs: Arcs, keep: NDArray[np.bool_]) -> dict[str, float]:
    """Distance of every source vertex from the border that is shipped, metres."""
    vector = unit_vectors(arcs.vertex / GRID_PER_DEGREE)
    metres = _deviation(vector, arcs.sequence, keep) * EARTH_KM * 1000
    return {"max_m": round(float(metres.max()), 1), "p999_m": round(float(np.quantile(metres, 0.999)), 1)}


def width_km(arcs: Arcs, begin: tuple[float, float], end: tuple[float, float]) -> float:
    """Distance between the first and the last border on a line."""
    inner = np.ones(len(arcs.sequence) - 1, bool)
    inner[arcs.start[1:-1] - 1] = False
    at = np.flatnonzero(inner)
    ends = (
        np.stack([arcs.vertex[arcs.sequence[at]], arcs.vertex[arcs.sequence[at + 1]]], axis=1)
        / GRID_PER_DEGREE
    )
    line = shapely.LineString([begin, end])
    west, south, east, north = line.buffer(0.5).bounds
    near = (ends[:, :, 0] > west) & (ends[:, :, 0] < east) & (ends[:, :, 1] > south) & (ends[:, :, 1] < north)
    met = shapely.intersection(shapely.linestrings(ends[near.all(axis=1)]), line)
    points = shapely.get_coordinates(met[~shapely.is_empty(met)])
    if len(points) < 2:
        return 0.0
    order = np.argsort(shapely.line_locate_point(line, shapely.points(points)))
    first, last = unit_vectors(points[order[[0, -1]]])
    return round(float(np.linalg.norm(first - last) * EARTH_KM), 3)


def sea_reach(arcs: Arcs, faces: list[dict[str, Any]], shore: Floats) -> list[tuple[str, float, float]]:
    """Per territory: median and greatest distance of its limit with the high seas from any land, nm."""
    tree = cKDTree(unit_vectors(shore))
    arc = np.repeat(np.arange(len(arcs.start) - 1), np.diff(arcs.start))
    rows = []
    beside = np.where(arcs.left == 0, arcs.right, np.where(arcs.right == 0, arcs.left, -1))[arc]
    for face in np.unique(beside[beside >= 0]).tolist():
        vertex = np.unique(arcs.sequence[beside == face])
        nm = tree.query(unit_vectors(arcs.vertex[vertex] / GRID_PER_DEGREE))[0] * EARTH_KM / 1.852
        rows.append((faces[face]["territory"], round(float(np.median(nm)), 1), round(float(nm.max()), 1)))
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def polygon_areas_km2(polygons: NDArray[np.object_]) -> float:
    """Ellipsoidal area of polygons that do not overlap."""
    e2 = 0.0066943799901413165
    e = float(np.sqrt(e2))
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    coordinates, index = shapely.get_coordinates(rings, return_index=True)
    s = np.sin(np.radians(coordinates[:, 1]))
    height = (1 - e2) * (s / (1 - e2 * s * s) + np.arctanh(e * s) / e) * 6378.137**2 / 2
    same = index[1:] == index[:-1]
    turn = np.radians(np.diff(coordinates[:, 0]))
    return float(-(turn * (height[1:] + height[:-1]) / 2)[same].sum())


def differences(
    first: dict[str, NDArray[np.object_]], second: dict[str, NDArray[np.object_]]
) -> list[tuple[str, float, float]]:
    """Areas of each territory in two sources, greatest difference first, km²."""
    rows = []
    for name in sorted(set(first) | set(second)):
        a = polygon_areas_km2(first[name]) if name in first else 0.0
        b = polygon_areas_km2(second[name]) if name in second else 0.0
        rows.append((name, round(a, 1), round(b, 1)))
    return sorted(rows, key=lambda row: (-abs(row[1] - row[2]), row[0]))
