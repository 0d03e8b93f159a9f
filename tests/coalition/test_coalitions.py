from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.examples.hitman import Hitman

from overflight.coalition import Coalitions, Progress, coalitions
from overflight.errors import InputError, OverflightError

from .worlds import FamilyWorld, Found, Truth, brute_force, graph_world, smallest, transversals, tuples

NAMES = [f"S{i}" for i in range(8)]

ways = st.lists(
    st.tuples(st.frozensets(st.sampled_from(NAMES), max_size=5), st.integers(1, 9).map(float)), max_size=9
)
families = ways.map(lambda found: FamilyWorld(frozenset(NAMES), found))
codes = st.frozensets(st.sampled_from(NAMES), max_size=4)


def check(found: Coalitions, truth: Truth, unwilling: frozenset[str]) -> None:
    """Hold a complete answer against brute force, and its corridors against their promise."""
    assert found.closed == truth.closed
    assert found.coalitions == truth.coalitions
    assert found.complete
    assert found.why_incomplete is None
    listed = [c.states for c in found.corridors]
    assert listed == sorted(set(listed), key=lambda c: (len(c), c))
    for corridor in found.corridors:
        assert corridor.km == pytest.approx(truth.corridors[corridor.states])
        assert frozenset(corridor.order) == frozenset(corridor.states)
    if not unwilling:
        assert listed == sorted(truth.corridors, key=lambda c: (len(c), c))
    proof(found, unwilling)


def proof(found: Coalitions, unwilling: frozenset[str]) -> None:
    family = [frozenset(c.states) for c in found.corridors]
    assert sorted(map(sorted, family)) == sorted(map(sorted, smallest(family)))
    for coalition in found.coalitions:
        members = frozenset(coalition)
        assert not members & unwilling
        assert all(c & members for c in family)
        for member in coalition:
            assert any(c & members == {member} for c in family), "no corridor witnesses this member"


@settings(max_examples=150, deadline=None)
@given(families)
def test_families_against_all_subsets(world: FamilyWorld) -> None:
    found = coalitions(world, max_size=None)
    check(found, brute_force(world), frozenset())
    assert found.oracle_calls == len(world.calls)


@settings(max_examples=150, deadline=None)
@given(families, codes, codes)
def test_unwilling_and_refused_against_all_subsets(
    world: FamilyWorld, unwilling: frozenset[str], refused: frozenset[str]
) -> None:
    unwilling -= refused
    found = coalitions(world, unwilling=unwilling, refused=refused, max_size=None)
    check(found, brute_force(world, unwilling, refused), unwilling)
    assert all(call >= refused for call in world.calls[:-1]), "a refused state was asked to let the flight in"
    for corridor in found.corridors:
        assert not refused & set(corridor.states)


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_graphs_against_all_subsets(seed: int) -> None:
    world = graph_world(seed, stretch=1.2 + 0.1 * (seed % 7))
    check(coalitions(world, max_size=None), brute_force(world), frozenset())


@pytest.mark.parametrize("seed", range(1, 80, 2))
def test_graphs_with_unwilling_and_refused(seed: int) -> None:
    world = graph_world(seed, stretch=1.3 + 0.1 * (seed % 5))
    draw = random.Random(seed)
    states = sorted(world.candidates)
    unwilling = frozenset(draw.sample(states, min(2, len(states))))
    refused = frozenset(draw.sample(states, min(1, len(states)))) - unwilling
    found = coalitions(world, unwilling=unwilling, refused=refused, max_size=None)
    check(found, brute_force(world, unwilling, refused), unwilling)


def test_the_graph_worlds_are_of_all_kinds() -> None:
    truths = [brute_force(graph_world(seed, stretch=1.2 + 0.1 * (seed % 7))) for seed in range(0, 120, 2)]
    assert sum(t.closed for t in truths) >= 2
    assert sum(() in t.corridors for t in truths) >= 2
    assert sum(len(t.coalitions) >= 3 for t in truths) >= 10


@settings(max_examples=100, deadline=None)
@given(families)
def test_duality(world: FamilyWorld) -> None:
    found = coalitions(world, max_size=None)
    if found.closed or found.beyond_reach:
        return
    assert transversals(found.coalitions) == tuple(c.states for c in found.corridors)
    assert transversals([c.states for c in found.corridors]) == found.coalitions


@settings(max_examples=100, deadline=None)
@given(families, st.integers(1, 4))
def test_a_size_limit_cuts_only_what_is_larger(world: FamilyWorld, size: int) -> None:
    truth = brute_force(world)
    found = coalitions(world, max_size=size)
    assert found.coalitions == tuple(c for c in truth.coalitions if len(c) <= size)
    assert found.complete == all(len(c) <= size for c in truth.coalitions)
    assert (found.why_incomplete is None) == found.complete
    assert all(c.states in truth.corridors for c in found.corridors)
    proof(found, frozenset())


@settings(max_examples=100, deadline=None)
@given(families, st.integers(1, 4))
def test_a_count_limit_keeps_the_smallest(world: FamilyWorld, count: int) -> None:
    truth = brute_force(world)
    found = coalitions(world, max_size=None, max_count=count)
    assert len(found.coalitions) == min(count, len(truth.coalitions))
    assert found.complete == (len(truth.coalitions) <= count)
    assert [len(c) for c in found.coalitions] == [len(c) for c in truth.coalitions[:count]]
    assert set(found.coalitions) <= set(truth.coalitions)


@settings(max_examples=60, deadline=None)
@given(families, st.integers(1, 12))
def test_a_call_limit_says_so_and_tells_no_lie(world: FamilyWorld, calls: int) -> None:
    truth = brute_force(world)
    found = coalitions(world, max_size=None, max_calls=calls)
    assert found.oracle_calls <= calls
    assert set(found.coalitions) <= set(truth.coalitions)
    assert {c.states for c in found.corridors} <= set(truth.corridors)
    if found.complete:
        check(found, truth, frozenset())
    else:
        assert found.why_incomplete == f"stopped after {calls} route searches"


def test_a_time_limit_stops_by_the_clock_given() -> None:
    world = FamilyWorld(frozenset(NAMES), [(frozenset(NAMES[:3]), 1.0), (frozenset(NAMES[3:6]), 2.0)])
    ticks = iter(range(100))
    found = coalitions(world, max_seconds=5, clock=lambda: float(next(ticks)))
    assert found.why_incomplete == "stopped after 5 s"
    assert len(world.calls) == 4


def test_larger_coalitions_are_noticed_even_where_none_fits() -> None:
    disjoint = [(frozenset({f"A{i}", f"B{i}"}), 1.0 + i) for i in range(7)]
    world = FamilyWorld(frozenset(s for states, _ in disjoint for s in states), disjoint)
    found = coalitions(world, max_size=6)
    assert found.coalitions == ()
    assert not found.complete
    assert found.why_incomplete == (
        "7 corridors share no state that can refuse, so every coalition has more than 6 states"
    )
    assert not found.closed
    assert len(coalitions(world, max_size=7).coalitions) == 2**7


def test_high_seas_alone() -> None:
    world = FamilyWorld(frozenset("AB"), [(frozenset("A"), 1.0), (frozenset(), 2.0)])
    found = coalitions(world)
    assert not found.closed
    assert found.coalitions == ()
    assert found.complete
    assert [c.states for c in found.corridors] == [()]
    assert found.corridors[0].km == 2.0
    assert found.meaning == (
        "A route that needs only departure and arrival lies within range: no refusal can close it."
    )


def test_out_of_range() -> None:
    found = coalitions(FamilyWorld(frozenset("AB"), []))
    assert found.closed
    assert found.out_of_range
    assert (found.coalitions, found.corridors, found.complete) == ((), (), True)
    assert found.meaning == "No route lies within range, even if every state permits."


def test_closed_by_the_refusals_given() -> None:
    world = FamilyWorld(frozenset("AB"), [(frozenset("AB"), 1.0)])
    found = coalitions(world, refused=["B"])
    assert found.closed
    assert not found.out_of_range
    assert found.meaning == "The refusals given already leave no route within range."


def test_only_unwilling_states_could_close() -> None:
    world = FamilyWorld(frozenset("ABC"), [(frozenset("AB"), 1.0), (frozenset("C"), 2.0)])
    found = coalitions(world, unwilling=["C"])
    assert found.coalitions == ()
    assert found.complete
    assert [c.states for c in found.corridors] == [("C",)]
    assert found.beyond_reach
    assert "held unwilling" in found.meaning


def test_refused_states_nobody_has_heard_of_do_no_harm() -> None:
    world = FamilyWorld(frozenset("AB"), [(frozenset("A"), 1.0)])
    found = coalitions(world, refused=["ZZZ"], unwilling=["YYY"])
    assert found.coalitions == (("A",),)
    assert found.meaning == "1 coalition closes every route; the smallest has one state."


def test_json_shape() -> None:
    world = FamilyWorld(frozenset("ABC"), [(frozenset("AB"), 1.0), (frozenset("C"), 2.0)])
    answer = coalitions(world).to_json()
    assert answer["closed"] is False
    assert answer["coalitions"] == [["A", "C"], ["B", "C"]]
    assert answer["corridors"] == [["C"], ["A", "B"]]
    assert answer["complete"] is True
    assert answer["meaning"] == "2 coalitions close every route; the smallest has 2 states."


@pytest.mark.parametrize("seed", range(20))
def test_the_answer_does_not_hang_on_names(seed: int) -> None:
    draw = random.Random(seed)
    drawn = [(frozenset(draw.sample(NAMES, draw.randint(1, 5))), float(km)) for km in range(7)]
    new = dict(zip(NAMES, draw.sample(NAMES, len(NAMES)), strict=True))
    renamed = [(frozenset(new[s] for s in states), km) for states, km in drawn]
    before = coalitions(FamilyWorld(frozenset(NAMES), drawn), max_size=None)
    after = coalitions(FamilyWorld(frozenset(NAMES), renamed), max_size=None)
    assert tuples(frozenset(new[s] for s in c) for c in before.coalitions) == after.coalitions
    assert {(frozenset(new[s] for s in c.states), c.km) for c in before.corridors} == {
        (frozenset(c.states), c.km) for c in after.corridors
    }


def test_the_same_question_has_the_same_answer() -> None:
    first, second = (coalitions(graph_world(17, points=24, states=9), max_size=3) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("seed", range(12))
def test_against_hitman_on_the_corridors_of_brute_force(seed: int) -> None:
    """A second road to the same list: all corridors first, by brute force, and their hitting sets after."""
    world = graph_world(seed + 500, points=20, states=8, stretch=1.5)
    truth = brute_force(world)
    if truth.closed or () in truth.corridors:
        assert coalitions(world).coalitions == ()
        return
    with Hitman(bootstrap_with=[list(c) for c in truth.corridors], htype="lbx") as hitman:
        expected = []
        while (one := hitman.get()) is not None:
            expected.append(frozenset(one))
            hitman.block(one)
    assert coalitions(world, max_size=None).coalitions == tuples(expected)


def test_few_searches_are_wasted() -> None:
    """Each coalition costs one search; no question is asked twice."""
    worlds = [graph_world(seed, points=30, states=10, stretch=1.5) for seed in range(30)]
    for world in worlds:
        coalitions(world)
        assert len(world.calls) == len(set(world.calls))


def test_progress_is_told() -> None:
    told: list[Progress] = []
    world = FamilyWorld(frozenset("ABC"), [(frozenset("AB"), 1.0), (frozenset("C"), 2.0)])
    found = coalitions(world, progress=told.append)
    assert [p.oracle_calls for p in told[:-1]] == list(range(1, found.oracle_calls + 1))
    assert told[-1] == Progress(found.oracle_calls, coalitions=2, corridors=2)


@pytest.mark.parametrize(
    ("limits", "where"),
    [
        ({"max_size": 0}, "max_size"),
        ({"max_count": -1}, "max_count"),
        ({"max_calls": 0}, "max_calls"),
        ({"max_seconds": 0.0}, "max_seconds"),
        ({"unwilling": ["A"], "refused": ["A"]}, "unwilling"),
        ({"unwilling": "CHN"}, "unwilling"),
        ({"refused": [""]}, "refused"),
    ],
)
def test_bad_questions(limits: dict[str, object], where: str) -> None:
    world = FamilyWorld(frozenset("AB"), [(frozenset("A"), 1.0)])
    with pytest.raises(InputError) as error:
        coalitions(world, **limits)  # type: ignore[arg-type]
    assert error.value.where == where
    assert not world.calls


def test_a_route_finder_that_contradicts_itself_is_caught() -> None:
    class Fickle(FamilyWorld):
        def route(self, refusing: frozenset[str]) -> Found | None:
            return (
                None if len(self.calls) == 0 and super().route(refusing) is None else Found(frozenset(), 1.0)
            )

    with pytest.raises(OverflightError, match="contradicts itself"):
        coalitions(Fickle(frozenset("AB"), []))


def test_a_route_through_a_state_that_is_no_candidate_is_caught() -> None:
    world = FamilyWorld(frozenset("AB"), [(frozenset("AC"), 1.0)])
    with pytest.raises(OverflightError, match=r"C: .* no candidate"):
        coalitions(world)


class TellingWorld(FamilyWorld):
    """Tells after each closed answer which refusals mattered: a smallest set of them that still closes."""

    blocking: frozenset[str] | None = None

    def route(self, refusing: frozenset[str]) -> Found | None:
        found = super().route(refusing)
        self.blocking = None
        if found is None:
            needed = set(refusing)
            for state in sorted(refusing):
                if all(states & (needed - {state}) for states, _ in self.ways):
                    needed.remove(state)
            self.blocking = frozenset(needed)
        return found


@settings(max_examples=100, deadline=None)
@given(families, codes, codes)
def test_knowing_which_refusals_mattered_saves_searches_alone(
    world: FamilyWorld, unwilling: frozenset[str], refused: frozenset[str]
) -> None:
    unwilling -= refused
    plain = coalitions(world, unwilling=unwilling, refused=refused, max_size=None)
    telling = TellingWorld(world.candidates, world.ways)
    answer = coalitions(telling, unwilling=unwilling, refused=refused, max_size=None)
    assert answer.oracle_calls <= plain.oracle_calls
    assert replace(answer, oracle_calls=0) == replace(plain, oracle_calls=0)


@settings(max_examples=60, deadline=None)
@given(families, codes)
def test_touching_a_refusing_outline_counts_for_nothing(world: FamilyWorld, refused: frozenset[str]) -> None:
    class Grazing(FamilyWorld):
        """Names refusing states beside the route as well, as a route that turns at their outline may."""

        def route(self, refusing: frozenset[str]) -> Found | None:
            found = super().route(refusing)
            return None if found is None else Found(found.states | set(sorted(refusing)[:2]), found.km)

    grazing = coalitions(Grazing(world.candidates, world.ways), refused=refused, max_size=None)
    plain = coalitions(world, refused=refused, max_size=None)
    assert (grazing.closed, grazing.coalitions) == (plain.closed, plain.coalitions)
    assert [(c.states, c.km) for c in grazing.corridors] == [(c.states, c.km) for c in plain.corridors]
