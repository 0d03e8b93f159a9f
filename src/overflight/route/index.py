"""The borders of one coverage as flat arrays, with a tree of boxes over them.

Edges keep the order of their arcs, so that up to sixteen neighbours on an arc make one leaf; the leaves are
sorted along a space-filling curve and boxed eight by eight, level upon level. Boxes are three-dimensional,
around unit vectors: no date line, no poles. The tree over 400,000 edges takes some hundredths of a second.
"""

from __future__ import annotations

import weakref
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.route.kernels import ECCENTRICITY_2, compiled
from overflight.route.rays import FAN, locate_many
from overflight.world.airspace import Coverage, unit_vectors

__all__ = ["Borders", "borders_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

_LEAF = 16  # edges in a leaf


class Borders(NamedTuple):
    """A coverage made ready for questions: the arrays that every kernel of this room takes.

    Attributes
    ----------
    vector : ndarray, shape (V, 3)
        Unit geocentric vectors of the vertices.
    start, end : ndarray of int32, shape (E,)
        The two vertices of each edge.
    left, right : ndarray of int32, shape (E,)
        Face on either side of each edge.
    leaf_first, leaf_count : ndarray of int32, shape (B,)
        The edges of each leaf: ``leaf_first[i]`` and the ones after it.
    box : ndarray, shape (T, 6)
        Least and greatest x, y, z; the levels one after the other, leaves first, the root last.
    level : ndarray of int64, shape (K + 1,)
        Where each level of boxes begins.
    """

    vector: Floats
    start: Ints
    end: Ints
    left: Ints
    right: Ints
    leaf_first: Ints
    leaf_count: Ints
    box: Floats
    level: NDArray[np.int64]

    @classmethod
    def of(cls, coverage: Coverage) -> Borders:
        """Build the arrays and the tree of a coverage."""
        sizes = np.maximum(np.diff(coverage.arc_start).astype(np.int64) - 1, 0)
        edges = int(sizes.sum())
        # Every arc begins a new leaf; leaves are filled along the arc.
        leaves = int(((sizes + _LEAF - 1) // _LEAF).sum())
        vector = np.empty((len(coverage.lonlat), 3))
        start, end, left, right = (np.empty(edges, dtype=np.int32) for _ in range(4))
        first, count = (np.empty(leaves, dtype=np.int32) for _ in range(2))
        leaf_box = np.empty((leaves, 6))
        _fill(
            np.ascontiguousarray(coverage.lonlat),
            coverage.arc_start,
            coverage.arc_vertex,
            coverage.arc_left,
            coverage.arc_right,
            vector,
            start,
            end,
            left,
            right,
            first,
            count,
            leaf_box,
        )
        box, order, level = _boxes(leaf_box)
        return cls(vector, start, end, left, right, first[order], count[order], box, level)

    def locate(self, lonlat: ArrayLike) -> Ints:
        """Say in which face each point lies.

        Parameters
        ----------
        lonlat : array_like, shape (N, 2)
            Degrees.

        Returns
        -------
        ndarray of int32, shape (N,)
            A point on a border belongs to one of its neighbours.
        """
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        return self.locate_vectors(unit_vectors(points))

    def locate_vectors(self, vectors: Floats) -> Ints:
        """Say in which face each unit geocentric vector, shape (N, 3), points."""
        out = np.zeros(len(vectors), dtype=np.int32)
        locate_many(np.ascontiguousarray(vectors), self, out)
        return out


def _boxes(leaf_box: Floats) -> tuple[Floats, NDArray[np.intp], NDArray[np.int64]]:
    """Sort the boxes of the leaves along a curve, and box the boxes up to a single root."""
    if len(leaf_box) == 0:
        return leaf_box, np.zeros(0, dtype=np.intp), np.zeros(1, dtype=np.int64)
    order = np.argsort(_morton(0.5 * (leaf_box[:, :3] + leaf_box[:, 3:])), kind="stable")
    levels, starts = [leaf_box[order]], [0, len(leaf_box)]
    while len(levels[-1]) > 1:
        cut = np.arange(0, len(levels[-1]), FAN)
        below = levels[-1]
        above = np.concatenate(
            (np.minimum.reduceat(below[:, :3], cut), np.maximum.reduceat(below[:, 3:], cut)), axis=1
        )
        levels.append(above)
        starts.append(starts[-1] + len(above))
    return np.concatenate(levels), order, np.array(starts, dtype=np.int64)


@compiled
def _fill(
    lonlat: Floats,
    arc_start: Ints,
    arc_vertex: Ints,
    arc_left: Ints,
    arc_right: Ints,
    vector: Floats,
    start: Ints,
    end: Ints,
    left: Ints,
    right: Ints,
    first: Ints,
    count: Ints,
    leaf_box: Floats,
) -> None:
    """Unit vectors, edges and boxed leaves in one pass over the arcs."""
    degree = np.pi / 180.0
    for v in range(len(lonlat)):
        lon, lat = lonlat[v, 0] * degree, lonlat[v, 1] * degree
        flat, up = np.cos(lat), (1.0 - ECCENTRICITY_2) * np.sin(lat)
        size = 1.0 / np.sqrt(flat * flat + up * up)
        vector[v, 0] = size * flat * np.cos(lon)
        vector[v, 1] = size * flat * np.sin(lon)
        vector[v, 2] = size * up
    e, leaf = 0, -1
    for arc in range(len(arc_left)):
        for k in range(arc_start[arc], arc_start[arc + 1] - 1):
            a, b = arc_vertex[k], arc_vertex[k + 1]
            start[e], end[e], left[e], right[e] = a, b, arc_left[arc], arc_right[arc]
            if (k - arc_start[arc]) % _LEAF == 0:
                leaf += 1
                first[leaf], count[leaf] = e, 0
                leaf_box[leaf, :3] = np.inf
                leaf_box[leaf, 3:] = -np.inf
            count[leaf] += 1
            # An arc rises above its chord by 1 - cos(half its angle).
            chord2 = 0.0
            for axis in range(3):
                chord2 += (vector[a, axis] - vector[b, axis]) ** 2
            rise = 1.0 - np.sqrt(max(0.0, 1.0 - 0.25 * chord2)) + 1e-12
            for axis in range(3):
                low, high = vector[a, axis], vector[b, axis]
                if low > high:
                    low, high = high, low
                leaf_box[leaf, axis] = min(leaf_box[leaf, axis], low - rise)
                leaf_box[leaf, axis + 3] = max(leaf_box[leaf, axis + 3], high + rise)
            e += 1


def _morton(centre: Floats) -> NDArray[np.uint64]:
    """Interleave ten bits of each coordinate, so that near points get near numbers."""
    grid = np.clip((centre + 1.0) * 511.5, 0.0, 1023.0).astype(np.uint64)
    code = np.zeros(len(centre), dtype=np.uint64)
    for axis in range(3):
        bits = grid[:, axis]
        for shift, mask in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
            bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
        code |= bits << np.uint64(axis)
    return code


_KEPT: dict[int, tuple[weakref.ref[Coverage], Borders]] = {}


def borders_of(coverage: Coverage) -> Borders:
    """The index of a coverage, built when it is first asked for and kept as long as the coverage lives."""
    key = id(coverage)
    kept = _KEPT.get(key)
    if kept is not None and kept[0]() is coverage:
        return kept[1]
    borders = Borders.of(coverage)
    _KEPT[key] = (weakref.ref(coverage, lambda _: _KEPT.pop(key, None)), borders)
    return borders
