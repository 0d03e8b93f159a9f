"""Five weeks of one case, as it happened to a careful officer.

Four reschedulings, seven approaches, one early refusal, one coincident meeting and a cancellation. The world
is a table, so that every answer's effect can be checked with a pencil; all of it is an exercise.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from overflight.case.life.agenda import due_list
from overflight.case.life.headline import headline, helpers
from overflight.case.life.model import Case
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.replies import answer, deliver, end
from overflight.case.life.requests import Envelope, approach, close, thank, update
from overflight.telegram import read
from overflight.world.flight import Approaches, Flight

from .desks import Lawyer, Table, desk, flight

SEVEN = ("KAZ", "KGZ", "TJK", "UZB", "TKM", "AFG", "PAK")
DIRECT = (
    (("CHN", "KGZ", "UZB", "TKM"), 6441.0),
    (("CHN", "TJK", "UZB", "TKM"), 6459.0),
    (("CHN", "AFG"), 6563.0),
    (("CHN", "KAZ"), 6896.0),
    (("CHN", "PAK"), 7110.0),
)
WORLD = Table(
    {
        "ZKPY-OIIE": DIRECT,
        "ZKPY-OPRN": ((("CHN",), 4900.0),),
        "OPRN-OIIE": ((("AFG",), 2100.0), ((), 2300.0)),
    },
    {
        "ZKPY-OIIE": ("PRK", "CHN", "MNG", "KAZ", "KGZ", "UZB", "TKM", "IRN"),
        "ZKPY-OPRN": ("PRK", "CHN", "PAK"),
        "OPRN-OIIE": ("PAK", "AFG", "IRN"),
    },
    {"CHN": 0.5, "KAZ": 5, "KGZ": 5, "TJK": 5, "AFG": 6, "PAK": 6, "UZB": 7, "TKM": 8},
)
EVERYBODY = "S//REL TO USA, AFG, KAZ, KGZ, PAK, TJK, TKM, UZB"


def planned(*days: str, **facts: object) -> Flight:
    """The flight with China held unwilling, whatever is said."""
    from dataclasses import replace

    found = flight(*days, **facts) if "legs" in facts else flight(*days, legs=(("ZKPY", "OIIE"),), **facts)  # type: ignore[arg-type]
    return replace(found, approaches=Approaches(unwilling=("CHN",)))


def stale(case: Case) -> set[str]:
    return {s for s in case.standings if (one := case.current(s)) is not None and case.stale(one)}


def holding(case: Case) -> dict[str, set[str]]:
    """Who holds an earlier version that nobody has sent a new one for, and of what."""
    out: dict[str, set[str]] = {}
    for holder in case.holders:
        if not holder.sent:
            out.setdefault(holder.state, set()).add(holder.fact)
    return out


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_five_weeks_of_one_case() -> None:
    officer, clock = desk(WORLD, "2008-06-30", lawyer=Lawyer(date(2013, 3, 7)))

    # Monday, 30 June. The tip: an Il-62 to Tehran on 15 July. Some of it may be told, some not.
    case = open_case(
        officer,
        planned("2008-07-15"),
        case_id="KOR621",
        title="EXERCISE: KOR621",
        tip="A charter is being arranged.",
        statements=[
            Sheet(
                "Flight KOR621, an Il-62 of Air Koryo, is planned from Pyongyang to Tehran on 15 July 2008.",
                EVERYBODY,
                "REPORT 1",
                ("flight", "operator", "type", "route", "dates"),
            ),
            Sheet("The charter was arranged by a firm under watch.", "S//NF", "REPORT 2"),
            Sheet("We are concerned about its cargo.", "S//DISPLAY ONLY KAZ, PAK", "REPORT 1", ("concern",)),
            Sheet("Uzbekistan has seen this operator before.", "S//REL TO USA, UZB", "REPORT 4"),
        ],
    )
    assert case.step == "ROUTE"
    assert headline(case, clock()).endswith("were never asked")

    # The seven are approached the same day, each with its own points.
    case, made = approach(
        officer,
        "KOR621",
        SEVEN,
        ask=("refuse-overflight", "information"),
        due=at("2008-07-09T12:00"),
        envelope=Envelope(number="STATE 101", info=("AMEMBASSY BEIJING",), slug="ISN"),
    )
    assert case.step == "TASKED"
    points = {body.product.state: composed for body, composed in made}
    assert {s: c.released for s, c in points.items()} == {
        s: ("S1", "S4") if s == "UZB" else ("S1",) for s in SEVEN
    }
    assert {s for s, c in points.items() if c.spoken} == {"KAZ", "PAK"}
    # No resolution of 2013 is quoted in 2008.
    assert all(not one.source.startswith("law") for c in points.values() for one in c.paper)
    # The telegram to Astana holds what it must, and reads back.
    telegram = read(made[0][0].product.telegram.encode()).telegram
    assert telegram.head.to[0].address == "AMEMBASSY ASTANA"
    assert telegram.head.info[0].address == "AMEMBASSY BEIJING"
    assert telegram.classification == "SECRET"
    assert telegram.control == "//NOFORN"
    assert [n.body.product.number for n in case.approaches] == [f"2008 STATE {n}" for n in range(101, 108)]
    # No coalition is in hand: of the seven four or five would have to refuse.
    assert not case.coverage.closed  # type: ignore[union-attr]
    assert [len(c) for c in case.coverage.legs[0].coalitions] == [4, 4, 5]  # type: ignore[union-attr]

    # Wednesday, 2 July. Turkmenistan refuses at once: no aircraft of that operator, on any day.
    clock.to("2008-07-02")
    deliver(officer, "KOR621", "TKM", office="Ministry of Foreign Affairs", form="both", number="ASHGABAT 31")
    case = answer(
        officer, "KOR621", "TKM", "DENY OVERFLIGHT", standing=True, basis="policy", number="ASHGABAT 32"
    ).case
    assert case.step == "REPORTED"
    assert headline(case, clock()) == (
        "TKM refused; the way by CHN – AFG is open until 15 Jul 06:00Z, AFG's answer is due in 7 days; "
        "MNG was never asked"
    )

    # Friday, 4 July. The others deliver; Kazakhstan refuses for the days around the flight, Kyrgyzstan and
    # Tajikistan allow, Afghanistan has seen no request, Pakistan asks for more.
    clock.to("2008-07-04")
    for state in ("KAZ", "KGZ", "TJK", "UZB", "AFG"):
        deliver(officer, "KOR621", state, office="Ministry of Foreign Affairs", form="both")
    deliver(officer, "KOR621", "PAK", office="Ministry of Foreign Affairs", questions="Which cargo?")
    case = answer(
        officer,
        "KOR621",
        "KAZ",
        "DENY_OVERFLIGHT",
        valid_from=at("2008-07-10T00:00"),
        valid_until=at("2008-07-19T00:00"),
        number="ASTANA 77",
    ).case
    for state, decision in (
        ("KGZ", "ALLOW"),
        ("TJK", "ALLOW"),
        ("AFG", "NO_REQUEST_RECEIVED"),
        ("PAK", "ASK_MORE_INFORMATION"),
    ):
        case = answer(officer, "KOR621", state, decision).case
    assert stale(case) == set()
    assert case.waiting("UZB")

    # Monday, 7 July. First rescheduling: to 18 July. Turkmenistan's refusal stands on any day, Kazakhstan's
    # covers the new one; what the others said was said of the 15th. Everybody holds the old date.
    clock.to("2008-07-07")
    case, changed = plan(officer, "KOR621", planned("2008-07-18"), why="New permit requests were seen")
    assert case.step == "RESCHEDULED"
    assert [one.words for one in changed.difference.changes] == [
        "departure ZKPY-OIIE: was 15 July 2008 (UTC), now 18 July 2008 (UTC)"
    ]
    assert stale(case) == {"KGZ", "TJK", "AFG", "PAK"}
    assert {one.body.state for one in changed.lapsed} == {"KGZ", "TJK"}
    assert holding(case) == {s: {"date ZKPY-OIIE"} for s in SEVEN}
    # The old sentence cannot be used again by mistake; the new one takes its place and goes to all seven.
    assert [s.id for s in case.statements if not s.current] == ["S1"]
    case, _ = state_it(
        officer,
        "KOR621",
        [
            Sheet(
                "Flight KOR621 is now planned for 18 July 2008.",
                EVERYBODY,
                "REPORT 5",
                ("flight", "operator", "type", "route", "dates"),
                ("S1",),
            )
        ],
    )
    case, sent, _ = update(
        officer, "KOR621", why="The operator moved the flight", envelope=Envelope(number="STATE 120")
    )
    assert {p.state for p in sent.products} == set(SEVEN)
    assert not sent.kept
    # The correction goes to the same information addressee as the first version.
    assert all(p.info == ("AMEMBASSY BEIJING",) for p in sent.products)
    assert "it stands" in next(p for p in sent.products if p.state == "KGZ").telegram
    assert "it stands" not in next(p for p in sent.products if p.state == "TKM").telegram
    # It refers to the telegrams that went before it, and to the answer.
    references = read(
        next(p for p in sent.products if p.state == "KAZ").telegram.encode()
    ).telegram.references
    assert [str(one.number) for one in references] == ["2008 STATE 101"]
    assert holding(case) == {}
    assert {h.state for h in case.holders} == set(SEVEN)  # sent, and not delivered yet

    # Wednesday, 9 July, after the deadline. Uzbekistan has not spoken; the desk says so.
    clock.to("2008-07-09", "13:00")
    overdue = [one for one in due_list(officer.log.agenda(), clock()) if one.when == "overdue"]
    assert "answer UZB" in {one.item.key for one in overdue}
    assert next(one for one in overdue if one.item.key == "answer UZB").local == "9 Jul 17:00 in Tashkent"
    # Uzbekistan answers late, having heard only of the 15th: its answer is stale from the start.
    late = answer(officer, "KOR621", "UZB", "DENY_OVERFLIGHT", number="TASHKENT 9")
    assert late.notes == (
        "stale from the start: departure ZKPY-OIIE was 15 July 2008 (UTC), now 18 July 2008 (UTC)",
        "reported 60 min after the deadline",
    )
    # Then its post delivers the update, and it repeats the refusal for the day that counts.
    clock.to("2008-07-10")
    for state in SEVEN:
        deliver(officer, "KOR621", state, office="Ministry of Foreign Affairs")
    case = answer(officer, "KOR621", "UZB", "DENY_OVERFLIGHT", number="TASHKENT 11").case
    assert case.holders == ()
    assert "UZB" not in stale(case)

    # Monday, 14 July. Second rescheduling: 25 July, with a Tu-204. Kazakhstan's refusal ends before.
    clock.to("2008-07-14")
    case, changed = plan(officer, "KOR621", planned("2008-07-25", type_="T204"), why="The type was changed")
    assert changed.difference.facts == {"type", "date ZKPY-OIIE"}
    assert stale(case) == {"KAZ", "KGZ", "TJK", "UZB", "AFG", "PAK", "TKM"}
    tkm = case.current("TKM")
    assert tkm is not None
    assert [one.fact for one in case.stale(tkm)] == ["type"]  # any day, but nobody asked about a Tu-204
    case, _ = state_it(
        officer,
        "KOR621",
        [
            Sheet(
                "Flight KOR621 is now planned with a Tu-204 for 25 July 2008.",
                EVERYBODY,
                "REPORT 6",
                ("flight", "operator", "type", "route", "dates"),
                ("S5",),
            )
        ],
    )
    case, sent, _ = update(officer, "KOR621", due=at("2008-07-18T12:00"))
    assert {p.state for p in sent.products} == set(SEVEN)
    clock.to("2008-07-16")
    for state in SEVEN:
        deliver(officer, "KOR621", state, office="Ministry of Foreign Affairs")
    for state in ("TKM", "KAZ", "UZB", "AFG"):
        case = answer(officer, "KOR621", state, "DENY_OVERFLIGHT", standing=state == "TKM").case
    case = answer(officer, "KOR621", "PAK", "DENY_OVERFLIGHT", tell=("AFG",)).case
    # Afghanistan, Kazakhstan, Pakistan and Turkmenistan together close every way: nothing is left.
    assert headline(case, clock()) == (
        "KAZ, UZB, TKM, AFG and PAK refused; closed: no way within range is left on ZKPY-OIIE; "
        "KGZ and TJK: answers stale"
    )

    # Friday, 18 July. Third rescheduling: the operator answers with a landing in Pakistan, a leg more.
    clock.to("2008-07-18")
    two = (("ZKPY", "OPRN"), ("OPRN", "OIIE"))
    where = {"OPRN": "PAK"}
    case, changed = plan(
        officer, "KOR621", planned("2008-07-28", legs=two, states=where, type_="T204"), why="A stop was added"
    )
    assert changed.difference.added == ("ZKPY-OPRN", "OPRN-OIIE")
    assert changed.difference.dropped == ("ZKPY-OIIE",)
    assert changed.difference.newly == ("PAK", "AFG")
    assert set(changed.difference.gone) == {"MNG", "KAZ", "KGZ", "UZB", "TKM"}
    assert set(changed.difference.off) == {"MNG", "KAZ", "KGZ", "TJK", "UZB", "TKM"}
    assert {one.fact for one in case.stale(case.current("PAK"))} >= {"route", "date ZKPY-OIIE"}  # type: ignore[arg-type]
    assert not case.coverage.closed  # type: ignore[union-attr]
    case, _ = state_it(
        officer,
        "KOR621",
        [
            Sheet(
                "Flight KOR621 is now planned by way of Islamabad on 28 July 2008.",
                EVERYBODY,
                "REPORT 7",
                ("flight", "operator", "type", "route", "dates"),
                ("S6",),
            )
        ],
    )
    case, sent, _ = update(officer, "KOR621", due=at("2008-07-24T12:00"))
    assert {p.state for p in sent.products} == set(SEVEN)

    # Tuesday, 22 July. A meeting in Tehran on the same days may explain the flight: everybody who got the
    # first version has to get this too, and the home desk says that the first was given in good faith.
    clock.to("2008-07-22")
    case, ids = state_it(
        officer,
        "KOR621",
        [
            Sheet(
                "A meeting takes place in Tehran from 27 to 30 July 2008; a delegation may be on board.",
                "U",
                "PRESS",
                ("meeting",),
            )
        ],
    )
    case, sent, _ = update(officer, "KOR621", statements=ids, why="A delegation may be on board")
    assert {p.state for p in sent.products} == set(SEVEN)
    assert sent.facts == ("meeting",)
    assert "good faith" in sent.products[0].telegram
    clock.to("2008-07-23")
    for state in ("PAK", "AFG"):
        deliver(officer, "KOR621", state, office="Ministry of Foreign Affairs")
    assert {h.state for h in officer.load("KOR621").holders} == set(SEVEN) - {"PAK", "AFG"}
    # Pakistan lets it land only to be searched, and the way over Pakistan is then no way for such a cargo.
    case = answer(officer, "KOR621", "PAK", "REQUIRE_LANDING_AND_INSPECT", conditions="cargo manifest").case
    assert case.standing("PAK").sky == "landing"
    assert stale(case) == {"KAZ", "KGZ", "TJK", "UZB", "TKM", "AFG"}

    # Saturday, 26 July. Fourth rescheduling: a week later, after the meeting.
    clock.to("2008-07-26")
    case, changed = plan(
        officer, "KOR621", planned("2008-08-04", legs=two, states=where, type_="T204"), why="Postponed"
    )
    assert stale(case) == {*SEVEN}
    assert {one.body.state for one in changed.lapsed} == {"PAK"}
    assert len(case.plans) == 5

    # Sunday, 3 August. The operator gives up.
    clock.to("2008-08-03")
    case = end(officer, "KOR621", "cancelled", evidence="Permit requests were withdrawn", source="REPORT 9")
    assert case.step == "OUTCOME"
    assert [i.key for i in officer.log.agenda(case="KOR621")] == [
        "summary"
    ]  # nobody needs to answer any more

    # Thanks to those who helped: not to Kyrgyzstan and Tajikistan, which allowed it, and no word of who else.
    assert set(helpers(case)) == {"TKM", "KAZ", "UZB", "AFG", "PAK"}
    case, _ = state_it(
        officer,
        "KOR621",
        [
            Sheet("The flight did not take place.", EVERYBODY, "REPORT 9", ("result",)),
            Sheet("A source in the firm confirmed it.", "S//NF", "REPORT 10"),
        ],
    )
    case, thanked = thank(officer, "KOR621", envelope=Envelope(number="STATE 180"))
    assert {p.state for p in thanked.products} == {"TKM", "KAZ", "UZB", "AFG", "PAK"}
    for product in thanked.products:
        assert product.released == ("S9",)
        others = {"Kazakhstan", "Uzbekistan", "Turkmenistan", "Afghanistan", "Pakistan"}
        named = {name for name in others if name in product.telegram}
        assert len(named) == 1
        assert "source in the firm" not in product.telegram
    case = close(officer, "KOR621")
    assert case.step == "CLOSED"
    assert headline(case, clock()) == "ended: cancelled; thanked: AFG, KAZ, PAK, TKM, UZB; closed"

    # And nothing was overwritten: on the evening of 4 July the desk knew what it knew then.
    then = officer.load("KOR621", until=at("2008-07-04T23:00"))
    assert len(then.plans) == 1
    assert then.standing("KAZ").sky == "closed"
    assert stale(then) == set()
    assert then.waiting("UZB")
