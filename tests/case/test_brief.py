"""The brief's logic, on the public case and on one flight over the date line."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from overflight.case import wording
from overflight.case.brief import compose
from overflight.case.files import to_json
from overflight.case.model import Brief
from overflight.route.permitted import finder
from overflight.world import airspace
from overflight.world.flight_file import parse_flight


def test_the_public_case(demo: Brief) -> None:
    first, second = demo.legs
    assert [view.state for view in first.on_line] == ["PRK", "CHN", "MMR"]
    assert {"MMR", "IND", "BGD", "PAK", "AFG", "IRN"} <= {view.state for view in second.on_line}
    assert first.distance_km == pytest.approx(3424.4, abs=2)
    assert second.distance_km == pytest.approx(4597.7, abs=2)
    assert {leg.verdict.verdict for leg in demo.legs} == {"feasible"}
    # Mandalay is one way to Tehran; the aircraft could have flown there without it.
    assert demo.direct is not None
    assert demo.direct.verdict.verdict == "feasible"
    assert "KAZ" in demo.direct.new_states
    assert ("MMR",) in demo.closure.coalitions
    assert any("press" in source for source in demo.flight.sources)


def test_times_follow_the_distance(demo: Brief) -> None:
    for leg in demo.legs:
        low, high = leg.speed_kmh
        for passage in leg.passages:
            km = passage.crossing.entry_km
            assert passage.hours[0] == pytest.approx(km / high)
            assert passage.hours[1] == pytest.approx(km / low + 0.5)
            assert passage.times.entry[0] <= passage.times.exit[0]
            assert leg.leg.departs.earliest <= passage.times.entry[0] <= passage.times.entry[1]
        for before, after in pairwise(leg.passages):
            assert before.times.exit == after.times.entry


def test_numbers_run_through_the_flight_and_name_each_state_entered(demo: Brief) -> None:
    numbers = [p.number for leg in demo.legs for p in leg.passages if p.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    for leg in demo.legs:
        numbered = {p.crossing.state for p in leg.passages if p.number is not None}
        assert numbered >= {view.state for view in leg.on_line} - {leg.passages[0].crossing.state}


def test_detours_are_those_of_the_route_finder(demo: Brief) -> None:
    routes = finder()
    for leg in demo.legs:
        ends = leg.leg.origin.lonlat, leg.leg.destination.lonlat
        for view in leg.states:
            if view.on_line and view.standing != "permits":
                way = routes.shortest(*ends, [view.state], leg.answer.range_km)
                assert (view.around_km is None) == (way is None)
                if way is not None and view.around_km is not None:
                    assert view.around_km == pytest.approx(way.km - leg.distance_km)
                    assert view.around_km > 0
            assert (view.into_km == 0) or not view.on_line


def test_alternatives_keep_out_of_the_refusing_and_grow(demo: Brief) -> None:
    for leg in demo.legs:
        assert leg.alternatives
        for other in leg.alternatives:
            assert not set(other.refusing) & set(other.states)
            assert other.km <= leg.answer.range_km
            assert other.extra_km == pytest.approx(other.km - leg.distance_km)
        lengths = [other.km for other in leg.alternatives]
        assert lengths == sorted(lengths)
        assert len({other.states for other in leg.alternatives}) == len(lengths)
    labels = [other.label for leg in demo.legs for other in leg.alternatives]
    assert labels == sorted(set(labels))


def test_nobody_asked_is_called_forgotten(demo: Brief) -> None:
    asked = set(demo.flight.approaches.asked)
    for leg in demo.legs:
        for one in leg.forgotten:
            assert one.state not in asked
            assert one.grounds
    assert {"PAK", "AFG"} <= {one.state for _, one in demo.forgotten}
    assert [one.rank for _, one in demo.forgotten] == sorted(one.rank for _, one in demo.forgotten)


def test_flight_coalitions_are_the_least_of_the_legs(demo: Brief) -> None:
    sets = [set(one) for one in demo.closure.coalitions]
    assert all(not (a < b) for a in sets for b in sets)
    for leg in demo.legs:
        for coalition in leg.answer.found.coalitions:
            assert any(one <= set(coalition) for one in sets)


def test_over_the_date_line(pacific: Brief) -> None:
    assert pacific.direct is None
    (leg,) = pacific.legs
    assert leg.on_line[0].state == "NZL"
    assert leg.on_line[-1].state == "USA"
    assert leg.verdict.confidence == "given"


def test_the_document_is_plain_json(demo: Brief, pacific: Brief) -> None:
    for brief in (demo, pacific):
        document = json.loads(json.dumps(to_json(brief), allow_nan=False))
        assert {
            "flight",
            "view",
            "legs",
            "meetings",
            "screening",
            "coalitions",
            "complete",
            "direct",
            "warnings",
            "grounds",
            "sources",
        } == set(document)
        for leg in document["legs"]:
            assert {
                "crossings",
                "states",
                "block",
                "alternatives",
                "forgotten",
                "range",
                "line",
                "law",
            } <= leg.keys()
            assert {"closed", "coalitions", "corridors", "complete", "next"} <= leg["block"].keys()
            assert len(leg["crossings"]) == len(brief.legs[leg["number"] - 1].passages)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "< 1 %"), (0.004, "< 1 %"), (0.15, "15 %"), (0.998, "> 99 %"), (1.0, "100 %")],
)
def test_shares_in_words(value: float, text: str) -> None:
    assert wording.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "none within range"), (0.0, "0 km"), (0.4, "+0.4 km"), (212.4, "+212 km")]
)
def test_detours_in_words(value: float | None, text: str) -> None:
    assert wording.detour(value) == text


def _brief(text: str) -> Brief:
    return compose(parse_flight(text), airspace.load(), finder())


def test_doubts_are_told() -> None:
    brief = _brief(
        """
        [flight]
        id = "X"
        operator = "Nobody Air"
        kind = "state"
        aircraft = { type = "AN24", registration = "P-885", hex = "780001", speed_kmh = 450 }
        [[leg]]
        from = "ZKPY"
        to = "OIIE"
        departs = 2024-05-01T03:00:00Z
        arrives = 2024-05-01T06:00:00Z
        """
    )
    kinds = {caution.kind for caution in brief.warnings}
    assert {"operator", "range", "contradiction", "sliver"} <= kinds
    texts = " ".join(caution.text for caution in brief.warnings)
    assert "not feasible" in texts
    assert "needs at least 2,1" in texts
    (leg,) = brief.legs
    assert leg.answer.found.out_of_range
    assert leg.alternatives == ()
    assert brief.closure.coalitions == ()


def test_a_dispute_is_told_and_a_refusal_at_an_end_is_left_out() -> None:
    brief = _brief(
        """
        [flight]
        id = "X"
        operator = "KOR"
        kind = "state"
        aircraft = { type = "IL62", range_km = 3000 }
        [[leg]]
        from = "OPIS"
        to = "ZWSH"
        departs = 2024-05-01
        [approaches]
        refused = ["China", "AFG"]
        unwilling = ["TJK"]
        """
    )
    (leg,) = brief.legs
    disputed = [caution.text for caution in brief.warnings if caution.kind == "disputed"]
    assert disputed
    assert any("claimed by India" in text for text in disputed)
    standing = {view.state: view.standing for view in leg.states}
    assert standing["CHN"] == standing["PAK"] == "permits"
    assert leg.answer.found.refused == ("AFG",)
    assert all("AFG" not in other.states for other in leg.alternatives)
