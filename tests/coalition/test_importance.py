from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.coalition import Coalitions, coalitions, importance
from overflight.coalition.diagram import Diagram, TooLarge, minimal
from overflight.errors import InputError

from .worlds import FamilyWorld, stopped

NAMES = [f"S{i}" for i in range(7)]
ways = st.lists(
    st.tuples(st.frozensets(st.sampled_from(NAMES), max_size=4), st.integers(1, 9).map(float)), max_size=8
)
families = ways.map(lambda found: FamilyWorld(frozenset(NAMES), found))
chances = st.fixed_dictionaries({name: st.floats(0, 1) for name in NAMES})


def world_of(*corridors: str) -> FamilyWorld:
    return FamilyWorld(
        frozenset("".join(corridors)), [(frozenset(c), 1.0 + i) for i, c in enumerate(corridors)]
    )


@settings(max_examples=80, deadline=None)
@given(families, chances)
def test_everybody_asked_against_all_outcomes(world: FamilyWorld, chance: dict[str, float]) -> None:
    found = coalitions(world, max_size=None)
    answer = importance(found, probability=chance)
    assert answer.exact
    assert answer.error == 0.0
    assert answer.stopped == pytest.approx(stopped(found, chance), abs=1e-9)
    assert answer.at_least == pytest.approx(answer.stopped, abs=1e-9)
    for one in answer.next:
        refuses = stopped(found, chance | {one.state: 1.0})
        permits = stopped(found, chance | {one.state: 0.0})
        assert one.birnbaum == pytest.approx(refuses - permits, abs=1e-9)
        assert one.gain == pytest.approx(stopped(found, chance) - permits, abs=1e-9)
        assert one.closes == sum(one.state in c.states for c in found.corridors)


@settings(max_examples=80, deadline=None)
@given(
    families,
    chances,
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(NAMES), max_size=2),
)
def test_the_next_one_after_those_asked(
    world: FamilyWorld, chance: dict[str, float], asked: frozenset[str], unwilling: frozenset[str]
) -> None:
    found = coalitions(world, max_size=None, unwilling=unwilling)
    chance = chance | dict.fromkeys(unwilling, 0.0)
    answer = importance(found, probability=chance, asked=asked)
    now = {s: p if s in asked else 0.0 for s, p in chance.items()}
    before = stopped(found, now)
    assert answer.stopped == pytest.approx(before, abs=1e-9)
    assert not {one.state for one in answer.next} & (asked | unwilling)
    for one in answer.next:
        after = stopped(found, now | {one.state: chance[one.state]})
        assert one.gain == pytest.approx(after - before, abs=1e-9)
        rest = stopped(found, chance) - stopped(found, chance | {one.state: 0.0})
        assert one.campaign == pytest.approx(rest, abs=1e-9)
    gains = [round(one.gain, 9) for one in answer.next]
    assert gains == sorted(gains, reverse=True)


@settings(max_examples=60, deadline=None)
@given(families, chances, st.integers(1, 3))
def test_a_list_cut_short_brackets_the_truth(world: FamilyWorld, chance: dict[str, float], size: int) -> None:
    whole, cut = coalitions(world, max_size=None), coalitions(world, max_size=size)
    truth, answer = stopped(whole, chance), importance(cut, probability=chance)
    assert answer.at_least - 1e-9 <= truth <= answer.stopped + 1e-9
    assert answer.exact == cut.complete


@pytest.mark.parametrize("seed", range(4))
def test_samples_stay_within_the_stated_error(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"S{i:02}" for i in range(14)]
    ways = [(frozenset(draw.sample(names, draw.randint(2, 5))), float(i)) for i in range(16)]
    found = coalitions(FamilyWorld(frozenset(names), ways), max_size=None)
    chance = {s: draw.random() for c in found.corridors for s in c.states}
    exact = importance(found, probability=chance)
    sampled = importance(found, probability=chance, node_limit=0, samples=4000)
    assert len(exact.next) >= 10
    assert not sampled.exact
    assert sampled.samples == 4000
    assert 0.0 < sampled.error < 0.05
    assert sampled.stopped == pytest.approx(exact.stopped, abs=sampled.error)
    assert sampled.at_least == pytest.approx(exact.at_least, abs=sampled.error)
    truth = {one.state: one for one in exact.next}
    for one in sampled.next:
        assert one.birnbaum == pytest.approx(truth[one.state].birnbaum, abs=sampled.error)
        assert one.gain == pytest.approx(truth[one.state].gain, abs=sampled.error)
    assert sampled == importance(found, probability=chance, node_limit=0, samples=4000)


def test_the_stated_error_is_not_empty_talk() -> None:
    """Over many seeds the bound holds at least 19 times in 20, and errors are of its order of magnitude."""
    found = coalitions(world_of("AB", "BC", "CD", "DE"), max_size=None)
    exact = importance(found)
    truth = {one.state: one.birnbaum for one in exact.next}
    errors, bound = [], 0.0
    for seed in range(60):
        answer = importance(found, node_limit=0, samples=500, seed=seed)
        bound = answer.error
        errors.append(
            max(abs(answer.stopped - exact.stopped), *(abs(o.birnbaum - truth[o.state]) for o in answer.next))
        )
    assert sum(e <= bound for e in errors) >= 57
    assert max(errors) > bound / 10


def test_one_state_holds_every_corridor() -> None:
    found = coalitions(world_of("AP", "BP", "CP"))
    answer = importance(found, asked=["B", "C"])
    assert answer.stopped == 0.0
    assert [(o.state, o.closes, o.gain) for o in answer.next] == [("P", 3, 0.5), ("A", 1, 0.125)]
    assert importance(found, probability={"P": 1.0}).stopped == 1.0


def test_where_no_single_refusal_helps_the_campaign_decides() -> None:
    found = coalitions(world_of("A", "B", "CD"))
    answer = importance(found, asked=[])
    assert [o.gain for o in answer.next] == [0.0] * 4
    assert [o.state for o in answer.next] == ["A", "B", "C", "D"]
    assert answer.next[0].campaign > answer.next[2].campaign > 0


@pytest.mark.parametrize(
    ("world", "options", "expected"),
    [
        (FamilyWorld(frozenset("AB"), []), {}, 1.0),
        (FamilyWorld(frozenset("AB"), [(frozenset("A"), 1.0)]), {"refused": ["A"]}, 1.0),
        (FamilyWorld(frozenset("AB"), [(frozenset(), 1.0)]), {}, 0.0),
        (FamilyWorld(frozenset("AB"), [(frozenset("A"), 1.0)]), {"unwilling": ["A"]}, 0.0),
    ],
)
def test_nothing_to_ask(world: FamilyWorld, options: dict[str, list[str]], expected: float) -> None:
    answer = importance(coalitions(world, **options))  # type: ignore[arg-type]
    assert (answer.stopped, answer.at_least, answer.next) == (expected, expected, ())


def test_json_shape() -> None:
    answer = importance(coalitions(world_of("AB", "C"))).to_json()
    assert answer["next"][0] == {"state": "C", "closes": 1, "gain": 0.375}
    assert answer["stopped"] == 0.375
    assert answer["exact"] is True


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"probability": {"B": 1.5}}, "probability of B"),
        ({"probability": {"B": math.nan}}, "probability of B"),
        ({"default": -0.1}, "probability of default"),
        ({"probability": {"A": 0.5}}, "probability of A"),
        ({"samples": 0}, "samples"),
        ({"asked": "B"}, "asked"),
    ],
)
def test_bad_questions(options: dict[str, object], where: str) -> None:
    found = coalitions(world_of("AB", "C"), unwilling=["A"])
    with pytest.raises(InputError) as error:
        importance(found, **options)  # type: ignore[arg-type]
    assert error.value.where == where


masks = st.lists(st.integers(0, 2**9 - 1), max_size=12)


@settings(max_examples=120, deadline=None)
@given(masks, st.lists(st.floats(0, 1), min_size=9, max_size=9))
def test_diagrams_against_all_outcomes(family: list[int], chance: list[float]) -> None:
    diagram = Diagram(family, 9)
    total, given_refusal = 0.0, np.zeros(9)
    for outcome in range(2**9):
        hit = all(outcome & mask for mask in family)
        for fixed in range(-1, 9):
            weight = math.prod(
                1.0 if i == fixed else chance[i] if outcome >> i & 1 else 1 - chance[i] for i in range(9)
            )
            if fixed < 0:
                total += weight * hit
            else:
                given_refusal[fixed] += weight * hit * (1 if outcome >> fixed & 1 else -1)
    assert diagram.probability(chance) == pytest.approx(total, abs=1e-9)
    assert diagram.importance(chance) == pytest.approx(given_refusal, abs=1e-9)


def test_a_diagram_gives_up_at_its_limit() -> None:
    draw = random.Random(3)
    family = [sum(1 << i for i in draw.sample(range(40), 5)) for _ in range(60)]
    with pytest.raises(TooLarge):
        Diagram(family, 40, limit=200)


@settings(max_examples=60, deadline=None)
@given(masks)
def test_minimal_masks(family: list[int]) -> None:
    kept = minimal(family)
    assert set(kept) == {m for m in family if not any(o != m and o & ~m == 0 for o in family)}


def test_coalitions_can_be_built_by_hand() -> None:
    """The case room keeps results; importance needs nothing but the result."""
    found = coalitions(world_of("AB", "C"))
    again = Coalitions(found.closed, found.coalitions, found.corridors, found.complete, found.why_incomplete)
    assert importance(again) == importance(found)
