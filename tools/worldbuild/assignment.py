"""Which face each cell belongs to."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from worldbuild import sources
from worldbuild.arrangement import Cells, cells_of, covered, inside_points, lengths_km, weld

Ints = NDArray[np.int64]
OSM = "OpenStreetMap 2022-04 via @osm_borders/maritime_10m (ODbL)"


def assign(
    cache: Path, data: Path, land: NDArray[np.object_], say: Callable[[str], None]
) -> tuple[list[dict[str, Any]], tuple[Ints, Ints, Ints]]:
    """Read, repair, cut and name."""
    with (data / "sovereigns.csv").open(encoding="utf-8", newline="") as file:
        sovereign = {row["territory"]: row["state"] for row in csv.DictReader(file)}
    say("reading borders")
    areas = sources.osm_borders(cache)
    older = sources.geo_maps(cache)
    areas["PSE"] = older["PSE"]
    areas["UMI"] = older["UMI"]
    names = sorted(areas)
    say("noding borders")
    cells = cells_of(shapely.boundary(np.concatenate([areas[name] for name in names])))
    say(f"{len(cells.polygon)} cells")
    points = inside_points(cells)
    owners: list[list[str]] = [[] for _ in cells.polygon]
    for name in names:
        for polygon in areas[name]:
            if shapely.is_valid(polygon):
                for cell in covered(points, polygon):
                    owners[cell].append(name)
    key = [_owner(set(found), sovereign) for found in owners]
    key = merged(cells, key, [len(set(found)) for found in owners])
    rows: list[dict[str, Any]] = [
        {"state": None, "territory": "", "name": "High seas", "kind": "high seas", "disputed_by": [], "source": ""}
    ]
    number = {"": 0}
    for territory in sorted(set(key) - {""}):
        number[territory] = len(rows)
        state = None if territory == "ATA" else sovereign.get(territory, territory)
        kind = "antarctica" if territory == "ATA" else "sovereign"
        rows.append(
            {"state": state, "territory": territory, "name": territory, "kind": kind, "disputed_by": [], "source": OSM}
        )
    face = np.array([number[k] for k in key] + [0])
    south = np.flatnonzero(points[:, 1] < -85.06)
    face[south] = number["ATA"]
    return rows, weld(cells.edge, face[cells.left], face[cells.right])


def _owner(found: set[str], sovereign: dict[str, str]) -> str:
    nested = {sovereign[name] for name in found if sovereign.get(name, name) != name}
    left = found - nested if found - nested else found
    return min(left) if left else ""


def merged(cells: Cells, key: list[str], count: list[int]) -> list[str]:
    """Give slivers (gaps and overlaps that are thin or tiny) to the neighbour with the longest border."""
    area = cells.areas_km2()
    length = lengths_km(cells.edge)
    around = np.zeros(len(key))
    np.add.at(around, cells.left[cells.left >= 0], length[cells.left >= 0])
    np.add.at(around, cells.right[cells.right >= 0], length[cells.right >= 0])
    width = 2 * area / np.maximum(around, 1e-9)
    odd = (np.array(count) != 1) & (area < 500) & ((width < 0.15) | ((np.array(count) == 0) & (area < 3)))
    beside: dict[int, dict[int, float]] = {int(k): {} for k in np.flatnonzero(odd)}
    for a, b, km in zip(cells.left.tolist(), cells.right.tolist(), length.tolist(), strict=True):
        if a >= 0 and b >= 0:
            if a in beside:
                beside[a][b] = beside[a].get(b, 0.0) + km
            if b in beside:
                beside[b][a] = beside[b].get(a, 0.0) + km
    settled = [k if not odd[i] else None for i, k in enumerate(key)]
    waiting = sorted(beside, key=lambda c: (area[c], c))
    while waiting:
        later = []
        for cell in waiting:
            share: dict[str, float] = {}
            for other, km in beside[cell].items():
                owner = settled[other]
                if owner is not None:
                    share[owner] = share.get(owner, 0.0) + km
            states = {k: v for k, v in share.items() if k}
            if states or share:
                best = states or share
                settled[cell] = max(sorted(best), key=lambda k: best[k])
            else:
                later.append(cell)
        if len(later) == len(waiting):
            for cell in later:
                settled[cell] = key[cell]
            break
        waiting = later
    return [k if k is not None else "" for k in settled]
