"""The table of boundary days, written by hand from the reference on the law and not from the rows.

Every day on which the law changes stands here with the day before it. Three flights of the same style are
asked about: from the DPRK to Iran (missile items), from the DPRK to Syria (missile items), from Iran to Syria
(arms), each over a state that neither refuses nor endorses anything by itself, on reasonable grounds.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from overflight.law import Advice, Question, advice, measures_in_force, shipped

RULES = shipped()

# --- what is in force --------------------------------------------------------------------------------------

PRK_1718 = "1718-8a 1718-8b 1718-8f"
PRK_1874 = f"{PRK_1718} 1874-9 1874-10 1874-11 1874-14/15 1874-17"
PRK_2087 = f"{PRK_1874} 2087"
PRK_2094 = f"{PRK_2087} 2094-16 2094-18"
PRK_2270 = f"{PRK_2094} 2270-18 2270-19 2270-21 2270-21r 2270-31"
PRK_2321 = f"{PRK_2270} 2321-13 2321-15 2321-20 2321-21 2321-30"
PRK_2371 = f"{PRK_2321} 2371"
PRK_2375 = f"{PRK_2371} 2375 2375-16"
PRK_2397 = f"{PRK_2375} 2397-7 2397-9"

IRN_1696 = "1696-5"
IRN_1737 = f"{IRN_1696} 1737-3/4 1737-7"
IRN_1747 = f"{IRN_1737} 1747-5 1747-6"
IRN_1803 = f"{IRN_1747} 1803-11 1803-12"
IRN_1835 = f"{IRN_1803} 1835"
IRN_1929 = f"{IRN_1835} 1929-8 1929-14 1929-16 1929-17 1929-18 1929-20"
IRN_2231 = "2231-7a 2231-B4 2231-B5 2231-B6b 2231-B6f 2231-B7"
IRN_2020 = "2231-7a 2231-B4 2231-B6f 2231-B7"
IRN_2023 = "2231-7a 2231-B6f 2231-B7"
#: Since 28 September 2025 the earlier set is contested; so is, until 18 October, what the others hold on to.
IRN_BACK = f"{IRN_1929} {IRN_2023}"

IN_FORCE = [
    # day           DPRK       Iran       Iran: contested
    ("2006-07-30", "", "", False),
    ("2006-07-31", "", IRN_1696, False),
    ("2006-10-13", "", IRN_1696, False),
    ("2006-10-14", PRK_1718, IRN_1696, False),
    ("2006-12-22", PRK_1718, IRN_1696, False),
    ("2006-12-23", PRK_1718, IRN_1737, False),
    ("2007-03-23", PRK_1718, IRN_1737, False),
    ("2007-03-24", PRK_1718, IRN_1747, False),
    ("2008-03-02", PRK_1718, IRN_1747, False),
    ("2008-03-03", PRK_1718, IRN_1803, False),
    ("2008-07-24", PRK_1718, IRN_1803, False),
    ("2008-08-07", PRK_1718, IRN_1803, False),
    ("2008-09-26", PRK_1718, IRN_1803, False),
    ("2008-09-27", PRK_1718, IRN_1835, False),
    ("2009-06-11", PRK_1718, IRN_1835, False),
    ("2009-06-12", PRK_1874, IRN_1835, False),
    ("2010-06-08", PRK_1874, IRN_1835, False),
    ("2010-06-09", PRK_1874, IRN_1929, False),
    ("2010-07-01", PRK_1874, IRN_1929, False),
    ("2013-01-21", PRK_1874, IRN_1929, False),
    ("2013-01-22", PRK_2087, IRN_1929, False),
    ("2013-03-06", PRK_2087, IRN_1929, False),
    ("2013-03-07", PRK_2094, IRN_1929, False),
    ("2016-01-15", PRK_2094, IRN_1929, False),
    ("2016-01-16", PRK_2094, IRN_2231, False),
    ("2016-03-01", PRK_2094, IRN_2231, False),
    ("2016-03-02", PRK_2270, IRN_2231, False),
    ("2016-11-29", PRK_2270, IRN_2231, False),
    ("2016-11-30", PRK_2321, IRN_2231, False),
    ("2017-08-04", PRK_2321, IRN_2231, False),
    ("2017-08-05", PRK_2371, IRN_2231, False),
    ("2017-09-10", PRK_2371, IRN_2231, False),
    ("2017-09-11", PRK_2375, IRN_2231, False),
    ("2017-12-21", PRK_2375, IRN_2231, False),
    ("2017-12-22", PRK_2397, IRN_2231, False),
    ("2020-10-17", PRK_2397, IRN_2231, False),
    ("2020-10-18", PRK_2397, IRN_2020, False),
    ("2020-10-19", PRK_2397, IRN_2020, False),
    ("2023-10-17", PRK_2397, IRN_2020, False),
    ("2023-10-18", PRK_2397, IRN_2023, False),
    ("2025-09-27", PRK_2397, IRN_2023, False),
    ("2025-09-28", PRK_2397, IRN_BACK, True),
    ("2025-10-17", PRK_2397, IRN_BACK, True),
    ("2025-10-18", PRK_2397, IRN_1929, True),
    ("2026-11-22", PRK_2397, IRN_1929, True),
]


@pytest.mark.parametrize(("day", "prk", "irn", "contested"), IN_FORCE, ids=[row[0] for row in IN_FORCE])
def test_what_the_council_has_in_force(day: str, prk: str, irn: str, contested: bool) -> None:
    on = date.fromisoformat(day)
    for target, expected in (("PRK", prk), ("IRN", irn)):
        found = {
            m.id for m in measures_in_force(on, target=target, rules=RULES) if "Council res" in m.instrument
        }
        assert found == set(expected.split()), target
    states = {
        RULES.standing(RULES.measure(name), on).contested  # type: ignore[union-attr]
        for name in irn.split()
    }
    assert states <= {contested}


def test_every_change_of_law_has_its_day_in_the_table() -> None:
    """A new boundary in the rows on the DPRK or Iran has to be written down here too."""
    days = {row[0] for row in IN_FORCE}
    for measure in RULES.measures:
        if "Council res" in measure.instrument and set(measure.targets) & {"PRK", "IRN"}:
            for period in measure.periods:
                for moment in (period.start, period.until):
                    assert moment is None or moment.date().isoformat() in days, measure.id


# --- what it makes of a flight -----------------------------------------------------------------------------

INSPECT, REFUSE, SCRUTINY = "require-landing-and-inspect", "refuse-overflight", "allow-with-scrutiny"
FLIGHTS = {
    # the state asked is on no list of PSI endorsers
    "PRK-IRN": {"state": "IND", "origins": ("PRK", "MMR"), "destinations": ("IRN",), "category": "missile"},
    "PRK-SYR": {"state": "IND", "origins": ("PRK",), "destinations": ("SYR",), "category": "missile"},
    "IRN-SYR": {"state": "JOR", "origins": ("IRN",), "destinations": ("SYR",), "category": "arms"},
}
#: day, flight, duty of the best option, by what it is asked, the overflight paragraphs behind a refusal,
#: the inspection paragraphs, supply bans among the reasons,
#: earliest day of a report if inspected that day (none where the clock is in doubt).
ADVICE = [
    ("2006-10-13", "PRK-IRN", "may", None, "", "", "1696-5", None),
    ("2006-10-13", "PRK-SYR", "may", None, "", "", "", None),
    ("2006-10-13", "IRN-SYR", "may", None, "", "", "", None),
    ("2006-10-14", "PRK-SYR", "may", "recommended", "", "1718-8f", "1718-8b", None),
    ("2008-07-24", "PRK-IRN", "may", "recommended", "", "1718-8f", "1718-8b 1737-3/4 1696-5", None),
    ("2008-07-24", "PRK-SYR", "may", "recommended", "", "1718-8f", "1718-8b", None),
    ("2008-07-24", "IRN-SYR", "may", None, "", "", "1747-5", None),
    ("2010-07-01", "PRK-IRN", "may", "recommended", "", "1718-8f 1874-11 1929-14", "1718-8b 1737-3/4 1696-5",
     "2010-07-08"),
    ("2010-07-01", "PRK-SYR", "may", "recommended", "", "1718-8f 1874-11", "1718-8b", None),
    ("2010-07-01", "IRN-SYR", "may", "recommended", "", "1929-14", "1747-5", "2010-07-08"),
    ("2013-03-06", "PRK-SYR", "may", "recommended", "", "1718-8f 1874-11", "1718-8b", None),
    ("2013-03-07", "PRK-IRN", "may", "recommended", "2094-18", "1718-8f 1874-11 2094-16 1929-14",
     "1718-8b 1737-3/4 1696-5", "2013-03-14"),
    ("2013-03-07", "PRK-SYR", "may", "recommended", "2094-18", "1718-8f 1874-11 2094-16", "1718-8b", None),
    ("2013-03-07", "IRN-SYR", "may", "recommended", "", "1929-14", "1747-5", "2013-03-14"),
    ("2016-01-15", "IRN-SYR", "may", "recommended", "", "1929-14", "1747-5", "2016-01-22"),
    ("2016-01-16", "IRN-SYR", "may", "recommended", "", "2231-B7", "2231-B6b", None),
    ("2016-01-16", "PRK-IRN", "may", "recommended", "2094-18", "1718-8f 1874-11 2094-16 2231-B7",
     "1718-8b 2231-B4", None),
    ("2016-03-01", "PRK-SYR", "may", "recommended", "2094-18", "1718-8f 1874-11 2094-16", "1718-8b", None),
    ("2016-03-02", "PRK-IRN", "must", "mandatory", "2094-18 2270-21",
     "1718-8f 1874-11 2094-16 2270-18 2231-B7", "1718-8b 2231-B4", None),
    ("2016-03-02", "PRK-SYR", "must", "mandatory", "2094-18 2270-21", "1718-8f 1874-11 2094-16 2270-18",
     "1718-8b", None),
    ("2016-03-02", "IRN-SYR", "may", "recommended", "", "2231-B7", "2231-B6b", None),
    ("2020-10-19", "PRK-SYR", "must", "mandatory", "2094-18 2270-21", "1718-8f 1874-11 2094-16 2270-18",
     "1718-8b", None),
    ("2020-10-19", "IRN-SYR", "may", "recommended", "", "2231-B7", "", None),
    ("2025-09-27", "IRN-SYR", "may", "recommended", "", "2231-B7", "", None),
    ("2025-09-27", "PRK-IRN", "must", "mandatory", "2094-18 2270-21",
     "1718-8f 1874-11 2094-16 2270-18 2231-B7", "1718-8b", None),
    # contested and nobody's position chosen: reasons, nothing more
    ("2025-09-28", "IRN-SYR", "may", None, "", "", "1747-5", None),
    ("2025-09-28", "PRK-IRN", "must", "mandatory", "2094-18 2270-21", "1718-8f 1874-11 2094-16 2270-18",
     "1718-8b 1737-3/4 1696-5", None),
    ("2025-09-28", "PRK-SYR", "must", "mandatory", "2094-18 2270-21", "1718-8f 1874-11 2094-16 2270-18",
     "1718-8b", None),
]  # fmt: skip


def ask(flight: str, day: str, **more: object) -> Advice:
    return advice(
        Question(on=date.fromisoformat(day), showing="reasonable-grounds", **FLIGHTS[flight] | more),  # type: ignore[arg-type]
        RULES,
    )


def ids(answer: Advice, option: str, *roles: str, kind: str | None = None) -> set[str]:
    found = answer.option(option)
    assert found is not None
    return {m.id for m in found.measures if m.role in roles and kind in (None, m.kind)}


@pytest.mark.parametrize(
    ("day", "flight", "duty", "asked", "deny", "inspect", "bans", "report"),
    ADVICE,
    ids=[f"{row[0]} {row[1]}" for row in ADVICE],
)
def test_the_same_flight_on_every_boundary_day(
    day: str,
    flight: str,
    duty: str,
    asked: str | None,
    deny: str,
    inspect: str,
    bans: str,
    report: str | None,
) -> None:
    answer = ask(flight, day)
    best = answer.options[0]
    assert best.option == INSPECT  # offered first where both are open
    assert (best.duty, best.asked) == (duty, asked)
    assert ids(answer, REFUSE, "act", "reason", kind="DENY_AIR") == set(deny.split())
    assert ids(answer, INSPECT, "on-landing", kind="INSPECT") == set(inspect.split())
    assert ids(answer, REFUSE, "reason", kind="SUPPLY_BAN") == set(bans.split())
    refuse = answer.option(REFUSE)
    assert refuse is not None
    assert refuse.duty == duty
    assert {"CHI-1", "CHI-5-permit"} <= ids(answer, REFUSE, "power")
    assert (best.report_by.isoformat() if best.report_by else None) == report
    left = {one.option for one in answer.options}
    assert (SCRUTINY in left) is ("allow" in left) is (duty == "may")


# --- contested since 28 September 2025 ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "inspect", "bans"),
    [
        ("FRA", {"1929-14"}, {"1747-5"}),
        ("USA", {"1929-14"}, {"1747-5"}),
        ("IND", set(), {"1747-5"}),  # silent: named, never more than a reason
        ("RUS", {"2231-B7"}, set()),  # rejects: 2231 goes on to 18 October
    ],
)
def test_a_position_is_chosen_and_named(position: str, inspect: set[str], bans: set[str]) -> None:
    answer = ask("IRN-SYR", "2025-09-28", position=position)
    assert ids(answer, INSPECT, "on-landing", kind="INSPECT") == inspect
    assert ids(answer, REFUSE, "reason", kind="SUPPLY_BAN") == bans
    (dispute,) = answer.contested
    assert dispute.working == position
    assert dispute.working_position == {"FRA": "applies", "USA": "applies", "RUS": "rejects"}.get(
        position, "silent"
    )
    assert dispute.state_position == "silent"  # Jordan's own, never the desk's
    assert {"CHN", "IRN", "RUS"} <= set(dispute.rejects)
    assert {"FRA", "DEU", "GBR"} <= set(dispute.applies)


def test_the_return_is_an_instant() -> None:
    before = datetime(2025, 9, 27, 23, 59, 59, tzinfo=UTC)
    after = datetime(2025, 9, 28, tzinfo=UTC)
    names = [{m.id for m in measures_in_force(on, target="IRN", rules=RULES)} for on in (before, after)]
    assert "1929-14" not in names[0]
    assert "1929-14" in names[1]


def test_a_member_of_the_union_has_its_position_from_the_day_of_its_act() -> None:
    for day, held in (("2025-09-28", "silent"), ("2025-09-29", "applies")):
        row = RULES.position("snapback-2025", "ITA", date.fromisoformat(day))
        assert (row.position if row else "silent") == held
    assert RULES.position("snapback-2025", "GBR", date(2026, 1, 1)) is not None


# --- the others --------------------------------------------------------------------------------------------

#: state, day, from, to, flag, category, showing → what a refusal (or a landing refused) rests on
OTHERS = [
    ("TUR", "1990-09-24", "RUS", "IRQ", "RUS", "goods", "none", "may", ""),
    ("TUR", "1990-09-25", "RUS", "IRQ", "RUS", "goods", "none", "must", "670-3/4"),
    ("TUR", "1990-09-25", "IRQ", "RUS", "RUS", "goods", "none", "may", ""),  # destined for, not coming from
    ("TUR", "2003-05-21", "RUS", "IRQ", "RUS", "goods", "none", "must", "670-3/4"),
    ("TUR", "2003-05-22", "RUS", "IRQ", "RUS", "goods", "none", "may", ""),
    ("TUN", "1992-04-14", "ITA", "LBY", "ITA", "goods", "none", "may", ""),
    ("TUN", "1992-04-15", "ITA", "LBY", "ITA", "goods", "none", "must", "748-4a"),
    ("TUN", "1992-04-15", "LBY", "ITA", "ITA", "goods", "none", "must", "748-4a"),
    ("TUN", "1992-04-15", "ITA", "TCD", "ITA", "goods", "none", "may", ""),  # only crosses Libya
    ("TUN", "1999-04-04", "ITA", "LBY", "ITA", "goods", "none", "must", "748-4a"),
    ("TUN", "1999-04-05", "ITA", "LBY", "ITA", "goods", "none", "may", ""),  # suspended
    ("TUN", "2003-09-12", "ITA", "LBY", "ITA", "goods", "none", "may", ""),
    ("EGY", "1996-08-16", "SDN", "SAU", "SDN", "goods", "none", "may", ""),  # never activated
    ("PAK", "2001-01-19", "AFG", "ARE", "AFG", "goods", "none", "must", "1333-11"),
    ("PAK", "2002-01-19", "AFG", "ARE", "AFG", "goods", "none", "may", ""),
    ("TUN", "2011-03-16", "LBY", "DZA", "LBY", "goods", "none", "may", ""),
    ("TUN", "2011-03-17", "LBY", "DZA", "LBY", "goods", "none", "must", "1973-17"),
    ("TUN", "2011-09-15", "LBY", "DZA", "LBY", "goods", "none", "must", "1973-17"),
    ("TUN", "2011-09-16", "LBY", "DZA", "LBY", "goods", "none", "may", ""),
    ("TUN", "2011-03-17", "BLR", "LBY", "BLR", "arms", "reasonable-grounds", "must", "1973-18"),
    ("TUN", "2011-03-17", "BLR", "LBY", "BLR", "arms", "itinerary", "may", ""),
    ("TUN", "2011-03-16", "BLR", "LBY", "BLR", "arms", "reasonable-grounds", "may", ""),
    ("LBY", "2011-03-17", "TUN", "EGY", "TUN", "goods", "none", "must", "1973-6"),
    ("LBY", "2011-10-31", "TUN", "EGY", "TUN", "goods", "none", "must", "1973-6"),  # to 23:59 local
    ("LBY", "2011-11-01", "TUN", "EGY", "TUN", "goods", "none", "may", ""),
    ("DEU", "2016-05-26", "PRK", "CUB", "RUS", "goods", "none", "may", ""),
    ("DEU", "2016-05-27", "PRK", "CUB", "RUS", "goods", "none", "must", "EU-2016-849"),
    ("UKR", "2016-05-27", "PRK", "CUB", "RUS", "goods", "none", "may", ""),  # not a member
    ("NOR", "2016-06-16", "PRK", "CUB", "RUS", "goods", "none", "may", "EU-2016-849-aligned"),
    ("GBR", "2020-12-30", "PRK", "CUB", "PRK", "goods", "none", "must", "EU-2016-849"),
    ("GBR", "2020-12-31", "CHN", "CUB", "PRK", "goods", "none", "must", "UK-2019-411-65"),
    ("IRL", "2020-12-31", "CHN", "CUB", "PRK", "goods", "none", "may", ""),
]


@pytest.mark.parametrize(
    ("state", "day", "origin", "destination", "flag", "cargo", "showing", "duty", "act"), OTHERS
)
def test_libya_iraq_and_the_others(
    state: str,
    day: str,
    origin: str,
    destination: str,
    flag: str,
    cargo: str,
    showing: str,
    duty: str,
    act: str,
) -> None:
    answer = advice(
        Question(
            state,
            date.fromisoformat(day),
            origins=(origin,),
            destinations=(destination,),
            flag=flag,
            category=cargo,
            showing=showing,
        ),
        RULES,
    )
    refuse = answer.option(REFUSE)
    assert refuse is not None
    assert refuse.duty == duty
    assert {m.id for m in refuse.measures if m.role == "act"} == set(act.split())
    inspect = answer.option(INSPECT)
    # 670 alone of these takes landing for inspection instead; the others must be kept out.
    assert (inspect is not None and inspect.duty == "must") is (act == "670-3/4")
    assert (inspect is None) is (duty == "must" and act != "670-3/4")


@pytest.mark.parametrize(
    ("state", "day", "operator", "carries", "duty", "act"),
    [
        ("DEU", "2010-07-25", "QFZ", "cargo", "may", ""),
        ("DEU", "2010-07-26", "QFZ", "cargo", "must", "EU-2010-413"),
        ("DEU", "2010-07-26", "QFZ", "mixed", "may", ""),
        ("HRV", "2010-07-26", "QFZ", "cargo", "may", ""),
        ("HRV", "2013-07-01", "QFZ", "cargo", "must", "EU-2010-413"),
        ("DEU", "2016-01-16", "QFZ", "cargo", "may", ""),
        ("DEU", "2025-09-30", "QFZ", "cargo", "must", "EU-2025-1972"),
        ("GBR", "2025-09-30", "QFZ", "cargo", "may", ""),
        ("FRA", "2019-03-31", "IRM", "passengers", "may", ""),
        ("FRA", "2019-04-01", "IRM", "passengers", "must", "FRA-MAHAN"),
        ("ESP", "2019-04-01", "IRM", "passengers", "may", ""),
    ],
)
def test_landing_bans_of_their_own_bind_only_those_states(
    state: str, day: str, operator: str, carries: str, duty: str, act: str
) -> None:
    answer = advice(
        Question(
            state,
            date.fromisoformat(day),
            origins=("IRN",),
            destinations=(state,),
            operator=(operator,),
            operator_state="IRN",
            flag="IRN",
            carries=carries,
            landing=True,
            category="goods",
        ),
        RULES,
    )
    deny = answer.option("deny-landing")
    assert deny is not None
    assert deny.duty == duty
    assert {m.id for m in deny.measures if m.role == "act"} == set(act.split())


def test_taliban_aircraft_could_cross_but_not_land() -> None:
    from overflight.law import Designation

    listed = (Designation("UN 1267", "operator", target="AFG"),)
    for landing, open_ in ((False, True), (True, False)):
        answer = advice(
            Question(
                "PAK",
                date(2000, 1, 1),
                origins=("AFG",),
                destinations=("ARE",),
                operator_state="AFG",
                flag="AFG",
                landing=landing,
                designations=listed,
                category="goods",
            ),
            RULES,
        )
        assert (answer.option("allow") is not None) is open_
        deny = answer.option("deny-landing")
        assert deny is not None
        assert deny.duty == "must"
