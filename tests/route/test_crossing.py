from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from crossing_oracle import Judge, disagreements
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds import FACES, RINGS, SEA, box, cap, coverage, face, hole, small_world

from overflight.errors import InputError, UnknownCodeError
from overflight.route.crossing import crossings, in_view, states_entered, timed
from overflight.route.cuts import cross_lines
from overflight.route.geodesy import along, length_km
from overflight.route.index import Borders, borders_of
from overflight.world.airspace import Airspace, Regime

WORLD = small_world()
BORDERS = borders_of(WORLD.borders)
JUDGE = Judge(WORLD.borders)
# Points that fall near the invented states, and anywhere else.
POINT = st.one_of(
    st.tuples(st.floats(5, 45), st.floats(5, 35)),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.sampled_from([(float(x), float(y)) for _, ring in RINGS for x, y in ring]),
    st.sampled_from([(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-180.0, 5.0), (15.0, 15.0)]),
)


def stretches(line, borders=BORDERS):
    cut = cross_lines(line, [0, len(line)], borders)
    return cut.entry_km, cut.exit_km, cut.face


def same(one, other):
    """Whether two answers name the same faces with the same distances, to two metres."""
    return len(one[2]) == len(other[2]) and all(
        np.allclose(a, b, rtol=0, atol=2e-3) for a, b in zip(one, other, strict=True)
    )


def random_lines(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        corners = rng.integers(2, 5)
        lat = np.degrees(np.arcsin(rng.uniform(-1, 1, corners)))
        line = np.stack([rng.uniform(-180, 180, corners), lat], axis=1)
        if rng.random() < 0.5:
            line = np.stack([rng.uniform(0, 50, corners), rng.uniform(0, 40, corners)], axis=1)
        yield line.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_random_lines_agree_with_dense_sampling(seed):
    for line in random_lines(40, seed):
        assert disagreements(line, *stretches(line), JUDGE, step_km=25.0) == [], line


@pytest.mark.parametrize(
    "line",
    [
        [[0, 90], [0, -90]],
        [[-90, 60], [90, 60]],
        [[17, 85], [-163, 85]],
        [[160, 5], [-160, 5]],
        [[-160, -5], [160, 8]],
        [[180, -40], [180, 40]],
        [[-180, -40], [180, 40]],
        [[0, 0], [60, 0]],
        [[0, 0], [179, 0.5]],
        [[20, 0], [20, 40]],
        [[20, 10], [20, 20]],
        [[5, 20], [35, 20]],
        [[10, 10], [30, 30]],
        [[30, 20], [35, 25]],
        [[35, 15], [25, 25]],
        [[0, 15], [12, 15], [30, 15]],
        [[12, 14], [15, 17]],
        [[12, 5], [12, 30]],
        [[10, 10], [20, 10], [20, 20], [10, 20], [10, 10]],
        [[15, 15], [15, 15.000001]],
    ],
    ids=str,
)
def test_awkward_lines_agree_with_dense_sampling(line):
    assert disagreements(line, *stretches(line), JUDGE, step_km=10.0) == []


def test_a_line_of_no_length_lies_in_one_face():
    for point, name in [((15, 12), 1), ((13, 15), 3), ((0, 90), 6), ((180, 0), 5), ((0, 0), 0)]:
        entry, out, found = stretches([point, point])
        assert (entry.tolist(), out.tolist(), found.tolist()) == ([0.0], [0.0], [name])
        assert stretches([point])[2].tolist() == [name]


@settings(deadline=None, max_examples=150)
@given(st.lists(POINT, min_size=2, max_size=4))
def test_the_way_back_crosses_the_same_in_reverse(line):
    assume(all(length_km([a, b]) < 19_800 for a, b in pairwise(line)))
    entry, out, found = stretches(line)
    back_entry, back_out, back = stretches(line[::-1])
    whole = out[-1]
    if not same((entry, out, found), (whole - back_out[::-1], whole - back_entry[::-1], back[::-1])):
        # A line along a border, or touching one, may be settled otherwise on the way back: both are right.
        assert disagreements(line, entry, out, found, JUDGE, 50.0) == []
        assert disagreements(line[::-1], back_entry, back_out, back, JUDGE, 50.0) == []


@settings(deadline=None, max_examples=100)
@given(st.tuples(POINT, POINT), st.floats(0.01, 0.99))
def test_a_stop_on_the_line_changes_nothing(line, share):
    whole = length_km(line)
    assume(1.0 < whole < 19_800)
    middle = along(line, [share * whole])[0].tolist()
    entry, out, found = stretches(list(line))
    stop_entry, stop_out, stopped = stretches([line[0], middle, line[1]])
    if not same((entry, out, found), (stop_entry, stop_out, stopped)):
        assert disagreements([line[0], middle, line[1]], stop_entry, stop_out, stopped, JUDGE, 50.0) == []
        assert disagreements(list(line), entry, out, found, JUDGE, 50.0) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(POINT, min_size=2, max_size=4), st.lists(POINT, min_size=2, max_size=4))
def test_many_lines_at_once_are_each_alone(first, second):
    cut = cross_lines([*first, *second], [0, len(first), len(first) + len(second)], BORDERS)
    for i, line in enumerate((first, second)):
        mine = cut.line == i
        for got, alone in zip((cut.entry_km, cut.exit_km, cut.face), stretches(line), strict=True):
            np.testing.assert_allclose(got[mine], alone, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(POINT, POINT, POINT)
def test_a_stop_never_loses_departure_or_arrival(a, b, stop):
    direct, via = stretches([a, b])[2], stretches([a, stop, b])[2]
    aside = [(dx, dy) for dx in (-1e-3, 1e-3) for dy in (-1e-3, 1e-3)]
    near = {int(f) for p in (a, b) for f in JUDGE([(p[0] + x, np.clip(p[1] + y, -90, 90)) for x, y in aside])}
    for end in (0, -1):
        assert direct[end] == via[end] or {int(direct[end]), int(via[end])} <= near


def test_an_enclave_in_an_enclave_and_a_world_without_borders():
    rings = [(1, box(0, 0, 10, 10)), (1, hole(box(2, 2, 8, 8))), (2, box(2, 2, 8, 8))]
    rings += [(2, hole(box(4, 4, 6, 6))), (1, box(4, 4, 6, 6))]
    nested = Borders.of(coverage(rings))
    assert stretches([[-5, 5], [15, 5]], nested)[2].tolist() == [0, 1, 2, 1, 2, 1, 0]
    empty = Borders.of(coverage([]))
    assert stretches([[-5, 5], [15, 5]], empty)[2].tolist() == [0]


@pytest.mark.parametrize(
    ("lon", "lat", "bulge"),
    # Places where one part or other of the mending, left out, lets a wrong face through.
    [
        (10, 0, 1e-5),
        (57, 29, -0.3),
        (140.337, 8, -0.3),
        (147.925, -18, -0.3),
        (-165, 25, 0.3),
        (-41, 36, -0.3),
    ],
)
def test_a_line_along_a_border_notices_where_the_border_turns_away(lon, lat, bulge):
    # The border runs along the meridian, leaves it at vertices within a piece of the line, and comes back.
    turn = [(lon, lat + 5), (lon + bulge, lat + 7), (lon, lat + 9)]
    west = [(lon - 9, lat), (lon, lat), *turn, (lon, lat + 12), (lon - 9, lat + 12)]
    east = [(lon, lat), (lon + 9, lat), (lon + 9, lat + 12), (lon, lat + 12), *turn[::-1]]
    coast = coverage([(1, west), (2, east)])
    for south in (-3.0, 0.0, 1.3, 5.7):
        line = [[lon, lat + south], [lon, lat + 15]]
        for way in (line, line[::-1]):
            assert disagreements(way, *stretches(way, Borders.of(coast)), Judge(coast), step_km=20.0) == []


def test_points_are_located():
    rng = np.random.default_rng(9)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 4000)))
    points = np.stack([rng.uniform(-180, 180, 4000), lat], axis=1)
    points[:2000] = np.stack([rng.uniform(5, 45, 2000), rng.uniform(5, 35, 2000)], axis=1)
    np.testing.assert_array_equal(BORDERS.locate(points), JUDGE(points))


def test_a_crossing_says_what_it_is():
    line = [[0.0, 12.0], [25.0, 12.0]]
    found = crossings(line, WORLD)
    assert states_entered(found) == ("AAA", "BBB")
    assert [c.state for c in found] == [None, "AAA", "BBB"]
    sea, first, last = found
    assert (sea.over, first.over, last.over) == ("high seas", "land", "land")
    assert (sea.entry_km, last.exit_km) == (0.0, pytest.approx(length_km(line)))
    assert sea.entry == pytest.approx((0.0, 12.0))
    assert last.exit == pytest.approx((25.0, 12.0))
    assert sea.exit == first.entry
    assert first.exit[0] == pytest.approx(20.0, abs=1e-6)
    assert [p[0] for p in first.parts] == ["territorial sea", "land"]
    assert first.parts[0][1] == first.entry_km
    assert first.parts[-1][2] == first.exit_km
    assert not first.sliver
    assert first.km == first.exit_km - first.entry_km


def test_crossings_leave_no_gap():
    for line in random_lines(30, 77):
        found = crossings(line, WORLD)
        assert found[0].entry_km == 0.0
        assert found[-1].exit_km == pytest.approx(length_km(line), abs=1e-6)
        for a, b in pairwise(found):
            assert a.exit_km == b.entry_km
            assert a.exit == b.entry
            assert (a.state, a.disputed_by, a.over) != (b.state, b.disputed_by, b.over) or a.state is None
        for c in found:
            assert c.parts[0][1] == c.entry_km
            assert c.parts[-1][2] == c.exit_km
            assert all(a[2] == b[1] and a[0] != b[0] for a, b in pairwise(c.parts))


def test_a_disputed_strip_is_a_crossing_of_its_own():
    found = crossings([[25, 12], [25, 22]], WORLD)
    assert [(c.state, c.disputed_by, c.territories) for c in found] == [
        ("BBB", (), ("BBB",)),
        ("BBB", ("DDD",), ("Strip",)),
    ]
    other = crossings([[25, 12], [25, 22]], WORLD, view="DDD")
    assert [(c.state, c.disputed_by) for c in other] == [("BBB", ()), ("DDD", ("BBB",))]
    with pytest.raises(UnknownCodeError):
        crossings([[25, 12], [25, 22]], WORLD, view="ZZZ")


def test_a_claimed_belt_is_high_seas_with_a_remark():
    found = crossings([[-90, -10], [-78, -10]], WORLD)
    assert [(c.state, c.over, c.disputed_by) for c in found] == [
        (None, "high seas", ()),
        (None, "high seas", ()),
        ("GGG", "land", ()),
    ]
    assert found[0].remarks == ()
    assert found[1].remarks == ("claimed by GGG beyond 12 nm",)
    own = crossings([[-90, -10], [-78, -10]], WORLD, view="GGG")
    assert [(c.state, c.territories) for c in own] == [(None, ("high seas",)), ("GGG", ("GGG-claim", "GGG"))]
    assert in_view(WORLD)[8] == (None, ())


def test_ice_without_a_state():
    ice = crossings([[0, -60], [0, -80]], WORLD)[-1]
    assert (ice.state, ice.over) == (None, "land")
    assert ice.remarks == ("Antarctica: no state grants permission",)
    assert [p[0] for p in ice.parts] == ["high seas", "land"]


def test_slivers_are_reported_and_marked():
    faces = (SEA, face("AAA"), face("BBB"))
    world = Airspace(faces, coverage([(1, box(0, 0, 10, 10)), (2, box(10, 0, 10.03, 10))]), coverage([]), ())
    found = crossings([[5, 5], [12, 5]], world)
    assert [(c.state, c.sliver) for c in found] == [("AAA", False), ("BBB", True), (None, False)]
    assert found[1].km == pytest.approx(3.326, abs=0.01)
    assert found[1].over == "territorial sea"


def test_a_touch_of_less_than_a_metre_is_left_out():
    faces = (SEA, face("AAA"), face("BBB"))
    thin = 5e-6  # degrees of longitude: half a metre
    world = Airspace(
        faces, coverage([(1, box(0, 0, 10, 10)), (2, box(10, 0, 10 + thin, 10))]), coverage([]), ()
    )
    assert [c.state for c in crossings([[5, 5], [12, 5]], world)] == ["AAA", None]
    assert [c.state for c in crossings([[10 + thin / 2, 5], [12, 5]], world)] == [None]


def test_waters_with_rules_of_their_own_carry_a_remark():
    ring = np.array([*box(2, 2, 3, 3), (2, 2)], dtype=float)
    regimes = (
        Regime("Invented Strait", "transit passage", "Transit passage.", ring, "invented", True),
        Regime("Old Sound", "treaty strait", "Closed.", ring[::-1][:-1][::-1], "invented", False),
    )
    faces = (SEA, face("AAA"))
    world = Airspace(
        faces,
        coverage([(1, box(0, 0, 10, 10))]),
        coverage([(1, box(0, 0, 10, 1)), (1, box(2.5, 2, 10, 3))]),
        regimes,
    )
    wet, dry, off = (
        crossings(line, world)[0]
        for line in ([[2.2, 1.5], [2.2, 4]], [[2.7, 2.1], [2.7, 2.9]], [[5, 0.5], [5, 9]])
    )
    assert wet.remarks == ("Invented Strait: Transit passage.", "Old Sound: Closed. (not verified)")
    assert dry.remarks == ()
    assert off.remarks == ()


def test_times_are_intervals():
    found = crossings([[0.0, 12.0], [25.0, 12.0]], WORLD)
    early, late = datetime(2026, 8, 7, 6, tzinfo=UTC), datetime(2026, 8, 7, 8, tzinfo=UTC)
    times = timed(found, (early, late), (800.0, 900.0), delay_min=(0.0, 30.0))
    assert times[0].entry == (early, late + timedelta(minutes=30))
    assert times[1].entry[0] == early + timedelta(hours=found[1].entry_km / 900)
    assert times[1].entry[1] == late + timedelta(minutes=30, hours=found[1].entry_km / 800)
    assert times[0].exit == times[1].entry
    for t in times:
        assert t.entry[0] <= t.entry[1] <= t.exit[1]
        assert t.entry[0] <= t.exit[0]


@pytest.mark.parametrize(
    ("window", "speed", "delay"),
    [
        ((2, 1), (800, 900), (0, 30)),
        ((1, 2), (900, 800), (0, 30)),
        ((1, 2), (0, 800), (0, 30)),
        ((1, 2), (800, 900), (30, 0)),
    ],
)
def test_times_that_run_backwards_are_refused(window, speed, delay):
    departs = tuple(datetime(2026, 8, day, tzinfo=UTC) for day in window)
    with pytest.raises(InputError):
        timed((), departs, speed, delay)


@pytest.mark.parametrize("bad", [[], [[0, 95]], [[0, 0, 0], [1, 1, 1]]], ids=str)
def test_a_bad_line_is_refused(bad):
    with pytest.raises(InputError):
        crossings(bad, WORLD)
    with pytest.raises(InputError):
        cross_lines([[0, 0]], [0, 0, 1], BORDERS)
    with pytest.raises(InputError):
        cross_lines([[0, 0], [float("nan"), 1]], [0, 2], BORDERS)


def test_no_lines_give_no_stretches():
    assert len(cross_lines([], [0], BORDERS).line) == 0


def test_the_small_world_is_what_it_says():
    assert len(FACES) == 11
    assert cap(75)[0] == (5.0, 75)
