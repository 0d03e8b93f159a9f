"""Options: the three questions apart, exceptions, places, kinds of flight, and what is never said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from overflight.errors import InputError
from overflight.law import (
    Advice,
    Designation,
    Question,
    advice,
    legal_phrases,
    over_of,
    question_for,
    regimes_in,
    report_by,
    shipped,
)
from overflight.law.clock import add_working_days
from overflight.law.measure import Period
from overflight.law.words import category_of, covers
from overflight.world import airspace
from overflight.world.flight_file import read_flight

RULES = shipped()
DEMO = read_flight(Path(airspace.__file__).parent / "data" / "demo" / "KOR621.toml")
INSPECT, REFUSE, SCRUTINY = "require-landing-and-inspect", "refuse-overflight", "allow-with-scrutiny"
DAY_2016 = date(2016, 3, 2)


def demo(state: str = "IND", on: date | None = None, leg: int | None = 2, **more: object) -> Advice:
    return advice(question_for(DEMO, leg, state, on=on, **more), RULES)  # type: ignore[arg-type]


def names(answer: Advice) -> list[str]:
    return [one.option for one in answer.options]


def cited(answer: Advice) -> set[str]:
    return {m.id for one in answer.options for m in one.measures}


def test_india_in_2008_rests_on_sovereignty_and_the_permit() -> None:
    answer = demo()
    refuse = answer.option(REFUSE)
    assert refuse is not None
    assert (refuse.duty, refuse.asked) == ("may", None)
    assert {"CHI-1", "CHI-5-permit"} <= {m.id for m in refuse.measures if m.role == "power"}
    kinds = {m.kind for one in answer.options for m in one.measures if "Council" in m.instrument}
    assert not kinds & {"DENY_AIR", "NO_FLY"}
    assert {"1718-8b", "1737-3/4", "1718-8f"} <= cited(answer)
    assert not cited(answer) & {"1803-11", "PSI-4e1", "PSI-4e2", "1874-11", "1929-14"}
    assert any("India has opposed the PSI" in text for text in answer.cautions)
    assert any(text.startswith("2008-08-07: permit") for text in answer.practice)


def test_the_same_flight_in_2016_must_be_denied_unless_it_lands() -> None:
    answer = demo(on=DAY_2016)
    assert names(answer) == [INSPECT, REFUSE, "deny-landing"]
    assert {one.duty for one in answer.options} == {"must"}
    assert {"2270-21", "2270-18"} <= {m.id for m in answer.options[0].measures}
    assert {one.option for one in answer.dropped} == {"require-landing", SCRUTINY, "allow"}
    assert answer.options[0].meaning.endswith(
        "; else refuse-overflight"
    )  # keeping it from landing is no way out


def test_a_stop_is_inspected_without_suspicion() -> None:
    """2270-18 needs origin, destination or flag alone; it works where the aircraft lands."""
    answer = demo("MMR", DAY_2016, leg=None, showing="itinerary")
    assert names(answer)[0] == INSPECT
    assert answer.options[0].duty == "must"
    assert [
        m.id for m in answer.options[0].measures if m.binding == "mandatory" and m.role == "on-landing"
    ] == ["2270-18"]
    assert "no suspicion" in answer.options[0].needs or "itinerary" in answer.options[0].needs
    deny = answer.option("deny-landing")
    assert deny is not None  # keeping it out leaves nothing to inspect
    assert deny.duty == "may"
    assert answer.option("allow") is None
    assert answer.option(REFUSE) is None


def test_may_must_and_showing_stay_apart() -> None:
    """On the itinerary alone the state may refuse, need not, and is told what would oblige it."""
    answer = demo(on=DAY_2016, showing="itinerary")
    refuse = answer.option(REFUSE)
    assert refuse is not None
    assert (refuse.duty, refuse.asked) == ("may", None)
    assert {"2270-21", "2094-18"} <= {m.id for m in refuse.pending}
    assert not refuse.met
    assert "must, with reasonable grounds: 2270-21" in refuse.needs
    assert {"2270-21", "2094-18"}.isdisjoint(m.id for m in refuse.measures)
    order = names(answer)
    assert order.index(INSPECT) < order.index(SCRUTINY) < order.index(REFUSE)  # the lighter step first


def test_good_cause_of_another_state_is_not_yet_a_states_own_grounds() -> None:
    answer = demo("TUR", DAY_2016, showing="good-cause")
    assert all(one.duty == "may" for one in answer.options)
    assert {"PSI-4e1", "PSI-4e2"} <= cited(answer)  # it is enough for the PSI principles
    assert "2270-21" not in cited(answer)


def test_a_delegation_moves_the_advice_to_scrutiny_and_says_why() -> None:
    for day in (date(2008, 8, 7), date(2013, 3, 7), DAY_2016):
        answer = demo(on=day, circumstances=["diplomatic"])
        assert names(answer)[0] == SCRUTINY
        assert any("delegation" in text for text in answer.cautions)
        assert any("delegation" in text for text in answer.options[0].why)
        assert all(one.duty == "may" for one in answer.options)
    both = demo(on=DAY_2016, circumstances=["diplomatic"], grounds_apart=True)
    assert names(both)[0] == INSPECT  # one meeting does not clear the cargo
    assert both.options[0].duty == "must"


def test_an_aircraft_in_distress_is_not_turned_away() -> None:
    for day in (date(2008, 8, 7), DAY_2016):
        answer = demo(on=day, circumstances=["emergency"])
        assert REFUSE not in names(answer)
        assert "deny-landing" not in names(answer)
        assert all(one.duty == "may" for one in answer.options)
    # 748 has no exception of its own: safety of life goes first, and the answer says what is left undone
    old = Question(
        "TUN",
        date(1993, 1, 1),
        origins=("ITA",),
        destinations=("LBY",),
        circumstances=frozenset({"emergency"}),
    )
    answer = advice(old, RULES)
    assert REFUSE not in names(answer)


def test_an_approval_lifts_the_duty() -> None:
    asked = Question("TUR", date(1995, 1, 1), origins=("JOR",), destinations=("IRQ",), category="relief")
    assert advice(asked, RULES).options[0].duty == "must"
    approved = replace(asked, circumstances=frozenset({"committee-approved"}))
    answer = advice(approved, RULES)
    assert all(one.duty == "may" for one in answer.options)
    assert any(e.applies and e.measure == "670-3/4" for one in answer.options for e in one.exemptions)
    humane = advice(replace(asked, circumstances=frozenset({"humanitarian"})), RULES)
    assert humane.options[0].duty == "must"  # the Committee approves, nobody else
    assert any("exempts humanitarian" in text for text in humane.cautions)


@pytest.mark.parametrize("over", ["high seas", "caspian"])
def test_over_the_high_seas_only_the_flag_state(over: str) -> None:
    asked = Question(
        "RUS", DAY_2016, origins=("PRK",), destinations=("IRN",), showing="reasonable-grounds", over=over
    )
    answer = advice(asked, RULES)
    assert names(answer) == ["allow"]
    assert answer.options[0].duty == "must"
    assert any("nobody but the flag state" in text for text in answer.cautions)
    own = advice(replace(asked, flag="RUS"), RULES)
    assert REFUSE in names(own)
    assert all(one.duty == "may" for one in own.options)  # 2270-21 speaks of the states' own territory
    assert not {"2270-21", "2094-18", "CHI-1"} & cited(own)
    if over == "caspian":
        assert not any("15 nautical mile" in text for text in answer.cautions)  # signed in 2018
        later = advice(replace(asked, on=date(2021, 6, 1)), RULES)
        assert any("15 nautical mile" in text and "not in force" in text for text in later.cautions)
        assert any("Russia: party" in text for text in later.cautions)


def test_in_a_strait_the_dispute_is_named_and_refusal_comes_last() -> None:
    asked = Question(
        "SGP", date(2010, 7, 1), origins=("PRK",), destinations=("IRN",), category="missile", over="strait",
        showing="reasonable-grounds",
    )  # fmt: skip
    answer = advice(asked, RULES)
    assert "transit-passage" in [one.dispute for one in answer.contested]
    refuse = answer.option(REFUSE)
    assert refuse is not None
    assert refuse.disputed
    assert any("transit passage" in text for text in answer.cautions)
    assert names(answer).index(REFUSE) > names(answer).index(SCRUTINY)
    rejected = advice(replace(asked, position="IRN"), RULES)
    again = rejected.option(REFUSE)
    assert again is not None
    assert not again.disputed
    must = advice(replace(asked, on=DAY_2016), RULES).option(REFUSE)
    assert must is not None
    assert must.duty == "must"  # a decision of the Council goes before the passage


def test_state_aircraft_and_scheduled_flights_have_rules_of_their_own() -> None:
    asked = Question("IND", date(2008, 8, 7), kind="state", origins=("PRK",), destinations=("IRN",))
    state = advice(asked, RULES)
    assert {"CHI-3c"} <= {m.id for m in state.option(REFUSE).measures}  # type: ignore[union-attr]
    assert not {"CHI-5-permit", "CHI-5-landing", "CHI-6", "CHI-16"} & cited(state)
    inspect = state.option(INSPECT)
    assert inspect is not None
    assert any("state aircraft" in text for text in inspect.must_not)
    assert {"CHI-3c-term"} <= {m.id for m in inspect.measures}
    landed = advice(replace(asked, on=DAY_2016, landing=True), RULES)
    assert all(one.duty == "may" for one in landed.options)  # immune from 2270-18
    scheduled = advice(replace(asked, kind="civil scheduled"), RULES)
    assert {"CHI-6"} <= {m.id for m in scheduled.option(REFUSE).measures}  # type: ignore[union-attr]
    assert not {"CHI-3c", "CHI-5-permit"} & cited(scheduled)
    assert any("Transit Agreement" in t for o in scheduled.options for t in o.limits)


def test_a_state_without_permits_cannot_refuse_overflight_but_may_have_it_land() -> None:
    asked = Question("ALB", date(2008, 8, 7), origins=("DEU",), destinations=("GRC",), permit="not required")
    answer = advice(asked, RULES)
    assert REFUSE not in names(answer)
    assert INSPECT in names(answer)
    arms = advice(replace(asked, category="arms", showing="good-cause"), RULES)
    assert "CHI-35a" in {m.id for m in arms.option(REFUSE).measures}  # type: ignore[union-attr]
    allowed = advice(
        replace(asked, category="arms", showing="good-cause", circumstances=frozenset({"permitted"})), RULES
    )
    assert REFUSE not in names(allowed)


def test_article_9_is_never_the_ground_and_force_never_an_option() -> None:
    for on in (date(1990, 1, 1), date(2008, 8, 7), DAY_2016):
        answer = demo(on=on, phase="in flight", unauthorised=True)
        for one in answer.options:
            assert any(
                "use " in text and "against a civil aircraft in flight" in text for text in one.must_not
            )
        refuse = answer.option(REFUSE)
        assert refuse is not None
        assert any("Article 9" in text for text in refuse.must_not)
        assert "CHI-9" not in {m.id for m in refuse.measures}
    landing = demo(phase="in flight", unauthorised=True).option("require-landing")
    assert landing is not None
    assert "CHI-3bis-b1" in {m.id for m in landing.measures}
    assert "CHI-3bis-b1" not in cited(demo(on=date(1998, 9, 30), phase="in flight", unauthorised=True))


def test_on_the_ground_it_is_inspected_or_kept_from_leaving() -> None:
    answer = demo("MMR", DAY_2016, leg=None, phase="on the ground")
    assert names(answer) == [INSPECT]  # 2270-18 is not discharged by keeping it there
    assert names(demo("MMR", date(2008, 8, 7), leg=None, phase="on the ground"))[:2] == [INSPECT, REFUSE]
    assert answer.options[0].meaning.startswith("inspect it before it leaves")


def test_designations_by_others_oblige_nobody() -> None:
    asked = Question("IND", date(2008, 8, 7), origins=("ARE",), destinations=("NPL",), category="goods")
    plain = advice(asked, RULES)
    assert names(plain)[0] == "allow"
    assert (
        names(advice(replace(asked, category="missile"), RULES))[0] != "allow"
    )  # a grave cargo without ties
    listed = advice(replace(asked, designations=(Designation("OFAC SDN", "aircraft", "EP-XXX"),)), RULES)
    assert names(listed)[0] != "allow"
    assert all(one.duty == "may" for one in listed.options)
    assert any("OFAC SDN" in text for text in listed.cautions)
    for lists, held in (("UN", True), ("un-consolidated", True), ("United Nations", True),
                        ("United Kingdom", False), ("UNITED STATES", False), ("uksl", False)):  # fmt: skip
        assert Designation(lists, "owner").of_un is held
    un = replace(
        asked, on=DAY_2016, landing=True, designations=(Designation("UN 1718", "owner", target="PRK"),)
    )
    assert "2270-18" in cited(advice(un, RULES))


def test_a_target_is_not_told_to_refuse_itself() -> None:
    answer = demo("IRN", DAY_2016)
    assert all("2231" not in name and "1737" not in name for name in cited(answer))
    assert any("itself the target" in text for text in answer.cautions)


def test_states_outside_the_united_nations_are_not_bound() -> None:
    answer = demo("TWN", DAY_2016)
    assert all(one.duty == "may" for one in answer.options)
    assert answer.options[0].asked == "recommended"
    assert not [p for p in legal_phrases("TWN", DAY_2016, rules=RULES) if "2270" in p.measure]


def test_a_ban_on_landing_alone_leaves_overflight_alone() -> None:
    asked = Question(
        "DEU", date(2026, 1, 1), origins=("IRN",), destinations=("CUB",), carries="cargo", category="goods"
    )
    answer = advice(asked, RULES)
    assert answer.options[-1].option == "deny-landing"
    assert answer.options[-1].duty == "must"
    assert answer.options[-1].meaning.startswith("should it ask to land")
    assert all(one.duty == "may" for one in answer.options[:-1])
    assert {"allow", SCRUTINY, REFUSE} <= set(names(answer))
    unknown = advice(replace(asked, carries="unknown"), RULES).option("deny-landing")
    assert unknown is not None
    assert unknown.duty == "may"
    assert "that the flight carries cargo only" in unknown.needs


def test_a_contested_duty_needs_a_position() -> None:
    back = datetime(2025, 9, 28, tzinfo=UTC)
    duty = replace(
        RULES.measure("2270-21"),
        id="X-1",
        targets=("IRN",),
        cargo=("*",),
        periods=(Period(back, None, "contested", "snapback-2025"),),
    )
    rules = replace(RULES, measures=(*RULES.measures, duty))
    asked = Question(
        "JOR", date(2025, 10, 1), origins=("IRN",), destinations=("SYR",), category="arms",
        showing="reasonable-grounds",
    )  # fmt: skip
    for position, expected, role in (("", "may", "reason"), ("IND", "may", "reason"), ("FRA", "must", "act")):
        refuse = advice(replace(asked, position=position), rules).option(REFUSE)
        assert refuse is not None
        assert refuse.duty == expected
        view = next(m for m in refuse.measures if m.id == "X-1")
        assert (view.role, view.status) == (role, "contested")
    rejected = advice(replace(asked, position="RUS"), rules)
    assert "X-1" not in cited(rejected)
    assert "X-1" in rejected.contested[0].measures  # and the dispute is named all the same
    theirs = advice(replace(asked, state="CHN", position="FRA"), rules)
    assert any("China itself holds that the measures do not apply" in text for text in theirs.cautions)


def test_small_arms_to_the_dprk_were_excepted_with_notice() -> None:
    asked = Question(
        "CHN", date(2010, 1, 1), origins=("RUS",), destinations=("PRK",), category="small-arms",
        showing="reasonable-grounds",
    )  # fmt: skip
    assert "1874-10" in cited(advice(asked, RULES))
    noticed = replace(asked, circumstances=frozenset({"notified"}))
    assert "1874-10" not in cited(advice(noticed, RULES))
    missile = replace(noticed, category="missile")
    assert "1718-8a" in cited(advice(missile, RULES))


def test_ordinary_goods_are_not_prohibited_goods() -> None:
    answer = demo(on=DAY_2016, category="goods")
    assert all(one.duty == "may" for one in answer.options)
    assert "2270-21" not in cited(answer)
    assert "2270-21" not in {m.id for one in answer.options for m in one.pending}
    unknown = demo(on=DAY_2016, category="unknown")
    assert unknown.options[0].duty == "must"  # the grounds are that it is prohibited, whatever it is


def test_carriers_narrow_1803() -> None:
    asked = Question(
        "TUR", date(2008, 7, 24), origins=("IRN",), destinations=("SYR",), category="arms",
        showing="reasonable-grounds", operator=("Iran Air Cargo",), operator_state="IRN",
    )  # fmt: skip
    answer = advice(asked, RULES)
    inspect = answer.option(INSPECT)
    assert inspect is not None
    assert "1803-11" in {m.id for m in inspect.measures}
    assert inspect.report_by == date(2008, 7, 31)
    assert "1803-11" not in cited(advice(replace(asked, operator=("IRM", "Mahan Air")), RULES))


def test_a_flag_state_is_told_that_the_supply_ban_is_its_own() -> None:
    asked = Question("RUS", DAY_2016, origins=("CHN",), destinations=("PRK",), category="missile", flag="RUS")
    assert any(
        "as flag state Russia is itself bound by 1718-8a" in text for text in advice(asked, RULES).cautions
    )
    other = advice(replace(asked, flag="BLR"), RULES)
    assert not any("itself bound" in text for text in other.cautions)
    end = advice(replace(asked, state="CHN"), RULES)
    assert any("as state of departure or destination China" in text for text in end.cautions)


def test_what_is_said_of_the_psi() -> None:
    for state, day, said in (
        ("RUS", date(2023, 1, 1), "suspended its part in 2022"),
        ("KAZ", date(2008, 1, 1), "joint statement"),
        ("UZB", date(2008, 1, 1), "since when is not known"),
        ("IDN", date(2008, 1, 1), "has opposed"),
        ("PAK", date(2008, 1, 1), "not on the list of PSI endorsers (unverified)"),
    ):
        asked = Question(state, day, origins=("PRK",), destinations=("IRN",), category="missile")
        assert any(said in text for text in advice(asked, RULES).cautions), state
    early = Question("IND", date(2003, 1, 1), origins=("PRK",), destinations=("IRN",))
    assert not any("PSI" in text for text in advice(early, RULES).cautions)


# --- clocks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        ("2011-03-16", 5, "2011-03-23"),  # Wednesday
        ("2011-03-18", 5, "2011-03-25"),  # Friday
        ("2011-03-19", 5, "2011-03-25"),  # Saturday
        ("2011-03-20", 5, "2011-03-25"),  # Sunday
        ("2011-03-21", 5, "2011-03-28"),  # Monday
        ("2012-02-27", 10, "2012-03-12"),  # over a leap day
    ],
)
def test_working_days(day: str, count: int, last: str) -> None:
    assert add_working_days(date.fromisoformat(day), count).isoformat() == last


def test_report_by() -> None:
    assert report_by(RULES.measure("1803-12"), date(2011, 3, 19)) == date(2011, 3, 25)
    assert report_by(RULES.measure("1929-17"), date(2011, 3, 19)) == date(2011, 3, 25)
    assert report_by(RULES.measure("1874-14/15"), date(2011, 3, 19)) is None  # promptly
    assert report_by(RULES.measure("CHI-1"), date(2011, 3, 19)) is None


# --- phrases -----------------------------------------------------------------------------------------------


def test_no_reader_gets_a_text_that_is_not_adopted() -> None:
    for state, day, absent, present in (
        ("IND", date(2008, 8, 7), ("1874", "1929", "2094", "2270", "PSI", "2231"), ("1718-8a", "1803-11")),
        ("IND", date(2013, 3, 6), ("2094", "2270", "PSI"), ("1874-11",)),
        ("TUR", date(2013, 3, 7), ("2270",), ("2094-18", "PSI-4e1")),
        ("TUR", date(2009, 5, 26), ("PSI",), ("1718-8f",)),
        ("DEU", date(2016, 3, 2), ("EU-2016", "UK-"), ("2270-21", "PSI-4e1")),
        ("IRQ", date(2012, 9, 21), ("2094", "EU-"), ("1929-14",)),
    ):
        found = [p.measure for p in legal_phrases(state, day, rules=RULES)]
        assert not [m for m in found if m.startswith(absent)], (state, day)
        assert set(present) <= set(found)


def test_phrases_say_what_is_contested_and_unverified() -> None:
    found = {p.measure: p for p in legal_phrases("IND", date(2025, 10, 1), targets=["IRN"], rules=RULES)}
    assert found["1747-5"].contested
    assert "contested" in found["1747-5"].text
    assert not found["1929-14"].verified
    assert "unverified" in found["1929-14"].caution
    assert not any("PRK" in p.targets for p in found.values())
    left = {p.measure for p in legal_phrases("IND", date(2025, 11, 1), position="RUS", rules=RULES)}
    assert "1747-5" not in left
    sentence = {p.measure: p.text for p in legal_phrases("IND", DAY_2016, rules=RULES)}["2270-21"]
    assert sentence.startswith(
        "Under paragraph 21 of Security Council resolution 2270 (2016), states must deny"
    )


# --- filling a question ------------------------------------------------------------------------------------


def test_a_question_is_filled_from_a_flight() -> None:
    asked = question_for(DEMO, DEMO.legs[1], "IND")
    assert asked.origins == ("PRK", "MMR")
    assert asked.destinations == ("IRN",)
    assert (asked.flag, asked.operator_state) == ("PRK", "PRK")
    assert {"KOR", "Air Koryo"} <= set(asked.operator)
    assert asked.what == "missile"
    assert asked.showing == "reasonable-grounds"
    assert any("concern" in text for text in asked.assumed)
    assert asked.on == date(2008, 8, 7)
    assert not asked.landing
    assert question_for(DEMO, 1, "MMR").landing
    assert question_for(DEMO, 1, "CHN").destinations == ("MMR", "IRN")
    with pytest.raises(InputError, match="no leg 3"):
        question_for(DEMO, 3, "IND")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "military"),
        ("showing", "hunch"),
        ("over", "sea"),
        ("phase", "taxi"),
        ("permit", "maybe"),
        ("carries", "gold"),
        ("category", "gold"),
        ("circumstances", frozenset({"fog"})),
        ("state", "ZZZ"),
        ("position", "EU"),
        ("origins", ("Korea",)),
        ("on", "2008-08-07"),
    ],
)
def test_bad_questions_are_refused(field: str, value: object) -> None:
    with pytest.raises(InputError):
        replace(Question("IND", date(2008, 8, 7)), **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("missile-related items", "missile"),
        ("Aluminium tubes for centrifuges", "nuclear"),
        ("rifles and mortars", "small-arms"),
        ("declared oil industry spare parts", "goods"),
        ("aircraft spare parts", "aircraft-parts"),
        ("medical aid", "relief"),
        ("a delegation of 20", "passengers"),
        ("undeclared", "unknown"),
        ("", "unknown"),
        ("armature", "unknown"),
    ],
)
def test_cargo_from_words(words: str, category: str) -> None:
    assert category_of(words) == category


@pytest.mark.parametrize(
    ("listed", "category", "held"),
    [
        (("arms",), "small-arms", True),
        (("small-arms",), "arms", None),
        (("arms",), "goods", False),
        (("nuclear",), "missile", False),
        (("nuclear",), "dual-use", None),
        (("dual-use",), "nuclear", True),
        (("vehicles",), "aircraft", True),
        (("*",), "unknown", True),
        ((), "goods", False),
    ],
)
def test_categories_cover_each_other(listed: tuple[str, ...], category: str, held: bool | None) -> None:
    assert covers(listed, category) is held


def test_places_from_crossings() -> None:
    waters = airspace.load().regimes
    told = ["Strait of Hormuz: transit passage …", "claims 12 NM"]
    assert over_of("territorial sea", regimes_in(told, waters)) == "strait"
    assert over_of("high seas", regimes_in(["Caspian Sea: …"], waters)) == "caspian"
    assert regimes_in(["Strait"], waters) == ()
    assert over_of("land", ["transit passage"]) == "land"
    assert over_of("territorial sea") == "territorial sea"
    assert over_of("territorial sea", ["archipelagic sea lane"]) == "archipelagic lane"
    assert over_of("high seas", ["claimed zone"]) == "high seas"
