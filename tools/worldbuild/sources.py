"""The packages the world is built from: fetched with npm, read into shapely."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

PACKAGES = {
    "@osm_borders/maritime_10m": "1.1.0",
    "@geo-maps/countries-maritime-10m": "0.6.0",
    "@geo-maps/earth-lands-100m": "0.6.0",
}
FILES = {
    "@osm_borders/maritime_10m": "borders.geo.json",
    "@geo-maps/countries-maritime-10m": "map.geo.json",
    "@geo-maps/earth-lands-100m": "map.geo.json",
}


def fetch(cache: Path) -> dict[str, str]:
    """Install the pinned packages into `cache` unless they are there.

    Returns
    -------
    dict
        Package name → "version integrity" as npm's lock file records it.
    """
    lock = cache / "node_modules" / ".package-lock.json"
    if not lock.exists():
        cache.mkdir(parents=True, exist_ok=True)
        (cache / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *wanted], cwd=cache, check=True
        )
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    found = {}
    for name, version in PACKAGES.items():
        entry = packages[f"node_modules/{name}"]
        if entry["version"] != version:
            raise SystemExit(f"{cache}: {name} is {entry['version']}, needed is {version}; empty the folder")
        found[name] = f"{version} {entry['integrity']}"
    return found


def _json(cache: Path, package: str) -> Any:
    return json.loads((cache / "node_modules" / package / FILES[package]).read_text(encoding="utf-8"))


def polygons_of(geometry: shapely.Geometry) -> NDArray[np.object_]:
    """All polygons anywhere inside a geometry."""
    parts = shapely.get_parts(np.array([geometry]))
    while any(shapely.get_type_id(parts) > 5):
        parts = shapely.get_parts(parts)
    parts = shapely.get_parts(parts)
    return parts[shapely.get_type_id(parts) == 3]


def osm_borders(cache: Path) -> dict[str, NDArray[np.object_]]:
    """Alpha-3 → polygons of the main source."""
    features = _json(cache, "@osm_borders/maritime_10m")["features"]
    return {f["properties"]["isoA3"]: polygons_of(shape(f["geometry"])) for f in features}


def geo_maps(cache: Path) -> dict[str, NDArray[np.object_]]:
    """Alpha-3 → polygons of the older source, used to repair and to cross-check."""
    features = _json(cache, "@geo-maps/countries-maritime-10m")["features"]
    return {f["properties"]["A3"]: polygons_of(shape(f["geometry"])) for f in features}


def land(cache: Path) -> NDArray[np.object_]:
    """Land polygons of the world."""
    collection = _json(cache, "@geo-maps/earth-lands-100m")
    return np.concatenate([polygons_of(shape(g)) for g in collection["geometries"]])
