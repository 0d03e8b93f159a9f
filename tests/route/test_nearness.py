import numpy as np
import pytest
from crossing_oracle import WGS84, Walk
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds import FACES, coverage, small_world

from overflight.errors import InputError
from overflight.route.crossing import crossings, in_view, states_entered
from overflight.route.geodesy import densify, distance_km, length_km
from overflight.route.nearness import detours_into, states_within
from overflight.world.airspace import Airspace

WORLD = small_world()
PLACE = st.tuples(st.floats(-5, 60), st.floats(-5, 45))


def border_points(step_km=1.0):
    """Dense points on the border of every state, by state."""
    b = WORLD.borders
    out = {}
    for i in range(len(b.arc_left)):
        arc = b.lonlat[b.arc_vertex[b.arc_start[i] : b.arc_start[i + 1]]]
        dense = densify(arc, step_km)
        for face in (b.arc_left[i], b.arc_right[i]):
            if FACES[face].state is not None:
                out.setdefault(FACES[face].state, []).append(dense)
    return {state: np.concatenate(parts) for state, parts in out.items()}


POINTS = border_points()


@settings(deadline=None, max_examples=15)
@given(PLACE, PLACE, st.floats(20, 800))
def test_states_within_agree_with_brute_force(a, b, width):
    line = [a, b]
    assume(length_km(line) > 10)
    got = {n.state: n for n in states_within(line, WORLD, width)}
    entered = set(states_entered(crossings(line, WORLD)))
    walk = Walk(line)
    step = walk.km / 100
    samples = np.array([walk.at(k * step) for k in range(101)])
    for state, border in POINTS.items():
        if state in entered:
            assert state not in got
            continue
        # From the sampled line to the sampled border, then closer in around the best pair.
        flat = distance_km(samples[:, None], border[None, ::16])
        i, j = np.unravel_index(flat.argmin(), flat.shape)
        near_km = np.clip(np.linspace((i - 2) * step, (i + 2) * step, 200), 0, walk.km)
        near_line = np.array([walk.at(km) for km in near_km])
        near_border = border[max(0, 16 * j - 80) : 16 * j + 81]
        least = min(flat.min(), distance_km(near_line[:, None], near_border[None]).min())
        if least < width - 1.0:
            assert got[state].km <= least + 1e-3
            assert got[state].km == pytest.approx(least, abs=1.0)
        elif least > width + 1.0:
            assert state not in got
    for n in got.values():
        abreast = walk.at(n.at_km)
        assert WGS84.Inverse(abreast[1], abreast[0], n.point[1], n.point[0])["s12"] / 1000 == pytest.approx(
            n.km, abs=0.02 + 1e-5 * n.km
        )


def test_states_within_come_nearest_first_and_widen():
    line = [[0, 22], [60, 22]]
    wide = states_within(line, WORLD, 1500)
    assert [n.state for n in wide] == ["BBB", "AAA", "CCC"]
    assert [n.km for n in wide] == sorted(n.km for n in wide)
    assert states_within(line, WORLD, 100) == wide[:1]
    assert states_within(line, WORLD, 50) == ()


def test_a_view_decides_whose_border_is_near():
    line = [[20, 25], [28, 25]]
    assert [n.state for n in states_within(line, WORLD, 150)] == ["BBB"]
    assert [n.state for n in states_within(line, WORLD, 150, view="DDD")] == ["DDD"]


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan"), 5000.0])
def test_a_corridor_of_no_width_is_refused(width):
    with pytest.raises(InputError, match="width"):
        states_within([[0, 0], [1, 1]], WORLD, width)


@settings(deadline=None, max_examples=25)
@given(PLACE, PLACE)
def test_detours_agree_with_brute_force(a, b):
    assume(length_km([a, b]) > 10)
    direct = float(distance_km(a, b))
    entered = set(states_entered(crossings([a, b], WORLD)))
    got = detours_into(a, b, WORLD)
    assert {n.state for n in got} == set(POINTS)
    for n in got:
        if n.state in entered:
            assert n.km == 0.0
            continue
        border = POINTS[n.state]
        least = (distance_km(a, border) + distance_km(border, b)).min() - direct
        via = float(distance_km(a, n.point) + distance_km(n.point, b)) - direct
        assert n.km == pytest.approx(via, abs=1e-6)
        assert n.at_km == pytest.approx(float(distance_km(a, n.point)), abs=1e-6)
        # Towards the antipode the fast length is loose (docs/crossings.md).
        slack = 0.03 if n.km + direct < 20_000 else 1.0
        assert least - 0.6 <= n.km <= least + slack


def test_states_on_the_way_come_first_in_order_of_flight():
    got = detours_into([0, 15], [50, 15], WORLD)
    assert [n.state for n in got[:3]] == ["AAA", "CCC", "BBB"]
    assert [n.km for n in got[:3]] == [0.0, 0.0, 0.0]
    assert [n.km for n in got[3:]] == sorted(n.km for n in got[3:])


def test_a_world_without_borders_has_nobody_near():
    empty = Airspace(FACES[:1], coverage([]), coverage([]), ())
    assert states_within([[0, 0], [1, 1]], empty, 100) == ()
    assert detours_into([0, 0], [1, 1], empty) == ()
    assert in_view(empty) == ((None, ()),)
