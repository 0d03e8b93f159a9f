"""Outlines of disputed areas, fitted to the borders of the main source."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from worldbuild.shores import circles, nearest_share, spaced

OUTLINES = Path(__file__).with_name("disputed_areas.json")
REACH_KM = 26.0
SHORE_DEGREES = 0.03  # how far a coarse outline may miss the shore, about 3 km
SNAP_DEGREES = 0.03  # half the width of strips that join a disputed area, about 3 km

Rows = list[dict[str, str]]


def table(data: Path) -> Rows:
    """Rows of disputes.csv."""
    with (data / "disputes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outline(row: dict[str, str]) -> shapely.Geometry:
    """The raw outline of a row: polygons or circles."""
    entry: dict[str, Any] = json.loads(OUTLINES.read_text(encoding="utf-8"))[row["id"]]
    if "circles_km" in entry:
        parts = [circles(np.array([[lon, lat]]), km)[0] for lon, lat, km in entry["circles_km"]]
    else:
        parts = [shapely.make_valid(shapely.Polygon(ring)) for ring in entry["rings"]]
    return shapely.union_all(parts)


def centres(row: dict[str, str]) -> NDArray[np.float64]:
    """Centres of a row's circles, if it has any."""
    entry = json.loads(OUTLINES.read_text(encoding="utf-8"))[row["id"]]
    return np.array([c[:2] for c in entry.get("circles_km", [])], np.float64).reshape(-1, 2)


def fitted(raw: shapely.Geometry, carrier: shapely.Geometry) -> shapely.Geometry:
    """Cut an outline to the state that holds it, and let it reach that state's own border.

    Strips of the state narrower than about 6 km between the outline and the state's border join it, and so
    does every piece that the outline cuts off from the rest of the state.
    """
    west, south, east, north = raw.bounds
    window = shapely.box(west - 0.7, south - 0.7, east + 0.7, north + 0.7)
    scale = float(np.cos(np.radians((south + north) / 2)))
    state = shapely.make_valid(shapely.intersection(carrier, window))
    inside = shapely.intersection(raw, state)
    rest = shapely.transform(shapely.difference(state, raw), lambda c: c * [scale, 1])
    opened = shapely.buffer(
        shapely.buffer(rest, -SNAP_DEGREES, quad_segs=4), SNAP_DEGREES * 1.05, quad_segs=4
    )
    strips = shapely.transform(shapely.difference(rest, opened), lambda c: c / [scale, 1])
    edge = shapely.boundary(shapely.difference(state, shapely.Point(0, -89)))
    own_edge = shapely.difference(edge, shapely.buffer(shapely.boundary(window), 1e-6))
    near = shapely.buffer(raw, 0.002)
    around = shapely.buffer(raw, 3 * SNAP_DEGREES)
    joined = [inside]
    for strip in shapely.get_parts(strips):
        if shapely.intersects(strip, near) and shapely.intersects(shapely.buffer(strip, 1e-5), own_edge):
            joined.append(shapely.intersection(strip, around))
    area = shapely.union_all(joined)
    for piece in shapely.get_parts(shapely.difference(state, area)):
        cut_off = not shapely.intersects(piece, shapely.boundary(window)) and shapely.intersects(piece, near)
        if cut_off and piece.area * scale < 0.5 * raw.area:
            area = shapely.union(area, piece)
    return _polygons(area)


def with_sea(area: shapely.Geometry, shore: NDArray[np.float64], land: shapely.Geometry) -> shapely.Geometry:
    """Add the waters that are nearer to an area's shore than to any other shore."""
    west, south, east, north = area.bounds
    near = shore[
        (shore[:, 0] > west - 0.6)
        & (shore[:, 0] < east + 0.6)
        & (shore[:, 1] > south - 0.6)
        & (shore[:, 1] < north + 0.6)
    ]
    near = spaced(near, 0.003)
    grown = shapely.buffer(area, SHORE_DEGREES)
    shapely.prepare(grown)
    own = shapely.contains_xy(grown, near[:, 0], near[:, 1])
    mine = near[own]
    for part in shapely.get_parts(area):
        if not shapely.intersects(shapely.buffer(part, 0.003), shapely.multipoints(mine)):
            # A rock too small for the land layer stands for itself.
            mine = np.concatenate([mine, shapely.get_coordinates(shapely.centroid(part))])
    share = nearest_share(mine, near[~own], REACH_KM)
    # The outline's own shore is coarse: land beside it that lies right at the shore belongs to the area too.
    beach = shapely.union_all(shapely.buffer(shapely.points(spaced(mine, 0.01)), SHORE_DEGREES))
    strip = shapely.intersection(shapely.intersection(share, grown), beach)
    return _polygons(shapely.union_all([area, shapely.difference(share, land), strip]))


def belts(row: dict[str, str], shore: NDArray[np.float64]) -> shapely.Geometry:
    """Twelve nautical miles around the land inside a row's circles, and around their centres."""
    raw = outline(row)
    shapely.prepare(raw)
    own = spaced(shore[shapely.contains_xy(raw, shore[:, 0], shore[:, 1])], 0.003)
    return shapely.union_all(circles(np.concatenate([own, centres(row)]), 22.224))


def _polygons(area: shapely.Geometry) -> shapely.Geometry:
    return shapely.multipolygons([p for p in shapely.get_parts(area) if shapely.get_type_id(p) == 3])
