"""Projection, outlines and labels, against what can be reckoned by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from overflight.case.labels import Board
from overflight.case.outlines import Outlines, path, thin
from overflight.case.projection import View, fit, laea
from overflight.world.airspace import Coverage


def _square(lon: float, lat: float, size: float, turn: int = 1) -> Coverage:
    """One square face (1) in the sea (0), corner by corner counter-clockwise."""
    side = np.linspace(0, size, 9)
    ring = [(lon + s, lat) for s in side[:-1]]
    ring += [(lon + size, lat + s) for s in side[:-1]]
    ring += [(lon + size - s, lat + size) for s in side[:-1]]
    ring += [(lon, lat + size - s) for s in side[:-1]]
    lonlat = np.array(ring[::turn])
    count = len(lonlat)
    order = np.array([*range(count), 0], dtype=np.int32)
    left, right = (1, 0) if turn == 1 else (0, 1)
    return Coverage(
        lonlat,
        np.zeros(count, np.uint8),
        np.array([0, count + 1], np.int32),
        order,
        np.array([left], np.int32),
        np.array([right], np.int32),
    )


def _area(rings: list[np.ndarray]) -> float:
    total = Polygon()
    for ring in rings:
        total = total.symmetric_difference(Polygon(ring).buffer(0))
    return float(total.area)


def test_the_projection_keeps_areas() -> None:
    for lat in (0.0, 45.0, 80.0):
        for lon in (-20.0, 10.0, 60.0):
            cell = np.array([(lon, lat), (lon + 0.1, lat), (lon + 0.1, lat + 0.1), (lon, lat + 0.1)])
            true = np.radians(0.1) * (np.sin(np.radians(lat + 0.1)) - np.sin(np.radians(lat)))
            assert Polygon(laea(cell, (15.0, 50.0))).area == pytest.approx(true, rel=1e-3)


def test_north_is_up_and_the_centre_in_the_middle() -> None:
    points = laea(np.array([(30.0, 40.0), (30.0, 41.0), (31.0, 40.0)]), (30.0, 40.0))
    assert points[0] == pytest.approx([0, 0], abs=1e-12)
    assert points[1][1] > 0
    assert points[1][0] == pytest.approx(0, abs=1e-12)
    assert points[2][0] > 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=6),
)
def test_a_view_shows_every_line(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    view = fit([line])
    assert np.isfinite(view.project(line)).all()
    assert 400 <= view.height <= 1000
    vectors = np.cos(np.radians(line[:, 1]))
    if np.ptp(line[:, 0]) < 90 and vectors.min() > 0.1:
        assert view.inside(view.project(line)).all()


def test_a_face_is_filled_where_it_is() -> None:
    view = fit([np.array([(-30.0, -20.0), (30.0, 20.0)])])
    inside = Outlines(_square(-5, -5, 10), view)
    expected = (np.radians(10) * 2 * np.sin(np.radians(5))) * view.scale**2
    assert _area(inside.rings([1])) == pytest.approx(expected, rel=0.01)
    assert inside.faces() == [0, 1]
    assert len(inside.borders()) == 1


def test_a_face_larger_than_the_view_fills_it() -> None:
    view = fit([np.array([(-2.0, 0.0), (2.0, 1.0)])])
    wide = Outlines(_square(-30, -30, 60), view)
    frame = box(0, 0, view.width, view.height)
    assert Polygon(wide.rings([1])[0]).contains(frame)


def test_a_face_around_the_antipode_leaves_the_view_empty_or_full() -> None:
    """Everything but a square: the face holds the antipode of the view, and the fill must still be right."""
    view = fit([np.array([(-30.0, -20.0), (30.0, 20.0)])])
    outside = Outlines(_square(-5, -5, 10, turn=-1), view)
    rings = outside.rings([0])
    frame = box(-12, -12, view.width + 12, view.height + 12)
    hole = (np.radians(10) * 2 * np.sin(np.radians(5))) * view.scale**2
    del rings
    filled = _area(Outlines(_square(-5, -5, 10), view).rings([0]))
    assert filled == pytest.approx(frame.area - hole, rel=0.01)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=40))
def test_thinning_stays_within_its_tolerance(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    short = thin(line, 2.0)
    assert (short[0] == line[0]).all()
    assert (short[-1] == line[-1]).all()
    for point in line:
        a, b = short[:-1], short[1:]
        along = b - a
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((point - a) * along).sum(axis=1) / length, 0, 1)
        nearest = a + along * share[:, None]
        assert np.hypot(*(nearest - point).T).min() <= 2.0 + 1e-6


def test_paths_say_what_they_draw() -> None:
    line = np.array([(0.0, 0.0), (10.04, -3.0), (10.0, 20.55)])
    d = path([line], closed=True)
    assert d.endswith("z")
    numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", d)]
    steps = np.array(numbers).reshape(-1, 2)
    assert steps.cumsum(axis=0) == pytest.approx(line, abs=0.06)
    assert path([np.zeros((3, 2))]) == ""


def test_names_do_not_collide_and_stand_on_their_state() -> None:
    board = Board(400, 300)
    state = np.array([(50.0, 50.0), (350.0, 50.0), (350.0, 250.0), (50.0, 250.0)])
    area = board.area([state])
    assert area.sum() * 16 == pytest.approx(300 * 200, rel=0.02)
    board.take_line(np.array([(0.0, 150.0), (400.0, 150.0)]), 4)
    placed = []
    for _ in range(6):
        at = board.place(area, 80, 16, least_share=0.9)
        assert at is not None
        assert 50 <= at[0] <= 350
        assert 50 <= at[1] <= 250
        placed.append(box(at[0] - 40, at[1] - 8, at[0] + 40, at[1] + 8))
    for i, one in enumerate(placed):
        assert one.bounds[1] >= 150 or one.bounds[3] <= 150
        assert all(one.intersection(other).area < 1e-6 for other in placed[:i])
    assert board.place(area, 500, 16) is None


def test_a_view_is_plain() -> None:
    view = View((0.0, 0.0), 100.0, -1.0, 1.0, 200.0, 200.0)
    assert view.project(np.array([(0.0, 0.0)])) == pytest.approx(np.array([(100.0, 100.0)]))
