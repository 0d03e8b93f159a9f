import numpy as np
import pytest
from crossing_oracle import Judge
from worlds import FACES, small_world

from overflight.errors import InputError
from overflight.route.geodesy import distance_km, leg_km
from overflight.route.likelihood import EXTENSION, likelihood

WORLD = small_world()
LINE = [[0, 22], [60, 22]]


def shares(ensemble):
    return {s.state: s.share for s in ensemble.shares}


def test_the_same_seed_gives_the_same_routes():
    first, second = likelihood(LINE, WORLD, members=200), likelihood(LINE, WORLD, members=200)
    np.testing.assert_array_equal(first.members, second.members)
    assert first.shares == second.shares
    assert shares(likelihood(LINE, WORLD, members=200, seed=7)) != shares(first)


def test_the_random_numbers_do_not_depend_on_the_machine():
    # The first words of the counter-based generator for this key, and from them the bends half way: six waves
    # each a normal number over its order, of which half way shows the odd ones.
    raw = np.random.Philox(key=1944).random_raw(2 * 4 * 6)
    assert raw[:2].tolist() == [18078228094962422997, 10151430182434039095]
    u = ((raw >> np.uint64(11)) + 0.5) / 2**53
    z = (np.sqrt(-2 * np.log(u[:24])) * np.cos(2 * np.pi * u[24:])).reshape(4, 6)
    bend = z[:, 0] - z[:, 2] / 3 + z[:, 4] / 5
    got = likelihood(LINE, WORLD, members=4)
    np.testing.assert_allclose(got.offset_km[:, 64] / got.offset_km[0, 64], bend / bend[0], rtol=1e-9)


@pytest.mark.parametrize("extension", [0.01, EXTENSION, 0.08])
def test_routes_are_as_long_as_asked_for(extension):
    got = likelihood(LINE, WORLD, members=300, extension=extension)
    whole = float(distance_km(*LINE))
    flown = np.array([leg_km(m).sum() for m in got.members])
    assert flown.mean() / whole - 1 == pytest.approx(extension, abs=2e-5)
    assert got.extension == pytest.approx(extension, abs=2e-5)
    assert (flown >= whole - 1e-6).all()


def test_routes_begin_and_end_with_the_line():
    got = likelihood(LINE, WORLD, members=50)
    for end, place in ((0, LINE[0]), (-1, LINE[1])):
        assert distance_km(got.members[:, end], place).max() < 1e-6
    assert got.drawn == 50


def test_shares_agree_with_sampling_the_members():
    got = likelihood(LINE, WORLD, members=150)
    judge = Judge(WORLD.borders)
    entered = {}
    for k, member in enumerate(got.members):
        # Three points between stations (16 km): misses only the smallest corners.
        between = [member[:-1] + t * (member[1:] - member[:-1]) for t in (0, 1 / 3, 2 / 3)]
        for face in set(judge(np.concatenate(between)).tolist()):
            if FACES[face].state:
                entered.setdefault(FACES[face].state, set()).add(k)
    for state, share in shares(got).items():
        assert share == pytest.approx(len(entered.get(state, ())) / 150, abs=0.02)
    assert set(entered) <= set(shares(got))


def test_no_member_enters_a_refusing_state():
    got = likelihood([[0, 22], [60, 22]], WORLD, refused=["BBB"], members=200)
    assert len(got.members) == 200
    assert got.drawn > 200
    assert "BBB" not in shares(got)
    found = Judge(WORLD.borders)(got.members.reshape(-1, 2))
    assert "BBB" not in {FACES[face].state for face in found}


def test_departure_and_arrival_always_permit():
    got = likelihood([[25, 15], [60, 22]], WORLD, refused=["BBB", "EEE"], members=50)
    assert shares(got)["BBB"] == 1.0
    assert got.drawn == 50


def test_a_line_through_refused_airspace_has_no_routes_and_says_so():
    # Nobody gets round the cap over the pole by bending a little.
    got = likelihood([[0, 70], [180, 70]], WORLD, refused=["FFF"], members=20, extension=0.001)
    assert len(got.members) == 0
    assert got.shares == ()
    assert got.extension == 0.0
    assert got.band(0.5).shape == (258, 2)


def test_bands_nest_around_the_line():
    got = likelihood(LINE, WORLD, members=200)
    half, most = got.band(0.5), got.band(0.9)
    assert half.shape == most.shape == (258, 2)
    middle = 64
    # Flying east: the right of the line is south.
    assert most[middle, 1] < half[middle, 1] < got.line[middle, 1]
    assert most[-1 - middle, 1] > half[-1 - middle, 1] > got.line[middle, 1]
    x, y = half[:, 0], half[:, 1]
    assert np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) > 0  # counter-clockwise
    with pytest.raises(InputError):
        got.band(1.0)


def test_standard_errors_are_honest():
    got = likelihood(LINE, WORLD, members=400)
    for s in got.shares:
        assert 0.0 < s.share <= 1.0
        assert s.standard_error > 0.0
    many = [shares(likelihood(LINE, WORLD, members=400, seed=k)).get("BBB", 0.0) for k in range(12)]
    error = next(s.standard_error for s in got.shares if s.state == "BBB")
    assert 0.4 * error < np.std(many) < 2.0 * error


def test_a_line_of_no_length_stays_where_it_is():
    got = likelihood([[15, 12], [15, 12]], WORLD, members=5)
    assert shares(got) == {"AAA": 1.0}
    assert got.extension == 0.0


@pytest.mark.parametrize("bad", [{"members": 0}, {"extension": 0.0}, {"extension": 1.0}], ids=str)
def test_an_impossible_ensemble_is_refused(bad):
    with pytest.raises(InputError):
        likelihood(LINE, WORLD, **bad)
