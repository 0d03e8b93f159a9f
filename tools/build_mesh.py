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
from triangulate import CrossingBordersError, triangulate

OUT = Path(__file__).parent.parent / "src/overflight/world/data"


def border_edges(
    borders: airspace.Coverage, *, coarse: bool
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(E, 2) edges with the face on either side, at the fine or the coarse level."""
    start, vertex = borders.arc_start, borders.arc_vertex
    arc = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    if coarse:
        keep = borders.level[vertex] == 0
        vertex, arc = vertex[keep], arc[keep]
    same = arc[1:] == arc[:-1]
    edges = np.stack([vertex[:-1][same], vertex[1:][same]], axis=1)
    owner = arc[:-1][same]
    return edges, borders.arc_left[owner], borders.arc_right[owner]


def build(borders: airspace.Coverage, *, coarse: bool) -> bytes:
    """Triangulate one level of the borders and pack the result."""
    edges, left, right = border_edges(borders, coarse=coarse)
    vertices, index = np.unique(edges, return_inverse=True)
    try:
        mesh, face = triangulate(
            reduced_vectors(borders.lonlat[vertices]), index.reshape(-1, 2).astype(np.int32), left, right
        )
    except CrossingBordersError as error:
        where = borders.lonlat[vertices[error.edges]].round(5).tolist()
        raise SystemExit(f"borders cross or overlap at {len(where)} edges: {where[:20]}") from error
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
