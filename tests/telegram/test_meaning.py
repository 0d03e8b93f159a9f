"""States of posts and tags, deadlines, orders, offices: one rule at a time."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram.addresses import parse_address
from overflight.telegram.contacts import redact_contact
from overflight.telegram.deadline import find_due
from overflight.telegram.dtg import expand_year, parse_group, print_group
from overflight.telegram.model import Address, Order
from overflight.telegram.numbering import Candidate, assign
from overflight.telegram.offices import office_of
from overflight.telegram.order import declassification, reasons_of
from overflight.telegram.posts import post_of, state_of
from overflight.telegram.reader import read
from overflight.telegram.tables import rows
from overflight.telegram.tags import scheme_of, tags_of

SENT = dt.date(2026, 8, 1)


@pytest.mark.parametrize(
    ("address", "day", "state"),
    [
        ("AMEMBASSY ASTANA", "2010-01-01", "KAZ"),
        ("AMEMBASSY NUR SULTAN", "2020-01-01", "KAZ"),
        ("AMEMBASSY NUR-SULTAN", "2020-01-01", "KAZ"),
        ("AMEMBASSY BERLIN", "1980-01-01", "DDR"),
        ("USMISSION BERLIN", "1980-01-01", "DEU"),
        ("AMEMBASSY BERLIN", "2005-01-01", "DEU"),
        ("AMEMBASSY MOSCOW", "1985-01-01", "SUN"),
        ("AMEMBASSY MOSCOW", "2005-01-01", "RUS"),
        ("AMCONSUL HONG KONG", "2005-01-01", "HKG"),
        ("AIT TAIPEI", "2005-01-01", "TWN"),
        ("AMEMBASSY TEHRAN", "1978-01-01", "IRN"),
        ("AMEMBASSY RANGOON", "2008-01-01", "MMR"),
        ("AMCONSUL BOMBAY", "1980-01-01", "IND"),
        ("AMEMBASSY NEW DELHI//POL//", "2008-01-01", "IND"),
        ("SECSTATE WASHDC", "2008-01-01", "USA"),
        ("AMEMBASSY EXAMPLEVILLE", "2008-01-01", None),
        ("USMISSION GENEVA", "2008-01-01", None),
        ("CDR EXAMPLE COMMAND", "2008-01-01", None),
    ],
)
def test_a_post_is_accredited_to_a_state(address: str, day: str, state: str | None) -> None:
    assert state_of(address, dt.date.fromisoformat(day)) == state


def test_states_of_today_have_a_capital_post() -> None:
    from overflight.world.states import alpha3_codes

    known = {state for row in rows("posts.csv") for state in (row["state"], *row["also"].split())}
    former = {"SUN", "YUG", "CSK", "DDR", "YMD"}
    assert known - set(alpha3_codes()) <= former
    assert len(known - former) >= 190


def test_every_row_names_its_source() -> None:
    for name in ("posts.csv", "tags.csv", "tags_states.csv", "tags_schemes.csv", "orders.csv", "offices.csv"):
        assert all(row["source"] for row in rows(name)), name


def test_posts_do_not_contradict_each_other() -> None:
    for row in rows("posts.csv"):
        assert row["from"] <= row["until"] or not row["until"]
        day = row["from"] or row["until"]
        if day and row["kind"] in ("embassy", "consulate"):
            word = "AMEMBASSY" if row["kind"] == "embassy" else "AMCONSUL"
            found = post_of(f"{word} {row['place']}", dt.date.fromisoformat(day))
            assert found is not None, row
            assert found.state == row["state"], row


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("POSTS ARE ASKED TO REPORT BY AUGUST 5.", "2026-08-05"),
        ("PLEASE REPLY BY 5 JUNE.", "2027-06-05"),
        ("REPLY NLT COB FRIDAY, AUGUST 7.", "2026-08-07"),
        ("REPORT RESULTS NO LATER THAN 7 AUGUST 2026.", "2026-08-07"),
        ("RESPONSES ARE DUE BY 08/09.", "2026-08-09"),
        ("RESPOND WITHIN FIVE WORKING DAYS.", "2026-08-07"),
        ("RESPOND WITHIN 10 BUSINESS DAYS.", "2026-08-14"),
        ("RESPOND WITHIN TWO WEEKS.", "2026-08-15"),
        ("RESPOND WITHIN 24 HOURS.", "2026-08-02"),
        ("DEADLINE FOR REPORTING IS AUGUST 12.", "2026-08-12"),
        ("PLEASE REPORT BY AUGUST 1.", "2026-08-01"),
        ("THE FLIGHT IS REQUESTED TO LEAVE BY AUGUST 5, IT IS SAID.", "2026-08-05"),
        ("THE SKY WAS CLEAR BY AUGUST 5.", None),
        ("PLEASE REPLY BY FEBRUARY 30.", None),
        ("THE REPORT OF JULY 25 IS KNOWN.", None),
    ],
)
def test_deadlines(text: str, due: str | None) -> None:
    found, _ = find_due([("", text)], [text.upper()], SENT)
    assert (found.day.isoformat() if found else None) == due


def test_a_deadline_without_a_date_of_the_telegram_is_a_warning() -> None:
    found, warnings = find_due([("", "PLEASE REPLY BY 5 JUNE.")], ["PLEASE REPLY BY 5 JUNE."], None)
    assert found is None
    assert warnings


@pytest.mark.parametrize(
    ("number", "text", "value"),
    [
        ("13526", "DECL: 08/01/2036", "2036-08-01"),
        ("13526", "DECL: 2035/08/01", "2035-08-01"),
        ("13526", "DECL: 20350801", "2035-08-01"),
        ("13526", "DECL: 1 AUG 36", "2036-08-01"),
        ("13526", "DECL: AUGUST 1, 2036", "2036-08-01"),
        ("13526", "DECL: 50X1-HUM", "50X1-HUM"),
        ("12958", "DECL: X1", "X1"),
        ("12958", "DECL: 1.6X1", "1.6X1"),
        ("12356", "DECL:OADR", "OADR"),
        ("12065", "RDS-1 11/23/99", "1999-11-23"),
        ("11652", "XGDS2", "XGDS-2"),
        ("11652", "ADS, DECLAS 12-31-84", "1984-12-31"),
        ("11652", "N/A", "N/A"),
        ("13526", "DECL: UPON CLOSURE OF EXERCISE", "UPON CLOSURE OF EXERCISE"),
    ],
)
def test_orders(number: str, text: str, value: str) -> None:
    year = 1975 if number == "11652" else 1980 if number == "12065" else 2026
    assert declassification(Order(number, text), dt.date(year, 1, 1)).value == value


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Reasons 1.4 (b) and (d)", ("1.4(b)", "1.4(d)")),
        ("REASON: 1.5 (B, D)", ("1.5(b)", "1.5(d)")),
        ("1.4(b), 1.4(d)", ("1.4(b)", "1.4(d)")),
        ("REASONS 1.4 B/D", ("1.4(b)", "1.4(d)")),
        ("no reason at all", ()),
    ],
)
def test_reasons(text: str, reasons: tuple[str, ...]) -> None:
    assert reasons_of(text) == reasons


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Office Director", "Office Director"),
        ("Ambassador Erika Mustermann", "Ambassador"),
        ("MUSTERMANN, DEPUTY CHIEF OF MISSION", "DEPUTY CHIEF OF MISSION"),
        ("ISN/MTR Director E. Mustermann", "ISN/MTR Director"),
        ("Erika Mustermann", ""),
    ],
)
def test_the_office_is_kept_and_the_person_is_not(text: str, office: str) -> None:
    assert office_of(text) == office


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("POC IS MUSTERMANN, ISN/MTR.", "POC IS (NAME), ISN/MTR."),
        (
            "DEPARTMENT POINT OF CONTACT IS ERIKA MUSTERMANN (ISN/MTR).",
            "DEPARTMENT POINT OF CONTACT IS (NAME) (ISN/MTR).",
        ),
        ("POC: MS. ERIKA MUSTERMANN, 202-555-0100.", "POC: (NAME), (NUMBER)."),
        ("POC FOR THIS ISSUE IS ISN/MTR.", "POC FOR THIS ISSUE IS ISN/MTR."),
        ("WE STAY IN CONTACT WITH THE MINISTRY.", "WE STAY IN CONTACT WITH THE MINISTRY."),
    ],
)
def test_contact_lines_lose_their_names(text: str, clean: str) -> None:
    assert redact_contact(text)[0] == clean
    assert redact_contact(clean)[0] == clean


def test_years_of_two_digits() -> None:
    assert expand_year("26", 2027) == 2026
    assert expand_year("28", 2027) == 1928
    assert expand_year("79", 2027) == 1979
    assert expand_year("1979", 2027) == 1979


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("O P 011530Z AUG 26", "2026-08-01T15:30"),
        ("011530Z AUG 2026", "2026-08-01T15:30"),
        ("R 231603Z NOV 79", "1979-11-23T16:03"),
        ("P 012330E AUG 2026", "2026-08-01T18:30"),
        ("P 010030R AUG 2026", "2026-08-01T05:30"),
        ("P 311530Z NOV 26", None),
        ("P 012460Z AUG 26", None),
    ],
)
def test_date_time_groups(text: str, instant: str | None) -> None:
    group = parse_group(text, 2027)
    assert (group.instant.strftime("%Y-%m-%dT%H:%M") if group else None) == instant
    if group:
        again = parse_group(print_group(group.instant), 2027)
        assert again is not None
        assert again.instant == group.instant


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("1 2 3", [1, 2, 3]),
        ("11 12 13", [1, 2, 3]),
        ("11 12 13 14 15 16 17 18 19 110 111", list(range(1, 12))),
        ("1 2 3 11", [1, 2, 3, 11]),
        ("11 12 3 4 15", [1, 2, 3, 4, 5]),
        ("1 2 4", [1, 2, 4]),
        ("1 2 2 3", [1, 2, 2, 3]),
        ("1 2 2008 3", [1, 2, None, 3]),
        ("8 9 10 11 12", [8, 9, 10, 11, 12]),
        ("1 12 13 14", [1, 2, 3, 4]),
        ("1 2 3 4 5 6 7 8 9 10 11 12", list(range(1, 13))),
        ("1 1 1 2 1 3", [1, 2, 3]),
    ],
)
def test_numbers_are_decided_over_the_whole_sequence(printed: str, numbers: list[int | None]) -> None:
    pieces = ["1 1", "1 2", "1 3"] if printed == "1 1 1 2 1 3" else printed.split()
    assert list(assign([Candidate(p, False, 4.0) for p in pieces]).numbers) == numbers


def test_a_later_section_may_begin_with_any_number() -> None:
    assert list(assign([Candidate(p, False, 4.0) for p in ("11", "12", "13")], first=0).numbers) == [
        11,
        12,
        13,
    ]


@pytest.mark.parametrize(
    ("day", "codes", "states"),
    [
        ("2026-08-01", "CH KN RS", ["CHE", "KNA", "SRB"]),
        ("2005-08-01", "CH KN RS", ["CHN", "PRK", "RUS"]),
        ("1976-08-01", "CH UR TC", ["CHN", "SUN", "ARE"]),
        ("2026-08-01", "CN KP RU", ["CHN", "PRK", "RUS"]),
        ("2012-08-01", "TI KN", ["TJK", "PRK"]),
        ("2012-08-01", "TJ KP", ["TJK", "PRK"]),
        ("2012-08-01", "IR CH", ["IRN", None]),
        ("2026-08-01", "TI CH", [None, None]),
    ],
)
def test_tags_of_three_schemes(day: str, codes: str, states: list[str | None]) -> None:
    tags, _ = tags_of(tuple(codes.split()), dt.date.fromisoformat(day))
    assert [t.state for t in tags] == states


def test_schemes_by_date() -> None:
    assert scheme_of(dt.date(1975, 1, 1))[0] == "1974"
    assert scheme_of(dt.date(2000, 1, 1)) == ("fips", ("fips",))
    assert set(scheme_of(dt.date(2012, 1, 1))[1]) == {"fips", "iso"}
    assert scheme_of(dt.date(2024, 1, 1)) == ("iso", ("iso",))


def test_addresses() -> None:
    assert parse_address("ZEN/AMEMBASSY X") == Address("AMEMBASSY X", other_means=True)
    assert parse_address("RUEHYY/AMEMBASSY SAMPLETON NIACT IMMEDIATE 0102") == Address(
        "AMEMBASSY SAMPLETON", "NIACT IMMEDIATE", 102, "RUEHYY"
    )


def test_a_code_that_does_not_differ_between_the_schemes_of_its_date_keeps_its_state() -> None:
    tags, warnings = tags_of(("EAIR", "KN", "KZ", "FR"), dt.date(2009, 3, 24))
    assert [tag.state for tag in tags] == [None, None, "KAZ", "FRA"]
    assert any("not certain" in warning for warning in warnings)
    # No scheme is sure where the line itself has codes of both: what 1974 did not know stays without a state.
    tags, warnings = tags_of(("KZ", "TI", "TJ"), dt.date(2009, 3, 24))
    assert warnings
    assert tags[0].state is None


def _ordered(declassify: str) -> tuple[str | None, list[str], list[str]]:
    text = (
        f"O 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 000123\n"
        f"E.O. 13526: DECL: {declassify}\nTAGS: EAIR\nSUBJECT: EXERCISE: SAMPLE\n\n1. (U) ALPHA.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=dt.date(2026, 12, 31))
    repairs = [f"{reading.original(r).decode()} {r.understood}" for r in reading.repairs]
    return reading.meaning.declassify.value, repairs, list(reading.warnings)


@pytest.mark.parametrize(
    ("printed", "meant", "day"),
    [
        ("O8/O1/2O35", "08/01/2035", "2035-08-01"),
        ("08/0l/2035", "08/01/2035", "2035-08-01"),
        ("2O35/08/01", "2035/08/01", "2035-08-01"),
        ("2035O8O1", "20350801", "2035-08-01"),
    ],
)
def test_letters_for_digits_in_the_day_of_declassification_are_proposed(
    printed: str, meant: str, day: str
) -> None:
    value, repairs, warnings = _ordered(printed)
    assert value == day
    assert repairs == [f"{printed} {meant}"]
    assert any(repr(meant) in warning and "check it" in warning for warning in warnings)


@pytest.mark.parametrize("printed", ["02/30/2035", "2035/13/41", "30 FEB 2035", "O2/3O/2035"])
def test_a_day_of_no_calendar_is_told(printed: str) -> None:
    value, repairs, warnings = _ordered(printed)
    assert value == printed
    assert repairs == []
    assert any(f"{printed!r} is no day of the calendar" in warning for warning in warnings)


@pytest.mark.parametrize(
    "printed", ["08/01/2036", "2035/08/01", "25X1", "OADR", "END OF THE EXERCISE", "SHIP/AIR/SEA", "25X1-HUM"]
)
def test_what_is_no_damaged_day_is_left_alone(printed: str) -> None:
    _, repairs, warnings = _ordered(printed)
    assert repairs == []
    assert not any("calendar" in warning or "proposed" in warning for warning in warnings)
