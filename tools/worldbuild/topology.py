"""From edges with a face on each side to arcs, thinned without breaking the topology."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from overflight.world.airspace import unit_vectors
from overflight.world.airspace_codec import GRID_PER_DEGREE, Arcs

EARTH_KM = 6371.0088
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TURN = 360 * GRID_PER_DEGREE


def densified(edge: Ints, left: Ints, right: Ints, longest_km: float) -> tuple[Ints, Ints, Ints]:
    """Cut long edges along their straight line in the map, on which parallels run."""
    delta = edge[:, 1] - edge[:, 0]
    delta[:, 0] = (delta[:, 0] + TURN // 2) % TURN - TURN // 2
    scale = np.cos(np.radians(edge[:, :, 1].mean(axis=1) / GRID_PER_DEGREE))
    length = np.hypot(delta[:, 0] * scale, delta[:, 1]) / GRID_PER_DEGREE * 111.195
    parts = np.maximum(np.ceil(length / longest_km).astype(np.int64), 1)
    which = np.repeat(np.arange(len(edge)), parts)
    rank = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = rank / parts[which]
    after = (rank + 1) / parts[which]
    begin = edge[which, 0] + np.rint(delta[which] * share[:, None]).astype(np.int64)
    end = edge[which, 0] + np.rint(delta[which] * after[:, None]).astype(np.int64)
    cut = np.stack([begin, end], axis=1)
    cut[:, :, 0] = (cut[:, :, 0] + TURN // 2) % TURN - TURN // 2
    return cut, left[which], right[which]


def arcs_of(edge: Ints, left: Ints, right: Ints) -> Arcs:
    """Chain edges between nodes (vertices where more or fewer than two edges meet)."""
    point, number = np.unique(edge.reshape(-1, 2), axis=0, return_inverse=True)
    ends = number.reshape(-1, 2)
    degree = np.bincount(ends.ravel(), minlength=len(point))
    order = np.argsort(ends.ravel(), kind="stable")
    first = np.concatenate([[0], np.cumsum(degree)])
    sequence, start, seed = _walk(ends, degree, order, first)
    flip = ends[seed, 0] != sequence[start[:-1]]
    arc_left = np.where(flip, right[seed], left[seed])
    arc_right = np.where(flip, left[seed], right[seed])
    return Arcs(point, np.zeros(len(point), np.uint8), start, sequence, arc_left, arc_right)


@numba.njit(cache=False)
def _walk(ends, degree, order, first):  # type: ignore[no-untyped-def]
    count = len(ends)
    used = np.zeros(count, np.bool_)
    sequence = np.empty(2 * count + 1, np.int64)
    start = np.empty(count + 1, np.int64)
    seed = np.empty(count, np.int64)
    filled = 0
    arcs = 0
    for sweep in range(2):  # from true nodes first, then closed rings from their smallest vertex
        for vertex in range(len(degree)):
            if sweep == 0 and degree[vertex] == 2:
                continue
            for slot in range(first[vertex], first[vertex + 1]):
                edge = order[slot] // 2
                if used[edge]:
                    continue
                start[arcs] = filled
                seed[arcs] = edge
                arcs += 1
                sequence[filled] = vertex
                filled += 1
                at = vertex
                while True:
                    used[edge] = True
                    at = ends[edge, 1] if ends[edge, 0] == at else ends[edge, 0]
                    sequence[filled] = at
                    filled += 1
                    if degree[at] != 2 or at == vertex:
                        break
                    one = order[first[at]] // 2
                    edge = order[first[at] + 1] // 2 if one == edge else one
    start[arcs] = filled
    return sequence[:filled].copy(), start[: arcs + 1].copy(), seed[:arcs].copy()


@numba.njit(cache=False)
def _off_arc(point, begin, end):  # type: ignore[no-untyped-def]
    """Chord-like distance (unit sphere) of a point from the short arc begin–end."""
    nx = begin[1] * end[2] - begin[2] * end[1]
    ny = begin[2] * end[0] - begin[0] * end[2]
    nz = begin[0] * end[1] - begin[1] * end[0]
    norm = np.sqrt(nx * nx + ny * ny + nz * nz)
    to_begin = np.sqrt((point[0] - begin[0]) ** 2 + (point[1] - begin[1]) ** 2 + (point[2] - begin[2]) ** 2)
    to_end = np.sqrt((point[0] - end[0]) ** 2 + (point[1] - end[1]) ** 2 + (point[2] - end[2]) ** 2)
    if norm < 1e-15:
        return min(to_begin, to_end)
    # Beside the arc only if the foot of the perpendicular lies between its ends.
    dx, dy, dz = end[0] - begin[0], end[1] - begin[1], end[2] - begin[2]
    along = (point[0] - begin[0]) * dx + (point[1] - begin[1]) * dy + (point[2] - begin[2]) * dz
    if along <= 0.0:
        return to_begin
    if along >= dx * dx + dy * dy + dz * dz:
        return to_end
    return abs(point[0] * nx + point[1] * ny + point[2] * nz) / norm


@numba.njit(cache=False)
def _split(vector, sequence, begin, end, tolerance, longest, keep):  # type: ignore[no-untyped-def]
    """Douglas-Peucker between two kept places; `tolerance` (S,) is each vertex's own."""
    stack = np.empty((4096, 2), np.int64)
    stack[0, 0], stack[0, 1] = begin, end
    top = 1
    while top > 0:
        top -= 1
        i, j = stack[top, 0], stack[top, 1]
        if j - i < 2:
            continue
        a, b = vector[sequence[i]], vector[sequence[j]]
        far, best = -1, -1.0
        for k in range(i + 1, j):
            d = _off_arc(vector[sequence[k]], a, b) / tolerance[k]
            if d > best:
                far, best = k, d
        length = np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
        if best > 1.0:
            split = far
        elif length > longest:
            split = (i + j) // 2
        else:
            continue
        keep[split] = True
        stack[top, 0], stack[top, 1] = i, split
        stack[top + 1, 0], stack[top + 1, 1] = split, j
        top += 2


@numba.njit(cache=False)
def _thin(vector, sequence, start, tolerance, longest, keep):  # type: ignore[no-untyped-def]
    """Douglas-Peucker per arc; `keep` (S,) is set where a vertex must stay."""
    stack = np.empty((3, 2), np.int64)
    for arc in range(len(start) - 1):
        begin, end = start[arc], start[arc + 1] - 1
        keep[begin] = keep[end] = True
        top = 0
        if sequence[begin] == sequence[end]:
            # A ring: its farthest vertex and the one farthest from that chord always stay.
            far, best = begin + 1, -1.0
            for i in range(begin + 1, end):
                d = 0.0
                for k in range(3):
                    d += (vector[sequence[i], k] - vector[sequence[begin], k]) ** 2
                if d > best:
                    far, best = i, d
            keep[far] = True
            third, best = -1, -1.0
            for i in range(begin + 1, end):
                if i != far:
                    d = _off_arc(vector[sequence[i]], vector[sequence[begin]], vector[sequence[far]])
                    if d > best:
                        third, best = i, d
            if third >= 0:
                keep[third] = True
            a, b = min(far, third), max(far, third)
            for pair in ((begin, a), (a, b), (b, end)):
                stack[top, 0], stack[top, 1] = pair[0], pair[1]
                top += 1
        else:
            stack[0, 0], stack[0, 1] = begin, end
            top = 1
        for n in range(top):
            _split(vector, sequence, stack[n, 0], stack[n, 1], tolerance, longest, keep)


class Boxes:
    """Edges as boxes in the map, looked up across the seam as well."""

    def __init__(self, vector: Floats, lonlat: Floats, a: Ints, b: Ints) -> None:
        self.vector, self.lonlat, self.a, self.b = vector, lonlat, a, b
        west, east = lonlat[a, 0], lonlat[b, 0].copy()
        east = np.where(east - west > 180, east - 360, np.where(west - east > 180, east + 360, east))
        span = np.hypot(east - west, lonlat[b, 1] - lonlat[a, 1])
        grow = 1e-6 + 0.02 * span  # an arc bulges from the straight line in the map
        low_x, high_x = np.minimum(west, east) - grow, np.maximum(west, east) + grow
        low_y = np.minimum(lonlat[a, 1], lonlat[b, 1]) - grow
        high_y = np.maximum(lonlat[a, 1], lonlat[b, 1]) + grow
        number = np.arange(len(a))
        over_west, over_east = number[low_x < -180], number[high_x > 180]
        self.index = np.concatenate([number, over_west, over_east])
        shift = np.zeros(len(self.index))
        shift[len(a) : len(a) + len(over_west)] = 360.0
        shift[len(a) + len(over_west) :] = -360.0
        k = self.index
        self.box = shapely.box(low_x[k] + shift, low_y[k], high_x[k] + shift, high_y[k])
        self.tree = shapely.STRtree(self.box)

    def crossing(self, suspect: NDArray[np.bool_]) -> Ints:
        """Numbers of the edges that cross, or lie on, another, among pairs with a suspect edge."""
        asked = np.flatnonzero(suspect[self.index])
        i, j = self.tree.query(self.box[asked])
        i, j = self.index[asked[i]], self.index[j]
        i, j = i[i != j], j[i != j]
        a, b, vector = self.a, self.b, self.vector
        same = ((a[i] == a[j]) & (b[i] == b[j])) | ((a[i] == b[j]) & (b[i] == a[j]))
        touching = (a[i] == a[j]) | (a[i] == b[j]) | (b[i] == a[j]) | (b[i] == b[j])
        far = ~touching
        crosses = np.zeros(len(i), bool)
        p, q, r, t = vector[a[i[far]]], vector[b[i[far]]], vector[a[j[far]]], vector[b[j[far]]]
        n1, n2 = np.cross(p, q), np.cross(r, t)
        crosses[far] = (_dot(n1, r) * _dot(n1, t) <= 0) & (_dot(n2, p) * _dot(n2, q) <= 0)
        bulge = (_dot(p - q, p - q) + _dot(r - t, r - t)) / 8  # how far an arc leaves the box of its ends
        crosses[far] &= _overlap(p, q, r, t, bulge[:, None])
        # In the flat map as well, for those who draw it: straight edges there must not meet either.
        flat = far & (np.abs(self.lonlat[a[i], 0] - self.lonlat[b[i], 0]) < 180)
        flat &= np.abs(self.lonlat[a[j], 0] - self.lonlat[b[j], 0]) < 180
        grid = np.rint(self.lonlat * GRID_PER_DEGREE)
        p, q, r, t = grid[a[i[flat]]], grid[b[i[flat]]], grid[a[j[flat]]], grid[b[j[flat]]]
        meets = (_side(p, q, r) * _side(p, q, t) <= 0) & (_side(r, t, p) * _side(r, t, q) <= 0)
        crosses[flat] |= meets & _overlap(p, q, r, t, np.zeros((len(p), 1)))
        # Edges with a common end that run along each other.
        common = np.flatnonzero(touching & ~same)
        x, y = i[common], j[common]
        hub = np.where((a[x] == a[y]) | (a[x] == b[y]), a[x], b[x])
        one, two = np.where(a[x] == hub, b[x], a[x]), np.where(a[y] == hub, b[y], a[y])
        away, also = vector[one] - vector[hub], vector[two] - vector[hub]
        sine = np.linalg.norm(np.cross(away, also), axis=1)
        sine /= np.linalg.norm(away, axis=1) * np.linalg.norm(also, axis=1)
        crosses[common] = (_dot(away, also) > 0) & (sine < 1e-7)
        bad = same | crosses
        return np.unique(np.concatenate([i[bad], j[bad]]))


def _overlap(p: Floats, q: Floats, r: Floats, t: Floats, slack: Floats) -> NDArray[np.bool_]:
    """Whether the boxes of edges pq and rt overlap: edges in one line need not meet."""
    low = np.maximum(np.minimum(p, q), np.minimum(r, t))
    high = np.minimum(np.maximum(p, q), np.maximum(r, t))
    return np.asarray((low <= high + slack).all(axis=1))


def _side(p: Floats, q: Floats, r: Floats) -> Floats:
    return np.sign((q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (r[:, 0] - p[:, 0]))


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", a, b))


@numba.njit(cache=False)
def _restore(vector, sequence, begin, end, tolerance, longest, keep):  # type: ignore[no-untyped-def]
    """Keep the farthest dropped vertex of each stretch and thin its halves; returns how many there were."""
    restored = 0
    for n in range(len(begin)):
        far, best = -1, -1.0
        for k in range(begin[n] + 1, end[n]):
            d = _off_arc(vector[sequence[k]], vector[sequence[begin[n]]], vector[sequence[end[n]]])
            if d > best:
                far, best = k, d
        if far >= 0:
            keep[far] = True
            restored += 1
            _split(vector, sequence, begin[n], far, tolerance, longest, keep)
            _split(vector, sequence, far, end[n], tolerance, longest, keep)
    return restored


def enclosing(lonlat: Floats, sequence: Ints, begin: Ints, end: Ints) -> Ints:
    """Numbers of the edges between which and the vertices they replace another kept vertex lies.

    Such a vertex, of a small exclave say, would change sides.
    """
    number = np.flatnonzero(end - begin > 1)
    count = end[number] - begin[number] + 2
    ring = np.repeat(np.arange(len(number)), count)
    rank = np.arange(len(ring)) - np.repeat(np.cumsum(count) - count, count)
    place = begin[number][ring] + np.where(rank < count[ring] - 1, rank, 0)
    points = lonlat[sequence[place]]
    origin = lonlat[sequence[begin[number]], 0][ring]
    points = np.column_stack([(points[:, 0] - origin + 180) % 360 - 180 + origin, points[:, 1]])
    areas = shapely.polygons(shapely.linearrings(points, indices=ring))
    kept = np.unique(sequence[np.concatenate([begin, end])])
    spot, inside = shapely.STRtree(shapely.points(lonlat[kept])).query(areas, predicate="contains_properly")
    own = (kept[inside] == sequence[begin[number[spot]]]) | (kept[inside] == sequence[end[number[spot]]])
    return np.unique(number[spot[~own]])


def thinned(arcs: Arcs, tolerance_km: float | Floats, longest_km: float) -> NDArray[np.bool_]:
    """Which places of `arcs.sequence` stay, so that no two edges cross.

    Where thinning makes edges cross, the vertex farthest from each of them is put back, until none cross.
    """
    lonlat = arcs.vertex / GRID_PER_DEGREE
    vector = unit_vectors(lonlat)
    tolerance = np.broadcast_to(np.asarray(tolerance_km) / EARTH_KM, len(arcs.vertex))[arcs.sequence]
    longest = longest_km / EARTH_KM
    keep = np.zeros(len(arcs.sequence), bool)
    _thin(vector, arcs.sequence, arcs.start, tolerance, longest, keep)
    arc = np.repeat(np.arange(len(arcs.start) - 1), np.diff(arcs.start))
    changed = keep.copy()
    while True:
        place = np.flatnonzero(keep)
        begin, end = place[:-1], place[1:]
        inner = arc[begin] == arc[end]
        begin, end = begin[inner], end[inner]
        boxes = Boxes(vector, lonlat, arcs.sequence[begin], arcs.sequence[end])
        bad = boxes.crossing(changed[begin] | changed[end])
        if not len(bad):
            bad = enclosing(lonlat, arcs.sequence, begin, end)
        if not len(bad):
            return keep
        before = keep.copy()
        if not _restore(vector, arcs.sequence, begin[bad], end[bad], tolerance, longest, keep):
            at = lonlat[arcs.sequence[begin[bad]]].tolist()
            raise RuntimeError(f"{len(bad)} edges cross although nothing is left out there: {at}")
        changed = keep & ~before


def subset(arcs: Arcs, keep: NDArray[np.bool_]) -> Arcs:
    """The arcs with only the kept places, vertices numbered as the codec wants them."""
    sequence = arcs.sequence[keep]
    count = np.add.reduceat(keep.astype(np.int64), arcs.start[:-1])
    start = np.concatenate([[0], np.cumsum(count)])
    first, last = sequence[start[:-1]], sequence[start[1:] - 1]
    order = np.lexsort([arcs.right, arcs.left, last, first])
    pieces = [sequence[start[k] : start[k + 1]] for k in order]
    node = np.unique(np.concatenate([first, last]))
    inner = np.concatenate([piece[1:-1] for piece in pieces])
    old = np.concatenate([node, inner])
    new = np.full(len(arcs.vertex), -1, np.int64)
    new[old] = np.arange(len(old))
    return Arcs(
        arcs.vertex[old],
        arcs.level[old],
        np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]),
        new[np.concatenate(pieces)],
        arcs.left[order],
        arcs.right[order],
    )


@dataclass(frozen=True)
class Levels:
    """A coverage before and after thinning: `source` arcs, `keep` their kept places, `fine` the result."""

    source: Arcs
    keep: NDArray[np.bool_]
    fine: Arcs


def two_levels(
    edge: Ints,
    left: Ints,
    right: Ints,
    fine_km: float,
    coarse_km: float,
    narrows: tuple[shapely.Geometry, float] | None = None,
) -> Levels:
    """Arcs thinned to `fine_km`, with the vertices of a `coarse_km` outline marked.

    `narrows` is a region with a tolerance of its own, km.
    """
    source = arcs_of(*densified(edge, left, right, 3.0))
    tolerance = np.full(len(source.vertex), fine_km)
    if narrows is not None:
        shapely.prepare(narrows[0])
        lonlat = source.vertex / GRID_PER_DEGREE
        tolerance[shapely.contains_xy(narrows[0], lonlat[:, 0], lonlat[:, 1])] = narrows[1]
    kept = thinned(source, tolerance, 24.0)
    fine = subset(source, kept)
    keep = thinned(fine, coarse_km, 100.0)
    level = np.ones(len(fine.vertex), np.uint8)
    level[fine.sequence[keep]] = 0
    return Levels(source, kept, Arcs(fine.vertex, level, fine.start, fine.sequence, fine.left, fine.right))
