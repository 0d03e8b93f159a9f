"""What refusals leave open, against a search that tries everything."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.case.life.ways import LegWays, Way, Ways, cover

from .desks import hitting_sets

STATES = "ABCDEF"
START = datetime(2008, 7, 28, tzinfo=UTC)


def least(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    return [one for one in sets if not any(other < one for other in sets)]


corridors = st.lists(
    st.frozensets(st.sampled_from(STATES), min_size=1, max_size=4), min_size=1, max_size=7, unique=True
).map(least)
some = st.frozensets(st.sampled_from(STATES), max_size=4)


def leg_of(sets: list[frozenset[str]]) -> LegWays:
    ways = tuple(Way(tuple(sorted(one)), 1000.0 + n) for n, one in enumerate(sets))
    return LegWays("A-B", ("X", "Y"), (), (), START, 8000.0, ways, hitting_sets(sets), True)


@settings(max_examples=200, deadline=None)
@given(corridors, some)
def test_a_refusal_is_a_matter_of_sets(sets: list[frozenset[str]], refusing: frozenset[str]) -> None:
    found = cover(Ways((leg_of(sets),)), closing=refusing).legs[0]
    left = [one for one in sets if not one & refusing]
    assert {frozenset(way.states) for way in found.open} == set(left)
    assert found.closed == (not left)
    if left:
        # The least sets that close what is left, by trying all of them.
        want = [
            frozenset(one)
            for size in range(1, len(STATES) + 1)
            for one in combinations(STATES, size)
            if all(frozenset(one) & way for way in left)
        ]
        assert {frozenset(one) for one in found.coalitions} == set(least(want))


@settings(max_examples=100, deadline=None)
@given(corridors, some, some)
def test_who_allows_is_in_no_coalition_and_the_chance_is_that_of_trying_all(
    sets: list[frozenset[str]], allowing: frozenset[str], asked: frozenset[str]
) -> None:
    found = cover(
        Ways((leg_of(sets),)), closing=(), allowing=allowing, asked=asked, chances=dict.fromkeys(asked, 0.25)
    )
    leg = found.legs[0]
    assert not leg.closed
    assert all(not frozenset(one) & allowing for one in leg.coalitions)
    assert not set(found.never) & (asked | allowing)
    free = sorted(asked - allowing)
    want = 0.0
    for size in range(len(free) + 1):
        for refusing in combinations(free, size):
            if all(one & frozenset(refusing) for one in sets):
                want += 0.25**size * 0.75 ** (len(free) - size)
    # Where nothing can close it, the chance is nought either way.
    assert abs(leg.stopped - want) < 1e-9


def test_a_landing_refused_closes_the_leg_that_ends_there() -> None:
    leg = LegWays("A-B", (), (), (), START, 1.0, (Way(("C",), 1.0),), (("C",),), True, lands="B")
    assert cover(Ways((leg,)), closing=(), landing=["B"]).legs[0].why == "landing"
    assert not cover(Ways((leg,)), closing=(), landing=["C"]).closed


def test_a_list_that_was_cut_short_proves_nothing() -> None:
    leg = LegWays("A-B", (), (), (), START, 1.0, (Way(("C",), 1.0),), (("C",),), False, "time")
    found = cover(Ways((leg,)), closing=["C"]).legs[0]
    assert not found.closed
    assert not found.complete


def test_the_line_of_a_measured_corridor_is_not_searched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from overflight.case.life.measured import MeasuringOracle
    from overflight.coalition import coalitions
    from overflight.route.permitted import RouteFinder, RouteOracle, finder

    routes = finder("de-facto")
    ends = (125.67, 39.22), (51.15, 35.42)
    plain = RouteOracle(routes, *ends, 7500.0)
    oracle = MeasuringOracle(routes, *ends, 7500.0)
    searches: list[int] = []
    shortest = RouteFinder.shortest

    def counted(self: RouteFinder, *given: object) -> object:
        searches.append(1)
        return shortest(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(RouteFinder, "shortest", counted)
    found = coalitions(oracle, max_size=3, max_calls=300)
    assert found == coalitions(plain, max_size=3, max_calls=300)
    assert found.corridors
    searches.clear()
    lines = [oracle.line(frozenset(one.states)) for one in found.corridors]
    assert searches == []
    for one, line in zip(found.corridors, lines, strict=True):
        assert line is not None
        assert line.km == pytest.approx(one.km)
        assert set(line.states) - oracle.ends <= set(one.states)
