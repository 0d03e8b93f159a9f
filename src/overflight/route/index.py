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

from overflight.route.kernels import compiled
from overflight.world.airspace import Coverage, unit_vectors

__all__ = ["Borders", "borders_of", "box_gap", "hit_edges", "locate_one"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

_LEAF = 16  # edges in a leaf
_FAN = 8  # children of a box
_STACK = 512  # deeper than any path: (levels) * (_FAN - 1) + 1


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
        vector = np.ascontiguousarray(unit_vectors(coverage.lonlat))
        sizes = np.diff(coverage.arc_start).astype(np.int64)
        inner = np.ones(len(coverage.arc_vertex), dtype=bool)
        inner[coverage.arc_start[1:][sizes > 0] - 1] = False  # the last vertex of an arc begins no edge
        at = np.flatnonzero(inner)
        arc = np.repeat(np.arange(len(sizes)), np.maximum(sizes - 1, 0))
        start, end = coverage.arc_vertex[at], coverage.arc_vertex[at + 1]
        # Every arc begins a new leaf; leaves are filled along the arc.
        before = np.concatenate(([0], np.cumsum(np.maximum(sizes - 1, 0))))
        place = np.arange(len(at)) - before[arc]
        first = np.flatnonzero(place % _LEAF == 0)
        count = np.diff(np.append(first, len(at)))
        box, order, level = _boxes(vector, start, end, first)
        return cls(
            vector=vector,
            start=start.astype(np.int32),
            end=end.astype(np.int32),
            left=coverage.arc_left[arc].astype(np.int32),
            right=coverage.arc_right[arc].astype(np.int32),
            leaf_first=first[order].astype(np.int32),
            leaf_count=count[order].astype(np.int32),
            box=box,
            level=level,
        )

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
        _locate_many(np.ascontiguousarray(vectors), self, out)
        return out


def _boxes(
    vector: Floats, start: Ints, end: Ints, first: NDArray[np.int64]
) -> tuple[Floats, Ints, NDArray[np.int64]]:
    """Box the leaves, sort them along a curve, and box the boxes up to a single root."""
    if len(first) == 0:
        return np.zeros((0, 6)), np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
    a, b = vector[start], vector[end]
    low = np.minimum.reduceat(np.minimum(a, b), first)
    high = np.maximum.reduceat(np.maximum(a, b), first)
    # An arc rises above its chord by 1 - cos(half its angle), which is chord²/8 and a little more.
    chord2 = ((a - b) ** 2).sum(axis=1)
    sagitta = 1.0 - np.sqrt(np.maximum(0.0, 1.0 - chord2 / 4.0))
    rise = np.maximum.reduceat(sagitta, first)[:, None] + 1e-12
    low, high = low - rise, high + rise
    order = np.argsort(_morton((low + high) / 2.0), kind="stable")
    boxes = np.concatenate((low[order], high[order]), axis=1)
    levels, starts = [boxes], [0, len(boxes)]
    while len(levels[-1]) > 1:
        cut = np.arange(0, len(levels[-1]), _FAN)
        below = levels[-1]
        above = np.concatenate(
            (np.minimum.reduceat(below[:, :3], cut), np.maximum.reduceat(below[:, 3:], cut)), axis=1
        )
        levels.append(above)
        starts.append(starts[-1] + len(above))
    return (
        np.ascontiguousarray(np.concatenate(levels)),
        order.astype(np.int32),
        np.array(starts, dtype=np.int64),
    )


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


@compiled
def box_gap(box: Floats, i: int, x: float, y: float, z: float) -> float:
    """Square of the straight distance from a point to box `i`."""
    gap = 0.0
    d = max(box[i, 0] - x, x - box[i, 3])
    if d > 0.0:
        gap += d * d
    d = max(box[i, 1] - y, y - box[i, 4])
    if d > 0.0:
        gap += d * d
    d = max(box[i, 2] - z, z - box[i, 5])
    if d > 0.0:
        gap += d * d
    return gap


@compiled
def hit_edges(
    px: float,
    py: float,
    pz: float,
    qx: float,
    qy: float,
    qz: float,
    borders: Borders,
    hits: Ints,
    shares: Floats,
) -> int:
    """Edges that the arc from p to q (shorter than a half circle) crosses.

    A vertex that lies exactly on the plane of the arc counts as left of it; so does, for an end of the arc,
    the plane of an edge. A path through a vertex thus crosses one of the two edges that meet there, never
    both or neither.

    Returns
    -------
    int
        How many there are. Up to ``len(hits)`` of them stand in `hits`: the edge's number as it is when it is
        passed from its right to its left, ``-1 - number`` when from left to right; `shares` says where on the
        arc, from 0 to 1 of its angle. In no order.
    """
    vector, start, end = borders.vector, borders.start, borders.end
    leaf_first, leaf_count, box, level = borders.leaf_first, borders.leaf_count, borders.box, borders.level
    nx = py * qz - pz * qy
    ny = pz * qx - px * qz
    nz = px * qy - py * qx
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    if level[-1] == 0 or length == 0.0:
        return 0
    cosine = px * qx + py * qy + pz * qz
    angle = np.arctan2(length, cosine)
    # The box of the arc: that of its ends, grown by its rise above the chord.
    rise = 1.0 - np.cos(0.5 * angle) + 1e-12
    low_x, high_x = min(px, qx) - rise, max(px, qx) + rise
    low_y, high_y = min(py, qy) - rise, max(py, qy) + rise
    low_z, high_z = min(pz, qz) - rise, max(pz, qz) + rise
    slack = 1e-12 * length
    steep_x, steep_y, steep_z = abs(nx) * 0.5, abs(ny) * 0.5, abs(nz) * 0.5

    found = 0
    stack_at = np.empty(_STACK, np.int64)
    stack_level = np.empty(_STACK, np.int64)
    top = 1
    stack_at[0] = level[-1] - 1
    stack_level[0] = len(level) - 2
    while top > 0:
        top -= 1
        i = stack_at[top]
        if (
            box[i, 0] > high_x
            or box[i, 3] < low_x
            or box[i, 1] > high_y
            or box[i, 4] < low_y
            or box[i, 2] > high_z
            or box[i, 5] < low_z
        ):
            continue
        off = 0.5 * (
            nx * (box[i, 0] + box[i, 3]) + ny * (box[i, 1] + box[i, 4]) + nz * (box[i, 2] + box[i, 5])
        )
        reach = (
            steep_x * (box[i, 3] - box[i, 0])
            + steep_y * (box[i, 4] - box[i, 1])
            + steep_z * (box[i, 5] - box[i, 2])
        )
        if abs(off) > reach + slack:
            continue
        deep = stack_level[top]
        if deep > 0:
            below = level[deep - 1]
            child = below + (i - level[deep]) * _FAN
            last = min(child + _FAN, level[deep])
            for c in range(child, last):
                stack_at[top] = c
                stack_level[top] = deep - 1
                top += 1
            continue
        side = False
        for e in range(leaf_first[i], leaf_first[i] + leaf_count[i]):
            a, b = start[e], end[e]
            if e == leaf_first[i]:
                side = nx * vector[a, 0] + ny * vector[a, 1] + nz * vector[a, 2] >= 0.0
            before = side
            side = nx * vector[b, 0] + ny * vector[b, 1] + nz * vector[b, 2] >= 0.0
            if before == side:
                continue
            ax, ay, az = vector[a, 0], vector[a, 1], vector[a, 2]
            bx, by, bz = vector[b, 0], vector[b, 1], vector[b, 2]
            mx = ay * bz - az * by
            my = az * bx - ax * bz
            mz = ax * by - ay * bx
            p_side = mx * px + my * py + mz * pz
            q_side = mx * qx + my * qy + mz * qz
            if (p_side >= 0.0) == (q_side >= 0.0):
                continue
            # Not the antipode: where the planes meet, on the side of the edge.
            cx = ny * mz - nz * my
            cy = nz * mx - nx * mz
            cz = nx * my - ny * mx
            if cx * (ax + bx) + cy * (ay + by) + cz * (az + bz) < 0.0:
                cx, cy, cz = -cx, -cy, -cz
            if cx * (px + qx) + cy * (py + qy) + cz * (pz + qz) < 0.0:
                continue
            if found < len(hits):
                # Angle from p within the plane; the cross product with p keeps its precision near p.
                ox = py * cz - pz * cy
                oy = pz * cx - px * cz
                oz = px * cy - py * cx
                sine = (ox * nx + oy * ny + oz * nz) / length
                share = np.arctan2(sine, px * cx + py * cy + pz * cz) / angle
                shares[found] = min(max(share, 0.0), 1.0)
                hits[found] = e if q_side >= 0.0 else -1 - e
            found += 1
    return found


@compiled
def _near_edge(
    x: float,
    y: float,
    z: float,
    borders: Borders,
) -> int:
    """An edge near a point, by going down into the nearest box each time; not always the nearest one."""
    vector, start, end = borders.vector, borders.start, borders.end
    leaf_first, leaf_count, box, level = borders.leaf_first, borders.leaf_count, borders.box, borders.level
    i = int(level[-1]) - 1
    for deep in range(len(level) - 2, 0, -1):
        child = int(level[deep - 1] + (i - level[deep]) * _FAN)
        best, least = child, np.inf
        for c in range(child, min(child + _FAN, level[deep])):
            gap = box_gap(box, c, x, y, z)
            if gap < least:
                best, least = c, gap
        i = best
    best, least = int(leaf_first[i]), np.inf
    for e in range(leaf_first[i], leaf_first[i] + leaf_count[i]):
        a, b = start[e], end[e]
        dx = 0.5 * (vector[a, 0] + vector[b, 0]) - x
        dy = 0.5 * (vector[a, 1] + vector[b, 1]) - y
        dz = 0.5 * (vector[a, 2] + vector[b, 2]) - z
        gap = dx * dx + dy * dy + dz * dz
        if gap < least:
            best, least = e, gap
    return best


@compiled
def locate_one(
    x: float,
    y: float,
    z: float,
    borders: Borders,
    hits: Ints,
    shares: Floats,
) -> int:
    """Face of the point (x, y, z): shoot an arc at a border near by; its first hit shows the side it faces.

    A shot that passes two borders at the same spot (a point where three faces meet) says nothing; another is
    fired at another spot of the same edge.
    """
    vector, left, right = borders.vector, borders.left, borders.right
    if borders.level[-1] == 0:
        return 0
    e = _near_edge(x, y, z, borders)
    a, b = borders.start[e], borders.end[e]
    face = int(left[e])
    for shot in range(5):
        share = 0.5 + (0.11 * shot if shot % 2 == 0 else -0.11 * shot)
        tx = vector[a, 0] * (1.0 - share) + vector[b, 0] * share
        ty = vector[a, 1] * (1.0 - share) + vector[b, 1] * share
        tz = vector[a, 2] * (1.0 - share) + vector[b, 2] * share
        # A little beyond the edge, so that rounding cannot stop the shot short of it.
        dx, dy, dz = tx - x, ty - y, tz - z
        far = 1e-9 / (1e-12 + np.sqrt(dx * dx + dy * dy + dz * dz))
        tx, ty, tz = tx + far * dx, ty + far * dy, tz + far * dz
        size = 1.0 / np.sqrt(tx * tx + ty * ty + tz * tz)
        found = hit_edges(
            x,
            y,
            z,
            tx * size,
            ty * size,
            tz * size,
            borders,
            hits,
            shares,
        )
        found = min(found, len(hits))
        if found == 0:
            continue
        first, second, which = np.inf, np.inf, 0
        for k in range(found):
            if shares[k] < first:
                second = first
                first, which = shares[k], k
            elif shares[k] < second:
                second = shares[k]
        face = int(right[hits[which]] if hits[which] >= 0 else left[-1 - hits[which]])
        if second - first > 1e-9:
            return face
    return face


@compiled
def _locate_many(
    points: Floats,
    borders: Borders,
    out: Ints,
) -> None:
    hits = np.empty(4096, np.int32)
    shares = np.empty(4096, np.float64)
    for k in range(len(points)):
        out[k] = locate_one(
            points[k, 0],
            points[k, 1],
            points[k, 2],
            borders,
            hits,
            shares,
        )
