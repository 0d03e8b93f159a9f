"""Build ``src/overflight/world/data/mesh.bin`` from the shipped airspace file.

python tools/build_mesh.py [--level fine|coarse] [--out FILE]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overflight.world import airspace
from overflight.world.mesh import encode, reduced_vectors
from triangulate import CrossingBordersError, MisplacedBordersError, triangulate

OUT = Path(__file__).parent.parent / "src/overflight/world/data"
#: largest region that may lie on the wrong side of a border near by
TINY_KM2 = 0.5


def border_edges(
    borders: airspace.Coverage, full: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(E, 2) edges and the arc each belongs to; arcs that are not in the mask `full` at the coarse level."""
    start, vertex = borders.arc_start, borders.arc_vertex
    arc = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    keep = full[arc] | (borders.level[vertex] == 0)
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


def build(borders: airspace.Coverage, *, coarse: bool) -> bytes:
    """Triangulate one level of the borders and pack the result."""
    full = np.full(len(borders.arc_start) - 1, not coarse)
    while True:
        edges, arc = border_edges(borders, full)
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
            if full[arcs].all():
                raise SystemExit(f"{error}: {borders.lonlat[here[:20]].tolist()}") from error
            print(f"  {len(here)} coarse edges do not fit, {len(arcs)} arcs stay fine", file=sys.stderr)
            full[arcs] = True
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
    for level in ("coarse", "fine"):
        begun = time.perf_counter()
        data = build(airspace.load().borders, coarse=level == "coarse")
        (options.out / f"mesh_{level}.bin").write_bytes(data)
        print(f"{level}: {len(data):,} bytes in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
