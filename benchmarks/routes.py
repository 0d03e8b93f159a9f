"""How fast shortest permitted routes are found, beside two peers in the same run.

    python benchmarks/routes.py [--pairs 1000] [--grid 10] [--planar 10] [--seed 1]

Random pairs over the whole world, 1 to 30 random refusing states. Peers: A* over an H3 grid (resolution 4,
cells whose middle lies in refusing airspace are closed), and PyPI's extremitypathfinder, an exact planar
visibility graph, on the same coarse outlines in an azimuthal projection. The planar peer prepares for minutes
on large outlines, so it gets the cases with the fewest corners; its ratio is for those.
"""

from __future__ import annotations

import argparse
import heapq
import math
import os
import platform
import sys
import time
from importlib.metadata import version

import h3
import numpy as np
import shapely
from extremitypathfinder import PolygonEnvironment
from numpy.typing import NDArray

from overflight.route.geodesy import distance_km
from overflight.route.permitted import PermittedRoute, RouteFinder, finder
from overflight.world.mesh import reduced_vectors

F64 = NDArray[np.float64]
Case = tuple[F64, set[str]]


def cases(routes: RouteFinder, count: int, seed: int) -> list[Case]:
    """Random pairs of points (2, 2) in degrees with the states that refuse; ends never lie in those."""
    rng = np.random.default_rng(seed)
    states, out = sorted(routes.states), []
    for _ in range(count):
        xyz = rng.normal(size=(2, 3))
        lat = np.degrees(np.arcsin(xyz[:, 2] / np.linalg.norm(xyz, axis=1)))
        ends = np.stack([np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0])), lat], axis=1)
        refuse = {states[k] for k in rng.choice(len(states), rng.integers(1, 31), replace=False)}
        out.append((ends, refuse - {routes.state_at(p) for p in ends}))
    return out


def over_grid(routes: RouteFinder, case: Case, resolution: int = 4) -> float | None:
    """A* over H3 cells: length along cell middles, None when there is no way."""
    ends, refuse = case
    start, goal = (h3.latlng_to_cell(lat, lon, resolution) for lon, lat in ends)
    middle: dict[str, F64] = {}

    def at(cell: str) -> F64:
        if cell not in middle:
            lat, lon = h3.cell_to_latlng(cell)
            middle[cell] = np.array([lon, lat])
        return middle[cell]

    def km(a: str, b: str) -> float:
        return float(h3.great_circle_distance(h3.cell_to_latlng(a), h3.cell_to_latlng(b), unit="km"))

    best, done, queue = {start: 0.0}, set(), [(km(start, goal), start)]
    while queue:
        _, cell = heapq.heappop(queue)
        if cell == goal:
            return best[cell]
        if cell in done:
            continue
        done.add(cell)
        for beside in h3.grid_ring(cell, 1):
            if beside in done or (beside != goal and routes.state_at(at(beside)) in refuse):
                continue
            total = best[cell] + km(cell, beside)
            if total < best.get(beside, math.inf):
                best[beside] = total
                heapq.heappush(queue, (total + km(beside, goal), beside))
    return None


def outlines(routes: RouteFinder, case: Case) -> list[F64]:
    """Coarse outlines of the refusing states, km, in an azimuthal projection about the middle of the pair."""
    ends, refuse = case
    mesh = routes.coarse.mesh
    p = reduced_vectors(ends)
    up = p.sum(axis=0) / np.linalg.norm(p.sum(axis=0))
    east = np.cross([0, 0, 1], up)
    east /= np.linalg.norm(east)
    north = np.cross(up, east)

    def flat(xyz: F64) -> F64:
        angle = np.arccos(np.clip(xyz @ up, -1, 1))[:, None]
        across = np.stack([xyz @ east, xyz @ north], axis=1)
        size = np.linalg.norm(across, axis=1)[:, None]
        return np.asarray(6371 * angle * across / np.where(size > 0, size, 1))

    shut = np.array([state in refuse for state in routes.face_state])[mesh.face]
    near = (mesh.xyz[mesh.triangles] @ up).min(axis=1) > math.cos(1.6)
    xy = flat(mesh.xyz)
    union = shapely.union_all(shapely.polygons(xy[mesh.triangles[shut & near]]))
    parts = [shapely.get_exterior_ring(q) for q in shapely.get_parts(union)]
    rings = [shapely.get_coordinates(ring)[:-1] for ring in parts if ring is not None]
    return [flat(p), *rings]


def planar(rings: list[F64]) -> float | None:
    """The planar peer: prepare and search, length in km of the projection."""
    ends, holes = rings[0], rings[1:]
    environment = PolygonEnvironment()
    far = 14000.0
    box = [(-far, -far), (far, -far), (far, far), (-far, far)]
    environment.store(box, [[tuple(q) for q in ring[::-1]] for ring in holes], validate=False)
    environment.prepare()
    _, length = environment.find_shortest_path(tuple(ends[0]), tuple(ends[1]))
    return length


def timed(function: object, *arguments: object) -> tuple[float, object]:
    """Seconds and result of a call."""
    begun = time.perf_counter()
    result = function(*arguments)  # type: ignore[operator]
    return time.perf_counter() - begun, result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--grid", type=int, default=10)
    parser.add_argument("--planar", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    versions = [f"{name} {version(name)}" for name in ("numpy", "numba", "h3", "extremitypathfinder")]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},",
        *versions,
    )
    routes = finder()
    todo = cases(routes, options.pairs, options.seed)
    for ends, refuse in todo[:20]:
        routes.shortest(*ends, refuse)
    seconds, found = [], []
    for ends, refuse in todo:
        s, route = timed(routes.shortest, *ends, refuse)
        seconds.append(s)
        found.append(route)
    ms = 1000 * np.array(seconds)
    bent = np.array([isinstance(r, PermittedRoute) and len(r.line) > 2 for r in found])
    print(f"ours, {len(todo)} cases, {bent.sum()} bent, {sum(r is None for r in found)} closed: "
          f"median {np.median(ms):.2f} ms, 95 % {np.percentile(ms, 95):.1f}, "
          f"99 % {np.percentile(ms, 99):.1f}, longest {ms.max():.1f}; "
          f"bent routes alone: median {np.median(ms[bent]):.1f} ms")  # fmt: skip
    picked = np.flatnonzero(bent)[: options.grid]
    peer = [timed(over_grid, routes, todo[k]) for k in picked]
    ratio = np.array([s / seconds[k] for k, (s, _) in zip(picked, peer, strict=True)])
    longer = [
        100 * (float(km) / found[k].km - 1)  # type: ignore[arg-type, union-attr]
        for k, (_, km) in zip(picked, peer, strict=True)
        if km is not None
    ]
    print(f"A* over H3 resolution 4, {len(picked)} bent cases: "
          f"median {np.median([s for s, _ in peer]):.1f} s, "
          f"{np.median(ratio):.0f} times as long as ours; its routes are {np.median(longer):.1f} % longer "
          f"(largest {max(longer):.1f} %), {sum(km is None for _, km in peer)} not found")  # fmt: skip
    rings = {int(k): outlines(routes, todo[k]) for k in np.flatnonzero(bent)[: 8 * options.planar]}
    fewest = sorted(rings, key=lambda k: sum(map(len, rings[k])))[: options.planar]
    ratios, corners = [], []
    for k in fewest:
        try:
            s, _ = timed(planar, rings[k])
        except Exception as error:  # the peer gives up on touching outlines
            print(f"  extremitypathfinder failed on a case: {type(error).__name__}", file=sys.stderr)
            continue
        ratios.append(s / seconds[k])
        corners.append(sum(map(len, rings[k][1:])))
    if ratios:
        print(f"extremitypathfinder, the {len(ratios)} bent cases with the fewest corners "
              f"(median {np.median(corners):.0f}): {np.median(ratios):.0f} times as long")  # fmt: skip
    straight = float(np.median([distance_km(*ends) for ends, _ in todo]))
    print(f"median great circle of the cases: {straight:.0f} km")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
