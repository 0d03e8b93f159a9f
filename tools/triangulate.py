"""Constrained triangulation of the whole sphere, for the route mesh.

The Delaunay triangulation of points on a sphere is their convex hull (scipy's Qhull); border edges that
the hull lacks are put in by edge flips (S. W. Sloan, "A fast algorithm for generating constrained Delaunay
triangulations", Computers & Structures 47, 1993), here with orientation tests on the sphere. No point is
added, so every mesh vertex is a border vertex.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from overflight.world.mesh import link

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


class CrossingBordersError(ValueError):
    """Border edges that cross or overlap others; `edges` is (B, 2) vertex indices."""

    def __init__(self, edges: I32) -> None:
        self.edges = edges
        super().__init__(f"{len(edges)} border edges cross or overlap others")


@dataclass(frozen=True)
class Triangulation:
    """Triangles over the sphere, counter-clockwise seen from outside.

    Attributes
    ----------
    xyz : (N, 3) unit vectors
    triangles : (T, 3) vertex indices
    neighbours : (T, 3) triangle across the edge from vertex k to vertex k + 1
    """

    xyz: F64
    triangles: I32
    neighbours: I32


@njit(cache=True)
def _det(a, b, c):
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1])
        + a[1] * (b[2] * c[0] - b[0] * c[2])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
    )


@njit(cache=True)
def _slot(row, value):
    for k in range(3):
        if row[k] == value:
            return k
    return -1


@njit(cache=True)
def _flip(tri, nb, anchor, t, k):
    """Replace the edge from vertex k to k + 1 of `t` by the other diagonal of the two triangles."""
    u, v, x = tri[t, k], tri[t, (k + 1) % 3], tri[t, (k + 2) % 3]
    s = nb[t, k]
    j = _slot(nb[s], t)
    if tri[s, j] != v:  # two triangles that share two edges: take the right one
        for i in range(3):
            if tri[s, i] == v and tri[s, (i + 1) % 3] == u:
                j = i
    y = tri[s, (j + 2) % 3]
    n_vx, n_xu = nb[t, (k + 1) % 3], nb[t, (k + 2) % 3]
    n_uy, n_yv = nb[s, (j + 1) % 3], nb[s, (j + 2) % 3]
    # t becomes x, u, y and s becomes y, v, x
    tri[t, 0], tri[t, 1], tri[t, 2] = x, u, y
    nb[t, 0], nb[t, 1], nb[t, 2] = n_xu, n_uy, s
    tri[s, 0], tri[s, 1], tri[s, 2] = y, v, x
    nb[s, 0], nb[s, 1], nb[s, 2] = n_yv, n_vx, t
    for i in range(3):
        if nb[n_uy, i] == s and tri[n_uy, i] == y and tri[n_uy, (i + 1) % 3] == u:
            nb[n_uy, i] = t
        if nb[n_vx, i] == t and tri[n_vx, i] == x and tri[n_vx, (i + 1) % 3] == v:
            nb[n_vx, i] = s
    anchor[x], anchor[u], anchor[y], anchor[v] = t, t, t, s


@njit(cache=True)
def _has_edge(tri, nb, anchor, a, b):
    """Triangle and slot of the directed edge a -> b, or (-1, -1)."""
    t = anchor[a]
    start = t
    while True:
        k = _slot(tri[t], a)
        if tri[t, (k + 1) % 3] == b:
            return t, k
        t = nb[t, (k + 2) % 3]
        if t == start:
            return -1, -1


@njit(cache=True)
def _insert(xyz, tri, nb, anchor, a, b, queue):
    """Put the edge a-b into the triangulation by flips. Returns 0, or -1 where that cannot be."""
    pa, pb = xyz[a], xyz[b]
    t = anchor[a]
    start = t
    first = -1
    while True:  # the triangle at a whose far edge the segment crosses
        k = _slot(tri[t], a)
        u, v = tri[t, (k + 1) % 3], tri[t, (k + 2) % 3]
        du, dv = _det(pa, pb, xyz[u]), _det(pa, pb, xyz[v])
        ahead = xyz[u, 0] * pb[0] + xyz[u, 1] * pb[1] + xyz[u, 2] * pb[2] > 0.0
        if ahead and du < 0.0 and dv > 0.0 and _det(xyz[u], xyz[v], pb) < 0.0:
            first = k
            break
        t = nb[t, (k + 2) % 3]
        if t == start:
            break
    if first < 0:
        return -1
    n = 0
    k = (first + 1) % 3
    while True:  # collect the crossed edges
        u, v = tri[t, k], tri[t, (k + 1) % 3]
        if n >= len(queue):
            return -1
        queue[n, 0], queue[n, 1] = u, v
        n += 1
        s = nb[t, k]
        j = -1
        for i in range(3):
            if tri[s, i] == v and tri[s, (i + 1) % 3] == u:
                j = i
        w = tri[s, (j + 2) % 3]
        if w == b:
            break
        d = _det(pa, pb, xyz[w])
        if d == 0.0:  # a border that runs exactly through another's vertex
            return -1
        # s has edges v->u (entered), u->w, w->v; u is right (negative), v is left (positive)
        k = (j + 2) % 3 if d < 0.0 else (j + 1) % 3
        t = s
    head, guard = 0, 0
    limit = 200 * (n + 10)
    size = len(queue)
    while n > 0:
        guard += 1
        if guard > limit:
            return -1
        u, v = queue[head % size, 0], queue[head % size, 1]
        head += 1
        n -= 1
        t, k = _has_edge(tri, nb, anchor, u, v)
        if t < 0:
            return -1
        x = tri[t, (k + 2) % 3]
        s = nb[t, k]
        y = -1
        for i in range(3):
            if tri[s, i] == v and tri[s, (i + 1) % 3] == u:
                y = tri[s, (i + 2) % 3]
        # strictly convex: both ends of the new diagonal see it between u and v
        if _det(xyz[x], xyz[u], xyz[y]) > 0.0 and _det(xyz[y], xyz[v], xyz[x]) > 0.0:
            _flip(tri, nb, anchor, t, k)
            if x != a and x != b and y != a and y != b:
                dx, dy = _det(pa, pb, xyz[x]), _det(pa, pb, xyz[y])
                if (dx < 0.0) != (dy < 0.0):
                    p, q = (x, y) if dx < 0.0 else (y, x)
                    queue[(head + n) % size, 0], queue[(head + n) % size, 1] = p, q
                    n += 1
        else:
            queue[(head + n) % size, 0], queue[(head + n) % size, 1] = u, v
            n += 1
    return 0


@njit(cache=True)
def _insert_all(xyz, tri, nb, anchor, edges, failed):
    queue = np.empty((200000, 2), np.int32)
    bad = 0
    for e in range(len(edges)):
        a, b = edges[e, 0], edges[e, 1]
        t, _ = _has_edge(tri, nb, anchor, a, b)
        if t >= 0:
            continue
        if _insert(xyz, tri, nb, anchor, a, b, queue) != 0:
            failed[bad] = e
            bad += 1
    return bad


@njit(cache=True)
def _label(tri, nb, forced, left):
    """Flood the face labels from the border edges over all triangles."""
    t_count = len(tri)
    face = np.full(t_count, -1, np.int32)
    stack = np.empty(t_count, np.int32)
    n = 0
    for t in range(t_count):
        for k in range(3):
            if forced[t, k]:
                if face[t] >= 0 and face[t] != left[t, k]:
                    return face, t
                if face[t] < 0:
                    face[t] = left[t, k]
                    stack[n] = t
                    n += 1
    while n > 0:
        n -= 1
        t = stack[n]
        for k in range(3):
            s = nb[t, k]
            if not forced[t, k]:
                if face[s] < 0:
                    face[s] = face[t]
                    stack[n] = s
                    n += 1
                elif face[s] != face[t]:
                    return face, s
    return face, -1


@njit(cache=True)
def _mark_edges(tri, nb, anchor, edges, left, right, forced, label, lost):
    bad = 0
    for e in range(len(edges)):
        a, b = edges[e, 0], edges[e, 1]
        t, k = _has_edge(tri, nb, anchor, a, b)
        s, j = _has_edge(tri, nb, anchor, b, a)
        if t < 0 or s < 0:
            lost[bad] = e
            bad += 1
            continue
        forced[t, k], forced[s, j] = True, True
        label[t, k], label[s, j] = left[e], right[e]
    return bad


def triangulate(xyz: F64, edges: I32, left: I32, right: I32) -> tuple[Triangulation, I32]:
    """Triangulate the sphere so that every border edge is an edge of some triangle.

    Parameters
    ----------
    xyz : (N, 3) unit vectors, all different
    edges : (E, 2) vertex pairs that must be edges; they may meet only at their ends
    left, right : (E,) face on either side of each edge

    Returns
    -------
    Triangulation, and (T,) the face of every triangle

    Raises
    ------
    ValueError
        Points that coincide, edges that cross, or labels that contradict each other.
    """
    hull = ConvexHull(xyz, qhull_options="Qt")
    tri = hull.simplices.astype(np.int32)
    a, b, c = xyz[tri[:, 0]], xyz[tri[:, 1]], xyz[tri[:, 2]]
    flip = np.einsum("ij,ij->i", a, np.cross(b, c)) < 0
    tri[flip] = tri[flip][:, ::-1]
    absent = np.setdiff1d(np.arange(len(xyz)), np.unique(tri))
    if len(absent):
        raise ValueError(f"{len(absent)} points are not on the hull (they coincide), first {absent[:5]}")
    order = np.lexsort((tri.max(1), tri.sum(1), tri.min(1)))
    tri = np.ascontiguousarray(tri[order])
    nb = link(tri, len(xyz))
    anchor = np.empty(len(xyz), np.int32)
    anchor[tri.ravel()] = np.repeat(np.arange(len(tri), dtype=np.int32), 3)
    edges = np.ascontiguousarray(edges, np.int32)
    failed = np.empty(len(edges), np.int32)
    bad = _insert_all(xyz, tri, nb, anchor, edges, failed)
    if bad:
        raise CrossingBordersError(edges[failed[:bad]])
    forced = np.zeros(tri.shape, np.bool_)
    label = np.zeros(tri.shape, np.int32)
    bad = _mark_edges(
        tri, nb, anchor, edges, left.astype(np.int32), right.astype(np.int32), forced, label, failed
    )
    if bad:
        raise CrossingBordersError(edges[failed[:bad]])
    face, wrong = _label(tri, nb, forced, label)
    if wrong >= 0:
        raise ValueError(f"two faces meet without a border at triangle {tri[wrong]}")
    return Triangulation(xyz, tri, nb), face
