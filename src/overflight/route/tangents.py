"""The way round refusing states, found among their corners alone.

A shortest line bends only where it touches a refusing outline, and touches it as a tangent. So the search
needs no map of what lies between: A* over the convex corners of the refusing outlines, from corner to corner
along tangents, each line of sight checked only when its turn comes (a lazy, reduced visibility graph; the
reduction after H. Rohnert, "Shortest paths in the plane with convex polygonal obstacles", Information
Processing Letters 23, 1986). It runs on the coarse outlines and says which way round; the exact line on the
fine outlines is the work of :mod:`overflight.route.polyanya`.

Points are unit vectors of reduced latitude (see :mod:`overflight.route.meshwalk`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.route.heap import grown, pop, push
from overflight.route.kernels import compiled
from overflight.route.meshwalk import F64, I32, det, locate, onward, reduced_km, step_in

__all__ = ["border_sides", "corners", "way_round"]

Mask = NDArray[np.bool_]

#: corners stand this far (rad, 0.6 m) off the outline, so that "sees" is a strict test
STEP = 1e-7
#: tolerance of the tangent tests, generous: a needless candidate costs time, a lost one the answer
EPS = 3e-7
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
    ring : (C, 2) int32
        The vertex at the corner; the triangle that holds the point.
    faces : (F,) bool
        Refused faces that a line within the limit can come up to at all. Only their refusal matters.
    """
    point, ring = np.empty((256, 9)), np.empty((256, 2), np.int32)
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
            while not refused[face[nb[here, slot]]]:
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
            ring[n, 0] = b
            ring[n, 1] = locate(xyz, tri, nb, first, point[n, 0], point[n, 1], point[n, 2])
            if not refused[face[ring[n, 1]]]:
                n += 1
    return point[:n], ring[:n], faces


@compiled
def sees(xyz: F64, tri: I32, nb: I32, face: I32, refused: Mask, t: int, p: F64, q: F64) -> bool:
    """Whether the arc from `p`, in triangle `t`, to `q` meets no refused triangle."""
    first, attempt = t, 0
    while True:
        s = onward(xyz, tri, nb, t, p, q)
        if s == t:
            return True
        if s < 0:
            if attempt > 12:
                return False
            s = step_in(xyz, tri, nb, first, p, q, attempt)
            attempt += 1
        t = s
        if refused[face[t]]:
            return False


@compiled
def way_round(
    xyz: F64,
    tri: I32,
    nb: I32,
    face: I32,
    refused: Mask,
    point: F64,
    ring: I32,
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
    n = len(point)
    spot, to_go = np.zeros((n + 1, 9)), np.empty(n + 1)  # the goal is a corner that every line touches
    spot[:n], spot[n, :3] = point, t
    for i in range(n + 1):
        to_go[i] = reduced_km(spot[i, 0], spot[i, 1], spot[i, 2], t[0], t[1], t[2])
    # node i < n is a corner, n the goal; a shortest line touches no corner twice, so each is closed once
    closed, before = np.zeros(n + 1, np.bool_), np.full(n + 1, -1, np.int32)
    heap_f, heap_i = np.empty(1024), np.empty(1024, np.int32)
    # from node (-1: start), to node, side of the obstacle there (1 left, -1 right); length so far
    arcs, arc_g = np.empty((1024, 3), np.int32), np.empty(1024)
    n_arc = n_heap = 0
    node, side, g = -1, 0, 0.0
    hx, hy, hz = s
    qx = qy = qz = ex = ey = ez = 0.0
    while True:
        # every corner that this line can reach as a tangent, and the goal
        for i in range(n + 1):
            if closed[i]:
                continue
            x, y, z = spot[i, 0], spot[i, 1], spot[i, 2]
            # turn towards the obstacle, and no further than along its far side
            if side != 0 and (
                side * (qx * x + qy * y + qz * z) < -EPS or side * (ex * x + ey * y + ez * z) > EPS
            ):
                continue
            nx, ny, nz = hy * z - hz * y, hz * x - hx * z, hx * y - hy * x
            a = nx * spot[i, 3] + ny * spot[i, 4] + nz * spot[i, 5]
            c = nx * spot[i, 6] + ny * spot[i, 7] + nz * spot[i, 8]
            if a <= EPS and c <= EPS and a + c <= 0.0:
                there = -1
            elif a >= -EPS and c >= -EPS:
                there = 1
            else:
                continue
            new_g = g + reduced_km(hx, hy, hz, x, y, z)  # dearer than the tests above, so it comes after them
            if new_g + to_go[i] > limit_km:
                continue
            if n_arc == len(arcs):
                arcs, arc_g = grown(arcs), grown(arc_g)
            if n_heap == len(heap_f):
                heap_f, heap_i = grown(heap_f), grown(heap_i)
            arcs[n_arc, 0], arcs[n_arc, 1], arcs[n_arc, 2], arc_g[n_arc] = node, i, there, new_g
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
            last, t_last = (s, t_s) if origin < 0 else (spot[origin, :3], ring[origin, 1])
            here = spot[node, :3]
            if sees(xyz, tri, nb, face, refused, t_last, last, here):
                closed[node], before[node] = True, origin
                side, g, found = arcs[e, 2], arc_g[e], True
        if not found:
            return math.inf, np.empty(0, np.int32)
        if node == n:
            break
        hx, hy, hz = here
        # normals: of the line on arrival, and of the border that the obstacle shows on departure
        lx, ly, lz = last
        qx, qy, qz = ly * hz - lz * hy, lz * hx - lx * hz, lx * hy - ly * hx
        k = 6 if side < 0 else 3
        lx, ly, lz = spot[node, k], spot[node, k + 1], spot[node, k + 2]
        ex, ey, ez = hy * lz - hz * ly, hz * lx - hx * lz, hx * ly - hy * lx
    count, i = 0, before[n]
    while i >= 0:
        count += 1
        i = before[i]
    path = np.empty(count, np.int32)
    i = before[n]
    while i >= 0:
        count -= 1
        path[count] = i
        i = before[i]
    return g, path
