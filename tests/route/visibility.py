"""An oracle for shortest permitted routes, written apart from the code under test.

A visibility graph over all outline vertices of the refusing countries, by brute force. Every vertex stands a
hand's breadth (1e-7 rad) inside each of its free sectors, so that "sees" is a strict crossing test and a line
cannot slip through the point where two refusing countries touch. Lengths are exact geodesics.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray
from toyworld import ToyWorld, lonlat

F64 = NDArray[np.float64]
STEP = 1e-7


def geodesic_km(a: F64, b: F64) -> float:
    """Exact length between two points given as unit vectors of reduced latitude."""
    (lon1, lat1), (lon2, lat2) = lonlat(np.array([a, b]))
    return float(Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"]) / 1000


def _free_points(world: ToyWorld, edges: NDArray[np.int32], free_left: NDArray[np.bool_]) -> F64:
    """One point in every free sector of every outline vertex."""
    out = []
    for v in np.unique(edges):
        here = world.xyz[v]
        east = np.cross([0.0, 0.0, 1.0], here)
        east /= np.linalg.norm(east)
        north = np.cross(here, east)
        spokes = []
        for e in np.flatnonzero((edges == v).any(axis=1)):
            outward = edges[e, 0] == v
            to = world.xyz[edges[e, 1] if outward else edges[e, 0]]
            angle = math.atan2(to @ north, to @ east)
            spokes.append((angle, bool(free_left[e]) if outward else not free_left[e]))
        spokes.sort()
        for (angle, free_after), (following, _) in zip(spokes, spokes[1:] + spokes[:1], strict=True):
            if free_after:  # the sector counter-clockwise of this spoke
                width = (following - angle) % (2 * math.pi) or 2 * math.pi
                middle = angle + width / 2
                p = here + STEP * (math.cos(middle) * east + math.sin(middle) * north)
                out.append(p / np.linalg.norm(p))
    return np.array(out).reshape(-1, 3)


def _seen(p: F64, targets: F64, a: F64, b: F64, normal: F64) -> NDArray[np.bool_]:
    """Which minor arcs from p to the targets cross none of the edges a-b."""
    n = np.cross(p, targets)
    side_a, side_b = n @ a.T, n @ b.T
    from_p, from_q = normal @ p, targets @ normal.T
    apart = (side_a * side_b < 0) & (from_p * from_q < 0)
    # both great circles meet twice: the meeting points must be on the same side of the earth
    meet = np.cross(n[:, None, :], normal[None, :, :])
    meet *= np.sign(np.einsum("tek,ek->te", meet, a + b))[:, :, None]
    apart &= np.einsum("tek,tk->te", meet, targets + p) > 0
    return ~apart.any(axis=1)


def shortest_km(world: ToyWorld, refused: set[int], start: F64, goal: F64) -> float:
    """Length of the shortest line from `start` to `goal` outside the refused countries; infinite if none."""
    shut = np.zeros(world.countries + 1, np.bool_)
    shut[list(refused)] = True
    keep = shut[world.left] != shut[world.right]
    edges = world.edges[keep]
    nodes = np.vstack([start, goal, _free_points(world, edges, ~shut[world.left[keep]])])
    a, b = world.xyz[edges[:, 0]], world.xyz[edges[:, 1]]
    normal = np.cross(a, b)
    best, done = np.full(len(nodes), np.inf), np.zeros(len(nodes), np.bool_)
    best[0] = 0.0
    queue = [(0.0, 0)]
    while queue:
        d, i = heapq.heappop(queue)
        if i == 1:
            return d
        if done[i]:
            continue
        done[i] = True
        others = np.flatnonzero(~done)
        for j in others[_seen(nodes[i], nodes[others], a, b, normal)]:
            total = d + geodesic_km(nodes[i], nodes[j])
            if total < best[j]:
                best[j] = total
                heapq.heappush(queue, (total, int(j)))
    return math.inf
