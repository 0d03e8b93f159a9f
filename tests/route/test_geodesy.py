import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.route.geodesy import (
    along,
    densify,
    distance_km,
    interpolate,
    lambert_km,
    leg_km,
    length_km,
    line_of,
    lonlat_of,
    stations,
    unit_vectors,
)
from overflight.route.kernels import _stamp, radius_km
from overflight.route.rays import hit_edges

WGS84 = Geodesic.WGS84
POINT = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def inverse(a, b):
    return WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] / 1000


@settings(deadline=None, max_examples=150)
@given(POINT, POINT)
def test_distances_agree_with_geographiclib(a, b):
    assert float(distance_km(a, b)) == pytest.approx(inverse(a, b), abs=1e-6)


def test_pyongyang_to_tehran():
    assert float(distance_km([125.670, 39.2241], [51.1522, 35.4161])) == pytest.approx(6426.1, abs=0.1)


def test_arrays_broadcast():
    assert distance_km([0, 0], [[[0, 1], [1, 0]], [[2, 0], [3, 0]]]).shape == (2, 2)
    assert interpolate([0, 0], [90, 0], [[1.0], [2.0]]).shape == (2, 1, 2)


@settings(deadline=None, max_examples=100)
@given(POINT, POINT, st.floats(0, 1))
def test_interpolation_agrees_with_geographiclib(a, b, share):
    line = WGS84.InverseLine(a[1], a[0], b[1], b[0])
    p = line.Position(share * line.s13)
    got = interpolate(a, b, share * line.s13 / 1000)
    # Compare as places: near a pole any longitude is right, near the antipode both ways round are.
    if line.s13 < 19_900_000:
        assert inverse(got, (p["lon2"], p["lat2"])) < 1e-6


@settings(deadline=None, max_examples=200)
@given(POINT)
def test_unit_vectors_and_back(p):
    v = unit_vectors([p])
    assert np.linalg.norm(v, axis=1) == pytest.approx(1.0)
    assert inverse(lonlat_of(v)[0], p) < 1e-6


def test_radius_matches_the_ellipsoid():
    assert radius_km(0.0) == pytest.approx(6378.137)
    assert radius_km(1.0) == pytest.approx(6356.752314, abs=1e-6)
    z = unit_vectors([[0, 45]])[0, 2]
    lat = np.radians(45)
    e2 = WGS84.f * (2 - WGS84.f)
    n = WGS84.a / np.sqrt(1 - e2 * np.sin(lat) ** 2) / 1000
    assert radius_km(z) == pytest.approx(np.hypot(n * np.cos(lat), n * (1 - e2) * np.sin(lat)))


@pytest.mark.parametrize(
    ("low", "high", "bound"), [(0, 10_000, 1.5e-6), (10_000, 15_000, 4e-6), (15_000, 19_000, 2.5e-5)]
)
def test_lambert_keeps_its_promise(low, high, bound):
    rng = np.random.default_rng(5)
    for _ in range(400):
        lon, lat = rng.uniform(-180, 180), np.degrees(np.arcsin(rng.uniform(-1, 1)))
        km = rng.uniform(low, high) if low else 10 ** rng.uniform(-4, 4)
        there = WGS84.Direct(lat, lon, rng.uniform(0, 360), km * 1000)
        u, v = unit_vectors([[lon, lat], [there["lon2"], there["lat2"]]])
        true = inverse((lon, lat), (there["lon2"], there["lat2"]))
        # Below a metre the rounding of the vectors themselves shows.
        assert abs(lambert_km(*u, *v) - true) <= bound * true + 2e-11


def test_lambert_of_the_same_point_and_of_antipodes():
    assert lambert_km(0.6, 0.0, 0.8, 0.6, 0.0, 0.8) == 0.0
    assert lambert_km(1.0, 0.0, 0.0, -1.0, 0.0, 0.0) == pytest.approx(20_004, rel=2e-3)


@settings(deadline=None, max_examples=60)
@given(st.lists(POINT, min_size=2, max_size=5), st.floats(50, 5000))
def test_densify_keeps_corners_and_length(line, step):
    dense = densify(line, step)
    for corner in line:
        assert (dense == np.array(corner)).all(axis=1).any()
    assert leg_km(dense).max() <= step * (1 + 1e-9)
    assert length_km(dense) == pytest.approx(length_km(line), abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(POINT, min_size=1, max_size=4), min_size=1, max_size=4))
def test_many_lines_are_cut_as_each_alone(lines):
    offsets = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    lonlat, km, starts = stations(np.array([p for line in lines for p in line], float), offsets, 700.0)
    for i, line in enumerate(lines):
        mine = slice(starts[i], starts[i + 1])
        np.testing.assert_array_equal(lonlat[mine], densify(line, 700.0))
        assert km[mine][0] == 0.0
        assert km[mine][-1] == pytest.approx(length_km(line), abs=1e-6)


def test_a_piece_of_a_hundred_km_keeps_to_the_plane_through_its_ends():
    rng = np.random.default_rng(2)
    worst = 0.0
    for _ in range(500):
        lon, lat = rng.uniform(-180, 180), np.degrees(np.arcsin(rng.uniform(-1, 1)))
        line = WGS84.DirectLine(lat, lon, rng.uniform(0, 360), 100_000)
        p, m, q = unit_vectors(
            [
                [g["lon2"], g["lat2"]]
                for g in (line.Position(0), line.Position(50_000), line.Position(100_000))
            ]
        )
        n = np.cross(p, q)
        worst = max(worst, abs(m @ n / np.linalg.norm(n)) * 6378)
    assert worst < 0.001


def test_along_holds_to_the_ends():
    line = [[10, 0], [20, 0], [20, 10]]
    got = along(line, [-5, 0, length_km(line[:2]), 1e6])
    np.testing.assert_allclose(got, [[10, 0], [10, 0], [20, 0], [20, 10]], atol=1e-9)
    np.testing.assert_array_equal(along([[1, 2]], [0, 3]), [[1, 2], [1, 2]])


@pytest.mark.parametrize("bad", [[[1, 2, 3]], [[0, 91]], [[float("nan"), 0]], [1.0], [], 5.0], ids=str)
def test_what_is_no_line_is_refused(bad):
    with pytest.raises(InputError):
        line_of(bad)


def test_a_step_of_nothing_is_refused():
    with pytest.raises(InputError, match="max_km"):
        densify([[0, 0], [1, 1]], 0.0)


def test_machine_code_is_stamped_with_all_it_draws_on():
    names = {name for name, _, _ in _stamp("nearness")}
    assert {"nearness.py", "cuts.py", "rays.py", "kernels.py"} <= names
    assert [name for name, _, _ in _stamp("kernels")] == ["kernels.py"]
    # Numba keeps the stamp where we put it.
    assert hit_edges._cache._cache_file._source_stamp[1] == _stamp("rays")
