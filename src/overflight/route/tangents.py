"""The way round refusing states, found among their corners alone.

A shortest line bends only where it touches a refusing outline, and touches it as a tangent. So the search
needs no map of what lies between: A* over the convex corners of the refusing outlines, from corner to corner
along tangents, each line of sight checked only when its turn comes (a lazy, reduced visibility graph; the
reduction after H. Rohnert, "Shortest paths in the plane with convex polygonal obstacles", Information
Processing Letters 23, 1986). Most lines of sight are blocked, and by what is a fact of geography: it is
remembered from search to search. It runs on the coarse outlines and says which way round; the exact line on
the fine outlines is the work of :mod:`overflight.route.polyanya`.

Points are unit vectors of reduced latitude (see :mod:`overflight.route.meshwalk`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.route.heap import grown, pop, push
from overflight.route.kernels import compiled, reduced_km
from overflight.route.meshwalk import F64, I32, det, locate, onward, step_in

__all__ = ["CLEAR", "border_sides", "corners", "hidden", "hides", "way_round"]

Mask = NDArray[np.bool_]
#: pairs of corners, and the face that blocks the view between them
Hides = tuple[NDArray[np.uint64], NDArray[np.int16]]

#: nothing refused lies under a line
CLEAR = -1
#: a walk under a line lost its way, so the line does not count as clear
LOST = -2

#: corners stand this far (rad, 0.6 m) off the outline, so that "sees" is a strict test
STEP = 1e-7
#: tolerance of the tangent tests, generous: a needless candidate costs time, a lost one the answer
EPS = 3e-7
#: how many pairs of corners are remembered: 2 to this power
MEMORY_BITS = 20
#: twice the longest edge of an outline, however simplified, and twice what simplifying leaves out
EDGE_KM = 300.0


def border_sides(mesh: Any) -> tuple[I32, I32]:
    """Group the border edges of a mesh by the face beyond.

    Returns
    -------
    start : (F + 1,) int32
        Offsets by face.
    side : (E,) int32
        ``3 * triangle + slot`` of the side of each edge that looks at that face from outside.
    """
    beyond = mesh.face[mesh.neighbours]
    side = np.flatnonzero((beyond != mesh.face[:, None]).ravel())
    owner = beyond.ravel()[side]
    order = np.argsort(owner, kind="stable")
    faces = int(mesh.face.max()) + 1
    start = np.searchsorted(owner[order], np.arange(faces + 1))
    return start.astype(np.int32), side[order].astype(np.int32)


def hides() -> Hides:
    """An empty memory of what blocks the view between two corners."""
    return np.zeros(1 << MEMORY_BITS, np.uint64), np.zeros(1 << MEMORY_BITS, np.int16)


@compiled
def corners(
    xyz: F64,
    tri: I32,
    nb: I32,
    face: I32,
    refused: Mask,
    start: I32,
    side: I32,
    piece: I32,
    reached: Mask,
    s: F64,
    t: F64,
    limit_km: float,
) -> tuple[F64, I32, Mask]:
    """List the convex corners of the refusing outlines through which a line within the limit may pass.

    Parameters
    ----------
    start, side : see :func:`border_sides`
    piece, reached : (T,) int32, (P,) bool
        Connected piece of each triangle, and the pieces that can be reached at all.

    Returns
    -------
    point : (C, 9)
        A hand's breadth outside the corner; the border vertices before and after it.
    ring : (C, 3) int32
        The vertex at the corner; the triangle that holds the point; the name of the corner, the same in
        every search on this mesh.
    faces : (F,) bool
        Refused faces that a line within the limit can come up to at all. Only their refusal matters.
    """
    point, ring = np.empty((256, 9)), np.empty((256, 3), np.int32)
    n = 0
    faces = np.zeros(len(refused), np.bool_)
    for f in range(len(refused)):
        if not refused[f]:
            continue
        for e in side[start[f] : start[f + 1]]:
            first, k = e // 3, e % 3
            if refused[face[first]] or not reached[piece[first]]:
                continue
            a, b = tri[first, k], tri[first, (k + 1) % 3]
            x, y, z = xyz[b]
            by_way_km = reduced_km(s[0], s[1], s[2], x, y, z) + reduced_km(x, y, z, t[0], t[1], t[2])
            if by_way_km <= limit_km + EDGE_KM:
                faces[f] = True
            if by_way_km > limit_km:
                continue
            here, slot = first, (k + 1) % 3  # turn about b through the free triangles to the next border edge
            passed = 0  # at most five borders meet in a vertex
            while not refused[face[nb[here, slot]]]:
                passed += face[here] != face[nb[here, slot]]
                here = nb[here, slot]
                slot = 0 if tri[here, 0] == b else (1 if tri[here, 1] == b else 2)
            c = tri[here, (slot + 1) % 3]
            if det(xyz[a, 0], xyz[a, 1], xyz[a, 2], x, y, z, xyz[c, 0], xyz[c, 1], xyz[c, 2]) >= 0.0:
                continue
            if n == len(point):
                point, ring = grown(point), grown(ring)
            out = np.zeros(3)
            for v in (a, c):
                d = xyz[v] - xyz[b]
                out -= d / math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
            size = math.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2])
            if size < 1e-9:
                continue
            p = xyz[b] + out * (STEP / size)
            point[n, :3] = p / math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
            point[n, 3:6], point[n, 6:] = xyz[a], xyz[c]
            ring[n, 0], ring[n, 2] = b, 8 * e + passed
            ring[n, 1] = locate(xyz, tri, nb, first, point[n, 0], point[n, 1], point[n, 2])
            if not refused[face[ring[n, 1]]]:
                n += 1
    return point[:n], ring[:n], faces


@compiled
def hidden(xyz: F64, tri: I32, nb: I32, face: I32, refused: Mask, t: int, p: F64, q: F64) -> int:
    """First refused face under the arc from `p`, in triangle `t`, to `q`; ``CLEAR`` where there is none."""
    first, attempt = t, 0
    while True:
        s = onward(xyz, tri, nb, t, p, q)
        if s == t:
            return CLEAR
        if s < 0:
            if attempt > 12:
                return LOST
            s = step_in(xyz, tri, nb, first, p, q, attempt)
            attempt += 1
        t = s
        if refused[face[t]]:
            return int(face[t])


@compiled
def _pair(one: int, other: int) -> tuple[np.uint64, np.uint64]:
    """Key of two corners, and its place in the memory."""
    key = (np.uint64(one) << np.uint64(32)) | np.uint64(other)
    return key, (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - MEMORY_BITS)


@compiled
def _cross(p: F64, q: F64, out: F64) -> None:
    """Put the normal of the plane of `p` and `q` into `out`."""
    out[0], out[1], out[2] = p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]


@compiled
def _touched(spot: F64, near: int, h: F64, side: int, q: F64, e: F64, touched: Mask) -> None:
    """Which of the first `near` corners a line from `h` passes as a tangent; plain, so that it is vectorised.

    A line that left an obstacle on its `side` must turn towards it, and no further than along its far side:
    `q` is the normal of the line on arrival, `e` that of the border that the obstacle shows on departure.
    """
    hx, hy, hz = h
    qx, qy, qz = side * q[0], side * q[1], side * q[2]
    ex, ey, ez = side * e[0], side * e[1], side * e[2]
    px, py, pz = spot[0], spot[1], spot[2]
    ax, ay, az = spot[3], spot[4], spot[5]
    cx, cy, cz = spot[6], spot[7], spot[8]
    for i in range(near):
        x, y, z = px[i], py[i], pz[i]
        nx, ny, nz = hy * z - hz * y, hz * x - hx * z, hx * y - hy * x
        a = nx * ax[i] + ny * ay[i] + nz * az[i]
        c = nx * cx[i] + ny * cy[i] + nz * cz[i]
        one_side = (a <= EPS) & (c <= EPS) | (a >= -EPS) & (c >= -EPS)
        turns = (qx * x + qy * y + qz * z >= -EPS) & (ex * x + ey * y + ez * z <= EPS)
        touched[i] = one_side & turns


@compiled
def way_round(
    xyz: F64,
    tri: I32,
    nb: I32,
    face: I32,
    refused: Mask,
    point: F64,
    ring: I32,
    known: Hides,
    s: F64,
    t_s: int,
    t: F64,
    limit_km: float,
) -> tuple[float, I32]:
    """Shortest tangent path from `s`, in triangle `t_s`, to `t` by way of the corners.

    Returns
    -------
    km : float
        Infinite when there is none within the limit.
    path : (B,) int32
        Corners, from start to goal.
    """
    n = len(point) + 1
    straight = np.empty(n)
    straight[0] = -1.0
    for i in range(1, n):
        straight[i] = reduced_km(point[i - 1, 0], point[i - 1, 1], point[i - 1, 2], t[0], t[1], t[2])
    # node 0 is the goal, a corner that every line touches; then the corners, those near the goal first
    order = np.argsort(straight)
    to_go, spot, place, name = straight[order], np.zeros((9, n)), np.zeros(n, np.int32), np.zeros(n, np.int32)
    to_go[0] = 0.0
    spot[:3, 0] = t
    for i in range(1, n):
        spot[:, i] = point[order[i] - 1]
        place[i], name[i] = ring[order[i] - 1, 1], ring[order[i] - 1, 2]
    # a shortest line touches no corner twice, so each is closed once
    closed, touched, before = np.zeros(n, np.bool_), np.empty(n, np.bool_), np.zeros(n, np.int32)
    heap_f, heap_i = np.empty(1024), np.empty(1024, np.int32)
    # from node (0: start), to node; length so far
    arcs, arc_g = np.empty((1024, 2), np.int32), np.empty(1024)
    n_arc = n_heap = 0
    node, side, g, left_km = 0, 0, 0.0, reduced_km(s[0], s[1], s[2], t[0], t[1], t[2])
    here, last, arrival, border = s.copy(), s.copy(), np.zeros(3), np.zeros(3)
    keys, blocks = known
    while True:
        # every corner that this line can reach as a tangent, and the goal; a corner much further from the
        # goal than this place is too far away from here
        near = int(np.searchsorted(to_go, 0.5 * (limit_km - g + left_km) + 0.1))
        _touched(spot, near, here, side, arrival, border, touched)
        for i in range(near):
            if not touched[i] or closed[i]:
                continue
            if node > 0 and i > 0:
                key, k = _pair(name[node], name[i])
                if keys[k] == key and refused[blocks[k]]:
                    continue
            # dearer than the tests above, so it comes after them
            new_g = g + reduced_km(here[0], here[1], here[2], spot[0, i], spot[1, i], spot[2, i])
            if new_g + to_go[i] > limit_km:
                continue
            if n_arc == len(arcs):
                arcs, arc_g = grown(arcs), grown(arc_g)
            if n_heap == len(heap_f):
                heap_f, heap_i = grown(heap_f), grown(heap_i)
            arcs[n_arc, 0], arcs[n_arc, 1], arc_g[n_arc] = node, i, new_g
            push(heap_f, heap_i, n_heap, new_g + to_go[i], n_arc)
            n_arc += 1
            n_heap += 1
        found = False
        while n_heap > 0 and not found:
            e = pop(heap_f, heap_i, n_heap)
            n_heap -= 1
            origin, node = arcs[e, 0], arcs[e, 1]
            if closed[node]:
                continue
            here[:] = spot[:3, node]
            last[:] = spot[:3, origin] if origin > 0 else s
            f = hidden(xyz, tri, nb, face, refused, place[origin] if origin > 0 else t_s, last, here)
            if f == CLEAR:
                closed[node], before[node] = True, origin
                g, found = arc_g[e], True
            elif f >= 0 and origin > 0 and node > 0:
                key, k = _pair(name[origin], name[node])
                keys[k], blocks[k] = key, f
        if not found:
            return math.inf, np.empty(0, np.int32)
        if node == 0:
            break
        left_km = to_go[node]
        _cross(last, here, arrival)
        # the obstacle is to the left of the line, or to its right
        leaning = 0.0
        for axis in range(3):
            leaning += arrival[axis] * (spot[3 + axis, node] + spot[6 + axis, node])
        side = 1 if leaning > 0.0 else -1
        _cross(here, spot[6:, node] if side < 0 else spot[3:6, node], border)
    count, i = 0, before[0]
    while i > 0:
        count += 1
        i = before[i]
    path = np.empty(count, np.int32)
    i = before[0]
    while i > 0:
        count -= 1
        path[count] = order[i] - 1
        i = before[i]
    return g, path
