"""Any-angle search over a triangulated sphere, on the metric of the WGS-84 ellipsoid.

The method is Polyanya (M. Cui, D. Harabor, A. Grastien, "Compromise-free pathfinding on a navigation
mesh", IJCAI 2017), carried over from the plane to the ellipsoid: a search node is the part of one mesh edge
that can be seen from the last bend, and A* orders the nodes by the shortest line through them. Points are
unit vectors of reduced latitude (see :mod:`overflight.route.meshwalk`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from overflight.route.heap import grown, pop, push
from overflight.route.kernels import compiled, reduced_km
from overflight.route.meshwalk import F64, I32, det

__all__ = ["search"]

Mask = NDArray[np.bool_]

#: a triple product below this is "on the ray": a nanometre on the ground
EPS = 1e-16


@compiled
def _shut(face: I32, refused: Mask, zone: I32, stamp: int, t: int) -> bool:
    return bool(refused[face[t]] or (stamp > 0 and zone[t] != stamp))


@compiled
def _corner(tri: I32, nb: I32, face: I32, refused: Mask, zone: I32, stamp: int, t: int, v: int) -> bool:
    """Whether some triangle around vertex `v` of `t` is shut, so that a shortest line may bend there."""
    s = t
    while True:
        if _shut(face, refused, zone, stamp, s):
            return True
        k = 0 if tri[s, 0] == v else (1 if tri[s, 1] == v else 2)
        s = nb[s, k]
        if s == t:
            return False


@compiled
def _estimate(
    rx: float, ry: float, rz: float, lx: float, ly: float, lz: float, qx: float, qy: float, qz: float,
    ux: float, uy: float, uz: float, vx: float, vy: float, vz: float, tx: float, ty: float, tz: float,
) -> float:  # fmt: skip
    """Length of the shortest line root - interval [l, q] on the edge u-v - target, in km."""
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    side = nx * tx + ny * ty + nz * tz
    mx, my, mz = tx, ty, tz
    if side < 0.0:  # the target lies on the root's side: reflect it in the plane of the edge
        c = 2.0 * side / (nx * nx + ny * ny + nz * nz)
        mx, my, mz = tx - c * nx, ty - c * ny, tz - c * nz
    left = det(rx, ry, rz, lx, ly, lz, mx, my, mz)
    right = det(rx, ry, rz, qx, qy, qz, mx, my, mz)
    if left <= 0.0 and right >= 0.0:
        if side >= 0.0:
            return reduced_km(rx, ry, rz, tx, ty, tz)
        # the point of the edge on the straight line to the reflected target
        du = det(rx, ry, rz, mx, my, mz, lx, ly, lz)
        dv = det(rx, ry, rz, mx, my, mz, qx, qy, qz)
        w = du - dv
        f = 0.5 if abs(w) < 1e-30 else du / w
        f = min(1.0, max(0.0, f))
        cx, cy, cz = lx + f * (qx - lx), ly + f * (qy - ly), lz + f * (qz - lz)
        c = 1.0 / math.sqrt(cx * cx + cy * cy + cz * cz)
        cx, cy, cz = c * cx, c * cy, c * cz
        return reduced_km(rx, ry, rz, cx, cy, cz) + reduced_km(cx, cy, cz, tx, ty, tz)
    best = math.inf
    if left > 0.0:
        best = reduced_km(rx, ry, rz, lx, ly, lz) + reduced_km(lx, ly, lz, tx, ty, tz)
    if right < 0.0:
        best = min(best, reduced_km(rx, ry, rz, qx, qy, qz) + reduced_km(qx, qy, qz, tx, ty, tz))
    return best


@compiled
def _slot(row: I32, v: int) -> int:
    return 0 if row[0] == v else (1 if row[1] == v else 2)


@compiled
def _cut(out: F64, p: F64, q: F64, at_p: float, at_q: float) -> None:
    """Put into `out` the point of the edge p-q where a linear function falls from `at_p` to zero."""
    f = 1.0 if at_p == at_q else min(1.0, max(0.0, at_p / (at_p - at_q)))
    x, y, z = p[0] + f * (q[0] - p[0]), p[1] + f * (q[1] - p[1]), p[2] + f * (q[2] - p[2])
    c = 1.0 / math.sqrt(x * x + y * y + z * z)
    out[0], out[1], out[2] = c * x, c * y, c * z


@compiled
def _put(
    refs: I32, ends: F64, n: int, t: int, slot: int, l_id: int, r_id: int, root: int, left: F64, right: F64
) -> int:
    """Write candidate `n`: the interval left-right of edge `slot` of triangle `t`, seen from `root`."""
    refs[n, 0], refs[n, 1], refs[n, 2], refs[n, 3], refs[n, 4] = t, slot, l_id, r_id, root
    ends[n, 0], ends[n, 1], ends[n, 2] = left[0], left[1], left[2]
    ends[n, 3], ends[n, 4], ends[n, 5] = right[0], right[1], right[2]
    return n + 1


@compiled
def _finish(root: F64, ends: F64, l_id: int, r_id: int, touching: bool, goal: F64) -> tuple[float, int]:
    """Length from the root through the interval to the goal, and the vertex of a last bend (-1: none)."""
    rx, ry, rz, g = root
    lx, ly, lz, qx, qy, qz = ends
    gx, gy, gz = goal
    left = 0.0 if touching else det(rx, ry, rz, lx, ly, lz, gx, gy, gz)
    right = 0.0 if touching else det(rx, ry, rz, qx, qy, qz, gx, gy, gz)
    if left <= 0.0 and right >= 0.0:
        return g + reduced_km(rx, ry, rz, gx, gy, gz), -1
    if left > 0.0 and l_id >= 0:
        return g + reduced_km(rx, ry, rz, lx, ly, lz) + reduced_km(lx, ly, lz, gx, gy, gz), l_id
    if right < 0.0 and r_id >= 0:
        return g + reduced_km(rx, ry, rz, qx, qy, qz) + reduced_km(qx, qy, qz, gx, gy, gz), r_id
    return math.inf, -1


@compiled
def _late(xyz: F64, best: F64, root: F64, ends: F64, u: int, v: int) -> bool:
    """Whether every point of an interval on the edge u-v is reached sooner by way of u or of v.

    A line through x of the interval is no shorter than ``g + (|rl| + |rq| - |lq|) / 2``; another line to x
    runs to u in ``best[u]`` and on along the edge.
    """
    rx, ry, rz, g = root
    lx, ly, lz, qx, qy, qz = ends
    least = g + 0.5 * (
        reduced_km(rx, ry, rz, lx, ly, lz)
        + reduced_km(rx, ry, rz, qx, qy, qz)
        - reduced_km(lx, ly, lz, qx, qy, qz)
    )
    for w in (u, v):
        if best[w] < least:
            x, y, z = xyz[w]
            along = max(reduced_km(x, y, z, lx, ly, lz), reduced_km(x, y, z, qx, qy, qz))
            if best[w] + along + 1e-9 < least:
                return True
    return False


@compiled
def search(
    xyz: F64,
    tri: I32,
    nb: I32,
    face: I32,
    refused: Mask,
    zone: I32,
    stamp: int,
    pinch: Mask,
    best_g: F64,
    start: F64,
    t_start: int,
    goal: F64,
    t_goal: int,
    limit_km: float,
) -> tuple[float, I32, int]:
    """Shortest line from `start` to `goal` that stays in the triangles that are open.

    Parameters
    ----------
    xyz : (N, 3) float64
        Mesh vertices, unit vectors of reduced latitude.
    tri, nb : (T, 3) int32
        Triangles, counter-clockwise, and the neighbour across the edge from vertex k to k + 1.
    face : (T,) int32
        Airspace of each triangle.
    refused : (F,) bool
        Airspaces that are shut.
    zone, stamp : (T,) int32, int
        With `stamp` > 0 only the triangles with ``zone == stamp`` are open.
    pinch : (N,) bool
        Vertices where a line that arrives on one side may not leave on the other.
    best_g : (N,) float64
        Work space, all infinite on entry, and again on return: shortest known way to each vertex.
    start, goal : (3,) float64
        End points; `t_start`, `t_goal` their triangles.
    limit_km : float
        Longest line of interest.

    Returns
    -------
    km : float
        Length, infinite when there is none within the limit.
    bends : (B,) int32
        Vertices where the line bends, from start to goal.
    expanded : int
        Nodes taken from the queue.
    """
    if t_start == t_goal:
        return reduced_km(start[0], start[1], start[2], goal[0], goal[1], goal[2]), np.empty(0, np.int32), 0
    gx, gy, gz = goal
    # search nodes: triangle, entry slot, left vertex, right vertex, root; left and right end of the interval
    refs, ends = np.empty((4096, 5), np.int32), np.empty((4096, 6))
    heap_f, heap_i = np.empty(4096), np.empty(4096, np.int32)
    # roots, the bends so far: position and length; vertex (-1: the start) and the root before
    roots, links = np.empty((256, 4)), np.empty((256, 2), np.int32)
    roots[0, 0], roots[0, 1], roots[0, 2], roots[0, 3] = start[0], start[1], start[2], 0.0
    links[0, 0], links[0, 1] = -1, -1
    reached, n_reached = np.empty(4096, np.int32), 0  # vertices that `best_g` knows
    n_node, n_heap, n_root, expanded = 0, 0, 1, 0
    best, best_root, f_node = math.inf, -1, 0.0
    # candidates of one expansion, and where the two outer rays leave the triangle
    c_ref, c_end = np.empty((6, 5), np.int32), np.empty((6, 6))
    h_l, h_r = np.empty(3), np.empty(3)
    n = 0
    for k in range(3):  # the first step: out of the start triangle by all three edges
        s, u, v = nb[t_start, k], tri[t_start, k], tri[t_start, (k + 1) % 3]
        n = _put(c_ref, c_end, n, s, _slot(tri[s], v), v, u, 0, xyz[v], xyz[u])
        if not pinch[u]:
            best_g[u] = reduced_km(start[0], start[1], start[2], xyz[u, 0], xyz[u, 1], xyz[u, 2])
            reached[n_reached] = u
            n_reached += 1
    while True:
        for i in range(n):  # queue what may lead to a shorter line
            s, j, l_id, r_id, root = c_ref[i]
            if _shut(face, refused, zone, stamp, s):
                continue
            lx, ly, lz, qx, qy, qz = c_end[i]
            if (lx - qx) ** 2 + (ly - qy) ** 2 + (lz - qz) ** 2 < 1e-26:
                continue
            rx, ry, rz, g = roots[root]
            u, v = tri[s, j], tri[s, (j + 1) % 3]
            touching = links[root, 0] == u or links[root, 0] == v
            if not touching and det(rx, ry, rz, qx, qy, qz, lx, ly, lz) < 0.0:
                continue  # past the antipode of the root the rays have crossed
            f = g + _estimate(
                rx, ry, rz, lx, ly, lz, qx, qy, qz,
                xyz[u, 0], xyz[u, 1], xyz[u, 2], xyz[v, 0], xyz[v, 1], xyz[v, 2], gx, gy, gz,
            )  # fmt: skip
            f = max(f, f_node)
            if f > limit_km or f >= best:
                continue
            if n_node >= len(ends):
                ends, refs = grown(ends), grown(refs)
            if n_heap >= len(heap_f):
                heap_f, heap_i = grown(heap_f), grown(heap_i)
            ends[n_node] = c_end[i]
            refs[n_node] = c_ref[i]
            push(heap_f, heap_i, n_heap, f, n_node)
            n_node += 1
            n_heap += 1
        node = -1
        while n_heap > 0 and heap_f[0] < best:
            f_node = heap_f[0]
            node = pop(heap_f, heap_i, n_heap)
            n_heap -= 1
            t, slot, root = refs[node, 0], refs[node, 1], refs[node, 4]
            v = links[root, 0]
            if (v < 0 or roots[root, 3] <= best_g[v] + 1e-9) and not _late(
                xyz, best_g, roots[root], ends[node], tri[t, slot], tri[t, (slot + 1) % 3]
            ):
                break
            node = -1  # another line is here sooner
        if node < 0:
            break
        expanded += 1
        n = 0
        t, slot, l_id, r_id, root = refs[node]
        rx, ry, rz, g = roots[root]
        lx, ly, lz, qx, qy, qz = ends[node]
        # the line enters by the edge a-b; p is the vertex opposite; exits are a-p (left) and p-b (right)
        a, b, p = tri[t, slot], tri[t, (slot + 1) % 3], tri[t, (slot + 2) % 3]
        touching = links[root, 0] == a or links[root, 0] == b
        if n_root + 3 >= len(roots):
            roots, links = grown(roots), grown(links)
        if t == t_goal:
            total, last = _finish(roots[root], ends[node], l_id, r_id, touching, goal)
            if total < best and total <= limit_km:
                best, best_root = total, root
                if last >= 0:
                    links[n_root, 0], links[n_root, 1] = last, root
                    best_root = n_root
                    n_root += 1
        s_l, s_r = nb[t, (slot + 2) % 3], nb[t, (slot + 1) % 3]
        j_l, j_r = _slot(tri[s_l], a), _slot(tri[s_r], p)
        dl = det(rx, ry, rz, lx, ly, lz, xyz[p, 0], xyz[p, 1], xyz[p, 2])
        dr = det(rx, ry, rz, qx, qy, qz, xyz[p, 0], xyz[p, 1], xyz[p, 2])
        past_l, past_r = dl > EPS, dr < -EPS  # p lies left of the left ray, right of the right ray
        if (touching or not (past_l or past_r)) and not pinch[p]:
            if math.isinf(best_g[p]):
                if n_reached >= len(reached):
                    reached = grown(reached)
                reached[n_reached] = p
                n_reached += 1
            best_g[p] = min(best_g[p], g + reduced_km(rx, ry, rz, xyz[p, 0], xyz[p, 1], xyz[p, 2]))
        if touching:  # the root is a corner of this triangle and sees all of it
            n = _put(c_ref, c_end, n, s_l, j_l, a, p, root, xyz[a], xyz[p])
            n = _put(c_ref, c_end, n, s_r, j_r, p, b, root, xyz[p], xyz[b])
            continue
        if l_id == a and not past_l:
            h_l[:] = xyz[a]
        else:
            v = b if past_l else a
            _cut(h_l, xyz[p], xyz[v], dl, det(rx, ry, rz, lx, ly, lz, xyz[v, 0], xyz[v, 1], xyz[v, 2]))
        if r_id == b and not past_r:
            h_r[:] = xyz[b]
        else:
            v = a if past_r else b
            _cut(h_r, xyz[p], xyz[v], dr, det(rx, ry, rz, qx, qy, qz, xyz[v, 0], xyz[v, 1], xyz[v, 2]))
        if not past_l:  # the part of a-p that the root sees
            v = a if l_id == a else -1
            if past_r:
                n = _put(c_ref, c_end, n, s_l, j_l, v, -1, root, h_l, h_r)
            else:
                n = _put(c_ref, c_end, n, s_l, j_l, v, p, root, h_l, xyz[p])
        if not past_r:  # the part of p-b that the root sees
            v = b if r_id == b else -1
            if past_l:
                n = _put(c_ref, c_end, n, s_r, j_r, -1, v, root, h_l, h_r)
            else:
                n = _put(c_ref, c_end, n, s_r, j_r, p, v, root, xyz[p], h_r)
        # beyond the left ray by a bend at a, beyond the right ray by a bend at b
        for v in (a, b):
            if not ((past_l and l_id == v) if v == a else (past_r and r_id == v)):
                continue
            new_g = g + reduced_km(rx, ry, rz, xyz[v, 0], xyz[v, 1], xyz[v, 2])
            if new_g > best_g[v] + 1e-9 or not _corner(tri, nb, face, refused, zone, stamp, t, v):
                continue
            roots[n_root, 0], roots[n_root, 1], roots[n_root, 2] = xyz[v]
            roots[n_root, 3] = new_g
            links[n_root, 0], links[n_root, 1] = v, root
            if v == a:
                n = _put(c_ref, c_end, n, s_l, j_l, a, p, n_root, xyz[a], xyz[p])
                n = _put(c_ref, c_end, n, s_r, j_r, p, -1, n_root, xyz[p], h_l)
            else:
                n = _put(c_ref, c_end, n, s_l, j_l, -1, p, n_root, h_r, xyz[p])
                n = _put(c_ref, c_end, n, s_r, j_r, p, b, n_root, xyz[p], xyz[b])
            n_root += 1
    for i in range(n_reached):
        best_g[reached[i]] = math.inf
    count, i = 0, best_root
    while i > 0:
        count += 1
        i = links[i, 1]
    bends = np.empty(count, np.int32)
    i = best_root
    while i > 0:
        count -= 1
        bends[count] = links[i, 0]
        i = links[i, 1]
    return best, bends, expanded
