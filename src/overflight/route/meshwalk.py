"""Moving about on a triangulated sphere: where a point lies, and which triangles lie under an arc.

Points are unit vectors of *reduced* latitude, ``(x/a, y/a, z/b)`` of the point on the ellipsoid. This map
keeps planes through the earth's centre, so a mesh edge is an arc of a great circle and every test is the sign
of a triple product; and it is the form in which Lambert's distance needs no trigonometry but one arc tangent.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from overflight.route.heap import grown
from overflight.route.kernels import compiled

__all__ = [
    "det",
    "locate",
    "onward",
    "pieces",
    "pinches",
    "reachable",
    "step_in",
    "tube",
    "walk",
]

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


@compiled
def det(
    ax: float, ay: float, az: float, bx: float, by: float, bz: float, cx: float, cy: float, cz: float
) -> float:
    """Triple product: positive where c lies left of the line from a to b."""
    return ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)


@compiled
def locate(xyz: F64, tri: I32, nb: I32, start: int, px: float, py: float, pz: float) -> int:
    """Walk from triangle `start` to the one that holds the point. -1 when none is met."""
    t, last, turn = start, -1, 0
    for step in range(4 * len(tri) + 100):
        moved = False
        for i in range(3):
            k = (i + turn) % 3
            s = nb[t, k]
            if s == last:
                continue
            u, v = tri[t, k], tri[t, (k + 1) % 3]
            if det(xyz[u, 0], xyz[u, 1], xyz[u, 2], xyz[v, 0], xyz[v, 1], xyz[v, 2], px, py, pz) < 0.0:
                last, t, moved = t, s, True
                break
        if not moved:
            return t
        turn = (turn + step) % 3  # a walk that always tries the same edge first can circle
    return -1


@compiled
def onward(xyz: F64, tri: I32, nb: I32, t: int, p: F64, q: F64) -> int:
    """Triangle that the arc p-q enters when it leaves `t`; `t` where it ends in it, -1 where it misses it.

    A vertex that lies exactly on the arc counts as left of it, so every passage is taken once.
    """
    ends_here = True
    for k in range(3):
        u, v = tri[t, k], tri[t, (k + 1) % 3]
        ux, uy, uz = xyz[u]
        vx, vy, vz = xyz[v]
        beyond = det(ux, uy, uz, vx, vy, vz, q[0], q[1], q[2])
        if (
            beyond < 0.0
            and det(p[0], p[1], p[2], q[0], q[1], q[2], ux, uy, uz) < 0.0
            and det(p[0], p[1], p[2], q[0], q[1], q[2], vx, vy, vz) >= 0.0
        ):
            return int(nb[t, k])
        ends_here = ends_here and beyond > -1e-15
    return t if ends_here else -1


@compiled
def step_in(xyz: F64, tri: I32, nb: I32, t: int, p: F64, q: F64, attempt: int) -> int:
    """Triangle under the arc p-q a little on from `p`: a point on an edge may stand a hair outside `t`."""
    f = 1e-10 * 4.0**attempt
    x, y, z = p[0] + f * (q[0] - p[0]), p[1] + f * (q[1] - p[1]), p[2] + f * (q[2] - p[2])
    c = 1.0 / math.sqrt(x * x + y * y + z * z)
    return int(locate(xyz, tri, nb, t, c * x, c * y, c * z))


@compiled
def walk(xyz: F64, tri: I32, nb: I32, start: int, p: F64, q: F64) -> I32:
    """List the triangles under the arc from `p`, which lies in triangle `start`, to `q`, in order."""
    out = np.empty(64, np.int32)
    out[0] = start
    n, t, attempt = 1, start, 0
    while True:
        s = onward(xyz, tri, nb, t, p, q)
        if s == t or attempt > 12:
            return out[:n]
        if s < 0:
            s = step_in(xyz, tri, nb, start, p, q, attempt)
            attempt += 1
            n = 1
        t = s
        if n == len(out):
            out = grown(out)
        out[n] = t
        n += 1


@compiled
def pieces(tri: I32, nb: I32, face: I32) -> tuple[I32, int]:
    """Number the connected pieces of equal face, (T,), and say how many there are."""
    out = np.full(len(tri), -1, np.int32)
    stack = np.empty(len(tri), np.int32)
    count = 0
    for first in range(len(tri)):
        if out[first] >= 0:
            continue
        out[first] = count
        stack[0] = first
        n = 1
        while n > 0:
            n -= 1
            t = stack[n]
            for k in range(3):
                s = nb[t, k]
                if out[s] < 0 and face[s] == face[t]:
                    out[s] = count
                    stack[n] = s
                    n += 1
        count += 1
    return out, count


@compiled
def pinches(tri: I32, nb: I32, face: I32, count: int) -> NDArray[np.bool_]:
    """Mark the vertices, (N,), where four or more borders meet.

    Two refusing states may touch there and leave two ways past that do not join.
    """
    borders = np.zeros(count, np.int8)
    for t in range(len(tri)):
        for k in range(3):
            if face[nb[t, k]] != face[t]:  # each border edge is met once at either end, going out
                borders[tri[t, k]] = min(100, borders[tri[t, k]] + 1)
    return borders > 3


@compiled
def reachable(start: I32, to: I32, shut: NDArray[np.bool_], first: int) -> NDArray[np.bool_]:
    """Mark the pieces, (P,), that can be reached from piece `first` through pieces that are not shut."""
    seen = np.zeros(len(shut), np.bool_)
    stack = np.empty(len(shut), np.int32)
    stack[0], n = first, 1
    seen[first] = True
    while n > 0:
        n -= 1
        i = stack[n]
        for j in to[start[i] : start[i + 1]]:
            if not seen[j] and not shut[j]:
                seen[j] = True
                stack[n] = j
                n += 1
    return seen


@compiled
def _along(p: F64, q: F64, u: F64, v: F64, width: float) -> bool:
    """Whether the arc u-v comes within `width` rad of the arc p-q; generous at the ends."""
    nx, ny, nz = p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]
    size = math.sqrt(nx * nx + ny * ny + nz * nz)
    if size < 1e-12:
        return bool(min(((u - p) ** 2).sum(), ((v - p) ** 2).sum()) < width * width)
    side_u = (nx * u[0] + ny * u[1] + nz * u[2]) / size
    side_v = (nx * v[0] + ny * v[1] + nz * v[2]) / size
    if side_u * side_v > 0.0 and min(abs(side_u), abs(side_v)) > width:
        return False
    c = p[0] * q[0] + p[1] * q[1] + p[2] * q[2]
    for e in range(2):  # both ends of u-v before p, or both beyond q
        a, b = (p, q) if e == 0 else (q, p)
        tx, ty, tz = (b[0] - c * a[0]) / size, (b[1] - c * a[1]) / size, (b[2] - c * a[2]) / size
        if max(tx * u[0] + ty * u[1] + tz * u[2], tx * v[0] + ty * v[1] + tz * v[2]) < -width:
            return False
    return True


@compiled
def tube(xyz: F64, tri: I32, nb: I32, zone: I32, stamp: int, path: F64, start: int, width: float) -> None:
    """Stamp the triangles within `width` rad of a path, (K, 3), that begins in triangle `start`."""
    stack, leg = np.empty(1024, np.int32), np.empty(1024, np.int32)
    n, t = 0, start
    for i in range(len(path) - 1):
        under = walk(xyz, tri, nb, t, path[i], path[i + 1])
        t = under[-1]
        for s in under:
            if zone[s] != stamp:
                zone[s] = stamp
                if n == len(stack):
                    stack, leg = grown(stack), grown(leg)
                stack[n], leg[n] = s, i
                n += 1
    while n > 0:
        n -= 1
        t, i = stack[n], leg[n]
        for k in range(3):
            s = nb[t, k]
            if zone[s] == stamp:
                continue
            u, v = xyz[tri[t, k]], xyz[tri[t, (k + 1) % 3]]
            for j in range(max(0, i - 1), min(len(path) - 1, i + 2)):
                if _along(path[j], path[j + 1], u, v, width):
                    zone[s] = stamp
                    if n == len(stack):
                        stack, leg = grown(stack), grown(leg)
                    stack[n], leg[n] = s, j
                    n += 1
                    break
