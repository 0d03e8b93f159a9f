"""Arcs shot at borders: which edges they cross, and in which face a point lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from overflight.route.kernels import compiled

if TYPE_CHECKING:
    from overflight.route.index import Borders

__all__ = [
    "FAN",
    "Scratch",
    "Vector",
    "arc_leaves",
    "box_gap",
    "brushed_vertices",
    "hit_edges",
    "locate_many",
    "locate_one",
    "scratch_for",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

Vector = tuple[float, float, float]

#: Children of a box in the tree.
FAN = 8
# Deeper than any path: levels * (FAN - 1) + 1.
_STACK = 512
# A tenth of a metre, in radians.
_HAND = 1.6e-8


class Scratch(NamedTuple):
    """Room for the kernels to write in, so that they need not ask for memory on every arc.

    Attributes
    ----------
    leaves : ndarray of int32
        As long as there are leaves.
    hits : ndarray of int32
    shares : ndarray
        As long as `hits`.
    """

    leaves: Ints
    hits: Ints
    shares: Floats


@compiled
def scratch_for(borders: Borders, hits: int) -> Scratch:
    """Room for one coverage and so many hits on one arc."""
    return Scratch(
        np.empty(len(borders.leaf_first), np.int32), np.empty(hits, np.int32), np.empty(hits, np.float64)
    )


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
def arc_leaves(
    p: Vector,
    q: Vector,
    reach: float,
    borders: Borders,
    leaves: Ints,
) -> int:
    """Leaves whose box comes within `reach` of the arc from p to q (shorter than a half circle).

    Returns
    -------
    int
        How many; their numbers stand in `leaves`, which must have room for all leaves.
    """
    box, level = borders.box, borders.level
    px, py, pz = p
    qx, qy, qz = q
    nx = py * qz - pz * qy
    ny = pz * qx - px * qz
    nz = px * qy - py * qx
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    if level[-1] == 0:
        return 0
    # The box of the arc: that of its ends, grown by its rise above the chord.
    rise = 1.0 - np.cos(0.5 * np.arctan2(length, px * qx + py * qy + pz * qz)) + 1e-12 + reach
    low_x, high_x = min(px, qx) - rise, max(px, qx) + rise
    low_y, high_y = min(py, qy) - rise, max(py, qy) + rise
    low_z, high_z = min(pz, qz) - rise, max(pz, qz) + rise
    slack = (1e-12 + reach) * length
    steep_x, steep_y, steep_z = abs(nx), abs(ny), abs(nz)
    stack_at = np.empty(_STACK, np.int64)
    stack_level = np.empty(_STACK, np.int64)
    top, found = 1, 0
    stack_at[0] = level[-1] - 1
    stack_level[0] = len(level) - 2
    while top > 0:
        top -= 1
        i = stack_at[top]
        if box[i, 0] > high_x or box[i, 1] > high_y or box[i, 2] > high_z:
            continue
        if box[i, 3] < low_x or box[i, 4] < low_y or box[i, 5] < low_z:
            continue
        # Twice the distance of the middle of the box from the plane, against twice its half width across it.
        off = nx * (box[i, 0] + box[i, 3]) + ny * (box[i, 1] + box[i, 4]) + nz * (box[i, 2] + box[i, 5])
        wide = steep_x * (box[i, 3] - box[i, 0])
        wide += steep_y * (box[i, 4] - box[i, 1])
        wide += steep_z * (box[i, 5] - box[i, 2])
        if abs(off) > wide + 2.0 * slack:
            continue
        deep = stack_level[top]
        if deep == 0:
            leaves[found] = i
            found += 1
            continue
        child = level[deep - 1] + (i - level[deep]) * FAN
        for c in range(child, min(child + FAN, level[deep])):
            stack_at[top] = c
            stack_level[top] = deep - 1
            top += 1
    return found


@compiled
def hit_edges(
    p: Vector,
    q: Vector,
    borders: Borders,
    scratch: Scratch,
) -> tuple[int, bool]:
    """Edges that the arc from p to q (shorter than a half circle) crosses.

    A vertex that lies exactly on the plane of the arc counts as left of it; so does, for an end of the arc,
    the plane of an edge. A path through a vertex thus crosses one of the two edges that meet there, never
    both or neither.

    Returns
    -------
    found : int
        How many there are. Up to ``len(hits)`` of them stand in `hits`: the edge's number as it is when it is
        passed from its right to its left, ``-1 - number`` when from left to right; `shares` says where on the
        arc, from 0 to 1 of its angle. In no order.
    delicate : bool
        Whether the arc passes a vertex, or begins or ends by an edge, within the breadth of a hand, so that
        rounding may have decided.
    """
    vector, start, end = borders.vector, borders.start, borders.end
    hits, shares = scratch.hits, scratch.shares
    px, py, pz = p
    qx, qy, qz = q
    nx = py * qz - pz * qy
    ny = pz * qx - px * qz
    nz = px * qy - py * qx
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    if length == 0.0:
        return 0, False
    angle = np.arctan2(length, px * qx + py * qy + pz * qz)
    found, delicate = 0, False
    for k in range(arc_leaves(p, q, 0.0, borders, scratch.leaves)):
        i = scratch.leaves[k]
        off = 0.0
        for e in range(borders.leaf_first[i], borders.leaf_first[i] + borders.leaf_count[i]):
            a, b = start[e], end[e]
            if e == borders.leaf_first[i]:
                off = nx * vector[a, 0] + ny * vector[a, 1] + nz * vector[a, 2]
            before = off
            off = nx * vector[b, 0] + ny * vector[b, 1] + nz * vector[b, 2]
            if abs(off) < _HAND * length or abs(before) < _HAND * length:
                v = b if abs(off) < _HAND * length else a
                x, y, z = vector[v, 0], vector[v, 1], vector[v, 2]
                delicate = delicate or _abreast(p, q, (nx, ny, nz), (x, y, z))
            if (before >= 0.0) == (off >= 0.0):
                continue
            ax, ay, az = vector[a, 0], vector[a, 1], vector[a, 2]
            bx, by, bz = vector[b, 0], vector[b, 1], vector[b, 2]
            mx = ay * bz - az * by
            my = az * bx - ax * bz
            mz = ax * by - ay * bx
            p_side = mx * px + my * py + mz * pz
            q_side = mx * qx + my * qy + mz * qz
            if min(p_side * p_side, q_side * q_side) < _HAND * _HAND * (mx * mx + my * my + mz * mz):
                delicate = True
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
    return found, delicate


@compiled
def _triple(u: Vector, v: Vector, w: Vector) -> float:
    """(u x v) . w"""
    return (
        (u[1] * v[2] - u[2] * v[1]) * w[0]
        + (u[2] * v[0] - u[0] * v[2]) * w[1]
        + (u[0] * v[1] - u[1] * v[0]) * w[2]
    )


@compiled
def _abreast(
    p: Vector,
    q: Vector,
    n: Vector,
    x: Vector,
) -> bool:
    """Whether a point x near the great circle of the arc p..q, normal n, lies abreast of the arc itself."""
    past_p = _triple(n, p, x)
    past_q = _triple(n, q, x)
    return past_p >= -_HAND and past_q <= _HAND


@compiled
def brushed_vertices(
    p: Vector,
    q: Vector,
    reach: float,
    borders: Borders,
    scratch: Scratch,
) -> int:
    """Vertices within `reach` (radians) of the arc p..q: how many, and abreast of which share of it."""
    vector, shares = borders.vector, scratch.shares
    px, py, pz = p
    qx, qy, qz = q
    nx = py * qz - pz * qy
    ny = pz * qx - px * qz
    nz = px * qy - py * qx
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    if length == 0.0:
        return 0
    angle = np.arctan2(length, px * qx + py * qy + pz * qz)
    found = 0
    for k in range(arc_leaves(p, q, reach, borders, scratch.leaves)):
        i = scratch.leaves[k]
        for e in range(borders.leaf_first[i], borders.leaf_first[i] + borders.leaf_count[i]):
            for v in (borders.start[e], borders.end[e]):
                x, y, z = vector[v, 0], vector[v, 1], vector[v, 2]
                if abs(nx * x + ny * y + nz * z) > reach * length:
                    continue
                if not _abreast(p, q, (nx, ny, nz), (x, y, z)):
                    continue
                if found < len(shares):
                    ox, oy, oz = py * z - pz * y, pz * x - px * z, px * y - py * x
                    sine = (ox * nx + oy * ny + oz * nz) / length
                    share = np.arctan2(sine, px * x + py * y + pz * z) / angle
                    shares[found] = min(max(share, 0.0), 1.0)
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
        child = int(level[deep - 1] + (i - level[deep]) * FAN)
        best, least = child, np.inf
        for c in range(child, min(child + FAN, level[deep])):
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
    p: Vector,
    borders: Borders,
    scratch: Scratch,
) -> int:
    """Face of the point p: shoot an arc at a border near by; its first hit shows the side it faces.

    A shot that passes two borders at the same spot (a point where three faces meet) says nothing; another is
    fired at another spot of the same edge.
    """
    vector, left, right = borders.vector, borders.left, borders.right
    hits, shares = scratch.hits, scratch.shares
    x, y, z = p
    if borders.level[-1] == 0:
        return 0
    e = _near_edge(x, y, z, borders)
    a, b = borders.start[e], borders.end[e]
    # Should no shot tell: the side of that edge.
    ends = (vector[a, 0], vector[a, 1], vector[a, 2]), (vector[b, 0], vector[b, 1], vector[b, 2])
    face = int(left[e] if _triple(ends[0], ends[1], p) >= 0.0 else right[e])
    for shot in range(5):
        share = 0.5 + (0.11 * shot if shot % 2 == 0 else -0.11 * shot)
        tx = vector[a, 0] * (1.0 - share) + vector[b, 0] * share
        ty = vector[a, 1] * (1.0 - share) + vector[b, 1] * share
        tz = vector[a, 2] * (1.0 - share) + vector[b, 2] * share
        # Well beyond the edge, so that rounding cannot stop a grazing shot short of it.
        dx, dy, dz = tx - x, ty - y, tz - z
        far = 0.1 + 1e-6 / (1e-12 + np.sqrt(dx * dx + dy * dy + dz * dz))
        tx, ty, tz = tx + far * dx, ty + far * dy, tz + far * dz
        size = 1.0 / np.sqrt(tx * tx + ty * ty + tz * tz)
        found, _ = hit_edges(p, (tx * size, ty * size, tz * size), borders, scratch)
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
def locate_many(
    points: Floats,
    borders: Borders,
    out: Ints,
) -> None:
    """Face of every point, shape (N, 3), into `out`."""
    room = scratch_for(borders, 4096)
    for k in range(len(points)):
        out[k] = locate_one((points[k, 0], points[k, 1], points[k, 2]), borders, room)
