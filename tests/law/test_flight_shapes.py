"""Shapes of flights read as a legal officer would: every option can be done there and then, and says how."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from overflight.errors import InputError
from overflight.law import (
    Advice,
    Designation,
    Question,
    advice,
    check,
    legal_phrases,
    question_for,
    shipped,
)
from overflight.law.clock import due
from overflight.law.measure import OPTIONS
from overflight.law.words import CIRCUMSTANCES, FLIGHT_KINDS, OVER, PHASES
from overflight.world.flight_file import read_flight

RULES = shipped()
INSPECT, REFUSE, DENY = "require-landing-and-inspect", "refuse-overflight", "deny-landing"
MISSILE = {"category": "missile", "showing": "reasonable-grounds", "flag": "PRK"}

FLIGHT = """
[flight]
id = "X1"
operator = "KOR"
kind = "civil non-scheduled"
concern = "missile-related items"
aircraft = {{ type = "IL62" }}
[[leg]]
from = "{0}"
to = "{1}"
departs = 2016-03-02
[[leg]]
from = "{1}"
to = "{2}"
departs = 2016-03-03
"""


def ask(state: str, on: str, **facts: object) -> Advice:
    return advice(Question(state, date.fromisoformat(on), **facts), RULES)  # type: ignore[arg-type]


def left(answer: Advice) -> dict[str, str]:
    return {one.option: one.meaning for one in answer.options}


# --- the state where a leg starts --------------------------------------------------------------------------


@pytest.fixture
def flight(tmp_path: Path) -> Path:
    path = tmp_path / "F.toml"
    path.write_text(FLIGHT.format("ZKPY", "VYMD", "OIIE"), encoding="utf-8")
    return path


def test_the_state_where_a_leg_starts_inspects_or_refuses_take_off(flight: Path) -> None:
    asked = question_for(read_flight(flight), 2, "MMR")
    assert asked.departing
    assert asked.grounded
    found = left(advice(asked, RULES))
    assert found[INSPECT].startswith("inspect it on the ground before take-off")
    assert found[REFUSE].startswith("refuse take-off")
    assert DENY not in found
    assert "require-landing" not in found
    assert not any("land" in text.split(";")[0] for text in found.values())


def test_the_state_where_a_leg_ends_lets_it_land_only_to_be_inspected(flight: Path) -> None:
    asked = question_for(read_flight(flight), 1, "MMR")
    assert asked.landing
    assert not asked.departing
    found = left(advice(asked, RULES))
    assert found[INSPECT].startswith("let it land only to be inspected")
    assert REFUSE not in found
    assert DENY in found


def test_the_taliban_ban_on_take_off_holds_on_the_ground_and_leaves_overflight_alone() -> None:
    listed = (Designation("UN", "operator", target="AFG"),)
    facts = {"origins": ("ARE",), "destinations": ("AFG",), "designations": listed, "operator_state": "AFG"}
    start = ask("ARE", "2000-02-01", landing=True, departing=True, **facts)
    assert start.options[0].option == REFUSE
    assert start.options[0].duty == "must"
    passing = ask("PAK", "2000-02-01", **facts)
    assert {o.option for o in passing.options if o.duty == "must"} == {DENY}
    assert "allow" in left(passing)


def test_psi_speaks_of_transit_only_for_flights_that_pass() -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), **MISSILE}
    cited = {m.id for m in ask("POL", "2008-08-07", **facts).options[0].measures}
    assert "PSI-4e1" in cited
    assert "PSI-4f" not in cited
    cited = {m.id for m in ask("POL", "2008-08-07", landing=True, **facts).options[0].measures}
    assert "PSI-4e1" not in cited
    assert "PSI-4f" in cited


# --- on the ground, in distress, with immunity, over the sea -----------------------------------------------


def test_what_was_found_is_not_let_go() -> None:
    facts = {"origins": ("IRN",), "destinations": ("SYR",), "category": "arms", "phase": "on the ground"}
    found = ask("TUR", "2011-03-22", showing="found", **facts)
    assert [(o.option, o.duty) for o in found.options] == [(INSPECT, "must")]
    assert "1929-16" in {m.id for m in found.beside}
    grounds = ask("TUR", "2011-03-22", showing="reasonable-grounds", **facts)
    assert grounds.options[0].duty == "may"
    assert "allow" in left(grounds)
    assert "1929-16" not in grounds.options[0].needs


def test_a_free_overflight_gives_no_right_to_leave_the_ground() -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), "permit": "not required", "showing": "itinerary"}
    assert REFUSE not in left(ask("ALB", "2008-03-02", **facts))
    assert REFUSE in left(ask("ALB", "2008-03-02", phase="on the ground", **facts))


def test_an_aircraft_in_distress_is_let_down_not_held_to_its_route() -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), "circumstances": frozenset({"emergency"})}
    air = left(ask("IND", "2016-03-02", phase="in flight", **facts, **MISSILE))
    assert REFUSE not in air
    assert DENY not in air
    assert all("land where it can" in text for text in air.values())
    ground = ask("IND", "2016-03-02", phase="on the ground", **facts, **MISSILE)
    assert "turn away" not in " ".join(d.why for d in ground.dropped)


@pytest.mark.parametrize("phase", PHASES)
def test_a_state_aircraft_is_searched_only_as_its_clearance_says(phase: str) -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), "kind": "state", **MISSILE}
    found = left(ask("IND", "2016-03-02", phase=phase, **facts))
    assert "clearance" in found[INSPECT]


def test_the_high_seas_are_left_alone_in_words_that_say_so() -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), "over": "high seas", **MISSILE}
    answer = ask("JPN", "2016-03-02", **facts)
    assert left(answer).keys() == {"allow"}
    assert "a state must leave a flight alone" in next(d.why for d in answer.dropped if d.option == INSPECT)
    assert not any("must not leave" in d.why for d in answer.dropped)
    own = left(ask("PRK", "2016-03-02", **facts))
    assert own[REFUSE].startswith("forbid its own aircraft")
    assert not any("enter" in text for text in own.values())


@pytest.mark.parametrize("kind", FLIGHT_KINDS)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("start", ["passes", "lands", "starts"])
def test_no_option_tells_an_aircraft_on_the_ground_to_land_or_uses_force(
    kind: str, phase: str, over: str, start: str
) -> None:
    for circumstance in ("", *CIRCUMSTANCES):
        asked = Question(
            "IND",
            date(2016, 3, 2),
            kind=kind,
            phase=phase,
            over=over,
            origins=("PRK",),
            destinations=("IRN",),
            landing=start != "passes",
            departing=start == "starts",
            circumstances=frozenset({circumstance} - {""}),
            **MISSILE,
        )
        for one in advice(asked, RULES).options:
            assert one.option in OPTIONS
            assert one.meaning
            if asked.grounded:
                assert not any(w in one.meaning for w in ("enter", "lands")), one
            assert not any(w in one.meaning for w in ("force", "shoot", "fire", "weapon", "intercept"))


# --- delegations, clocks, places beside --------------------------------------------------------------------


def test_a_delegation_that_lands_is_told_that_the_duty_to_inspect_stands() -> None:
    facts = {"origins": ("PRK",), "destinations": ("CHN",), "landing": True, "showing": "itinerary"}
    answer = ask("CHN", "2018-03-02", circumstances=frozenset({"diplomatic"}), **facts)
    assert answer.options[0].duty == "must"
    assert "no measure that obliges here has an exception for delegations" in answer.cautions
    assert any("diplomatic bag" in text for text in answer.options[0].must_not)
    assert not any(
        "diplomatic bag" in t for o in ask("CHN", "2018-03-02", **facts).options for t in o.must_not
    )


def test_a_clock_runs_only_for_inspections_under_its_paragraph() -> None:
    facts = {"origins": ("IRN",), "destinations": ("SYR",), "category": "arms"}
    grounds = ask("TUR", "2011-12-30", showing="reasonable-grounds", **facts)  # a Friday
    assert grounds.options[0].report_by == date(2012, 1, 6)
    bare = ask("TUR", "2011-12-30", showing="itinerary", **facts).option(INSPECT)
    assert bare is not None
    assert bare.report_by is None
    assert not bare.reports
    doubt = ask("TUR", "2025-09-28", showing="reasonable-grounds", **facts).option(INSPECT)
    assert doubt is not None
    assert doubt.report_by is None
    assert doubt.reports[0].in_doubt
    held = ask("TUR", "2025-09-28", showing="reasonable-grounds", position="FRA", **facts).option(INSPECT)
    assert held is not None
    assert held.report_by == date(2025, 10, 3)


@pytest.mark.parametrize("clock", ["5wd", "10wd", "30d", "60d"])
def test_clocks_end_with_the_calendar(clock: str) -> None:
    assert due(clock, date(9999, 12, 30)) == date.max


def test_places_beside_the_one_asked_about_give_their_remarks() -> None:
    plain = Question("OMN", date(2016, 3, 2), origins=("PRK",), destinations=("IRN",), **MISSILE)  # type: ignore[arg-type]
    also = Question(
        "OMN", date(2016, 3, 2), origins=("PRK",), destinations=("IRN",), elsewhere=("strait",), **MISSILE
    )  # type: ignore[arg-type]
    assert not any("transit passage" in t for t in advice(plain, RULES).cautions)
    assert any(t.startswith("over a part of the way: transit passage") for t in advice(also, RULES).cautions)
    assert advice(plain, RULES).options == advice(also, RULES).options
    with pytest.raises(InputError, match="elsewhere"):
        Question("OMN", date(2016, 3, 2), elsewhere=("lagoon",))


# --- targets and cargo as narrow as the texts --------------------------------------------------------------


def test_kuwait_is_not_embargoed_after_its_liberation() -> None:
    to_kuwait = {"origins": ("EGY",), "destinations": ("KWT",)}
    assert ask("SAU", "1990-09-25", **to_kuwait).options[0].duty == "must"
    assert ask("SAU", "1998-09-25", **to_kuwait).options[0].duty == "may"
    assert ask("SAU", "2003-05-21", origins=("EGY",), destinations=("IRQ",)).options[0].duty == "must"


@pytest.mark.parametrize(
    ("cargo", "on", "origin", "destination", "must"),
    [
        ("helicopters", "2016-12-01", "RUS", "PRK", True),
        ("aircraft", "2016-12-01", "RUS", "PRK", False),  # before 2397 only helicopters
        ("aircraft", "2017-12-22", "RUS", "PRK", True),
        ("textiles", "2017-09-12", "PRK", "RUS", True),
        ("textiles", "2017-09-10", "PRK", "RUS", False),
        ("commodities", "2017-09-10", "PRK", "RUS", True),
        ("commodities", "2017-09-10", "RUS", "PRK", False),  # the ban is on what the DPRK sells
    ],
)
def test_a_duty_reaches_no_further_than_the_ban(
    cargo: str, on: str, origin: str, destination: str, must: bool
) -> None:
    answer = ask(
        "KAZ",
        on,
        origins=(origin,),
        destinations=(destination,),
        category=cargo,
        showing="reasonable-grounds",
    )
    assert (answer.options[0].duty == "must") is must


def test_arms_that_neither_come_from_nor_go_to_libya_are_not_under_its_embargo() -> None:
    facts = {"flag": "LBY", "operator_state": "LBY", "category": "arms", "showing": "reasonable-grounds"}
    assert ask("EGY", "2013-05-01", origins=("TUR",), destinations=("NER",), **facts).options[0].duty == "may"
    assert (
        ask("EGY", "2013-05-01", origins=("TUR",), destinations=("LBY",), **facts).options[0].duty == "must"
    )


# --- rows of a desk's own ----------------------------------------------------------------------------------

HEAD = (
    "id,instrument,paragraph,adopted,in_force_from,in_force_until,applies_to,target,links,kind,binding,trigger,"
    "cargo,carriers,when,supports,effect,exemptions,clock,verified,unverified,key,note,source\n"
)
ROW = (
    "K-1,Order 7,,2026-01-10,{start},{until},KAZ,PRK,from,DENY_AIR,mandatory,link,*,,,"
    'refuse-overflight=act,"{effect}",,,no,,,,gazette\n'
)


def row(start: str = "2026-02-01", until: str = "", effect: str = "refuse permits") -> bytes:
    return (HEAD + ROW.format(start=start, until=until, effect=effect)).encode()


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (row(start="2026-W05-1"), "line 2, column in_force_from"),
        (row(start="20260201"), "line 2, column in_force_from"),
        (row(until="9999-12-31T23:59-12:00"), "line 2, column in_force_until"),
        (row(start="0001-01-01T00:00+14:00"), "line 2, column in_force_from"),
        (row(effect="a\x1b[31mb"), "line 2, column effect"),
        (row(effect="a\0b"), "line 2, column effect"),
        (row(effect="café").decode().encode("latin-1"), "line 2"),
        (row().decode().encode("utf-16"), "line 1"),
        (row(effect="x" * 1_000_000), "line 2"),
    ],
)
def test_a_bad_row_is_one_line(tmp_path: Path, data: bytes, where: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        check(path)
    assert where in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("effect", ["a\u2028b", "a\nb", "a\r\nb"])
def test_a_line_separator_inside_a_field_ends_no_row(tmp_path: Path, effect: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(row(effect=effect))
    assert check(path) == ("measures", 1)


def test_a_folder_or_no_file_is_said_plainly(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InputError, match=r"cannot be read: (is a directory|no such file)"):
            check(path)


def test_an_instant_asks_about_itself() -> None:
    facts = {"origins": ("IRN",), "destinations": ("SYR",), "category": "arms"}
    before = Question("JOR", datetime.fromisoformat("2025-09-27T23:59:59+00:00"), **facts)  # type: ignore[arg-type]
    assert not advice(before, RULES).contested


def test_to_keep_a_passing_flight_from_landing_is_no_substitute_for_refusing_it() -> None:
    facts = {"origins": ("PRK",), "destinations": ("IRN",), **MISSILE}
    found = left(ask("IND", "2016-03-02", **facts))
    assert "deny-landing" not in found[REFUSE] + found[INSPECT]
    assert found[DENY].startswith("should it ask to land:")
    assert REFUSE not in found[DENY]


def test_a_phrase_about_diplomatic_bags_names_its_convention() -> None:
    (one,) = (p for p in legal_phrases("IND", date(2026, 1, 1)) if p.measure == "VCDR-27")
    assert one.text.startswith("Under Article 27(3) of the Vienna Convention")
    assert "unverified" in one.caution


@pytest.mark.parametrize(("target", "duty"), [("PRK", "must"), ("", "may"), ("-", "may"), ("AFG", "may")])
def test_a_listing_meets_only_the_measures_about_its_own_state(target: str, duty: str) -> None:
    listed = (Designation("UN", "operator", name="EXERCISE AIR", target=target),)
    facts = {"origins": ("PAK",), "destinations": ("ARE",), "landing": True, "designations": listed}
    assert ask("ARE", "2018-01-01", **facts).options[0].duty == duty
