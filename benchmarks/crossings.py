"""Crossings of whole world-wide lines: ours against plain shapely, same borders, same lines, same run.

    python benchmarks/crossings.py

The peers get the faces as longitude-latitude polygons (rebuilt from the same arcs, cut at the date line) and
the lines as LineStrings with a vertex every 100 km, cut at the date line too, both before the clock starts.
They skip the geodesics and the poles that ours includes. "plain" asks every polygon for its intersection with
every line; "prepared" first asks the prepared polygon whether they meet; "STRtree" first asks a tree over the
prepared polygons.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import numba
import numpy as np
import pyproj
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.ops import polygonize, unary_union

from overflight.route.cuts import cross_lines
from overflight.route.geodesy import densify
from overflight.route.index import borders_of
from overflight.world.airspace import Coverage, load


def random_lines(count: int, seed: int) -> np.ndarray:
    """Pairs of points, each anywhere on earth: shape (count, 2, 2)."""
    rng = np.random.default_rng(seed)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, (count, 2))))
    return np.stack([rng.uniform(-180, 180, (count, 2)), lat], axis=2)


def unwrapped(lonlat: np.ndarray) -> list[np.ndarray]:
    """A chain of points cut where it passes the date line."""
    jumps = np.flatnonzero(np.abs(np.diff(lonlat[:, 0])) > 180)
    pieces, begin, head = [], 0, None
    for j in jumps:
        a, b = lonlat[j], lonlat[j + 1]
        edge = 180.0 if a[0] > 0 else -180.0
        share = (edge - a[0]) / (b[0] + 2 * edge - a[0]) if b[0] + 2 * edge != a[0] else 0.0
        lat = a[1] + share * (b[1] - a[1])
        piece = lonlat[begin : j + 1]
        piece = np.vstack([piece if head is None else np.vstack([head, piece]), [edge, lat]])
        pieces.append(piece)
        begin, head = j + 1, np.array([-edge, lat])
    tail = lonlat[begin:]
    pieces.append(tail if head is None else np.vstack([head, tail]))
    return [p for p in pieces if len(p) > 1]


def polygons(coverage: Coverage) -> list[tuple[int, Polygon]]:
    """The faces but the outside as plane polygons: the arcs and the frame of the map, polygonized."""
    borders = borders_of(coverage)
    chains = []
    for i in range(len(coverage.arc_left)):
        ids = coverage.arc_vertex[coverage.arc_start[i] : coverage.arc_start[i + 1]]
        chains.extend(unwrapped(coverage.lonlat[ids]))
    frame = LineString([(-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)])
    net = unary_union([frame, *[LineString(c) for c in chains]])
    cells = list(polygonize(net))
    inside = np.array([c.representative_point().coords[0] for c in cells])
    faces = borders.locate(inside)
    return [(int(f), c) for f, c in zip(faces, cells, strict=True) if f != 0]


def median_rate(work: Callable[[], object], count: int, repeats: int) -> float:
    """Lines per second: the median of some runs."""
    spans = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        spans.append(time.perf_counter() - begun)
    return count / statistics.median(spans)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=5000, help="lines for ours")
    parser.add_argument("--peer-lines", type=int, default=40, help="lines for the peers")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()

    coverage = load().borders
    borders = borders_of(coverage)
    lines = random_lines(asked.lines, seed=1)
    flat, offsets = lines.reshape(-1, 2), np.arange(0, 2 * asked.lines + 1, 2)
    cross_lines(flat[:4], offsets[:3], borders)
    ours = median_rate(lambda: cross_lines(flat, offsets, borders), asked.lines, 5)
    passages = len(cross_lines(flat, offsets, borders).face) / asked.lines

    faces = polygons(coverage)
    shapes = np.array([p for _, p in faces])
    shapely.prepare(shapes)
    plain = np.array([shapely.Polygon(p) for _, p in faces])
    tree = shapely.STRtree(shapes)
    tracks = [MultiLineString(unwrapped(densify(line, 100.0))) for line in lines[: asked.peer_lines]]

    def by_plain() -> list[list[int]]:
        return [
            [k for k, cut in enumerate(shapely.intersection(plain, track)) if not cut.is_empty]
            for track in tracks
        ]

    def by_prepared() -> None:
        for track in tracks:
            shapely.intersection(shapes[shapely.intersects(shapes, track)], track)

    def by_tree() -> None:
        for track in tracks:
            shapely.intersection(shapes[tree.query(track, predicate="intersects")], track)

    rates = {
        "overflight": ours,
        "shapely, STRtree over prepared polygons": median_rate(by_tree, asked.peer_lines, 3),
        "shapely, prepared polygons": median_rate(by_prepared, asked.peer_lines, 3),
        "shapely, plain intersection": median_rate(by_plain, asked.peer_lines, 1),
    }
    # The same answer? Faces entered by the peer against ours, as sets, where no pole or sliver comes between.
    theirs = by_plain()
    cut = cross_lines(flat, offsets, borders)
    mine: dict[int, set[int]] = defaultdict(set)
    for line, face in zip(cut.line.tolist(), cut.face.tolist(), strict=True):
        if face:
            mine[line].add(face)
    same = sum({faces[k][0] for k in theirs[i]} == mine[i] for i in range(asked.peer_lines))

    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "numba": numba.__version__,
            "pyproj": pyproj.__version__,
            "shapely": shapely.__version__,
            "geos": shapely.geos_version_string,
        },
        "borders": {
            "edges": len(borders.start),
            "faces": len(set(coverage.arc_left) | set(coverage.arc_right)),
        },
        "lines": {"ours": asked.lines, "peers": asked.peer_lines, "passages per line": round(passages, 1)},
        "same faces as plain shapely": f"{same} of {asked.peer_lines} lines",
        "lines per second per core": {name: round(rate, 1) for name, rate in rates.items()},
        "ratio to ours": {name: round(ours / rate, 1) for name, rate in rates.items()},
    }
    if asked.json:
        json.dump(report, sys.stdout, indent=1)
        print()
        return 0
    for key, value in report.items():
        if isinstance(value, dict):
            print(f"{key}:")
            for name, figure in value.items():
                print(f"  {name}: {figure:,}" if isinstance(figure, (int, float)) else f"  {name}: {figure}")
        else:
            print(f"{key}: {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
