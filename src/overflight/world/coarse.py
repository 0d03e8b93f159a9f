"""A coverage as a map of the whole world wants it: coarse vertices of every arc, and rings around faces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from overflight.world.airspace import Coverage

__all__ = ["Coarse"]

Points = NDArray[np.float64]


class Coarse:
    """The arcs of a coverage without their fine vertices.

    Parameters
    ----------
    coverage : Coverage

    Attributes
    ----------
    lonlat : (N, 2) float
        The vertices that are left, degrees.
    runs : list of slice
        The vertices of each arc.
    left, right : (A,) int
        Its faces.
    ends : (A, 2) int
        Names of its first and last vertex: arcs that meet share them.
    """

    def __init__(self, coverage: Coverage) -> None:
        vertices, starts = coverage.arc_vertex, coverage.arc_start
        coarse = coverage.level[vertices] == 0
        coarse[starts[:-1]] = True
        coarse[starts[1:] - 1] = True
        offsets = np.concatenate([[0], np.cumsum(coarse)])[starts].tolist()
        kept = vertices[coarse]
        self.lonlat: Points = coverage.lonlat[kept]
        self.runs = [slice(a, b) for a, b in pairwise(offsets)]
        self.ends = np.stack([kept[offsets[:-1]], kept[np.array(offsets[1:]) - 1]], axis=1)
        self.left, self.right = coverage.arc_left, coverage.arc_right
        self._of: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for arc, (left, right) in enumerate(zip(self.left.tolist(), self.right.tolist(), strict=True)):
            self._of[left].append((arc, True))
            self._of[right].append((arc, False))

    def around(self, faces: Collection[int]) -> dict[int, bool]:
        """The arcs around some faces together, none between two of them; and whether each runs forwards."""
        wanted = set(faces)
        return {
            arc: forward
            for face in wanted
            for arc, forward in self._of.get(face, ())
            if int(self.right[arc] if forward else self.left[arc]) not in wanted
        }

    def rings(self, around: dict[int, bool], lines: Sequence[Points]) -> list[Points]:
        """Closed rings out of arcs, whose points are given by `lines`, one for every arc of the coverage."""
        after: dict[int, list[int]] = defaultdict(list)
        for arc, forward in around.items():
            after[int(self.ends[arc, 0 if forward else 1])].append(arc)
        rings: list[Points] = []
        left = dict.fromkeys(around)
        while left:
            arc = next(iter(left))
            start = int(self.ends[arc, 0 if around[arc] else 1])
            pieces: list[Points] = []
            while True:
                del left[arc]
                after[int(self.ends[arc, 0 if around[arc] else 1])].remove(arc)
                pieces.append(lines[arc] if around[arc] else lines[arc][::-1])
                end = int(self.ends[arc, 1 if around[arc] else 0])
                if end == start or not after[end]:
                    break
                arc = after[end][-1]
            rings.append(np.concatenate(pieces))
        return rings
