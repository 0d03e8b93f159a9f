"""Random worlds for the route tests: jagged countries on a whole sphere, any number of seas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from overflight.route.meshsearch import MeshSearch
from overflight.route.permitted import RouteFinder
from overflight.world.airspace import Airspace, Coverage, Face
from overflight.world.mesh import Mesh
from triangulate import triangulate


@dataclass(frozen=True)
class ToyWorld:
    """Borders as edges: `xyz` (N, 3), `edges` (E, 2), `left` and `right` (E,) country or 0 for the sea."""

    xyz: NDArray[np.float64]
    edges: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    countries: int


def toy_world(
    seed: int, *, sites: int = 60, countries: int = 12, depth: int = 3, sea: float = 0.4, rough: float = 0.04
) -> ToyWorld:
    """Cluster a random triangulation into countries and roughen every border by midpoint displacement."""
    rng = np.random.default_rng(seed)
    k = np.arange(sites) + 0.5  # a Fibonacci lattice, shaken: no sliver triangles, so borders cannot cross
    z, turn = 1 - 2 * k / sites, np.pi * (1 + 5**0.5) * k
    p = np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], axis=1)
    p += rng.normal(size=p.shape) * 0.35 / np.sqrt(sites)
    p /= np.linalg.norm(p, axis=1)[:, None]
    tri = ConvexHull(p).simplices
    flip = np.einsum("ij,ij->i", p[tri[:, 0]], np.cross(p[tri[:, 1]], p[tri[:, 2]])) < 0
    tri[flip] = tri[flip][:, ::-1]
    middle = p[tri].mean(1)
    seeds = rng.choice(len(tri), countries, replace=False)
    label = 1 + np.argmax(middle @ middle[seeds].T, axis=1)
    label[rng.random(len(tri)) < sea] = 0
    side: dict[tuple[int, int], int] = {}
    for t, (a, b, c) in enumerate(tri):
        for u, v in ((a, b), (b, c), (c, a)):
            side[int(u), int(v)] = int(label[t])
    points = [tuple(q) for q in p]
    edges: list[tuple[int, int]] = []
    left: list[int] = []
    right: list[int] = []
    for (u, v), here in side.items():
        if u > v or here == side[v, u]:
            continue
        chain = [u, v]
        for level in range(depth):
            out = [chain[0]]
            for i, j in pairwise(chain):
                a, b = np.array(points[i]), np.array(points[j])
                m = a + b
                across = np.cross(a, b)
                m = m / np.linalg.norm(m) + across * rng.uniform(-rough, rough) * 0.7**level
                points.append(tuple(m / np.linalg.norm(m)))
                out += [len(points) - 1, j]
            chain = out
        edges += list(pairwise(chain))
        left += [here] * (len(chain) - 1)
        right += [side[v, u]] * (len(chain) - 1)
    used, index = np.unique(np.array(edges), return_inverse=True)
    return ToyWorld(
        np.array(points)[used],
        index.reshape(-1, 2).astype(np.int32),
        np.array(left, np.int32),
        np.array(right, np.int32),
        countries,
    )


def toy_finder(world: ToyWorld) -> RouteFinder:
    """Route finder over a toy world; country k is called "S" and two digits."""
    mesh, face, _ = triangulate(world.xyz, world.edges, world.left, world.right)
    faces = [Face(None, "", "high seas", "high seas", (), "toy")]
    faces += [
        Face(f"S{k:02}", f"S{k:02}", f"S{k:02}", "sovereign", (), "toy")
        for k in range(1, world.countries + 1)
    ]
    nothing = np.zeros(0, np.int32)
    empty = Coverage(np.zeros((0, 2)), np.zeros(0, np.uint8), nothing, nothing, nothing, nothing)
    level = MeshSearch(Mesh(mesh.xyz, mesh.triangles, mesh.neighbours, face))
    return RouteFinder(Airspace(tuple(faces), empty, empty, ()), lambda: level, level, level)


def lonlat(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees of (N, 3) unit vectors of reduced latitude."""
    lat = np.arctan2(xyz[:, 2], (1 - 1 / 298.257223563) * np.hypot(xyz[:, 0], xyz[:, 1]))
    return np.degrees(np.stack([np.arctan2(xyz[:, 1], xyz[:, 0]), lat], axis=1))
