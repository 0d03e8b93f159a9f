"""Small invented worlds for the tests: rings on the sphere become a `Coverage` with shared borders.

Every ring is densified along great ellipses, keeps its interior on the left, and may hold other rings. Where
two rings run along the same corners the border is stored once, with both neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from overflight.world.airspace import Airspace, Coverage, Face, Regime, unit_vectors

Ring = Sequence[tuple[float, float]]


def _step(a: tuple[float, float], b: tuple[float, float], max_km: float) -> list[tuple[float, float]]:
    """Corners from a (included) to b (left out) along the great ellipse, the same from either end."""
    forward = a <= b
    u, v = unit_vectors([a if forward else b])[0], unit_vectors([b if forward else a])[0]
    angle = float(np.arccos(np.clip(u @ v, -1, 1)))
    n = max(1, int(np.ceil(angle * 6371 / max_km)))
    inner = []
    for k in range(1, n):
        w = (np.sin((1 - k / n) * angle) * u + np.sin(k / n * angle) * v) / np.sin(angle)
        lon = float(np.degrees(np.arctan2(w[1], w[0])))
        lat = float(np.degrees(np.arctan2(w[2], (1 - 0.0066943799901413165) * np.hypot(w[0], w[1]))))
        inner.append((round(lon, 9), round(lat, 9)))
    return [a, *(inner if forward else inner[::-1])]


def coverage(rings: Iterable[tuple[int, Ring]], max_km: float = 25.0, outside: int = 0) -> Coverage:
    """A coverage from (face, ring) pairs; a ring given clockwise is a hole of its face.

    A side of a ring that no other ring shares borders on `outside`: list the hole of the holding face too.
    """
    vertex: dict[tuple[float, float], int] = {}
    left: dict[tuple[int, int], int] = {}
    for face, ring in rings:
        corners = [(float(x), float(y)) for x, y in ring]
        dense: list[tuple[float, float]] = []
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
            dense.extend(_step(a, b, max_km))
        ids = [vertex.setdefault(p, len(vertex)) for p in dense]
        for a, b in zip(ids, ids[1:] + ids[:1], strict=True):
            assert (a, b) not in left, "two faces on the same side of an edge"
            left[(a, b)] = face
    chains: list[list[int]] = []
    sides: list[tuple[int, int]] = []
    for (a, b), face in left.items():
        other = left.get((b, a), outside)
        if (b, a) in left and a > b:
            continue
        if other == face:
            continue
        if chains and chains[-1][-1] == a and sides[-1] == (face, other):
            chains[-1].append(b)
        else:
            chains.append([a, b])
            sides.append((face, other))
    lonlat = np.array(list(vertex), dtype=np.float64).reshape(-1, 2)
    return Coverage(
        lonlat=lonlat,
        level=np.zeros(len(lonlat), dtype=np.uint8),
        arc_start=np.cumsum([0] + [len(c) for c in chains]).astype(np.int32),
        arc_vertex=np.array([v for c in chains for v in c], dtype=np.int32),
        arc_left=np.array([s[0] for s in sides], dtype=np.int32),
        arc_right=np.array([s[1] for s in sides], dtype=np.int32),
    )


def box(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    """Four corners, counter-clockwise; `west` may exceed `east` across the date line."""
    return [(west, south), (east, south), (east, north), (west, north)]


def cap(lat: float, corners: int = 12, start: float = 5.0) -> list[tuple[float, float]]:
    """A ring around the north pole (lat > 0) or the south pole, the pole on its left."""
    lons = [((start + 360.0 * k / corners + 180.0) % 360.0) - 180.0 for k in range(corners)]
    ring = [(lon, lat) for lon in lons]
    return ring if lat > 0 else ring[::-1]


def hole(ring: Ring) -> list[tuple[float, float]]:
    """The same ring the other way round."""
    return [(float(x), float(y)) for x, y in reversed(ring)]


def face(
    state: str | None, territory: str = "", kind: str = "sovereign", disputed_by: Sequence[str] = ()
) -> Face:
    """A face with an invented source."""
    territory = territory or (state or "sea")
    return Face(state, territory, territory, kind, tuple(disputed_by), "invented")


SEA = face(None, "high seas", "high seas")

# Two neighbours with an enclave, a third that only touches at a corner, a square over the date line, a cap
# over the pole, a claimed belt, a disputed strip and ice without a state.
RINGS: list[tuple[int, Ring]] = [
    (1, [(10, 10), (20, 10), (20, 20), (10, 20)]),
    (2, [(20, 10), (30, 8), (30, 20), (20, 20)]),
    (1, hole(box(12, 14, 15, 17))),
    (3, box(12, 14, 15, 17)),
    (4, [(30, 20), (40, 20), (40, 30), (30, 30)]),
    (5, box(170, -10, -170, 10)),
    (6, cap(75)),
    (7, box(-80, -15, -76, -5)),
    (8, box(-84, -15, -80, -5)),
    (9, [(20, 20), (30, 20), (29, 24), (20, 24)]),
    (10, cap(-70)),
]
FACES: tuple[Face, ...] = (
    SEA,
    face("AAA"),
    face("BBB"),
    face("CCC"),
    face("DDD"),
    face("EEE"),
    face("FFF"),
    face("GGG"),
    face(None, "GGG-claim", "claim", ["GGG"]),
    face("BBB", "Strip", disputed_by=["DDD"]),
    face(None, "Antarctica", "antarctica"),
)
# Land a little inside the airspace, so that every state but the enclave has a belt of territorial sea.
LAND: list[tuple[int, Ring]] = [
    (1, [(10.5, 10.5), (29.5, 9), (29.5, 19.5), (10.5, 19.5)]),
    (1, box(31, 21, 39, 29)),
    (1, box(171, -9, -171, 9)),
    (1, cap(76)),
    (1, box(-79, -14, -76.5, -6)),
    (1, cap(-71)),
]


def small_world(regimes: tuple[Regime, ...] = ()) -> Airspace:
    """The invented world that most tests share."""
    return Airspace(faces=FACES, borders=coverage(RINGS), land=coverage(LAND), regimes=regimes)
