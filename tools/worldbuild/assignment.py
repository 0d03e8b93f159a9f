"""Which face each cell belongs to: nested territories, disputes, claims, slivers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from worldbuild import disputed, shores, sources
from worldbuild.arrangement import STEP, Cells, cells_of, covered, inside_points, lengths_km, weld

Ints = NDArray[np.int64]
Say = Callable[[str], None]
OSM = "OpenStreetMap 2022-04 via @osm_borders/maritime_10m (ODbL)"
GEO_MAPS = "OpenStreetMap 2017-11 via @geo-maps/countries-maritime-10m (ODbL)"
HIGH_SEAS = ""
GAP_DEGREES = 0.001
PIXEL = 4  # grid steps, about 4 m


@dataclass
class World:
    """Tables and outlines that the assignment works on."""

    sovereign: dict[str, str]
    names: dict[str, str]
    areas: dict[str, NDArray[np.object_]]
    disputes: disputed.Rows
    cut: dict[str, shapely.Geometry]
    """State → waters that are lawfully its own; the rest of its belt is a claim."""
    zones: dict[str, shapely.Geometry] = field(default_factory=dict)
    """Dispute id → outline."""
    solids: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    """Land polygons without lakes."""

    def state_of(self, territory: str) -> str:
        """The state that grants permission for a territory."""
        return self.sovereign.get(territory, territory)


def read(cache: Path, data: Path, shore: NDArray[np.float64], solids: NDArray[np.object_], say: Say) -> World:
    """Read the sources and tables, repair them, and prepare the outlines that will be cut in."""
    areas = sources.osm_borders(cache)
    older = sources.geo_maps(cache)
    areas["PSE"] = older["PSE"]  # the main source has only the areas A and B of the West Bank
    areas["UMI"] = older["UMI"]  # missing in the main source
    world = World(
        _column(data / "sovereigns.csv", "territory", "state"),
        _column(data / "states.csv", "alpha3", "name"),
        {k: v[shapely.is_valid(v)] for k, v in areas.items()},
        disputed.table(data),
        {},
        solids=solids,
    )
    for state, row in _rows(data / "breadths.csv").items():
        if row["treatment"] == "cut":
            say(f"drawing 12 nm off {state}")
            own = shapely.union_all(world.areas[state])
            shapely.prepare(own)
            world.cut[state] = shores.lawful(shore[shapely.contains_xy(own, shore[:, 0], shore[:, 1])])
    for row in world.disputes:
        if row["method"] in ("area", "coast", "islands", "add", "within"):
            world.zones[row["id"]] = _zone(row, world, shore, solids)
    say(f"{len(world.zones)} outlines of disputed or missing areas fitted")
    return world


def _zone(
    row: dict[str, str], world: World, shore: NDArray[np.float64], solids: NDArray[np.object_]
) -> shapely.Geometry:
    if row["method"] == "add":
        return disputed.belts(row, shore)
    zone = disputed.outline(row)
    if row["method"] in ("area", "coast"):
        carrier = np.concatenate([world.areas[name] for name in row["carriers"].split()])
        reach = shapely.box(*zone.bounds).buffer(1.0)
        carrier = carrier[shapely.intersects(carrier, reach)]
        zone = disputed.fitted(zone, shapely.union_all(carrier))
    if row["method"] in ("coast", "islands"):
        near = solids[shapely.intersects(solids, shapely.box(*zone.bounds).buffer(0.6))]
        clipped = shapely.make_valid(
            shapely.clip_by_rect(shapely.make_valid(near), *shapely.box(*zone.bounds).buffer(0.6).bounds)
        )
        zone = disputed.with_sea(zone, shore, shapely.union_all(clipped))
    return zone


def _rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        key = (reader.fieldnames or [""])[0]
        return {row[key]: row for row in reader}


def _column(path: Path, key: str, value: str) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def assign(world: World, say: Say) -> tuple[list[dict[str, Any]], tuple[Ints, Ints, Ints], list[str]]:
    """Cut the world into cells and name each.

    Returns
    -------
    faces : list of dict
    edges : (edge, left, right), welded
    notes : list of str
        What was decided by rule and not by a table.
    """
    lines = [shapely.boundary(world.areas[name]) for name in sorted(world.areas)]
    lines += [shapely.boundary(np.array([world.zones[name]])) for name in sorted(world.zones)]
    lines += [shapely.boundary(np.array([world.cut[name]])) for name in sorted(world.cut)]
    say("noding borders")
    cells = cells_of(shapely.get_parts(np.concatenate(lines)), PIXEL)
    say(f"{len(cells.polygon)} cells")
    naming = Naming(world, cells, inside_points(cells))
    gaps = narrow_gaps(cells, naming.keys())
    say(f"closing narrow gaps between the seas of neighbours, {len(shapely.get_parts(gaps))} places")
    lines.append(shapely.boundary(np.array([gaps])))
    cells = cells_of(shapely.get_parts(np.concatenate(lines)), PIXEL)
    naming = Naming(world, cells, inside_points(cells), gaps)
    key = naming.keys()
    face_rows, number = naming.rows(key)
    face = np.array([number[k] for k in key] + [0])
    return face_rows, weld(cells.edge, face[cells.left], face[cells.right]), naming.notes


def narrow_gaps(cells: Cells, key: list[str]) -> shapely.Geometry:
    """Where the seas of two states leave a strip of high seas narrower than about 200 m between them."""
    name = np.array([*key, "ATA"], object)
    left, right = name[cells.left], name[cells.right]
    at_sea = (left == HIGH_SEAS) != (right == HIGH_SEAS)
    owner = np.where(left == HIGH_SEAS, right, left)[at_sea]
    line = shapely.linestrings(cells.edge[at_sea] * STEP)
    i, j = shapely.STRtree(line).query(line, predicate="dwithin", distance=2 * GAP_DEGREES)
    pair = (owner[i] < owner[j]) & (owner[i] != "ATA") & (owner[j] != "ATA")
    near = shapely.buffer(line, GAP_DEGREES, quad_segs=2)
    return shapely.set_precision(shapely.union_all(shapely.intersection(near[i[pair]], near[j[pair]])), STEP)


class Naming:
    """Gives every cell its face key: a territory, "dispute:ID:territory", "claim:STATE" or ""."""

    def __init__(
        self, world: World, cells: Cells, points: NDArray[np.float64], gaps: shapely.Geometry | None = None
    ) -> None:
        self.gaps = gaps
        self.world, self.cells, self.points = world, cells, points
        self.area = cells.areas_km2()
        self.length = lengths_km(cells.edge)
        self.notes: list[str] = []
        self.land = shapely.STRtree(world.solids)
        self.owners: list[set[str]] = [set() for _ in cells.polygon]
        for name in sorted(world.areas):
            for polygon in world.areas[name]:
                for cell in covered(points, polygon):
                    self.owners[cell].add(name)
        around = np.zeros(len(self.area))
        for side in (cells.left, cells.right):
            np.add.at(around, side[side >= 0], self.length[side >= 0])
        self.width = 2 * self.area / np.maximum(around, 1e-9)

    def keys(self) -> list[str]:
        """Name all cells."""
        placed = self._placed()
        key = [placed.get(i) or self._simple(i) for i in range(len(self.owners))]
        key = self._rings(key)
        for cell in np.flatnonzero(self.points[:, 1] < -85.06):
            key[cell] = "ATA"
        self._zones(key)
        for state, belt in self.world.cut.items():
            mine = {i for i, k in enumerate(key) if k == state}
            for cell in mine - set(covered(self.points, belt).tolist()):
                if not self._on_land(cell):
                    key[cell] = f"claim:{state}"
        return self._without_slivers(key)

    def _placed(self) -> dict[int, str]:
        """Cells that the table of disputes names by a point in them: overlaps and gaps."""
        placed: dict[int, str] = {}
        for row in self.world.disputes:
            if row["method"] not in ("overlap", "gap"):
                continue
            for text in row["at"].split(";"):
                lon, lat = (float(part) for part in text.split())
                cell = self._cell_at(lon, lat)
                if self.owners[cell] != set(row["carriers"].split()):
                    raise SystemExit(f"disputes.csv: {row['id']}: {text} lies in {sorted(self.owners[cell])}")
                settled = row["status"] == "settled"
                placed[cell] = row["administered_by"] if settled else f"dispute:{row['id']}"
        return placed

    def _cell_at(self, lon: float, lat: float) -> int:
        bounds = shapely.bounds(self.cells.polygon)
        inside = (bounds[:, 0] <= lon) & (lon <= bounds[:, 2]) & (bounds[:, 1] <= lat) & (lat <= bounds[:, 3])
        near = np.flatnonzero(inside)
        return int(near[shapely.intersects_xy(self.cells.polygon[near], lon, lat)][0])

    def _simple(self, cell: int) -> str:
        """Owner of a cell that no table names: a dependency before its metropole, else the first name."""
        found = self.owners[cell]
        nested = {self.world.state_of(name) for name in found if self.world.state_of(name) != name}
        left = sorted(found - nested or found)
        if len(left) > 1 and self.area[cell] > 1 and self.width[cell] > 0.3:
            where = ", ".join(f"{value:.3f}" for value in self.points[cell])
            self.notes.append(f"overlap of {' and '.join(left)}, {self.area[cell]:.1f} km² at {where}")
            return "overlap:" + "+".join(left)
        return left[0] if left else HIGH_SEAS

    def _rings(self, key: list[str]) -> list[str]:
        """Sea belts that the source draws for the metropole alone go to the dependency they surround."""
        touching: dict[int, set[str]] = {}
        for a, b in zip(self.cells.left.tolist(), self.cells.right.tolist(), strict=True):
            if a >= 0 and b >= 0:
                touching.setdefault(a, set()).add(key[b])
                touching.setdefault(b, set()).add(key[a])
        out = list(key)
        for cell, state in enumerate(key):
            if state and self.area[cell] < 60_000:
                mine = sorted(
                    k
                    for k in touching.get(cell, set())
                    if k != state and self.world.sovereign.get(k) == state
                )
                if mine:
                    out[cell] = mine[0]
        return out

    def _zones(self, key: list[str]) -> None:
        for row in self.world.disputes:
            if row["id"] not in self.world.zones:
                continue
            carriers = {HIGH_SEAS} if row["method"] == "add" else set(row["carriers"].split())
            count = 0
            for cell in covered(self.points, self.world.zones[row["id"]]):
                if key[cell] in carriers:
                    count += 1
                    if row["status"] == "part":
                        key[cell] = row["administered_by"]
                    elif row["status"] == "settled":
                        key[cell] = f"added:{row['id']}"
                    elif row["method"] == "within":
                        key[cell] = f"dispute:{row['id']}:{key[cell]}"
                    else:
                        key[cell] = f"dispute:{row['id']}"
            if not count:
                self.notes.append(f"{row['id']}: no cell of {sorted(carriers)} inside the outline")

    def _without_slivers(self, key: list[str]) -> list[str]:
        """Thin cells join the neighbour with the longest common border; so do small gaps."""
        gap = np.array([k == HIGH_SEAS for k in key])
        fragment = self._fragments(key)
        overlap = np.array([len(o) > 1 for o in self.owners]) & ~np.array([":" in k for k in key])
        odd = gap & (self.area < 500) & ((self.width < 0.35) | (self.area < 3))
        odd |= overlap & (self.area < 500) & (self.width < 0.3)
        odd |= fragment & ~gap & (self.area < 100) & (self.width < 0.2)
        odd |= self._land_gaps(gap)
        if self.gaps is not None:
            inside = np.zeros(len(key), bool)
            for part in shapely.get_parts(self.gaps):
                inside[covered(self.points, part)] = True
            odd |= inside & gap & (self.area < 200)
            odd |= inside & fragment & ~gap & (self.area < 20)
        beside: dict[int, dict[int, float]] = {int(k): {} for k in np.flatnonzero(odd)}
        ends = zip(self.cells.left.tolist(), self.cells.right.tolist(), self.length.tolist(), strict=True)
        for a, b, km in ends:
            for one, other in ((a, b), (b, a)):
                if one in beside and other >= 0:
                    beside[one][other] = beside[one].get(other, 0.0) + km
        settled = [None if odd[i] else k for i, k in enumerate(key)]
        waiting = sorted(beside, key=lambda c: (self.area[c], c))
        while waiting:
            later = []
            for cell in waiting:
                best = self._neighbour(beside[cell], settled, key[cell])
                if best is None:
                    later.append(cell)
                else:
                    settled[cell] = best
            if len(later) == len(waiting):
                for cell in later:
                    settled[cell] = key[cell]
                break
            waiting = later
        return [k or HIGH_SEAS for k in settled]

    def _land_gaps(self, gap: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Gaps on land, up to 500 km² and 2 km wide."""
        small = gap & (self.area < 500) & (self.width < 2)
        for cell in np.flatnonzero(small):
            small[cell] = self._on_land(int(cell))
        return small

    def _on_land(self, cell: int) -> bool:
        point = shapely.Point(self.points[cell])
        return len(self.land.query(point, predicate="intersects")) > 0

    def _fragments(self, key: list[str]) -> NDArray[np.bool_]:
        """Cells that only our own cutting lines set apart from a neighbour with the same owners."""
        found = np.zeros(len(key), bool)
        for a, b in zip(self.cells.left.tolist(), self.cells.right.tolist(), strict=True):
            if a >= 0 and b >= 0 and key[a] != key[b] and self.owners[a] == self.owners[b]:
                found[a] = found[b] = True
        return found

    def _neighbour(self, beside: dict[int, float], settled: list[str | None], old: str) -> str | None:
        share: dict[str, float] = {}
        for other, km in beside.items():
            owner = settled[other]
            if owner is not None:
                share[owner] = share.get(owner, 0.0) + km
        if old == HIGH_SEAS:
            share = {k: v for k, v in share.items() if k != HIGH_SEAS} or share
        return max(sorted(share), key=lambda k: share[k]) if share else None

    def rows(self, key: list[str]) -> tuple[list[dict[str, Any]], dict[str, int]]:
        """Face rows, high seas first, and the number of each key."""
        rows: list[dict[str, Any]] = [
            _row(None, HIGH_SEAS, "High seas", "high seas", [], "what no state holds")
        ]
        number = {HIGH_SEAS: 0}
        for name in sorted(set(key) - {HIGH_SEAS}):
            number[name] = len(rows)
            rows.append(self._face(name))
        return rows, number

    def _face(self, key: str) -> dict[str, Any]:
        world = self.world
        kind, _, rest = key.partition(":")
        if key == "ATA":
            name = "Antarctic Treaty area (south of 60 S)"
            return _row(None, "ATA", name, "antarctica", [], "Antarctic Treaty 1959 articles IV and VI")
        if kind == "claim":
            name = f"{world.names[rest]}: claim beyond the lawful breadth of 12 nm"
            return _row(None, f"{rest}-claim", name, "claim", [], f"{OSM}; breadths table, {rest}")
        if kind == "overlap":
            first, *others = rest.split("+")
            names = " and ".join(world.names[name] for name in rest.split("+"))
            states = sorted({world.state_of(name) for name in others} - {world.state_of(first)})
            return _row(world.state_of(first), rest, f"Border area of {names}", "sovereign", states, OSM)
        if kind in ("dispute", "added"):
            identity, _, holder = rest.partition(":")
            row = next(r for r in world.disputes if r["id"] == identity)
            state = holder or row["administered_by"]
            others = [c for c in row["claimed_by"].split() if c != state]
            suffix = f" ({world.names[holder]})" if holder else ""
            short = f"{identity}-{holder}" if holder else identity
            return _row(state, short, row["name"] + suffix, "sovereign", others, row["source"])
        source = GEO_MAPS if key in ("PSE", "UMI") else OSM
        for row in world.disputes:
            if row["method"] == "territory" and row["at"] == key:
                others = row["claimed_by"].split()
                return _row(
                    world.state_of(key),
                    key,
                    world.names[key],
                    "sovereign",
                    others,
                    f"{source}; {row['source']}",
                )
        return _row(world.state_of(key), key, world.names[key], "sovereign", [], source)


def _row(
    state: str | None, territory: str, name: str, kind: str, others: list[str], source: str
) -> dict[str, Any]:
    return {
        "state": state,
        "territory": territory,
        "name": name,
        "kind": kind,
        "disputed_by": others,
        "source": source,
    }
