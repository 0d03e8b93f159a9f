"""The tests' own, slow view of a coverage, written apart from the program's index."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from overflight.world.airspace import Coverage

Ints = NDArray[np.int64]


def edges(coverage: Coverage, coarse: bool = False) -> tuple[Ints, Ints, Ints]:
    """First vertex, last vertex and arc number of every border edge."""
    sequence, start = coverage.arc_vertex.astype(np.int64), coverage.arc_start.astype(np.int64)
    arc = np.repeat(np.arange(len(start) - 1), np.diff(start))
    if coarse:
        kept = coverage.level[sequence] == 0
        sequence, arc = sequence[kept], arc[kept]
    inner = arc[:-1] == arc[1:]
    return sequence[:-1][inner], sequence[1:][inner], arc[:-1][inner]


def face_at(coverage: Coverage, lon: float, lat: float) -> int:
    """Face at a point: the near side of the first border edge met going due north along the meridian."""
    first, last, arc = edges(coverage)
    a, b = coverage.lonlat[first], coverage.lonlat[last]
    west, east = (a[:, 0] - lon + 180) % 360 - 180, (b[:, 0] - lon + 180) % 360 - 180
    meets = ((west < 0) != (east < 0)) & (np.abs(west - east) < 180)
    share = west[meets] / (west[meets] - east[meets])
    height = a[meets, 1] + share * (b[meets, 1] - a[meets, 1])
    above = height > lat
    if not above.any():
        return 0
    nearest = np.flatnonzero(meets)[above][np.argmin(height[above])]
    # Going east, the left side is north and the point lies on the right; going west it is the other way.
    side = coverage.arc_right if west[nearest] < 0 else coverage.arc_left
    return int(side[arc[nearest]])


def areas_km2(coverage: Coverage, faces: int) -> NDArray[np.float64]:
    """Ellipsoidal areas; those of faces that hold a pole are off by the same half globes, (faces,)."""
    e2 = 0.0066943799901413165
    e = np.sqrt(e2)
    s = np.sin(np.radians(coverage.lonlat[:, 1]))
    height = (1 - e2) * (s / (1 - e2 * s * s) + np.arctanh(e * s) / e) * 6378.137**2 / 2
    first, last, arc = edges(coverage)
    turn = np.radians((coverage.lonlat[last, 0] - coverage.lonlat[first, 0] + 180) % 360 - 180)
    strip = -turn * (height[first] + height[last]) / 2
    total = np.zeros(faces)
    np.add.at(total, coverage.arc_left[arc], strip)
    np.add.at(total, coverage.arc_right[arc], -strip)
    return total


def crossing_pairs(coverage: Coverage, coarse: bool) -> list[tuple[int, int]]:
    """Pairs of edges that meet anywhere but at a common end, in the flat map (those over the seam apart)."""
    first, last, _ = edges(coverage, coarse)
    a, b = coverage.lonlat[first], coverage.lonlat[last]
    flat = np.abs(a[:, 0] - b[:, 0]) < 180
    first, last, a, b = first[flat], last[flat], a[flat], b[flat]
    lines = shapely.linestrings(np.stack([a, b], axis=1))
    i, j = shapely.STRtree(lines).query(lines, predicate="intersects")
    apart = (
        (i < j)
        & (first[i] != first[j])
        & (first[i] != last[j])
        & (last[i] != first[j])
        & (last[i] != last[j])
    )
    return list(zip(i[apart].tolist(), j[apart].tolist(), strict=True))
