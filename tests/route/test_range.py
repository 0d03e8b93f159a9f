"""The range model and its verdicts."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.route.range import Reserve, payload_range_km, range_verdict
from overflight.world.aircraft import AircraftType, aircraft

PYONGYANG_TEHRAN, PYONGYANG_DAMASCUS, PYONGYANG_BANGKOK = 6426.1, 7693.9, 3728.5
TYPES = [
    "IL62",
    "IL62M",
    "IL76T",
    "IL76TD",
    "IL76TD90",
    "IL18",
    "T134",
    "T154B",
    "T154M",
    "T204-100",
    "T204-300",
]
TYPES += ["A148", "AN24", "AN26", "AN12", "A124", "B744F", "B742F", "B743", "A306", "A343"]
ORDER = ("feasible", "marginal", "not feasible")


@pytest.mark.parametrize(
    ("text", "km", "payload_t", "verdict"),
    [
        # Known flights and published figures, worked through apart from this program.
        ("IL62", PYONGYANG_TEHRAN, None, "feasible"),
        ("IL62M", PYONGYANG_TEHRAN, None, "feasible"),
        ("IL62M", PYONGYANG_TEHRAN, 0.0, "feasible"),
        ("IL62M", PYONGYANG_TEHRAN, 23.0, "feasible"),
        ("T204-300", PYONGYANG_TEHRAN, 5.0, "feasible"),
        ("T204-300", PYONGYANG_TEHRAN, 18.0, "marginal"),
        ("IL76", PYONGYANG_TEHRAN, 35.0, "not feasible"),
        ("IL76", PYONGYANG_TEHRAN, 50.0, "not feasible"),
        ("IL76T", PYONGYANG_TEHRAN, 35.0, "not feasible"),
        ("IL76TD", PYONGYANG_TEHRAN, 40.0, "not feasible"),
        ("IL62M", PYONGYANG_DAMASCUS, 23.0, "marginal"),
        ("IL62M", PYONGYANG_DAMASCUS, 15.0, "marginal"),
        ("IL76TD", PYONGYANG_BANGKOK, 50.0, "marginal"),
        ("IL76TD", PYONGYANG_BANGKOK, 40.0, "feasible"),
        ("IL76TD", PYONGYANG_BANGKOK, 35.0, "feasible"),
        ("B744F", PYONGYANG_TEHRAN, 113.0, "feasible"),
        ("B744F", PYONGYANG_TEHRAN, 0.0, "feasible"),
        ("B742F", PYONGYANG_TEHRAN, 112.0, "not feasible"),
        ("B742F", PYONGYANG_TEHRAN, 89.0, "feasible"),
        ("AN26", PYONGYANG_TEHRAN, 0.0, "not feasible"),
    ],
)
def test_known_verdicts(text: str, km: float, payload_t: float | None, verdict: str) -> None:
    assert range_verdict(aircraft(text), km, payload_t=payload_t).verdict == verdict


def _by_hand(kind: AircraftType, payload_t: float) -> tuple[float, float]:
    """The two lines, drawn segment by segment without NumPy."""
    out = []
    for end in (0, 1):
        points = []
        for point in kind.ranges:
            km = point.range_km[end]
            if point.reserves == "out":
                speed = sum(kind.cruise_kmh or (0, 0)) / 2
                km = (km - 0.75 * speed - 200 * 1.852) / 1.05
            points.append(((point.payload_t or (0, 0))[end], km))
        points.sort()
        if payload_t <= points[0][0]:
            out.append(points[0][1])
        elif payload_t >= points[-1][0]:
            out.append(points[-1][1])
        else:
            for (left, far), (right, near) in pairwise(points):
                if left <= payload_t <= right:
                    out.append(far + (near - far) * (payload_t - left) / (right - left))
                    break
    return min(out), max(out)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TYPES), st.floats(0, 160))
def test_the_lines_are_straight_between_the_published_points(text: str, payload_t: float) -> None:
    kind = aircraft(text)
    assert payload_range_km(kind, payload_t) == pytest.approx(np.array(_by_hand(kind, payload_t)), rel=1e-9)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TYPES), st.floats(0, 160), st.floats(0, 160), st.floats(1, 20000))
def test_more_payload_never_helps(text: str, one: float, other: float, km: float) -> None:
    kind, light, heavy = aircraft(text), min(one, other), max(one, other)
    low, high = payload_range_km(kind, [light, heavy]).T
    assert low[0] >= low[1] - 1e-9
    assert high[0] >= high[1] - 1e-9
    verdicts = [range_verdict(kind, km, payload_t=load).verdict for load in (light, heavy)]
    assert ORDER.index(verdicts[0]) <= ORDER.index(verdicts[1])


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(TYPES), st.floats(0, 160), st.floats(1, 20000), st.floats(1, 20000), st.floats(-200, 300)
)
def test_a_longer_way_or_more_wind_never_helps(
    text: str, load: float, one: float, other: float, wind: float
) -> None:
    kind, near, far = aircraft(text), min(one, other), max(one, other)
    verdicts = [range_verdict(kind, km, payload_t=load, headwind_kmh=wind).verdict for km in (near, far)]
    assert ORDER.index(verdicts[0]) <= ORDER.index(verdicts[1])
    still, blown = (range_verdict(kind, near, payload_t=load, headwind_kmh=w) for w in (0.0, abs(wind)))
    assert ORDER.index(still.verdict) <= ORDER.index(blown.verdict)
    assert still.needed_km <= blown.needed_km * (1 + 1e-12)  # a breath of wind rounds either way


@settings(deadline=None, max_examples=150)
@given(st.floats(100, 20000), st.floats(100, 20000))
def test_marginal_is_within_fifteen_per_cent(range_km: float, km: float) -> None:
    found = range_verdict(aircraft("C130"), km, range_km=range_km)
    assert found.margin == pytest.approx(range_km / km - 1)
    if abs(found.margin) < 0.1499:
        assert found.verdict == "marginal"
    elif abs(found.margin) > 0.1501:
        assert found.verdict == ("feasible" if found.margin > 0 else "not feasible")


def test_a_wide_interval_alone_never_makes_a_flight_feasible() -> None:
    """An-12 with 20 t: 1400 to 3600 km by source; the middle covers 2100 km well, the low figure does not."""
    found = range_verdict(aircraft("AN12"), 2100, payload_t=20)
    assert found.margin > 0.15
    assert found.verdict == "marginal"


def test_the_wind_lengthens_the_way() -> None:
    found = range_verdict(aircraft("IL62"), 6000, headwind_kmh=86)
    assert found.needed_km == pytest.approx(6000 * 860 / (860 - 86))
    assert any("headwind" in ground for ground in found.grounds)
    assert any("no wind" in ground for ground in range_verdict(aircraft("IL62"), 6000).grounds)


def test_reserves_are_taken_off_ferry_ranges_only() -> None:
    rule = Reserve()
    assert rule.beyond_km(6426, 860) == pytest.approx(0.05 * 6426 + 645 + 370.4)
    dry = 6750.0
    trip = rule.usable_km(dry, 830)
    assert trip + rule.beyond_km(trip, 830) == pytest.approx(dry)
    assert rule.usable_km(100, 830) == 0
    low, high = payload_range_km(aircraft("T204-100"), 0.0)
    assert low == pytest.approx(rule.usable_km(6500, 830))
    assert high == pytest.approx(rule.usable_km(7000, 830))
    told = " ".join(range_verdict(aircraft("T204-100"), 5000).grounds)
    assert "assumed to be held" in told
    assert "taken off the ferry range" in told


def test_an_unknown_payload_is_said_to_be_assumed() -> None:
    found = range_verdict(aircraft("IL62"), PYONGYANG_TEHRAN)
    assert found.payload_t == pytest.approx(11.5)
    assert any("assumed, half" in ground for ground in found.grounds)
    assert found.confidence == "B"


def test_the_payload_limits_are_where_the_verdict_changes() -> None:
    kind = aircraft("IL76TD")
    found = range_verdict(kind, 5000)
    up_to, start = found.feasible_up_to_t, found.not_feasible_from_t
    assert up_to is not None
    assert range_verdict(kind, 5000, payload_t=up_to).verdict == "feasible"
    assert range_verdict(kind, 5000, payload_t=up_to + 0.11).verdict == "marginal"
    assert start is not None
    assert range_verdict(kind, 5000, payload_t=start).verdict == "not feasible"
    assert range_verdict(kind, 5000, payload_t=start - 0.11).verdict == "marginal"
    hopeless = range_verdict(aircraft("AN26"), 9000)
    assert (hopeless.feasible_up_to_t, hopeless.not_feasible_from_t) == (None, 0.0)


def test_too_heavy_is_too_heavy_over_any_distance() -> None:
    found = range_verdict(aircraft("IL62M"), 10, payload_t=23.5)
    assert found.verdict == "not feasible"
    assert "more than the type carries" in found.grounds[0]
    assert range_verdict(aircraft("A320"), 10, payload_t=100).verdict == "not feasible"


def test_other_variants_of_a_designator_are_named() -> None:
    told = " ".join(range_verdict(aircraft("IL62"), 8600, payload_t=20).grounds)
    assert "IL62 may also be the Il-62M: marginal" in told
    assert range_verdict(aircraft("IL62"), 8600, payload_t=20).verdict == "not feasible"
    assert "may also" not in " ".join(range_verdict(aircraft("Il-62M"), 8600).grounds)


def test_a_range_of_the_users_own_overrides() -> None:
    found = range_verdict(aircraft("C130"), 3000, range_km=4000)
    assert (found.verdict, found.still_air_range_km, found.confidence) == ("feasible", (4000, 4000), "given")
    assert range_verdict(aircraft("IL62"), 3000, range_km=1000).verdict == "not feasible"


def test_a_type_without_range_asks_for_one() -> None:
    with pytest.raises(InputError, match="give range_km"):
        range_verdict(aircraft("C130"), 3000)
    with pytest.raises(InputError, match="no speed"):
        range_verdict(aircraft("C130"), 3000, range_km=4000, headwind_kmh=30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"distance_km": 0.0},
        {"distance_km": -5.0},
        {"distance_km": math.nan},
        {"distance_km": math.inf},
        {"range_km": 0.0},
        {"range_km": -1.0},
        {"payload_t": -0.1},
        {"payload_t": math.nan},
        {"headwind_kmh": math.nan},
        {"headwind_kmh": 2000.0},
        {"range_km": 4000.0, "payload_t": -1.0},
    ],
)
def test_nonsense_is_refused_with_a_mend(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError) as caught:
        range_verdict(aircraft("IL62"), **({"distance_km": 5000.0} | wrong))
    assert caught.value.mend


def test_arrays_of_any_shape() -> None:
    loads = np.linspace(0, 20, 12).reshape(3, 4)
    assert payload_range_km(aircraft("IL62"), loads).shape == (3, 4, 2)
    assert payload_range_km(aircraft("A320"), loads).shape == (3, 4, 2)
