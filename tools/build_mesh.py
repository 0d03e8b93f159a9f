"""Build ``src/overflight/world/data/mesh.bin`` from the shipped airspace file.

python tools/build_mesh.py [--level fine|coarse] [--out FILE]
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overflight.world import airspace
from overflight.world.mesh import encode, reduced_vectors
from triangulate import CrossingBordersError, MisplacedBordersError, triangulate

OUT = Path(__file__).parent.parent / "src/overflight/world/data"
#: outlines of the roughest level stay within this of the coarse ones
ROUGH_KM = 10.0
LEVELS = ("rough", "coarse", "fine")
#: largest region that may lie on the wrong side of a border near by
TINY_KM2 = 0.5


@njit(cache=True)
def _thin(points, keep, first, last, reach):
    """Douglas-Peucker on one open run of points: mark those that the chords between kept ones miss."""
    stack = np.empty((64, 2), np.int64)
    stack[0, 0], stack[0, 1], n = first, last, 1
    while n > 0:
        n -= 1
        i, j = stack[n, 0], stack[n, 1]
        chord = points[j] - points[i]
        size = chord @ chord
        far, at = reach * reach, -1
        for k in range(i + 1, j):
            d = points[k] - points[i]
            f = 0.0 if size == 0.0 else min(1.0, max(0.0, (d @ chord) / size))
            d = d - f * chord
            if d @ d > far:
                far, at = d @ d, k
        if at >= 0:
            keep[at] = True
            if n + 2 > len(stack):
                grown = np.empty((2 * len(stack), 2), np.int64)
                grown[:n] = stack[:n]
                stack = grown
            stack[n, 0], stack[n, 1], stack[n + 1, 0], stack[n + 1, 1] = i, at, at, j
            n += 2


def kept(borders: airspace.Coverage, detail: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which entries of `arc_vertex` stay: all where an arc's `detail` is 2, coarse ones at 1, few at 0."""
    start, vertex = borders.arc_start, borders.arc_vertex
    arc = np.repeat(np.arange(len(start) - 1), np.diff(start))
    coarse = borders.level[vertex] == 0
    keep = (detail[arc] == 2) | (coarse & (detail[arc] == 1))
    points = reduced_vectors(borders.lonlat)[vertex]
    for a in np.flatnonzero(detail == 0):
        at = start[a] + np.flatnonzero(coarse[start[a] : start[a + 1]])
        run, mine = np.ascontiguousarray(points[at]), np.zeros(len(at), np.bool_)
        mine[[0, -1]] = True
        if vertex[at[0]] == vertex[at[-1]] and len(at) > 4:  # a ring: three corners far apart, and more
            middle = int(np.argmax(((run - run[0]) ** 2).sum(axis=1)))
            normal = np.cross(run[0], run[middle])
            for part in (np.arange(1, middle), np.arange(middle + 1, len(run) - 1)):
                if len(part):
                    mine[part[np.argmax(np.abs(run[part] @ normal))]] = True
            mine[middle] = True
        elif len(at) <= 4:
            mine[:] = True
        fixed = np.flatnonzero(mine)
        for i, j in pairwise(fixed):
            _thin(run, mine, i, j, ROUGH_KM / 6371)
        keep[at[mine]] = True
    return keep


def border_edges(
    borders: airspace.Coverage, detail: NDArray[np.int8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(E, 2) edges and the arc each belongs to, at the `detail` of each arc."""
    start, vertex = borders.arc_start, borders.arc_vertex
    arc = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    keep = kept(borders, detail)
    vertex, arc = vertex[keep], arc[keep]
    same = arc[1:] == arc[:-1]
    return np.stack([vertex[:-1][same], vertex[1:][same]], axis=1), arc[:-1][same]


def _arcs_near(borders: airspace.Coverage, edges: NDArray[np.int32]) -> NDArray[np.int32]:
    """Arcs that come within some kilometres of any of the edges."""
    arc = np.repeat(np.arange(len(borders.arc_start) - 1), np.diff(borders.arc_start))
    points = reduced_vectors(borders.lonlat)[borders.arc_vertex]
    near = np.zeros(len(points), np.bool_)
    for middle in reduced_vectors(borders.lonlat[edges].mean(axis=1)):
        near |= points @ middle > np.cos(10 / 6371)
    return np.unique(arc[near]).astype(np.int32)


def build(borders: airspace.Coverage, level: str) -> bytes:
    """Triangulate one level of the borders and pack the result."""
    detail = np.full(len(borders.arc_start) - 1, LEVELS.index(level), np.int8)
    while True:
        edges, arc = border_edges(borders, detail)
        vertices, index = np.unique(edges, return_inverse=True)
        points = reduced_vectors(borders.lonlat[vertices])
        index = index.reshape(-1, 2).astype(np.int32)
        try:
            mesh, face, doubtful = triangulate(
                points, index, borders.arc_left[arc], borders.arc_right[arc], tiny_km2=TINY_KM2
            )
            break
        except (CrossingBordersError, MisplacedBordersError) as error:
            here = vertices[error.edges]
            arcs = _arcs_near(borders, here)
            if (detail[arcs] == 2).all():
                raise SystemExit(f"{error}: {borders.lonlat[here[:20]].tolist()}") from error
            print(f"  {len(here)} edges do not fit, {len(arcs)} arcs keep more detail", file=sys.stderr)
            detail[arcs] = np.minimum(detail[arcs] + 1, 2)
    for place in np.unique(borders.lonlat[vertices[mesh.triangles[doubtful, 0]]].round(1), axis=0).tolist():
        print(f"  a border loop near {place} gave way to its surroundings", file=sys.stderr)
    tri = mesh.triangles
    # smallest vertex first, then in order of it: neighbours in the file are neighbours on the ground
    roll = np.argmin(tri, axis=1)
    tri = tri[np.arange(len(tri))[:, None], (roll[:, None] + np.arange(3)) % 3]
    order = np.lexsort((tri[:, 2], tri[:, 1], tri[:, 0]))
    return encode(vertices.astype(np.int32), tri[order], face[order], borders)


def main() -> int:
    """Write the mesh files, one for each level."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder")
    options = parser.parse_args()
    for level in LEVELS:
        begun = time.perf_counter()
        data = build(airspace.load().borders, level)
        (options.out / f"mesh_{level}.bin").write_bytes(data)
        print(f"{level}: {len(data):,} bytes in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
