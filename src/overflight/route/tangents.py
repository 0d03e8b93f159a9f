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
from overflight.route.meshwalk import F64, I32, det, locate, reduced_km

__all__ = ["border_sides", "corners", "way_round"]

Mask = NDArray[np.bool_]

#: corners stand this far (rad, 0.6 m) off the outline, so that "sees" is a strict test
STEP = 1e-7
#: tolerance of the tangent tests, generous: a needless candidate costs time, a lost one the answer
EPS = 3e-7


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
    s: F64,
    t: F64,
    limit_km: float,
) -> tuple[F64, I32]:
    """List the convex corners of the refusing outlines through which a line within the limit may pass.

    Returns
    -------
    point : (C, 3)
        A hand's breadth outside the corner.
    ring : (C, 4) int32
        Vertices before, at and after the corner, walking with the free side on the left; its triangle.
    """
    point, ring = np.empty((256, 3)), np.empty((256, 4), np.int32)
    n = 0
    for f in range(len(refused)):
        if not refused[f]:
            continue
        for e in side[start[f] : start[f + 1]]:
            first, k = e // 3, e % 3
            if refused[face[first]]:
                continue
            a, b = tri[first, k], tri[first, (k + 1) % 3]
            x, y, z = xyz[b]
            if reduced_km(s[0], s[1], s[2], x, y, z) + reduced_km(x, y, z, t[0], t[1], t[2]) > limit_km:
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
            point[n] = p / math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
            ring[n, 0], ring[n, 1], ring[n, 2] = a, b, c
            ring[n, 3] = locate(xyz, tri, nb, first, point[n, 0], point[n, 1], point[n, 2])
            if not refused[face[ring[n, 3]]]:
                n += 1
    return point[:n], ring[:n]


@compiled
def sees(xyz: F64, tri: I32, nb: I32, face: I32, refused: Mask, t: int, p: F64, q: F64) -> bool:
    """Whether the arc from `p`, in triangle `t`, to `q` meets no refused triangle."""
    for _ in range(len(tri)):
        moved = False
        for k in range(3):
            u, v = tri[t, k], tri[t, (k + 1) % 3]
            ux, uy, uz = xyz[u]
            vx, vy, vz = xyz[v]
            if (
                det(p[0], p[1], p[2], q[0], q[1], q[2], ux, uy, uz) < 0.0
                and det(p[0], p[1], p[2], q[0], q[1], q[2], vx, vy, vz) >= 0.0
                and det(ux, uy, uz, vx, vy, vz, q[0], q[1], q[2]) < 0.0
            ):
                t = nb[t, k]
                if refused[face[t]]:
                    return False
                moved = True
                break
        if not moved:
            return True
    return False


@compiled
def _turn(p: F64, q: F64, r: F64) -> float:
    """Triple product of three points: positive where r lies left of the line from p to q."""
    return det(p[0], p[1], p[2], q[0], q[1], q[2], r[0], r[1], r[2])


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
    to_go = np.empty(n)
    for i in range(n):
        to_go[i] = reduced_km(point[i, 0], point[i, 1], point[i, 2], t[0], t[1], t[2])
    # node 2 i + w: at corner i with the obstacle on the right (w = 0) or on the left (w = 1); 2 n is the goal
    closed, before = np.zeros(2 * n + 1, np.bool_), np.full(2 * n + 1, -1, np.int32)
    heap_f, heap_i = np.empty(1024), np.empty(1024, np.int32)
    arcs, arc_g = (
        np.empty((1024, 2), np.int32),
        np.empty(1024),
    )  # from node (-1: start), to node; length so far
    n_arc = n_heap = 0
    node, g = -1, 0.0
    here, last = s, s
    while True:
        # every corner that this line can reach as a tangent, and the goal
        for i in range(-1, n):
            to = t if i < 0 else point[i]
            if node >= 0:
                k = node // 2
                if i == k:
                    continue
                if node % 2 == 0:
                    if _turn(last, here, to) > EPS or _turn(here, xyz[ring[k, 2]], to) < -EPS:
                        continue
                elif _turn(last, here, to) < -EPS or _turn(here, xyz[ring[k, 0]], to) > EPS:
                    continue
            target = 2 * n
            if i >= 0:
                a, c = _turn(here, to, xyz[ring[i, 0]]), _turn(here, to, xyz[ring[i, 2]])
                if a <= EPS and c <= EPS and a + c <= 0.0:
                    target = 2 * i
                elif a >= -EPS and c >= -EPS:
                    target = 2 * i + 1
                else:
                    continue
            if closed[target]:
                continue
            new_g = g + reduced_km(here[0], here[1], here[2], to[0], to[1], to[2])
            f = new_g if i < 0 else new_g + to_go[i]
            if f > limit_km:
                continue
            if n_arc == len(arcs):
                arcs, arc_g = grown(arcs), grown(arc_g)
            if n_heap == len(heap_f):
                heap_f, heap_i = grown(heap_f), grown(heap_i)
            arcs[n_arc, 0], arcs[n_arc, 1], arc_g[n_arc] = node, target, new_g
            push(heap_f, heap_i, n_heap, f, n_arc)
            n_arc += 1
            n_heap += 1
        found = False
        while n_heap > 0 and not found:
            e = pop(heap_f, heap_i, n_heap)
            n_heap -= 1
            origin, target = arcs[e, 0], arcs[e, 1]
            if closed[target]:
                continue
            last, t_last = (s, t_s) if origin < 0 else (point[origin // 2], ring[origin // 2, 3])
            here = t if target == 2 * n else point[target // 2]
            if sees(xyz, tri, nb, face, refused, t_last, last, here):
                closed[target], before[target] = True, origin
                node, g, found = target, arc_g[e], True
        if not found:
            return math.inf, np.empty(0, np.int32)
        if node == 2 * n:
            break
    count, i = 0, before[2 * n]
    while i >= 0:
        count += 1
        i = before[i]
    path = np.empty(count, np.int32)
    i = before[2 * n]
    while i >= 0:
        count -= 1
        path[count] = i // 2
        i = before[i]
    return g, path
