"""A mesh made ready for questions: where a point lies, what is joined, the shortest line within a tube."""

from __future__ import annotations

import math
import threading
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overflight.route.kernels import reduced_km
from overflight.route.meshwalk import F64, locate, pieces, pinches, reachable, tube, walk
from overflight.route.polyanya import search
from overflight.route.tangents import CLEAR, border_sides, corners, hidden, hides, way_round
from overflight.world.mesh import Mesh

__all__ = ["MeshSearch"]

Mask = NDArray[np.bool_]

#: half widths, rad, of the tube about the coarse line that holds the fine one (outlines differ by 2 km)
TUBES = (4 / 6371, 15 / 6371, 60 / 6371)


class Way(NamedTuple):
    """A line of plane arcs: its km, its (K, 3) points on the outlines, and the same a hand's breadth off."""

    km: float
    points: F64
    clear: F64


class MeshSearch:
    """One level of the route mesh with its indexes.

    Every point is a (3,) unit vector of reduced latitude; `refused` is a (F,) mask over faces.
    """

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh
        self._sides, self._hides = border_sides(mesh), hides()
        # Searches share what they write on, and the kernels run beside each other: one thread at a time.
        self._alone = threading.Lock()
        self._best_g = np.full(len(mesh.xyz), np.inf)
        self._pinch = pinches(mesh.triangles, mesh.neighbours, mesh.face, len(mesh.xyz))
        self._zone, self._stamp = np.zeros(len(mesh.triangles), np.int32), 0
        # one triangle in every few hundred, to start the walk to a point near by
        self._samples = np.arange(0, len(mesh.triangles), max(1, len(mesh.triangles) // 2000), dtype=np.int32)
        self._sample_xyz = mesh.xyz[mesh.triangles[self._samples, 0]]
        # connected pieces of each face, and which touch which
        self._piece, count = pieces(mesh.triangles, mesh.neighbours, mesh.face)
        self._piece_face = np.zeros(count, np.int32)
        self._piece_face[self._piece] = mesh.face
        t, k = np.divmod(self._sides[1], 3)
        here, there = self._piece[t].astype(np.int64), self._piece[mesh.neighbours[t, k]]
        pairs = np.unique(here * count + there)
        self._next_start = np.searchsorted(pairs // count, np.arange(count + 1)).astype(np.int32)
        self._next = (pairs % count).astype(np.int32)

    def locate(self, point: F64) -> int:
        """Triangle that holds a point."""
        hint = int(self._samples[np.argmax(self._sample_xyz @ point)])
        m = self.mesh
        return int(locate(m.xyz, m.triangles, m.neighbours, hint, point[0], point[1], point[2]))

    def face(self, t: int) -> int:
        """Face of a triangle."""
        return int(self.mesh.face[t])

    def sees(self, refused: Mask, p: F64, t: int, q: F64) -> bool:
        """Whether the plane arc from `p`, in triangle `t`, to `q` enters no refused face."""
        m = self.mesh
        return bool(hidden(m.xyz, m.triangles, m.neighbours, m.face, refused, t, p, q) == CLEAR)

    def way_round(
        self, refused: Mask, p: F64, t: int, q: F64, u: int, limit_km: float
    ) -> tuple[Way | None, Mask]:
        """Shortest line by way of the corners of the refusing outlines; None when there is none.

        Also says, (F,), which refused faces a line within the limit can come up to: with any others
        permitting as well, the answer would be the same.
        """
        m = self.mesh
        reached = reachable(self._next_start, self._next, refused[self._piece_face], self._piece[t])
        shape = (m.xyz, m.triangles, m.neighbours, m.face, refused)
        if reached[self._piece[u]] and hidden(*shape, t, p, q) == CLEAR:
            return Way(reduced_km(*p, *q), np.array([p, q]), np.array([p, q])), np.zeros_like(refused)
        point, ring, faces = corners(*shape, *self._sides, self._piece, reached, p, q, limit_km)
        if not reached[self._piece[u]]:
            return None, faces
        with self._alone:
            km, path = way_round(*shape, point, ring, self._hides, p, t, q, limit_km)
        if math.isinf(km):
            return None, faces
        return Way(km, np.vstack([p, m.xyz[ring[path, 0]], q]), np.vstack([p, point[path, :3], q])), faces

    def shortest(
        self, refused: Mask, p: F64, t: int, q: F64, u: int, limit_km: float, near: F64 | None = None
    ) -> F64 | None:
        """Shortest line from `p` in triangle `t` to `q` in triangle `u`, (K, 3); None when there is none.

        With `near`, a (K, 3) path, the search keeps to a tube about it, whatever the length, and leaves it
        only when the tube holds no line.
        """
        m = self.mesh
        for width in (*TUBES, None) if near is not None else (None,):
            stamp, most_km = 0, limit_km if width is None else math.inf
            with self._alone:
                if width is not None and near is not None:
                    self._stamp += 1
                    stamp = self._stamp
                    tube(m.xyz, m.triangles, m.neighbours, self._zone, stamp, near, t, width)
                km, bends, _ = search(
                    m.xyz, m.triangles, m.neighbours, m.face, refused, self._zone, stamp, self._pinch,
                    self._best_g, p, t, q, u, most_km,
                )  # fmt: skip
            if not math.isinf(km):
                return np.vstack([p, m.xyz[bends], q])
        return None

    def faces_under(self, points: F64, t: int) -> tuple[list[int], int]:
        """Faces under a line of plane arcs, (K, 3), from triangle `t` on, in order, and the last triangle."""
        m, faces = self.mesh, [int(self.mesh.face[t])]
        for p, q in pairwise(points):
            triangles = walk(m.xyz, m.triangles, m.neighbours, t, p, q)
            t = int(triangles[-1])
            under = m.face[triangles]
            faces += under[np.flatnonzero(np.diff(under, prepend=faces[-1]))].tolist()
        return faces, t
