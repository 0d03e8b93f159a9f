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
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull

from overflight.world.mesh import link

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


class CrossingBordersError(ValueError):
    """Border edges that cross or overlap others; `edges` is (B, 2) vertex indices."""

    def __init__(self, edges: I32) -> None:
        self.edges = edges
        super().__init__(f"{len(edges)} border edges cross or overlap others")


class MisplacedBordersError(ValueError):
    """Borders that lie in another face than they say; `edges` is (B, 2) vertex indices."""

    def __init__(self, edges: I32) -> None:
        self.edges = edges
        super().__init__(f"{len(edges)} border edges lie in another face than they say")


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


def triangulate(
    xyz: F64, edges: I32, left: I32, right: I32, tiny_km2: float = 0.0
) -> tuple[Triangulation, I32, I32]:
    """Triangulate the sphere so that every border edge is an edge of some triangle.

    Parameters
    ----------
    xyz : (N, 3) unit vectors, all different
    edges : (E, 2) vertex pairs that must be edges; they may meet only at their ends
    left, right : (E,) face on either side of each edge
    tiny_km2 : area up to which a region may lie in another face than its border says

    Returns
    -------
    Triangulation; (T,) the face of every triangle; the triangles of tiny regions that were in doubt

    Raises
    ------
    ValueError
        Points that coincide, edges that cross, or borders in the wrong face.
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
    faces, doubtful = _faces(xyz, tri, nb, forced, label, tiny_km2)
    return Triangulation(xyz, tri, nb), faces, doubtful


def _faces(
    xyz: F64, tri: I32, nb: I32, forced: NDArray[np.bool_], label: I32, tiny_km2: float
) -> tuple[I32, I32]:
    """Face of each triangle, as most border edges around its region say, and the regions that were in doubt.

    Simplified borders may leave a loop of some hundred metres on the wrong side of another border. Such a
    region gets the face that surrounds it; a larger one is an error.
    """
    t, k = np.nonzero(~forced)
    joined = coo_matrix((np.ones(len(t), np.int8), (t, nb[t, k])), shape=(len(tri), len(tri)))
    count, region = connected_components(joined, directed=False)
    t, k = np.nonzero(forced)
    said, times = np.unique(np.stack([region[t], label[t, k]], axis=1), axis=0, return_counts=True)
    order = np.argsort(times, kind="stable")  # the commonest label of a region is written last
    face = np.zeros(count, np.int32)
    face[said[order, 0]] = said[order, 1]
    corner = xyz[tri]
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1) / 2
    area_km2 = np.bincount(region, area, minlength=count) * 6371.0**2
    wrong = face[region[t]] != label[t, k]
    here, there = region[t[wrong]], region[nb[t[wrong], k[wrong]]]
    smaller = np.where(area_km2[here] < area_km2[there], here, there)
    bad = area_km2[smaller] > tiny_km2
    if bad.any():
        t, k = t[wrong][bad], k[wrong][bad]
        raise MisplacedBordersError(np.stack([tri[t, k], tri[t, (k + 1) % 3]], axis=1))
    doubtful = np.unique(smaller)
    return np.asarray(face[region], np.int32), np.flatnonzero(np.isin(region, doubtful)).astype(np.int32)
