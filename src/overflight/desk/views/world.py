"""The world for the live map: airspaces, land and borders as GeoJSON, thinned to what an eye can see.

Made once out of the shipped airspace and served under a name that changes with its content, so that a
browser keeps it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
import threading
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.case.outlines import thin
from overflight.world.airspace import DE_FACTO, Airspace, Coverage, load
from overflight.world.coarse import Coarse
from overflight.world.states import name

__all__ = ["World", "key_of", "make", "world"]

Points = NDArray[np.float64]

#: A line keeps what is further than this from the straight one, degrees of latitude (about 3 km).
_TOLERANCE_DEG = 0.028
#: Islands smaller than this are left out of the land, square degrees at the equator (about 25 km²).
_LEAST_LAND = 0.002
_LEAST_SKY = 0.0005
_DECIMALS = 2
#: Files of one content are kept apart from those of another program version by this number.
_SHAPE = 5


@dataclass(frozen=True, slots=True)
class World:
    """The map's ground, packed.

    Attributes
    ----------
    key : str
        Names the content: the shipped airspace, the point of view, the shape of the file.
    packed : bytes
        JSON of GeoJSON collections by layer, gzip.
    """

    key: str
    packed: bytes

    @property
    def plain(self) -> bytes:
        """Unpacked, for whoever takes no gzip."""
        return gzip.decompress(self.packed)


@cache
def key_of(view: str = DE_FACTO) -> str:
    """The name under which the ground is served; it changes with its content."""
    data = (files("overflight.world") / "data" / "airspace.bin").read_bytes()
    return hashlib.sha256(data + f"{view} {_SHAPE}".encode()).hexdigest()[:20]


def world(view: str = DE_FACTO, keep: Path | None = None) -> World:
    """The ground of the map from one point of view: out of the folder `keep`, else made and kept there.

    Returns
    -------
    World
        Layers ``states`` (polygons, property ``state`` and ``name``), ``land`` (polygons), ``borders``,
        ``contested`` and ``limits`` (lines: between states, those that somebody disputes, and where the high
        seas begin), ``disputed`` (polygons with who holds and who claims) and ``labels`` (points).
    """
    key = key_of(view)
    with _making:  # two who ask at once wait for one
        found = _made.get(key)
        if found is None:
            path = keep / f"world-{key}.json.gz" if keep else None
            packed = _kept(path)
            if packed is None:
                packed = gzip.compress(make(view), 9, mtime=0)
                _keep(path, packed)
            found = _made[key] = World(key, packed)
        return found


_making = threading.Lock()
_made: dict[str, World] = {}


def _kept(path: Path | None) -> bytes | None:
    try:
        packed = path.read_bytes() if path else None
        if packed is not None:
            gzip.decompress(packed)
        return packed
    except (OSError, EOFError, zlib.error):
        return None


def _keep(path: Path | None, packed: bytes) -> None:
    """Keep what took seconds; a folder that cannot be written to is no reason to fail."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(packed)
        os.replace(name, path)
    except OSError:
        return


def make(view: str = DE_FACTO) -> bytes:
    """The layers of `world` as JSON."""
    airspace = load()
    sky = _Rings(airspace.borders)
    codes = airspace.states(view)
    faces: dict[str, list[int]] = defaultdict(list)
    for number, code in enumerate(codes):
        if code is not None:
            faces[code].append(number)
    states, labels = [], []
    for code, numbers in sorted(faces.items()):
        # The smallest state is smaller than a point of the grid: it is kept as it is.
        polygons = sky.polygons(numbers, _LEAST_SKY) or sky.polygons(numbers, 0.0, 4)
        if polygons:
            states.append(_feature("MultiPolygon", polygons, state=code, name=name(code)))
            largest = max(polygons, key=lambda one: abs(_area(np.array(one[0]))))
            size = round(abs(_area(np.array(largest[0]))), 2)
            labels.append(_feature("Point", list(_inside(largest)), state=code, name=name(code), size=size))
    disputed = [
        _feature(
            "MultiPolygon",
            polygons,
            name=face.name,
            held=face.state or "",
            claimed=list(face.disputed_by),
        )
        for number, face in enumerate(airspace.faces)
        if face.disputed_by and (polygons := sky.polygons([number], 0.0))
    ]
    land = _Rings(airspace.land, _LEAST_LAND).polygons([1], _LEAST_LAND)
    between, limits, contested = _lines(airspace, sky)
    layers = {
        "states": _collection(states),
        "disputed": _collection(disputed),
        "land": _collection([_feature("Polygon", polygon) for polygon in land]),
        "borders": _collection([_feature("MultiLineString", between)]),
        "contested": _collection([_feature("MultiLineString", contested)]),
        "limits": _collection([_feature("MultiLineString", limits)]),
        "labels": _collection(labels),
    }
    return json.dumps(layers, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _lines(
    airspace: Airspace, sky: _Rings
) -> tuple[list[list[list[float]]], list[list[list[float]]], list[list[list[float]]]]:
    """Lines between states, limits of the high seas, and lines that somebody disputes."""
    left, right = airspace.borders.arc_left, airspace.borders.arc_right
    sovereign = np.array([face.kind == "sovereign" for face in airspace.faces])
    disputed = np.array([bool(face.disputed_by) for face in airspace.faces])
    between = sovereign[left] & sovereign[right]
    contested = between & (disputed[left] | disputed[right])
    return (
        sky.lines(np.flatnonzero(between & ~contested)),
        sky.lines(np.flatnonzero(~between)),
        sky.lines(np.flatnonzero(contested)),
    )


class _Rings:
    """Arcs of a coverage, thinned once, and put together to rings."""

    def __init__(self, coverage: Coverage, least: float = 0.0) -> None:
        self._coarse = coarse = Coarse(coverage)
        # Most arcs of the land are islands too small to be seen: they are not worth the thinning.
        self._arcs = [
            line[:2] if least and closed and _box(line) < least else _thinned(line)
            for line, closed in zip(
                (coarse.lonlat[run] for run in coarse.runs),
                coarse.ends[:, 0] == coarse.ends[:, 1],
                strict=True,
            )
        ]

    def lines(self, arcs: Iterable[int]) -> list[list[list[float]]]:
        """Arcs as lines."""
        return [line for arc in arcs if len(line := _rounded(self._arcs[int(arc)])) > 1]

    def polygons(
        self, faces: Sequence[int], least: float, decimals: int = _DECIMALS
    ) -> list[list[list[list[float]]]]:
        """Polygons of some faces together: outer ring first, then its holes; none smaller than `least`."""
        outer: list[Points] = []
        holes: list[Points] = []
        for chain in self._coarse.rings(self._coarse.around(faces), self._arcs):
            ring = _round_the_pole(_unwrapped(chain))
            area = _area(ring)
            if len(ring) > 3 and abs(area) >= least:
                (outer if area > 0 else holes).append(ring)
        outer.sort(key=_area)
        found: list[list[Points]] = [[ring] for ring in outer]
        boxes = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in outer]).reshape(-1, 4)
        for hole in holes:
            for number, turn in _candidates(hole, boxes):  # the smallest that holds it
                moved: Points = hole + np.array([turn, 0.0])
                if _holds(outer[number], moved[0]) or _holds(outer[number], moved[len(moved) // 2]):
                    found[number].append(moved)
                    break
        made = [[r for ring in one if len(r := _rounded(ring, decimals)) > 3] for one in reversed(found)]
        return [polygon for polygon in made if polygon]


def _thinned(line: Points) -> Points:
    """Thinned in a plane that is true at the line's middle latitude; the arc's ends stay."""
    line = _unwrapped(line)
    flat = np.array([max(0.05, float(np.cos(np.radians(line[:, 1].mean())))), 1.0])
    if len(line) > 3 and np.array_equal(line[0], line[-1]):  # a closed arc has no chord to be held against
        far = int(np.argmax(np.hypot(*((line - line[0]) * flat).T)))
        far = min(max(far, 1), len(line) - 2)
        halves = thin(line[: far + 1] * flat, _TOLERANCE_DEG), thin(line[far:] * flat, _TOLERANCE_DEG)
        out: Points = np.concatenate([halves[0], halves[1][1:]]) / flat
        return out if len(out) > 3 else line
    kept: Points = thin(line * flat, _TOLERANCE_DEG) / flat
    return kept


def _box(line: Points) -> float:
    """Area of the box around a small ring, square degrees as at the equator."""
    wide, high = np.ptp(line, axis=0).tolist()
    return float(wide * high * np.cos(np.radians(line[0, 1]))) if wide < 180 else 360.0


def _unwrapped(line: Points) -> Points:
    """Longitudes without the jump at the date line."""
    steps = np.diff(line[:, 0])
    turns = np.concatenate([[0.0], np.cumsum(-360.0 * np.rint(steps / 360.0))])
    return np.column_stack([line[:, 0] + turns, line[:, 1]])


def _round_the_pole(ring: Points) -> Points:
    """A ring that goes round a pole is closed along it."""
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring
    pole = -90.0 if ring[:, 1].mean() < 0 else 90.0
    return np.concatenate([ring, [[ring[-1, 0], pole], [ring[0, 0], pole], ring[0]]])


def _area(ring: Points) -> float:
    """Signed area in square degrees as at the equator; above zero where the inside is on the left."""
    x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1].mean())), ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def _candidates(hole: Points, boxes: Points) -> list[tuple[int, float]]:
    """Rings in whose box a hole lies, in order, each with the turn of longitudes in which it does."""
    low, high = hole.min(axis=0), hole.max(axis=0)
    out: list[tuple[int, float]] = []
    for turn in (0.0, 360.0, -360.0):
        fits = (
            (boxes[:, 0] <= low[0] + turn)
            & (boxes[:, 1] <= low[1])
            & (boxes[:, 2] >= high[0] + turn)
            & (boxes[:, 3] >= high[1])
        )
        out += [(int(number), turn) for number in np.flatnonzero(fits)]
    return sorted(out)


def _holds(ring: Points, at: Points) -> bool:
    x, y = ring[:-1], ring[1:]
    spans = (x[:, 1] > at[1]) != (y[:, 1] > at[1])
    rise = np.where(spans, y[:, 1] - x[:, 1], 1.0)
    where = x[:, 0] + (at[1] - x[:, 1]) / rise * (y[:, 0] - x[:, 0])
    return bool(np.count_nonzero(spans & (at[0] < where)) % 2)


def _rounded(line: Points, decimals: int = _DECIMALS) -> list[list[float]]:
    whole = np.round(line, decimals)
    keep = np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])
    kept: list[list[float]] = whole[keep].tolist()
    return kept


def _inside(polygon: list[list[list[float]]]) -> tuple[float, float]:
    """A point well inside: the middle of the longest level run near the middle of the ring."""
    ring = np.array(polygon[0])
    low, high = ring[:, 1].min(), ring[:, 1].max()
    best, widest = (float(ring[0, 0]), float(ring[0, 1])), -1.0
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        lat = low + share * (high - low)
        cuts: list[float] = []
        for piece in polygon:
            x, y = np.array(piece[:-1]), np.array(piece[1:])
            spans = (x[:, 1] > lat) != (y[:, 1] > lat)
            cuts += (
                x[spans, 0] + (lat - x[spans, 1]) / (y[spans, 1] - x[spans, 1]) * (y[spans, 0] - x[spans, 0])
            ).tolist()
        cuts.sort()
        for west, east in zip(cuts[::2], cuts[1::2], strict=False):
            width = (east - west) * (1.2 if share == 0.5 else 1.0)
            if width > widest:
                lon = (west + east) / 2
                best, widest = (round((lon + 180) % 360 - 180, 4), round(float(lat), 4)), width
    return best
