"""Shipped meetings, coincidence with a flight's days and places, the innocent-explanation test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.meetings import (
    BANDS,
    CAUTION,
    Known,
    Meeting,
    beside,
    categories,
    coincident,
    explanation,
    explanations,
    gather,
    groups,
    is_member,
    place_of,
    recurring,
    shipped,
)
from overflight.meetings.features import weights
from overflight.meetings.recurrence import parse_rule
from overflight.world.aerodromes import aerodrome
from overflight.world.aircraft import aircraft
from overflight.world.flight import Aircraft, Flight, Leg, Stop, Window
from overflight.world.flight_file import read_flight
from overflight.world.states import details

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def stop(code: str) -> Stop:
    found = aerodrome(code)
    return Stop(found.key, found.icao, found.name, found.city, found.state, found.lon, found.lat)


def flight(
    origin: str,
    destination: str,
    day: date,
    *,
    kind: str = "T154",
    purpose: str | None = None,
    cargo: str | None = None,
) -> Flight:
    start = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    leg = Leg(1, stop(origin), stop(destination), Window(start, start))
    return Flight("T1", "KOR", "civil non-scheduled", Aircraft(kind), (leg,), purpose, cargo)


def by_id(key: str) -> Meeting:
    return next(one for one in shipped() if one.id == key)


# --- the tables ---------------------------------------------------------------------------------------


def test_every_row_is_sound() -> None:
    rows = shipped()
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.source
        assert row.first <= row.last
        assert (row.last - row.first).days < 20
        if row.travel and row.place.state:
            details(row.place.state)
        for code in row.place.aerodromes:
            assert aerodrome(code).state == row.place.state
        for part in row.parts:
            assert row.first <= part.first <= part.last <= row.last
        assert row.event_verified or not row.days_verified


def test_memberships() -> None:
    for entries in groups().values():
        for entry in entries:
            assert all(details(code) for code in entry.states)
            assert entry.source
    count = {key: len(set().union(*(entry.states for entry in entries))) for key, entries in groups().items()}
    assert count["UN"] == 193
    assert count["NAM"] == 120
    assert count["CASPIAN"] == 5
    assert is_member("IRN", "SCO", date(2020, 1, 1)) is None
    assert is_member("IRN", "SCO", date(2024, 1, 1)) is not None
    assert is_member("SYR", "OIC", date(2010, 1, 1)) is not None
    assert is_member("SYR", "OIC", date(2015, 1, 1)) is None


# Days as the reference has them.
DATED = [
    ("nam-2008-ministerial", "IRN", "2008-07-27", "2008-07-30", True, True),
    ("nam-2012-summit", "IRN", "2012-08-26", "2012-08-31", True, True),
    ("nam-2003-summit", "MYS", "2003-02-20", "2003-02-25", True, True),
    ("nam-2004-ministerial", "ZAF", "2004-08-17", "2004-08-19", False, False),
    ("nam-2011-ministerial", "IDN", "2011-05-23", "2011-05-27", True, False),
    ("nam-2024-summit", "UGA", "2024-01-15", "2024-01-20", True, True),
    ("unga-2009", "USA", "2009-09-23", "2009-09-30", True, True),
    ("unga-2008", "USA", "2008-09-23", "2008-09-29", True, False),
    ("unga-2025", "USA", "2025-09-23", "2025-09-29", True, False),
    ("caspian-2018", "KAZ", "2018-08-12", "2018-08-12", True, False),
]


@pytest.mark.parametrize(("key", "state", "first", "last", "event", "days"), DATED)
def test_dated_meetings(key: str, state: str, first: str, last: str, event: bool, days: bool) -> None:
    found = by_id(key)
    assert (found.place.state, found.first.isoformat(), found.last.isoformat()) == (state, first, last)
    assert (found.event_verified, found.days_verified) == (event, days)


def test_recurring_categories() -> None:
    for one in categories():
        assert one.source
        if one.rule:
            parse_rule(one.rule)
            assert one.start is not None
            assert one.place.state
        else:
            assert "calendar" in one.note
    debates = [
        m.first.isoformat()
        for m in recurring(date(2026, 1, 1), date(2028, 12, 31))
        if m.id.startswith("unga")
    ]
    assert debates == ["2026-09-22", "2027-09-21", "2028-09-19"]
    held = {m.id for m in gather(date(2008, 4, 15), date(2008, 4, 17))}
    assert {"prk-sun-2008", "syr-evacuation-2008"} <= held
    assert not [m for m in recurring(date(2009, 9, 1), date(2009, 9, 30)) if m.id.startswith("unga")]


# --- coincidence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "gap", "fits", "words"),
    [
        ("2008-07-24", 3, False, "opens 3 days after"),
        ("2008-07-25", 2, True, "opens 2 days after"),
        ("2008-07-26", 1, True, "opens 1 day after"),
        ("2008-07-27", 0, True, "is on"),
        ("2008-07-30", 0, True, "is on"),
        ("2008-08-01", -2, True, "closed 2 days before"),
        ("2008-08-02", -3, False, "closed 3 days before"),
        ("2008-08-07", -8, False, "closed 8 days before"),
        ("2008-08-13", -14, False, "closed 14 days before"),
    ],
)
def test_days_around_a_meeting(day: str, gap: int, fits: bool, words: str) -> None:
    when = date.fromisoformat(day)
    (found,) = coincident(when, when, places=[place_of("Tehran")])
    assert found.meeting.id == "nam-2008-ministerial"
    assert (found.gap_days, found.fits, found.words, found.place) == (gap, fits, words, "city")


def test_too_far_off_is_not_shown() -> None:
    assert coincident(date(2008, 8, 14), date(2008, 8, 14), places=[place_of("IRN")]) == ()
    assert coincident(date(2008, 7, 28), date(2008, 7, 28), places=[place_of("MMR")]) == ()
    assert coincident(date(2008, 8, 2), date(2008, 8, 2), places=[place_of("IRN")], near_days=0) == ()


@pytest.mark.parametrize("text", ["IRN", "ir", "Iran", "Tehran", "tehran", "OIIE", "IKA"])
def test_places_by_any_name(text: str) -> None:
    found = coincident(date(2008, 7, 28), date(2008, 7, 28), places=[place_of(text)])
    assert [one.meeting.id for one in found] == ["nam-2008-ministerial"]


def test_a_place_that_nobody_knows() -> None:
    with pytest.raises(InputError, match="no state, city or aerodrome"):
        place_of("Nowhereville")
    assert place_of("Mandalay").city == "Mandalay"
    assert coincident(date(2008, 7, 28), date(2008, 7, 28), places=[place_of("Mandalay")]) == ()


def test_online_meetings_explain_nothing() -> None:
    found = [o for o in coincident(date(2021, 7, 13), date(2021, 7, 13)) if o.meeting.id == "nam-2021-online"]
    assert [one.fits for one in found] == [False]


def test_days_the_wrong_way_round() -> None:
    with pytest.raises(InputError, match="before the first"):
        gather(date(2008, 8, 2), date(2008, 8, 1))


# --- the explanation ----------------------------------------------------------------------------------


def outcome(score: object, feature: str) -> str:
    return next(one.outcome for one in score.contributions if one.feature == feature)  # type: ignore[attr-defined]


def test_the_public_case_is_not_explained_by_what_was_over() -> None:
    case = read_flight(EXAMPLES / "KOR621.toml")
    found = coincident(date(2008, 8, 7), date(2008, 8, 8), places=[place_of("IRN"), place_of("MMR")])
    assert [(one.meeting.id, one.fits, one.gap_days) for one in found] == [
        ("nam-2008-ministerial", False, -8)
    ]
    (score,) = explanations(case, [one.meeting for one in found])
    assert (score.leg, score.direction, score.band) == (2, "to", "none")
    assert outcome(score, "place") == "aerodrome"
    assert outcome(score, "dates") == "outside"
    assert "8 days after it closed" in score.contributions[1].says
    assert outcome(score, "delegation") == "expected"
    assert score.unknown == ("rank", "purpose", "host protocol", "passengers", "cargo")
    assert score.caution == CAUTION
    assert "never clears the cargo" in score.caution


def test_beside_a_flight() -> None:
    case = read_flight(EXAMPLES / "KOR621.toml")
    found = beside(case)
    assert (found.first, found.last) == (date(2008, 8, 7), date(2008, 8, 8))
    assert [(one.meeting.id, one.gap_days) for one in found.found] == [("nam-2008-ministerial", -8)]
    assert [score.band for score in found.scores] == ["none"]
    assert beside(case, near_days=5).found == ()
    day = beside(case, calendars=[EXAMPLES / "meetings.ics"])
    assert day.found[0].meeting.name == "EXERCISE: invented trade week"
    assert day.scores[0].meeting.name == "EXERCISE: invented trade week"


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
@pytest.mark.parametrize("number", [0, 1])
def test_nothing_is_beside_a_flight_of_a_far_off_year(moment: datetime, number: int) -> None:
    case = read_flight(EXAMPLES / "KOR621.toml")
    legs = list(case.legs)
    legs[number] = replace(legs[number], departs=Window(moment, moment), arrives=None)
    assert beside(replace(case, legs=tuple(legs))).found == ()


SUMMIT = "nam-2012-summit"
ARRIVALS = [
    ("2012-08-23", "outside"),
    ("2012-08-24", "fits"),
    ("2012-08-26", "fits"),
    ("2012-08-28", "fits"),  # the day on which the ministers begin
    ("2012-08-30", "fits"),
    ("2012-08-31", "during"),
    ("2012-09-01", "outside"),
]


@pytest.mark.parametrize(("day", "expected"), ARRIVALS)
def test_days_of_arrival(day: str, expected: str) -> None:
    score = explanation(flight("UUWW", "OIIE", date.fromisoformat(day)), 1, by_id(SUMMIT))
    assert score.direction == "to"
    assert outcome(score, "dates") == expected
    assert (score.band == "none") is (expected == "outside")


DEPARTURES = [
    ("2012-08-26", "during"),
    ("2012-08-27", "fits"),  # the experts are done
    ("2012-08-31", "fits"),
    ("2012-09-02", "fits"),
    ("2012-09-03", "outside"),
]


@pytest.mark.parametrize(("day", "expected"), DEPARTURES)
def test_days_of_departure(day: str, expected: str) -> None:
    score = explanation(flight("OIIE", "UUWW", date.fromisoformat(day)), 1, by_id(SUMMIT))
    assert score.direction == "from"
    assert outcome(score, "dates") == expected


def test_a_wide_window_only_could_fit() -> None:
    plain = flight("UUWW", "OIIE", date(2012, 8, 24))
    start = datetime(2012, 8, 20, tzinfo=UTC)
    wide = replace(plain, legs=(replace(plain.legs[0], departs=Window(start, start + timedelta(days=10))),))
    assert outcome(explanation(wide, 1, by_id(SUMMIT)), "dates") == "could"
    rough = replace(by_id(SUMMIT), exact=False)
    assert outcome(explanation(plain, 1, rough), "dates") == "could"


def test_a_whole_day_does_not_touch_the_next() -> None:
    plain = flight("OIIE", "UUWW", date(2012, 9, 2))
    start = datetime(2012, 9, 2, tzinfo=UTC)
    day = replace(plain, legs=(replace(plain.legs[0], departs=Window(start, start + timedelta(days=1))),))
    assert outcome(explanation(day, 1, by_id(SUMMIT)), "dates") == "fits"


@pytest.mark.parametrize(
    ("destination", "expected"),
    [("OIIE", "aerodrome"), ("OIIP", "city"), ("OISS", "state"), ("OSDI", "elsewhere")],
)
def test_places(destination: str, expected: str) -> None:
    """OIIP, Payam near Karaj, is about 40 km from Tehran's aerodromes; OISS is Shiraz."""
    score = explanation(flight("UUWW", destination, date(2012, 8, 25)), 1, by_id(SUMMIT))
    assert outcome(score, "place") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("T154", "passenger"),
        ("Il-62M", "passenger"),
        ("IL76", "freighter"),
        ("B744", "either"),
        ("B744F", "freighter"),
        ("A320", "passenger"),
        ("Flying carpet", "unknown"),
    ],
)
def test_types(kind: str, expected: str) -> None:
    assert (
        outcome(
            explanation(flight("UUWW", "OIIE", date(2012, 8, 25), kind=kind), 1, by_id(SUMMIT)), "aircraft"
        )
        == expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "unknown"),
        ("undeclared", "unknown"),
        ("VIP delegation", "delegation"),
        ("head of state status (STS/)", "delegation"),
        ("cargo flight", "freight"),
        ("delegation with cargo", "freight"),
        ("training", "other"),
    ],
)
def test_purposes(text: str | None, expected: str) -> None:
    made = flight("UUWW", "OIIE", date(2012, 8, 25), purpose=text)
    assert outcome(explanation(made, 1, by_id(SUMMIT)), "purpose") == expected


def test_everything_known_makes_it_plausible_and_clears_nothing() -> None:
    made = flight("ZKPY", "OIIE", date(2012, 8, 27), purpose="VIP delegation", cargo="baggage")
    known = Known(delegation=True, rank="minister of trade", host_protocol=True, passengers=40)
    score = explanation(made, 1, by_id(SUMMIT), known)
    assert score.band == "plausible"
    assert score.unknown == ()
    assert score.total == pytest.approx(sum(one.points for one in score.contributions))
    assert score.caution == CAUTION
    worse = explanation(
        made, 1, by_id(SUMMIT), replace(known, delegation=False, host_protocol=False, passengers=0)
    )
    assert worse.band == "weak"


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        ("Head of State", "fits"),
        ("minister of trade", "fits"),
        ("deputy minister", "does not fit"),
        ("technicians", "does not fit"),
        ("", "unknown"),
        ("friends", "unknown"),
    ],
)
def test_ranks(rank: str, expected: str) -> None:
    made = flight("ZKPY", "OIIE", date(2012, 8, 27))
    assert outcome(explanation(made, 1, by_id(SUMMIT), Known(rank=rank)), "rank") == expected


def test_unknown_facts_contribute_nothing() -> None:
    for (feature, result), points in weights().items():
        if result == "unknown":
            assert points == 0, feature


_maybe = st.none() | st.booleans()


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["2012-08-20", "2012-08-24", "2012-08-29", "2012-09-01", "2012-09-10"]),
    st.sampled_from(["OIIE", "OISS", "OSDI"]),
    st.sampled_from(["T154", "IL76", "B744", "ZZZZ"]),
    st.builds(Known, delegation=_maybe, host_protocol=_maybe, passengers=st.none() | st.integers(0, 300)),
)
def test_better_facts_never_lower_the_score(day: str, to: str, kind: str, known: Known) -> None:
    made = flight("ZKPY", to, date.fromisoformat(day), kind=kind)
    meeting = by_id(SUMMIT)
    score = explanation(made, 1, meeting, known)
    better = explanation(made, 1, meeting, replace(known, delegation=True, host_protocol=True, passengers=30))
    assert better.total >= score.total
    assert BANDS.index(better.band) <= BANDS.index(score.band)
    if outcome(score, "place") == "elsewhere" or outcome(score, "dates") == "outside":
        assert score.band == "none"
    assert score.caution == CAUTION
    assert len(score.contributions) == 9


def test_unverified_days_are_told() -> None:
    made = flight("ZKPY", "WADD", date(2011, 5, 22))
    score = explanation(made, 1, by_id("nam-2011-ministerial"))
    assert "the days of the meeting are not verified" in score.notes
    old = explanation(flight("ZKPY", "FALE", date(2004, 8, 16)), 1, by_id("nam-2004-ministerial"))
    assert "the meeting is not verified" in old.notes


def test_a_leg_that_is_not_there() -> None:
    with pytest.raises(InputError, match="no leg 7"):
        explanation(flight("ZKPY", "OIIE", date(2012, 8, 27)), 7, by_id(SUMMIT))


def test_every_role_is_of_a_type_that_is_known() -> None:
    from overflight.meetings.features import _roles

    assert all(aircraft(key) for key in _roles())
