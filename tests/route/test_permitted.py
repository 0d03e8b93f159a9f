"""Shortest permitted routes on random worlds, against a visibility graph, and the laws they keep."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from toyworld import ToyWorld, lonlat, toy_finder, toy_world
from visibility import geodesic_km, shortest_km

from overflight.errors import InputError
from overflight.route.crossing import crossings
from overflight.route.geodesy import length_km
from overflight.route.kernels import reduced_km
from overflight.route.permitted import RouteFinder, finder
from overflight.route.tangents import hides
from overflight.world import airspace
from overflight.world.mesh import reduced_vectors

F64 = NDArray[np.float64]


def random_pair(rng: np.random.Generator) -> F64:
    """Two points that are not nearly antipodal."""
    while True:
        p = rng.normal(size=(2, 3))
        p /= np.linalg.norm(p, axis=1)[:, None]
        if p[0] @ p[1] > -0.9:
            return np.asarray(p)


def country(finder: RouteFinder, point: F64) -> int:
    state = finder.state_at(lonlat(point[None])[0])
    return int(state[1:]) if state else 0


def sampled_intrusion_km(world: ToyWorld, finder: RouteFinder, line: F64, refused: set[int]) -> float:
    """How deep the true geodesics of a line go into refused airspace, by dense sampling."""
    from overflight.route.geodesy import densify

    deepest = 0.0
    for point in densify(line, 5.0):
        if (state := finder.state_at(point)) and int(state[1:]) in refused:
            x = reduced_vectors(point[None])[0]
            shut = np.isin(world.left, list(refused)) != np.isin(world.right, list(refused))
            a, b = world.xyz[world.edges[shut, 0]], world.xyz[world.edges[shut, 1]]
            f = np.clip(((x - a) * (b - a)).sum(1) / ((b - a) ** 2).sum(1), 0, 1)[:, None]
            deepest = max(deepest, 6378.137 * float(np.linalg.norm(a + f * (b - a) - x, axis=1).min()))
    return deepest


@pytest.mark.parametrize("seed", range(8))
def test_as_short_as_a_visibility_graph_and_outside_refusing_airspace(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = toy_world(seed, sites=int(rng.integers(24, 60)), depth=int(rng.integers(0, 3)))
    finder = toy_finder(world)
    for _ in range(4):
        p = random_pair(rng)
        refused = set(np.flatnonzero(rng.random(world.countries) < rng.uniform(0.2, 0.9)) + 1)
        refused -= {country(finder, p[0]), country(finder, p[1])}
        names = {f"S{k:02}" for k in refused}
        found = finder.shortest(*lonlat(p), names)
        want = shortest_km(world, {int(k) for k in refused}, p[0], p[1])
        if found is None:
            assert math.isinf(want)
            continue
        assert found.km == pytest.approx(want, rel=2e-4, abs=0.2)
        assert not names & set(found.states)
        assert sampled_intrusion_km(world, finder, found.line, {int(k) for k in refused}) < 0.1


def test_without_refusals_the_route_is_the_geodesic() -> None:
    finder, rng = toy_finder(toy_world(3)), np.random.default_rng(3)
    for _ in range(40):
        p = random_pair(rng)
        found = finder.shortest(*lonlat(p))
        assert found is not None
        assert len(found.line) == 2
        assert found.km == pytest.approx(geodesic_km(p[0], p[1]), rel=1e-9)


def test_another_refusal_never_shortens_and_the_way_back_is_as_long() -> None:
    world = toy_world(11, sites=80, depth=2)
    finder, rng = toy_finder(world), np.random.default_rng(11)
    for _ in range(25):
        p = random_pair(rng)
        names = rng.permutation([f"S{k:02}" for k in range(1, world.countries + 1)])
        last = 0.0
        for n in range(0, world.countries, 3):
            there, back = finder.shortest(*lonlat(p), names[:n]), finder.shortest(*lonlat(p[::-1]), names[:n])
            km = math.inf if there is None else there.km
            assert km >= last * (1 - 1e-5)
            assert km == pytest.approx(math.inf if back is None else back.km, rel=2e-5)
            last = km


def test_the_limit_cuts_between_just_enough_and_just_too_little() -> None:
    world = toy_world(5)
    finder, rng = toy_finder(world), np.random.default_rng(5)
    tried = 0
    while tried < 15:
        p = random_pair(rng)
        names = [f"S{k:02}" for k in range(1, world.countries + 1) if rng.random() < 0.4]
        found = finder.shortest(*lonlat(p), names)
        if found is None:
            continue
        tried += 1
        assert finder.shortest(*lonlat(p), names, found.km * 1.0001) is not None
        assert finder.shortest(*lonlat(p), names, found.km * 0.999) is None


def test_departure_and_arrival_always_permit() -> None:
    world = toy_world(7)
    finder, rng = toy_finder(world), np.random.default_rng(7)
    everyone = [f"S{k:02}" for k in range(1, world.countries + 1)]
    for _ in range(30):
        p = random_pair(rng)
        found = finder.shortest(*lonlat(p), everyone)
        ends = {finder.state_at(q) for q in lonlat(p)} - {None}
        if found is not None:
            assert set(found.states) <= ends


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(InputError, match="ZZZ"):
        toy_finder(toy_world(1)).shortest([0, 0], [10, 10], ["ZZZ"])


def test_lambert_is_within_a_hundred_thousandth_of_the_geodesic() -> None:
    rng = np.random.default_rng(2)
    for _ in range(500):
        p = random_pair(rng)
        assert reduced_km(*p[0], *p[1]) == pytest.approx(geodesic_km(p[0], p[1]), rel=1e-5)


REFUSING_WITH_A_TRAP = (Path(__file__).parent / "refusing_with_a_trap.txt").read_text().split()


def test_every_level_of_the_mesh_finds_the_same_way_round() -> None:
    """A sight line along the meridian border of New Guinea once began a hair outside its triangle."""
    routes = finder()
    origin, destination = [115.30590090047724, 16.45785408602872], [112.71745281289814, 84.05449079890721]
    exact = routes.shortest(origin, destination, REFUSING_WITH_A_TRAP)
    assert exact is not None
    for limit_km in (exact.km * 0.92, exact.km * 0.9995, exact.km * 1.0005, exact.km * 1.1):
        found, blocking = routes.rough(origin, destination, REFUSING_WITH_A_TRAP, limit_km)
        assert (found is None) == (limit_km < exact.km)
        assert blocking is None or blocking <= set(REFUSING_WITH_A_TRAP)


def test_what_does_not_block_may_permit_and_the_flight_stays_closed() -> None:
    routes, rng = finder(), np.random.default_rng(8)
    closed = 0
    for _ in range(40):
        ends = lonlat(random_pair(rng))
        refuse = {state for state in sorted(routes.states) if rng.random() < 0.8}
        limit_km = float(rng.uniform(1.0, 1.1)) * length_km(ends)
        found, blocking = routes.rough(ends[0], ends[1], refuse, limit_km)
        if found is None and blocking is not None:
            closed += 1
            assert routes.shortest(ends[0], ends[1], refuse & blocking, limit_km) is None
    assert closed > 10


def test_what_is_remembered_changes_no_answer() -> None:
    """Which face hides a corner is kept from search to search; a search that remembers nothing agrees."""
    routes, rng = finder(), np.random.default_rng(11)
    mesh, states = routes.coarse, sorted(routes.states)
    pairs, bends = [random_pair(rng) for _ in range(3)], 0
    for _ in range(60):
        p, q = pairs[rng.integers(len(pairs))]
        refuse = {state for state in states if rng.random() < 0.7}
        refused = np.array([state in refuse for state in routes.face_state])
        t, u = mesh.locate(p), mesh.locate(q)
        refused[[mesh.face(t), mesh.face(u)]] = False
        limit_km = 1.6 * reduced_km(*p, *q)
        remembering, _ = mesh.way_round(refused, p, t, q, u, limit_km)
        kept, mesh._hides = mesh._hides, hides()
        forgetful, _ = mesh.way_round(refused, p, t, q, u, limit_km)
        mesh._hides = kept
        assert (remembering is None) == (forgetful is None)
        if remembering is not None and forgetful is not None:
            assert remembering.km == forgetful.km
            bends += len(remembering.points) - 2
    assert bends > 40
    assert np.count_nonzero(mesh._hides[0]) > 1000


def test_threads_that_search_at_once_find_what_each_finds_alone() -> None:
    """A desk answers many readers from one finder, and the kernels run without the interpreter's lock."""
    routes, rng = finder(), np.random.default_rng(21)
    asked = []
    for _ in range(24):
        ends, states = lonlat(random_pair(rng)), sorted(routes.states)
        refuse = {state for state in states if rng.random() < 0.3}
        asked.append((ends[0], ends[1], refuse, 1.5 * length_km(ends)))

    def km(one: tuple[F64, F64, set[str], float]) -> float:
        found = routes.shortest(*one)
        return 0.0 if found is None else found.km

    alone = [km(one) for one in asked]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(km, asked * 2)) == alone * 2
    assert sum(one > 0 for one in alone) > 5


def test_no_more_borders_meet_in_a_vertex_than_a_corners_name_has_room_for() -> None:
    for mesh in (finder().coarse.mesh, finder().fine.mesh):
        t, k = np.nonzero(mesh.face[mesh.neighbours] != mesh.face[:, None])
        assert np.bincount(mesh.triangles[t, k]).max() <= 8


def test_pyongyang_to_tehran_without_its_neighbours() -> None:
    found = finder().shortest([125.6700, 39.2241], [51.1522, 35.4161], ["KAZ", "MNG"])
    assert found is not None
    assert found.states == ("PRK", "CHN", "KGZ", "UZB", "TJK", "TKM", "IRN")
    entered = {c.state for c in crossings(found.line, airspace.load())}
    assert not entered & {"KAZ", "MNG"}
