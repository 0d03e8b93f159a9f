"""Telegrams find their case; what they seem to report is proposed, never taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from overflight.case.life.desk import CaseDesk
from overflight.case.life.filing import Outcome, file_all, file_telegram, proposed_answer
from overflight.case.life.planning import Sheet, open_case, plan
from overflight.case.life.proposal import confirmed_flight, proposals
from overflight.case.life.repairs import merge
from overflight.case.life.requests import Envelope, approach
from overflight.errors import InputError
from overflight.telegram import read
from overflight.world.flight import Window

from .desks import Table, desk, flight

WORLD = Table({"ZKPY-OIIE": ((("CHN", "KAZ"), 6400.0),)}, {"ZKPY-OIIE": ("CHN", "KAZ")})
DUE = datetime(2026, 7, 24, 12, tzinfo=UTC)


def telegram(
    *paragraphs: str,
    origin: str = "AMEMBASSY ASTANA",
    number: str = "ASTANA 55",
    ref: str = "",
    day: str = "22",
) -> bytes:
    body = "\n\n".join(f"{n}. (U) {text}" for n, text in enumerate(paragraphs, 1))
    reference = f"REF: A. {ref}\n" if ref else ""
    return (
        f"P {day}1000Z JUL 26\nFM {origin}\nTO SECSTATE WASHDC PRIORITY\nBT\nUNCLAS {number}\n"
        f"E.O. 13526: N/A\nTAGS: EAIR\nSUBJECT: EXERCISE: A REPORT\n{reference}\n{body}\n\n"
        "EXERCISE\nBT\nNNNN\n"
    ).encode()


@pytest.fixture
def officer() -> CaseDesk:
    found, _ = desk(WORLD, "2026-07-20")
    for id_, call in (("C1", "KOR621"), ("C2", "KOR777")):
        open_case(
            found,
            flight("2026-07-28", legs=(("ZKPY", "OIIE"),), id_=call),
            case_id=id_,
            statements=[Sheet("It flies.", "U", "R", ("route", "dates"))],
        )
    approach(found, "C1", ["KAZ"], ask=["x"], due=DUE, envelope=Envelope(number="STATE 101"))
    return found


def test_a_reference_finds_the_case_and_twice_is_told(officer: CaseDesk) -> None:
    data = telegram("THE MINISTRY REFUSED OVERFLIGHT.", ref="STATE 101")
    found = file_telegram(officer, data, name="a.txt")
    assert found.case.id == "C1"
    assert found.match.why == "refers to 2026 STATE 101"
    assert found.proposal is not None
    assert (found.proposal.state, found.proposal.decision) == ("KAZ", "DENY_OVERFLIGHT")
    assert found.case.answers == ()  # proposed, not taken
    head = officer.log.head()
    for copy in (data, data.replace(b"\n", b"\r\n"), data.replace(b"THE MINISTRY ", b"THE MINISTRY\n")):
        with pytest.raises(InputError, match="was filed already in C1"):
            file_telegram(officer, copy, name="b.txt")
    assert officer.log.head() == head
    # The case's next telegram refers to it.
    _, made = approach(officer, "C1", ["KAZ"], ask=["x"], due=DUE)
    references = read(made[0][0].product.telegram.encode()).telegram.references
    assert [str(one.number) for one in references] == ["2026 STATE 101", "2026 ASTANA 55"]


def test_every_telegram_of_a_file_is_an_event_of_its_own(officer: CaseDesk) -> None:
    some = [
        telegram("THE MINISTRY REFUSED OVERFLIGHT.", ref="STATE 101"),
        telegram("NOTHING TO DO WITH ANY FLIGHT.", number="ASTANA 56", day="23"),
        telegram("KOR777 WAS MENTIONED.", number="ASTANA 57", day="24"),
        telegram("THE MINISTRY REFUSED OVERFLIGHT.", ref="STATE 101"),
    ]
    for joint in (b"", b"\n\n"):
        before = officer.log.head().seq
        found = list(file_all(officer, joint.join(some), name="week.txt"))
        if joint == b"":
            assert [type(one) for one in found] == [Outcome, InputError, Outcome, InputError]
            assert [one.case.id for one in found if isinstance(one, Outcome)] == ["C1", "C2"]
            assert [one.number for one in found if isinstance(one, Outcome)] == [
                "2026 ASTANA 55",
                "2026 ASTANA 57",
            ]
            assert officer.log.head().seq == before + 2
            assert str(found[1]).startswith("week.txt, telegram 2: belongs to no case")
            assert str(found[3]).startswith("week.txt, telegram 4: was filed already in C1")
        else:  # what was filed is known again, however the file is put together
            assert all(isinstance(one, InputError) for one in found)
            assert officer.log.head().seq == before
    alone = list(file_all(officer, telegram("KOR777.", number="ASTANA 58"), name="a.txt", case_id="C1"))
    assert [one.case.id for one in alone if isinstance(one, Outcome)] == ["C1"]
    with pytest.raises(InputError):
        list(file_all(officer, b"", name="a.txt"))


def test_flight_and_dates_find_it_too_and_others_are_named(officer: CaseDesk) -> None:
    found = file_telegram(officer, telegram("FLIGHT KOR777 WAS ASKED FOR.", number="ASTANA 56"))
    assert found.case.id == "C2"
    assert found.match.why == "names flight KOR777 within its dates"
    both = file_telegram(
        officer, telegram("FLIGHT KOR777 WAS ASKED FOR.", number="ASTANA 57", ref="STATE 101")
    )
    assert both.case.id == "C1"
    assert [m.case for m in both.others] == ["C2"]


def test_what_fits_none_or_two_is_refused_with_a_way_out(officer: CaseDesk) -> None:
    with pytest.raises(InputError, match="belongs to no case"):
        file_telegram(officer, telegram("NOTHING OF INTEREST."))
    with pytest.raises(InputError, match=r"may belong to C1 .* or C2"):
        file_telegram(officer, telegram("BOTH KOR621 AND KOR777 WERE SEEN."))
    assert file_telegram(officer, telegram("NOTHING OF INTEREST."), case_id="c2").case.id == "C2"
    with pytest.raises(InputError, match="C9: no such case"):
        file_telegram(officer, telegram("KOR621", number="ASTANA 60"), case_id="C9")
    with pytest.raises(InputError):
        file_telegram(officer, b"this is no telegram", name="x.txt")


def test_far_from_the_dates_a_name_alone_says_nothing(officer: CaseDesk) -> None:
    data = telegram("FLIGHT KOR621 WAS SEEN.").replace(b"JUL 26", b"JAN 26")
    with pytest.raises(InputError, match="belongs to no case"):
        file_telegram(officer, data)


def test_a_merged_case_passes_its_telegrams_on(officer: CaseDesk) -> None:
    merge(officer, "C1", "C2")
    found = file_telegram(officer, telegram("FLIGHT KOR777 WAS ASKED FOR."))
    assert found.case.id == "C1"
    assert "C2 was merged into it" in found.match.why


def test_a_missing_reference_and_another_text_of_one_number_are_told(officer: CaseDesk) -> None:
    first = file_telegram(officer, telegram("FLIGHT KOR621.", ref="STATE 99"))
    assert first.missing == ("2026 STATE 99",)
    second = file_telegram(officer, telegram("CORRECTED COPY. FLIGHT KOR621."))
    assert "another text of 2026 ASTANA 55" in second.case.telegrams[-1].body.why


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("THE MINISTRY DENIED OVERFLIGHT TO THE AIRCRAFT.", "DENY_OVERFLIGHT"),
        ("THE AUTHORITY WILL NOT PERMIT THE FLIGHT TO ENTER ITS AIRSPACE.", "DENY_OVERFLIGHT"),
        ("THE HOST HAD ALREADY REFUSED THE REQUEST.", "ALREADY_DENIED"),
        ("THE PERMIT WAS REVOKED AROUND NOON.", "REVERSED"),
        ("THE MINISTRY WITHDREW ITS PERMISSION.", "REVERSED"),
        ("NO REQUEST FOR THIS FLIGHT HAS BEEN RECEIVED.", "NO_REQUEST_RECEIVED"),
        ("THE MINISTRY ASKED FOR MORE INFORMATION.", "ASK_MORE_INFORMATION"),
        ("THE AIRCRAFT MUST LAND AND BE INSPECTED.", "REQUIRE_LANDING_AND_INSPECT"),
        ("THE MINISTRY REFUSED LANDING.", "DENY_LANDING"),
        ("OVERFLIGHT WAS APPROVED.", "ALLOW"),
        ("THE MINISTRY GRANTED THE PERMIT AGAINST A CARGO MANIFEST.", "ALLOW_WITH_SCRUTINY"),
        ("THE DIRECTOR DECLINED TO COMMENT.", "REFUSE_TO_SAY"),
        ("POST WAS ASKED WHETHER THE PERMIT WAS GRANTED.", None),
        ("THE MINISTRY WOULD REFUSE OVERFLIGHT IF THE CARGO WERE ARMS.", None),
        ("THE WEATHER WAS FINE.", None),
    ],
)
def test_what_a_sentence_reports(text: str, decision: str | None) -> None:
    found = proposed_answer(read(telegram(text)), "KAZ")
    assert (found.decision if found else None) == decision


TIP = telegram(
    "AN IL-62 OF AIR KORYO, CALL SIGN KOR621, IS PLANNED FROM PYONGYANG TO TEHRAN VIA MANDALAY ON AUGUST 7.",
    "REGISTRATION P-885. CARGO: MACHINE PARTS.",
)


def test_facts_of_a_flight_are_proposed_with_their_portions() -> None:
    found = {one.field: one for one in proposals(read(TIP))}
    assert {field: one.value for field, one in found.items()} == {
        "flight": "KOR621",
        "operator": "KOR",
        "type": "IL-62",
        "route": "ZKPY-VYMD-OIIE",
        "dates": "2026-08-07",
        "tail": "P-885",
        "cargo": "machine parts",
    }
    assert found["route"].portion == "paragraph 1"
    assert found["cargo"].portion == "paragraph 2"
    assert "P-885" in found["tail"].words


def test_nothing_is_taken_unless_confirmed() -> None:
    found = proposals(read(TIP))
    with pytest.raises(InputError, match="dates is not confirmed"):
        confirmed_flight(found, ("flight", "operator", "type", "route"))
    with pytest.raises(InputError, match="'colour' was not proposed"):
        confirmed_flight(found, ("colour",))
    plain = confirmed_flight(found, ("flight", "operator", "type", "route", "dates"))
    assert (plain.cargo, plain.aircraft.registration) == ("undeclared", None)
    full = confirmed_flight(found, [one.field for one in found])
    assert (full.cargo, full.aircraft.registration) == ("machine parts", "P-885")
    assert [leg.destination.icao for leg in full.legs] == ["VYMD", "OIIE"]


def test_words_that_are_no_facts_propose_nothing() -> None:
    data = telegram(
        "THIS IS ABOUT THE VISIT ON JANUARY 1, FROM MIDNIGHT TO NOON.", "THE ABC123 FORM WAS LOST."
    )
    assert [one.field for one in proposals(read(data))] == []


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)])
def test_a_plan_of_a_far_off_year_keeps_no_telegram_from_its_case(
    officer: CaseDesk, moment: datetime
) -> None:
    present = officer.load("C2").flight
    leg = replace(present.legs[0], departs=Window(moment, moment), arrives=None)
    plan(officer, "C2", replace(present, legs=(leg,)))
    found = file_telegram(officer, telegram("FLIGHT KOR621 WAS SEEN."))
    assert found.case.id == "C1"
