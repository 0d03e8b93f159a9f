"""An independent judge of crossings: geographiclib for the line, shapely for the faces, and nothing of ours.

A face is rebuilt from its arcs as plane rings, each in a gnomonic projection of geocentric directions around
its own middle. There every plane through the centre of the earth is a straight line, so the rings are exact
as long as each is smaller than a hemisphere.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

from overflight.world.airspace import Coverage

WGS84 = Geodesic.WGS84


def directions(lonlat: np.ndarray) -> np.ndarray:
    """Geocentric unit vectors by way of earth-centred coordinates in metres."""
    lon, lat = np.radians(np.asarray(lonlat, float)).T
    normal = WGS84.a / np.sqrt(1 - WGS84.f * (2 - WGS84.f) * np.sin(lat) ** 2)
    xyz = np.stack(
        [
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - WGS84.f * (2 - WGS84.f)) * np.sin(lat),
        ],
        axis=1,
    )
    return xyz / np.linalg.norm(xyz, axis=1, keepdims=True)


class Judge:
    """Which face of a coverage holds a point, by plane geometry."""

    def __init__(self, coverage: Coverage) -> None:
        vectors = directions(coverage.lonlat)
        arcs = defaultdict(list)
        for i, (left, right) in enumerate(zip(coverage.arc_left, coverage.arc_right, strict=True)):
            ids = coverage.arc_vertex[coverage.arc_start[i] : coverage.arc_start[i + 1]]
            if left != right:
                arcs[int(left)].append(ids)
                arcs[int(right)].append(ids)
        self.rings = []
        middles, reaches = [], []
        for face in sorted(arcs):
            if face == 0:
                continue
            for line in _rings(arcs[face]):
                ring = vectors[line]
                low, high = ring.min(axis=0), ring.max(axis=0)
                middle = (low + high) / np.linalg.norm(low + high)
                reach = (ring @ middle).min()
                if reach < 0.05:
                    raise ValueError(f"a ring of face {face} is too large to be judged in one projection")
                east = np.cross([0.0, 0.0, 1.0] if abs(middle[2]) < 0.9 else [1.0, 0.0, 0.0], middle)
                east /= np.linalg.norm(east)
                frame = np.stack([east, np.cross(middle, east), middle])
                flat = ring @ frame.T
                polygon = shapely.Polygon(flat[:, :2] / flat[:, 2:])
                shapely.prepare(polygon)
                self.rings.append((face, frame, polygon))
                middles.append(middle)
                reaches.append(reach)
        self.middles, self.reaches = np.array(middles).reshape(-1, 3), np.array(reaches)

    def __call__(self, lonlat: np.ndarray) -> np.ndarray:
        """Face of each point, shape (N, 2) degrees."""
        points = directions(np.asarray(lonlat, float).reshape(-1, 2))
        # Even-odd: within a hole a point is within two rings of a face, on an island in it within three.
        odd: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(len(points), dtype=bool))
        close = points @ self.middles.T > np.minimum(self.reaches, 0.999999999) - 1e-9
        for k in np.flatnonzero(close.any(axis=0)):
            face, frame, polygon = self.rings[k]
            near = np.flatnonzero(close[:, k])
            flat = points[near] @ frame.T
            xy = flat[:, :2] / flat[:, 2:]
            odd[face][near] ^= shapely.contains_xy(polygon, xy[:, 0], xy[:, 1])
        out = np.zeros(len(points), dtype=int)
        for face, inside in odd.items():
            out[inside] = face
        return out


def _rings(chains: list[np.ndarray]) -> list[np.ndarray]:
    """Join chains of vertices into closed rings, whichever way each runs."""
    ends = defaultdict(list)
    rings, open_chains = [], {}
    for k, ids in enumerate(chains):
        if ids[0] == ids[-1]:
            rings.append(ids)
        else:
            open_chains[k] = ids
            ends[ids[0]].append(k)
            ends[ids[-1]].append(k)
    while open_chains:
        k, ids = next(iter(open_chains.items()))
        del open_chains[k]
        ring = list(ids)
        while ring[0] != ring[-1]:
            follow = next(c for c in ends[ring[-1]] if c in open_chains)
            ids = open_chains.pop(follow)
            ring.extend(ids[1:] if ids[0] == ring[-1] else ids[::-1][1:])
        rings.append(np.array(ring))
    return rings


class Walk:
    """Positions along a polyline by geographiclib."""

    def __init__(self, line: list) -> None:
        self.legs = [WGS84.InverseLine(a[1], a[0], b[1], b[0]) for a, b in pairwise(line)]
        self.flown = np.concatenate([[0.0], np.cumsum([leg.s13 / 1000 for leg in self.legs])])

    @property
    def km(self) -> float:
        return float(self.flown[-1])

    def at(self, km: float, aside_m: float = 0.0) -> tuple[float, float]:
        """Longitude and latitude, a few metres to the right of the line if wanted."""
        leg = int(np.clip(np.searchsorted(self.flown, km, side="right") - 1, 0, len(self.legs) - 1))
        p = self.legs[leg].Position((km - self.flown[leg]) * 1000)
        if aside_m:
            p = WGS84.Direct(p["lat2"], p["lon2"], p["azi2"] + 90, aside_m)
        return p["lon2"], p["lat2"]


def disagreements(
    line: list, entry_km: np.ndarray, exit_km: np.ndarray, face: np.ndarray, judge: Judge, step_km: float
) -> list[str]:
    """Where the stretches of a line differ from what dense sampling finds; nothing when they agree.

    Sampled every `step_km`, and 100 m inside both ends of every stretch. A sample agrees when the judge finds
    the same face within 100 m along the line and 5 m aside of it.
    """
    walk = Walk(line)
    faults = []
    if abs(entry_km[0]) > 1e-9 or abs(exit_km[-1] - walk.km) > 1e-6 or (entry_km[1:] != exit_km[:-1]).any():
        faults.append("gaps")
    inside = [np.clip([a + 0.1, (a + b) / 2, b - 0.1], a, b) for a, b in zip(entry_km, exit_km, strict=True)]
    samples = np.unique(np.concatenate([np.arange(0, walk.km, step_km), *inside, [walk.km]]))
    found = judge(np.array([walk.at(km) for km in samples]))
    given = face[np.clip(np.searchsorted(entry_km, samples, side="right") - 1, 0, len(face) - 1)]
    for i in np.flatnonzero(found != given):
        km = samples[i]
        around = [
            (float(np.clip(km + along, 0, walk.km)), aside)
            for along in (-0.1, -0.05, -0.02, -0.005, -0.001, 0, 0.001, 0.005, 0.02, 0.05, 0.1)
            for aside in (-5.0, 0.0, 5.0)
        ]
        if given[i] not in judge(np.array([walk.at(*a) for a in around])):
            faults.append(f"{km:.3f} km: face {given[i]}, judged {found[i]}")
    return faults
