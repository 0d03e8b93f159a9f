"""Build src/overflight/world/data/airspace.bin from OpenStreetMap's maritime boundaries.

Usage: python tools/build_world.py --cache DIR

Needs `npm` and the extra `world` of this project. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import shapely

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from overflight.world.airspace_codec import Arcs, encode  # noqa: E402
from worldbuild import landmass, measures, sources, topology  # noqa: E402
from worldbuild.assignment import assign, read  # noqa: E402

DATA = ROOT / "src" / "overflight" / "world" / "data"
FINE_KM, LAND_KM, NARROWS_KM, COARSE_KM = 0.08, 0.5, 0.05, 2.0
STRAITS = ("transit passage", "treaty strait", "archipelagic sea lane", "strait")


BEGAN = time.monotonic()


def say(text: str) -> None:
    """Progress, with seconds since the start."""
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", file=sys.stderr, flush=True)


def _narrows() -> tuple[shapely.Geometry, float]:
    """Straits, where the shores keep their true distance."""
    rows = json.loads((DATA / "regimes.json").read_text(encoding="utf-8"))["regimes"]
    rings = [row["ring"] for row in rows if row["kind"] in STRAITS]
    return shapely.buffer(shapely.union_all([shapely.Polygon(ring) for ring in rings]), 0.05), NARROWS_KM


def _counts(levels: topology.Levels) -> dict[str, Any]:
    """Sizes and errors of one layer."""
    coarse = levels.fine.level[levels.fine.sequence] == 0
    return {
        "vertices": len(levels.fine.vertex),
        "coarse_vertices": int((levels.fine.level == 0).sum()),
        "arcs": len(levels.fine.left),
        "source_vertices": len(levels.source.vertex),
        "fine_error": measures.deviation(levels.source, levels.keep),
        "coarse_error": measures.deviation(levels.fine, coarse),
    }


def _report(path: Path, borders: Arcs, faces: list[dict[str, Any]], shore: Any, cache: Path) -> None:
    """Tables of the cross-check and of the reach of the sea belts, as Markdown."""
    rows = ["| territory | main source km² | older source km² | difference |", "|---|---|---|---|"]
    found = measures.differences(sources.osm_borders(cache), sources.geo_maps(cache))
    rows += [f"| {name} | {a:,.0f} | {b:,.0f} | {a - b:+,.0f} |" for name, a, b in found[:40]]
    rows += ["", "| territory | median nm | greatest nm |", "|---|---|---|"]
    rows += [
        f"| {name} | {median} | {far} |" for name, median, far in measures.sea_reach(borders, faces, shore)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> int:
    """Run all steps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder for the downloaded packages")
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the result")
    parser.add_argument("--report", type=Path, help="also write tables for docs/world.md to this file")
    cache = parser.parse_args().cache
    out = parser.parse_args().out

    say("fetching packages")
    packages = sources.fetch(cache)
    say("reading land")
    land_polygons = sources.land(cache)
    say(f"{len(land_polygons)} land polygons; noding them")
    land = topology.two_levels(*landmass.land_edges(land_polygons), LAND_KM, COARSE_KM, _narrows())
    say(f"land: {len(land.fine.vertex)} vertices, {len(land.fine.left)} arcs")
    shore, solids = landmass.shore_points(land_polygons), landmass.solid(land_polygons)
    world = read(cache, DATA, shore, solids, say)
    faces, edges, notes = assign(world, say)
    for note in notes:
        say(f"note: {note}")
    borders = topology.two_levels(*edges, FINE_KM, COARSE_KM)
    say(f"borders: {len(borders.fine.vertex)} vertices, {len(borders.fine.left)} arcs, {len(faces)} faces")
    raw = encode({"faces": faces, "packages": packages}, {"borders": borders.fine, "land": land.fine})
    (out / "airspace.bin").write_bytes(raw)
    say(f"airspace.bin: {len(raw) / 1e6:.2f} MB; measuring")
    layers = {"borders": borders, "land": land}
    manifest = {
        "packages": packages,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
        "faces": len(faces),
        "layers": {name: _counts(levels) for name, levels in layers.items()},
        "passages_km": {
            name: {
                "source": measures.width_km(layers[layer].source, begin, end),
                "shipped": measures.width_km(layers[layer].fine, begin, end),
            }
            for name, layer, begin, end in measures.GATES
        },
        "notes": notes,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (out / "airspace.json").write_text(text, encoding="utf-8")
    if parser.parse_args().report:
        _report(parser.parse_args().report, borders.fine, faces, shore, cache)
    say("done")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
