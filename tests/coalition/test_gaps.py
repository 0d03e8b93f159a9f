from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.coalition import coalitions, gaps
from overflight.errors import InputError

from .worlds import FamilyWorld, brute_force

ENGLISH = {
    "AFG": "Afghanistan",
    "CHN": "China",
    "IND": "India",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "PAK": "Pakistan",
    "RUS": "Russia",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
}
STEPPE = FamilyWorld(
    frozenset(ENGLISH),
    [
        (frozenset({"CHN", "KAZ", "UZB", "TKM"}), 6430.0),
        (frozenset({"CHN", "KGZ", "TJK", "AFG"}), 6500.0),
        (frozenset({"CHN", "PAK"}), 6638.4),
        (frozenset({"CHN", "IND", "PAK"}), 6700.0),
        (frozenset({"RUS", "KAZ", "TKM"}), 6900.0),
    ],
)
ASKED = ["AFG", "CHN", "KAZ", "KGZ", "TJK", "TKM", "UZB"]


def test_the_way_through_pakistan_is_open() -> None:
    report = gaps(
        STEPPE, asked=ASKED, unwilling=["CHN", "RUS"], great_circle_km=6426.0, name=ENGLISH.__getitem__
    )
    assert not report.closed
    assert report.words[0] == "open: Pakistan – China, +212 km; ask Pakistan; China is held unwilling"
    assert report.words[1:] == ("to close all of it, ask at least Pakistan",)
    assert [(o.state, o.closes, o.needed) for o in report.forgotten] == [("PAK", 1, True)]
    assert report.further == (("PAK",),)
    assert report.to_json()["gaps"][0]["ask"] == ["PAK"]


def test_in_the_alphabet_where_the_order_of_flight_is_not_known() -> None:
    class Unordered(FamilyWorld):
        def route(self, refusing: frozenset[str]):  # type: ignore[no-untyped-def]
            found = super().route(refusing)
            return None if found is None else type(found)(found.states, found.km)

    report = gaps(
        Unordered(STEPPE.candidates, STEPPE.ways),
        asked=ASKED,
        unwilling=["CHN", "RUS"],
        great_circle_km=6426.0,
        name=ENGLISH.__getitem__,
    )
    assert report.words[0].startswith("open: China – Pakistan, +212 km; ask Pakistan")


def test_nothing_open_once_pakistan_is_asked() -> None:
    report = gaps(STEPPE, asked=[*ASKED, "PAK"], unwilling=["CHN", "RUS"], great_circle_km=6426.0)
    assert report.closed
    assert report.gaps == ()
    assert report.words == (
        "closed: if all those approached refuse, no route within range is left",
        "CHN is held unwilling",
    )


def test_all_ways_open_when_nobody_was_asked() -> None:
    report = gaps(STEPPE, asked=[], unwilling=["CHN"], great_circle_km=6426.0, name=ENGLISH.__getitem__)
    assert [round(g.detour_km) for g in report.gaps] == [4, 74, 212, 474]
    assert report.words[0] == (
        "open: Uzbekistan – Turkmenistan – Kazakhstan – China, +4 km; "
        "ask Uzbekistan, Turkmenistan or Kazakhstan; China is held unwilling"
    )
    assert report.words[-1] == (
        "to close all of it, ask at least Afghanistan, Kazakhstan and Pakistan "
        "(or another of 6 sets as small)"
    )
    assert report.forgotten[0].state == "PAK"


def test_nobody_can_close() -> None:
    report = gaps(
        FamilyWorld(frozenset("ABC"), [(frozenset("AB"), 10.0), (frozenset("C"), 10.2)]),
        asked=["C"],
        unwilling=["A", "B"],
        great_circle_km=10.2,
    )
    assert report.words == ("open: B – A, +0 km; nobody can close it; B and A are held unwilling",)
    assert report.forgotten == ()
    sea = gaps(FamilyWorld(frozenset("A"), [(frozenset(), 14.0)]), asked=["A"], great_circle_km=10.0)
    assert sea.words == ("open: by departure and arrival alone, +4 km; nobody can close it",)


def test_nothing_within_range_at_all() -> None:
    report = gaps(FamilyWorld(frozenset("A"), []), asked=["A"], great_circle_km=10.0)
    assert report.closed
    assert report.words == ("no route lies within range, even if every state permits",)


def test_a_report_cut_short_says_so() -> None:
    report = gaps(STEPPE, asked=[], great_circle_km=6426.0, max_calls=4)
    assert not report.complete
    assert report.words[-1] == "not the whole list: stopped after 4 route searches"


NAMES = [f"S{i}" for i in range(7)]
codes = st.frozensets(st.sampled_from(NAMES), max_size=3)
families = st.lists(
    st.tuples(st.frozensets(st.sampled_from(NAMES), max_size=4), st.integers(5, 9).map(float)), max_size=8
).map(lambda found: FamilyWorld(frozenset(NAMES), found))


@settings(max_examples=100, deadline=None)
@given(families, codes, codes, codes)
def test_against_all_subsets(
    world: FamilyWorld, asked: frozenset[str], unwilling: frozenset[str], refused: frozenset[str]
) -> None:
    unwilling -= refused
    report = gaps(
        world, asked=asked, unwilling=unwilling, refused=refused, great_circle_km=5.0, max_size=None
    )
    truth = brute_force(world, unwilling, refused | (asked - unwilling))
    assert report.closed == truth.closed
    assert report.further == truth.coalitions
    touching = (asked - unwilling) | refused
    for gap in report.gaps:
        assert not touching & set(gap.corridor)
        assert gap.km == truth.corridors[tuple(sorted(gap.corridor))]
        assert set(gap.ask) == set(gap.corridor) - unwilling
    detours = [gap.detour_km for gap in report.gaps]
    assert detours == sorted(detours)
    # Each open corridor is listed, or holds one that is, as far as those who can be asked go.
    listed = [frozenset(gap.ask) for gap in report.gaps]
    assert all(any(ask <= set(corridor) for ask in listed) for corridor in truth.corridors)


@settings(max_examples=60, deadline=None)
@given(families, codes)
def test_the_same_gaps_as_in_the_whole_list(world: FamilyWorld, asked: frozenset[str]) -> None:
    whole = coalitions(world, max_size=None)
    report = gaps(world, asked=asked, great_circle_km=5.0, max_size=None)
    untouched = {c.states for c in whole.corridors if not asked & set(c.states)}
    assert {tuple(sorted(gap.corridor)) for gap in report.gaps} == untouched


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"great_circle_km": 0.0}, "great_circle_km"),
        ({"great_circle_km": float("nan")}, "great_circle_km"),
        ({"asked": "PAK", "great_circle_km": 1.0}, "asked"),
        ({"unwilling": ["PAK"], "refused": ["PAK"], "great_circle_km": 1.0}, "unwilling"),
        ({"max_size": 0, "great_circle_km": 1.0}, "max_size"),
    ],
)
def test_bad_questions(options: dict[str, object], where: str) -> None:
    with pytest.raises(InputError) as error:
        gaps(STEPPE, **({"asked": []} | options))  # type: ignore[arg-type]
    assert error.value.where == where
