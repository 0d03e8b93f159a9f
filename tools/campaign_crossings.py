"""Judge the crossings of thousands of lines over the shipped airspace by dense sampling.

The judge is `tests/route/crossing_oracle.py`: geographiclib walks the line, shapely holds the faces, rebuilt
from their arcs as plane rings. Lines are drawn over the whole earth, short and long, over both poles, along
meridians, parallels and the equator, over the date line, and from border vertices. Figures of one run stand
in docs/crossings.md.

    nice python tools/campaign_crossings.py --lines 2000 --step-km 5
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "route"))
from crossing_oracle import WGS84, Judge, disagreements

from overflight.route.cuts import cross_lines
from overflight.route.index import borders_of
from overflight.world.airspace import load


def lines(count: int, seed: int, vertices: np.ndarray) -> list[tuple[str, list[list[float]]]]:
    """Lines of every kind in turn."""
    rng = np.random.default_rng(seed)
    kinds = ["world", "short", "vertex", "meridian", "parallel", "pole", "date line", "polyline", "vertices"]

    def anywhere() -> list[float]:
        return [float(rng.uniform(-180, 180)), float(np.degrees(np.arcsin(rng.uniform(-1, 1))))]

    def vertex() -> list[float]:
        return vertices[rng.integers(len(vertices))].tolist()

    out = []
    for i in range(count):
        kind = kinds[i % len(kinds)]
        a = anywhere()
        if kind == "world":
            line = [a, anywhere()]
        elif kind == "short":
            a = vertex()
            there = WGS84.Direct(a[1], a[0], rng.uniform(0, 360), 10 ** rng.uniform(3, 6))
            a = [a[0], a[1] + float(rng.uniform(-0.1, 0.1)) if abs(a[1]) < 89 else a[1]]
            line = [a, [there["lon2"], there["lat2"]]]
        elif kind == "vertex":
            line = [vertex(), anywhere()]
        elif kind == "meridian":
            lon = float(rng.integers(-180, 181)) if rng.random() < 0.7 else a[0]
            line = [[lon, float(rng.uniform(-90, 90))], [lon, float(rng.uniform(-90, 90))]]
        elif kind == "parallel":
            lat = float(rng.integers(-60, 61)) if rng.random() < 0.7 else 0.0
            lon = np.linspace(a[0], a[0] + rng.uniform(5, 60), 12)
            line = [[float((x + 180) % 360 - 180), lat] for x in lon]
        elif kind == "pole":
            line = [
                [a[0], 85.0 * (1 if i % 2 else -1)],
                [a[0] + float(rng.uniform(150, 210)), float(rng.uniform(60, 89)) * (1 if i % 2 else -1)],
            ]
        elif kind == "date line":
            line = [[float(rng.uniform(120, 180)), a[1]], [float(rng.uniform(-180, -120)), anywhere()[1]]]
        elif kind == "polyline":
            line = [anywhere() for _ in range(int(rng.integers(3, 7)))]
        else:
            line = [vertex(), vertex()]
        out.append((kind, line))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--step-km", type=float, default=5.0)
    asked = parser.parse_args()
    coverage = load().borders
    borders = borders_of(coverage)
    begun = time.perf_counter()
    judge = Judge(coverage)
    print(f"judge of {len(judge.rings):,} rings ready after {time.perf_counter() - begun:.0f} s", flush=True)
    km, passages, faults = 0.0, 0, []
    by_kind: dict[str, int] = {}
    for k, (kind, line) in enumerate(lines(asked.lines, asked.seed, coverage.lonlat)):
        cut = cross_lines(line, [0, len(line)], borders)
        wrong = disagreements(line, cut.entry_km, cut.exit_km, cut.face, judge, asked.step_km)
        if wrong:
            faults.append((kind, line, wrong))
            print("DISAGREES", kind, line, wrong[:5], flush=True)
        by_kind[kind] = by_kind.get(kind, 0) + 1
        km += float(cut.exit_km[-1])
        passages += len(cut.face)
        if (k + 1) % 200 == 0:
            print(f"{k + 1} lines, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    print(f"{asked.lines} lines ({', '.join(f'{n} {kind}' for kind, n in by_kind.items())})")
    print(f"{km:,.0f} km, {passages:,} passages, {km / asked.step_km + 3 * passages:,.0f} samples")
    print(f"lines that disagree: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
