"""The shipped airspace: known flights, and random lines before the independent judge."""

from itertools import pairwise

import numpy as np
import pytest
from crossing_oracle import WGS84, Judge, disagreements

from overflight.route.crossing import crossings, states_entered
from overflight.route.cuts import cross_lines
from overflight.route.index import borders_of
from overflight.route.likelihood import likelihood
from overflight.route.nearness import detours_into, states_within
from overflight.world.airspace import load

NM = 1.852
PLACES = {
    "ZKPY": (125.670, 39.2241),
    "OIIE": (51.1522, 35.4161),
    "OSDI": (36.5156, 33.4115),
    "VTBD": (100.607, 13.9126),
    "VCBI": (79.8841, 7.1808),
    "OMFJ": (56.3240, 25.1122),
    "UUEE": (37.4146, 55.9726),
    "MUHA": (-82.4091, 22.9892),
    "VYMD": (95.9779, 21.7022),
}
# Distances and states worked out beforehand with another land data set (Natural Earth 10 m, 12 nm belts).
FLIGHTS = [
    ("ZKPY OIIE", 6426.1, "PRK CHN MNG KAZ KGZ UZB TKM IRN"),
    ("ZKPY OSDI", 7693.9, "PRK CHN MNG KAZ UZB TKM AZE IRN TUR IRQ SYR"),
    ("OIIE OSDI", 1362.5, "IRN IRQ SYR"),
    ("VYMD OIIE", 4597.7, "MMR IND BGD NPL PAK AFG IRN"),
    ("ZKPY VTBD", 3728.5, "PRK CHN VNM LAO THA"),
    ("VTBD VCBI OMFJ", 5582.0, "THA MMR IND LKA OMN ARE"),
    ("ZKPY MUHA", 12526.6, "PRK CHN RUS USA CAN CUB"),
]


def route(names):
    return [PLACES[name] for name in names.split()]


@pytest.fixture(scope="module")
def airspace():
    return load()


@pytest.mark.parametrize(("names", "km", "states"), FLIGHTS)
def test_known_flights(airspace, names, km, states):
    found = crossings(route(names), airspace)
    assert found[-1].exit_km == pytest.approx(km, abs=2.0)
    assert states_entered(found) == tuple(states.split())
    back = crossings(route(names)[::-1], airspace)
    assert set(states_entered(back)) == set(states.split())


def test_pyongyang_to_tehran_border_by_border(airspace):
    found = crossings(route("ZKPY OIIE"), airspace)
    long = [(c.state, c.entry_km, c.exit_km) for c in found if c.state is not None and c.km > 20]
    beforehand = [
        ("MNG", 1352, 2551),
        ("CHN", 2552, 3746),
        ("KAZ", 3747, 3979),
        ("KGZ", 3980, 4636),
        ("UZB", 4637, 4736),
        ("KAZ", 4737, 4817),
        ("UZB", 4818, 5280),
        ("TKM", 5281, 5790),
        ("IRN", 5791, 6426),
    ]
    at = [state for state, _, _ in long].index("MNG")
    for (state, entry, leave), (name, a, b) in zip(long[at:], beforehand, strict=True):
        assert state == name
        # Sampled at a kilometre there, and drawn from other borders.
        assert (entry, leave) == (pytest.approx(a, abs=4), pytest.approx(b, abs=4))
    assert all(c.sliver == (c.km < 5) for c in found)


def test_tajikistan_is_near_and_likely_though_the_line_misses_it(airspace):
    line = route("ZKPY OIIE")
    assert states_within(line, airspace, 25 * NM) == ()
    assert [n.state for n in states_within(line, airspace, 50 * NM)] == ["TJK"]
    detour = next(n for n in detours_into(*line, airspace) if n.state == "TJK")
    assert 0.0 < detour.km < 5.0
    shares = {s.state: s for s in likelihood(line, airspace).shares}
    assert 0.25 < shares["TJK"].share < 0.6
    for certain in ("PRK", "CHN", "IRN"):
        assert shares[certain].share > 0.99


def test_crossings_of_the_world_leave_no_gap(airspace):
    found = crossings(route("ZKPY MUHA"), airspace)
    for a, b in pairwise(found):
        assert (a.exit_km, a.exit) == (b.entry_km, b.entry)
    assert {c.over for c in found} >= {"land", "high seas"}
    assert all((c.state is None) == (c.over == "high seas") for c in found)


def test_random_lines_over_the_world_agree_with_dense_sampling(airspace):
    judge = Judge(airspace.borders)
    borders = borders_of(airspace.borders)
    vertices = airspace.borders.lonlat
    rng = np.random.default_rng(20)
    for k in range(60):
        ends = np.stack([rng.uniform(-180, 180, 2), np.degrees(np.arcsin(rng.uniform(-1, 1, 2)))], axis=1)
        line = ends.tolist()
        if k % 3 == 1:  # along the coast, from a border vertex
            a = vertices[rng.integers(len(vertices))]
            there = WGS84.Direct(a[1], a[0], rng.uniform(0, 360), rng.uniform(2e4, 8e5))
            line = [a.tolist(), [there["lon2"], there["lat2"]]]
        elif k % 3 == 2:  # a whole meridian
            line = [[line[0][0], -89.0], [line[0][0], 89.0]]
        cut = cross_lines(line, [0, 2], borders)
        step = 2.0 if k % 3 == 1 else 30.0
        assert disagreements(line, cut.entry_km, cut.exit_km, cut.face, judge, step) == [], line
