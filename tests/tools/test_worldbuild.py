"""The world builder's geometry on small made-up worlds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from overflight.world.airspace_codec import GRID_PER_DEGREE
from worldbuild import disputed, shores, topology
from worldbuild.arrangement import cells_of, covered, inside_points, weld


def faces_of(polygons: list[shapely.Polygon]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges of a world where polygon k is face k + 1 and later polygons win."""
    cells = cells_of(shapely.boundary(np.array(polygons)))
    points = inside_points(cells)
    face = np.zeros(len(cells.polygon) + 1, np.int64)
    for number, polygon in enumerate(polygons):
        face[covered(points, polygon)] = number + 1
    return weld(cells.edge, face[cells.left], face[cells.right])


def test_overlapping_outlines_become_one_face_per_point() -> None:
    edge, left, right = faces_of([shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)])
    between = np.sort(np.stack([left, right]), axis=0)
    assert {tuple(pair) for pair in between.T.tolist()} == {(0, 1), (0, 2), (1, 2)}
    arcs = topology.arcs_of(edge, left, right)
    assert len(arcs.left) == 3
    assert sorted(np.diff(arcs.start).tolist()) == [3, 5, 5]


def test_the_seam_leaves_no_border_inside_a_face() -> None:
    edge, left, right = faces_of([shapely.box(170, -5, 180, 5), shapely.box(-180, -5, -170, 5)])
    assert ((left == 1) | (left == 2) | (right == 1) | (right == 2)).all()
    on_seam = (np.abs(edge[:, :, 0]) == 180 * GRID_PER_DEGREE).all(axis=1)
    assert on_seam.sum() == 1  # between the two faces, and nowhere else


def test_a_face_over_the_seam_is_one_ring() -> None:
    cells = cells_of(
        shapely.boundary(np.array([shapely.box(170, -5, 180, 5), shapely.box(-180, -3, -170, 3)]))
    )
    points = inside_points(cells)
    face = np.append((np.abs(points[:, 1]) < 5) & (np.abs(points[:, 0]) > 170), False).astype(np.int64)
    face[np.flatnonzero((points[:, 0] < 0) & (np.abs(points[:, 1]) > 3))] = 0
    arcs = topology.arcs_of(*weld(cells.edge, face[cells.left], face[cells.right]))
    assert len(arcs.left) == 1
    assert arcs.sequence[0] == arcs.sequence[-1]


def test_a_polar_cap_keeps_only_its_parallel() -> None:
    edge, left, right = faces_of([shapely.box(-180, -90, 180, -60)])
    assert (edge[:, :, 1] == -60 * GRID_PER_DEGREE).all()
    levels = topology.two_levels(edge, left, right, 0.08, 2.0)
    assert len(levels.fine.left) == 1
    assert levels.fine.left[0] + levels.fine.right[0] == 1


def test_thinning_keeps_close_lines_apart() -> None:
    # Two wiggly lines 30 m apart, thinned with 200 m: they must neither cross nor fall together.
    x = np.linspace(0, 1, 400)
    wave = 0.004 * np.sin(60 * x) + 0.001 * np.sin(411 * x)
    lower = np.column_stack([x, wave])
    upper = np.column_stack([x, wave + 0.0003])
    first = shapely.Polygon([*lower.tolist(), [1, -1], [0, -1]])
    second = shapely.Polygon([*upper.tolist(), [1, 1], [0, 1]])
    levels = topology.two_levels(*faces_of([first, second]), 0.2, 2.0)
    for keep in (np.ones(len(levels.fine.sequence), bool), levels.fine.level[levels.fine.sequence] == 0):
        points = levels.fine.vertex / GRID_PER_DEGREE
        lines = []
        for arc in range(len(levels.fine.left)):
            place = np.arange(levels.fine.start[arc], levels.fine.start[arc + 1])
            lines.append(shapely.LineString(points[levels.fine.sequence[place[keep[place]]]]))
        assert all(line.is_simple for line in lines)
        for i, one in enumerate(lines):
            for other in lines[i + 1 :]:
                assert not one.crosses(other)
                assert one.intersection(other).length == 0
    assert len(levels.fine.vertex) < len(levels.source.vertex)


def test_thinning_stays_within_its_tolerance() -> None:
    rng = np.random.default_rng(7)
    turn = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    radius = 1 + 0.1 * np.sin(7 * turn) + 0.003 * rng.standard_normal(len(turn))
    ring = shapely.Polygon(np.column_stack([20 + radius * np.cos(turn), 50 + radius * np.sin(turn)]))
    levels = topology.two_levels(*faces_of([ring]), 0.3, 2.0)
    fine = levels.fine.vertex[levels.fine.sequence] / GRID_PER_DEGREE
    source = levels.source.vertex / GRID_PER_DEGREE
    scale = np.array([np.cos(np.radians(50)), 1]) * 111.2
    line = shapely.LineString(fine * scale)
    assert shapely.distance(line, shapely.points(source * scale)).max() < 0.32
    assert len(fine) < len(source) / 2


def test_circles_are_geodesic() -> None:
    geod = Geod(ellps="WGS84")
    for lon, lat in [(10.0, 0.0), (-70.0, -18.0), (25.0, 60.0), (179.0, 70.0)]:
        rim = shapely.get_coordinates(shores.circles(np.array([[lon, lat]]), 22.224)[0])
        _, _, metres = geod.inv(np.full(len(rim), lon), np.full(len(rim), lat), rim[:, 0], rim[:, 1])
        assert np.abs(metres - 22_224).max() < 40


def test_the_nearest_share_is_a_median_line() -> None:
    own, other = np.array([[0.0, 0.0]]), np.array([[0.2, 0.0]])
    share = shores.nearest_share(own, other, 30.0)
    assert shapely.intersects_xy(share, 0.09, 0.0)
    assert not shapely.intersects_xy(share, 0.11, 0.0)


def test_a_coarse_outline_is_fitted_to_the_border() -> None:
    state = shapely.box(0, 0, 4, 4)
    # The outline misses the state's own border by 2 km in the east and runs over it in the south.
    area = disputed.fitted(shapely.box(3, -0.02, 3.98, 2), state)
    assert area.symmetric_difference(shapely.box(3, 0, 4, 2)).area == pytest.approx(0, abs=0.01)
    assert shapely.intersects_xy(area, 3.995, 1.0)
