"""Permit applications from every form of file; what cannot be read costs itself alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.permit import Application, Fault, Sector, flags, permits_in, read_permits, to_flight
from overflight.permit.form import field_of
from overflight.permit.values import count, day, flag, moment, place, places, state_code, tonnes

TABLE = (
    "Ref,Operator,ICAO code,Registration,Aircraft type,MSN,Call sign,From,To,Date of flight,"
    "ETD (UTC),ETA (UTC),True origin,Final destination,Cargo,Cargo weight (kg),Consignee,Owner country,"
    "Charterer country,Mode S,Pilot\n"
    "1,Air Koryo,KOR,P-885,IL62,000,KOR621,ZKPY,OIIE,2008-08-07,0300,1200,"
    "ZKPY,OIIE,passengers,,,,,720123,A Person\n"
    "2,Air West,AWG,4L-AWA,IL76,,AWG732,VTBD,VCBI,2009-12-12,0300,0700,"
    ",,oil industry spare parts,35000,X,NZL,HKG,,B\n"
)
LETTER = """From: ops@example.invalid
To: permits@example.invalid
Subject: EXERCISE, request for a permit

Dear colleagues, please grant a permit:

1. Operator: Air Koryo
2) Aircraft type = Il-62M
- Registration - P-881
4. Flight no: KOR621
5. Routing: ZKPY-VYMD-OIIE
6. Date: 07 AUG 2008
7. ETD: 0300Z
Purpose ......... charter
*Cargo:* spare parts
   for tractors
Captain: A Person
Mobile: 000
Colour: blue
"""


def rows(text: str) -> list[tuple[int, Application | Fault]]:
    return list(permits_in(text))


def one(text: str) -> Application:
    ((_, found),) = rows(text)
    assert isinstance(found, Application)
    return found


def test_a_table() -> None:
    (first_row, first), (_, second) = rows(TABLE)
    assert first_row == 2
    assert isinstance(first, Application)
    assert isinstance(second, Application)
    assert (first.operator, first.operator_code, first.registrations) == ("Air Koryo", "KOR", ("P-885",))
    assert (first.type, first.serial, first.hex, first.call_sign) == ("IL62", "000", "720123", "KOR621")
    assert first.sectors == (
        Sector("ZKPY", "OIIE", datetime(2008, 8, 7, 3, tzinfo=UTC), datetime(2008, 8, 7, 12, tzinfo=UTC)),
    )
    assert (second.owner_state, second.charterer_state, second.cargo_t) == ("NZL", "HKG", 35.0)
    assert second.true_origin is None
    assert "true_origin" in second.stated
    assert first.faults == second.faults == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_with_any_delimiter(delimiter: str, end: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows(csv.reader(TABLE.splitlines()))
    for (_, mine), (_, theirs) in zip(rows("\ufeff" + out.getvalue()), rows(TABLE), strict=True):
        assert asdict(mine) | {"source": ""} == asdict(theirs) | {"source": ""}


def test_a_letter() -> None:
    found = one(LETTER)
    assert (found.operator, found.type, found.registrations) == ("Air Koryo", "Il-62M", ("P-881",))
    assert [sector.origin for sector in found.sectors] == ["ZKPY", "VYMD"]
    assert found.departs == datetime(2008, 8, 7, 3, tzinfo=UTC)
    assert (found.purpose, found.cargo) == ("charter", "spare parts for tractors")
    assert found.unread == ("Colour",) or "Colour" in found.unread


def test_names_of_persons_are_not_carried() -> None:
    for text in (TABLE, LETTER, json.dumps({"operator": "A", "type": "IL62", "pilot": "A Person"})):
        for _, found in rows(text):
            assert "A Person" not in repr(found)


def test_an_itinerary_at_the_top_is_no_header_of_mail() -> None:
    found = one("From: ZKPY\nTo: OIIE\nDate: 2008-08-07\nOperator: Air Koryo\nType: IL62")
    assert found.sectors == (Sector("ZKPY", "OIIE", date(2008, 8, 7)),)


def test_columns_that_nobody_knows_are_named() -> None:
    more = ",".join(f"x{n}" for n in range(40))
    found = one(f"Operator,Registration,Type,{more}\nAir Koryo,P-885,IL62{',' * 40}")
    assert found.unread[:2] == ("x0", "x1")


HANDLERS = """Subject: EXERCISE, overflight permission

OPERATOR NAME AND ADDRESS: EXAMPLE AIR CARGO, EXAMPLE STREET 1
A/C TYPE / REG : IL76TD / 4L-AWA
MTOW : 190 TONS
CALLSIGN : XXX621
SCHEDULE (UTC):
01 AUG 2026  ZKPY 0400 - VTBD 0945
02 AUG 2026  VTBD 2300Z - OMFJ 0430Z
OMFJ 0900 - OIIE 1030
ENTRY POINT : BIDEX AT 0610Z
EXIT POINT : LIMLA/0830
NATURE OF CARGO : OIL INDUSTRY SPARE PARTS
QTY : 35 TONS
SHIPPER : EXAMPLE TRADING
RECEIVER : TBA
PIC : A PERSON
"""


def test_a_letter_of_a_handling_agent() -> None:
    found = one(HANDLERS)
    assert (found.operator, found.type, found.registrations) == ("EXAMPLE AIR CARGO", "IL76TD", ("4L-AWA",))
    assert (found.mtow_t, found.cargo_t, found.consignee) == (190, 35, None)
    assert found.sectors == (
        Sector("ZKPY", "VTBD", datetime(2026, 8, 1, 4, tzinfo=UTC), datetime(2026, 8, 1, 9, 45, tzinfo=UTC)),
        Sector("VTBD", "OMFJ", datetime(2026, 8, 2, 23, tzinfo=UTC), datetime(2026, 8, 3, 4, 30, tzinfo=UTC)),
        Sector("OMFJ", "OIIE", datetime(2026, 8, 3, 9, tzinfo=UTC), datetime(2026, 8, 3, 10, 30, tzinfo=UTC)),
    )
    assert (found.entry_point, found.entry_time) == ("BIDEX", datetime(2026, 8, 1, 6, 10, tzinfo=UTC))
    assert (found.exit_point, found.exit_time) == ("LIMLA", datetime(2026, 8, 1, 8, 30, tzinfo=UTC))
    assert found.faults == ()
    assert "PERSON" not in repr(found)
    kinds = {flag.kind for flag in flags(found)}
    assert kinds == {"true-origin", "true-destination", "cargo-vague", "consignee-absent"}
    assert [leg.destination.icao for leg in to_flight(found).legs] == ["VTBD", "OMFJ", "OIIE"]


def test_a_timetable_without_a_day_is_a_fault() -> None:
    found = one("Operator: Air Koryo\nType: IL62\nSchedule: ZKPY 0400 - VTBD 0945")
    assert found.sectors == ()
    assert "without a day" in str(found.faults[0])


def test_greetings_and_signatures_are_not_carried() -> None:
    text = (
        "Dear A Person: greetings\nAttn: B Person\nOperator: Air Koryo\nType:\nIL62\n"
        "Cargo: tools\nRegards\nC Person\n"
    )
    found = one(text)
    assert (found.cargo, found.type, found.unread) == ("tools", "IL62", ())
    assert "Person" not in repr(found)


def test_times_over_midnight() -> None:
    text = (
        "Operator: Air Koryo\nFrom: ZKPY\nTo: OIIE\nDate: 2008-08-07\nETD: 2100Z\nETA: {}\n"
        "Entry time: 2330\nExit time: 0230"
    )
    found = one(text.format("0500Z"))
    assert found.sectors[0].arrives == datetime(2008, 8, 8, 5, tzinfo=UTC)
    assert (found.entry_time, found.exit_time) == (
        datetime(2008, 8, 7, 23, 30, tzinfo=UTC),
        datetime(2008, 8, 8, 2, 30, tzinfo=UTC),
    )
    assert not [flag for flag in flags(found) if flag.kind == "times-impossible"]
    wrong = one(text.format("2008-08-07 05:00"))
    assert [flag for flag in flags(wrong) if flag.kind == "times-impossible"]


def test_a_bad_leg_of_an_object_keeps_the_rest() -> None:
    legs = [
        {"from": "ZKPY", "to": "VYMD", "etd": "0300"},
        {"from": "VYMD", "to": "OIIE", "date": "2008-08-07"},
    ]
    found = one(json.dumps({"operator": "Air Koryo", "type": "IL62", "legs": legs}))
    assert [sector.origin for sector in found.sectors] == ["ZKPY", "VYMD"]
    assert "time without a day" in str(found.faults[0])


def test_several_letters_in_one_file() -> None:
    found = rows(LETTER + "\n-----\n" + LETTER.replace("KOR621", "KOR622"))
    assert [a.call_sign for _, a in found if isinstance(a, Application)] == ["KOR621", "KOR622"]


def test_a_rule_within_a_letter_parts_sections_only() -> None:
    found = one(
        "Operator: Air Koryo\nRegistration: P-885\n-----\nDate: 2008-08-07\nETD: 0300\nFrom: ZKPY\nTo: OIIE"
    )
    assert found.departs == datetime(2008, 8, 7, 3, tzinfo=UTC)


def test_objects() -> None:
    found = one(
        json.dumps(
            {
                "operator": {"name": "Air Koryo", "icao": "KOR"},
                "aircraft": {"type": "IL62", "registration": ["P-885", "P-881"], "hex": "720123"},
                "legs": [
                    {"from": "ZKPY", "to": "VYMD", "date": "2008-08-07", "etd": "0300"},
                    {"from": "VYMD", "to": "OIIE", "departs": "2008-08-07T09:30:00+00:00"},
                ],
                "crew": 5,
                "munitions": False,
                "callSign": "KOR621",
            }
        )
    )
    assert (found.operator, found.registrations, found.hex) == ("Air Koryo", ("P-885", "P-881"), "720123")
    assert found.sectors[1].departs == datetime(2008, 8, 7, 9, 30, tzinfo=UTC)
    assert (found.crew, found.munitions, found.call_sign) == (5, False, "KOR621")


def test_lists_wrapped_lists_and_lines_of_objects() -> None:
    objects = [{"operator": "A", "type": "IL62", "id": str(n)} for n in range(3)]
    for text in (
        json.dumps(objects),
        json.dumps({"applications": objects}),
        "\n".join(map(json.dumps, objects)),
    ):
        assert [a.id for _, a in rows(text) if isinstance(a, Application)] == ["0", "1", "2"]


def test_messages() -> None:
    plan = (
        "(FPL-KOR621-IN\n-IL62/H-S/C\n-ZKPY0400\n-K0850S1060 DCT\n"
        "-OIIE0815\n-DOF/260801 REG/P885 CODE/720123)"
    )
    found = rows(f"{plan}\n(DLA-KOR621-ZKPY0445-OIIE-DOF/260801)\n(CNL-XXX9-ZKPY0400-OIIE-0)")
    assert [row for row, _ in found] == [1, 8]
    _, application = found[0]
    assert isinstance(application, Application)
    assert application.plan is not None
    assert application.plan.status == "delayed"
    assert (application.operator_code, application.registrations, application.hex) == (
        "KOR",
        ("P885",),
        "720123",
    )
    assert application.sectors[0].departs == datetime(2026, 8, 1, 4, 45, tzinfo=UTC)
    assert application.sectors[0].arrives == datetime(2026, 8, 1, 13, 0, tzinfo=UTC)
    assert isinstance(found[1][1], Fault)


# --- faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("3,a,b", "3 cells"),
        ('3,"never closed,KOR', "never closed"),
        ("," * 20, None),
        ("\udcff" + "," * 20, "UTF-8"),
    ],
)
def test_a_bad_row_costs_itself_alone(bad: str, words: str | None) -> None:
    head, first, second = TABLE.splitlines()
    found = rows("\n".join([head, first, bad, second, second]))
    good = [a for _, a in found if isinstance(a, Application)]
    assert [a.call_sign for a in good] == ["KOR621", "AWG732", "AWG732"]
    faults = [a for _, a in found if isinstance(a, Fault)]
    assert [f.row for f in faults] == ([3] if words else [])
    if words:
        assert words in str(faults[0])


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("Date of flight", "07/08/2008", "could be two days"),
        ("Date of flight", "2008-02-30", "no day of the calendar"),
        ("Date of flight", "080807", "could be two days"),
        ("ETD (UTC)", "04:00 LT", "local time"),
        ("Owner country", "Narnia", "not a state"),
        ("Mode S", "72012", "24-bit"),
        ("Cargo weight (kg)", "much", "no weight"),
        ("ICAO code", "KORYO", "designator"),
        ("Registration", "!!", "no registration"),
    ],
)
def test_a_bad_field_costs_itself_alone(column: str, text: str, words: str) -> None:
    head, first = (line.split(",") for line in TABLE.splitlines()[:2])
    first[head.index(column)] = text
    found = one("\n".join((",".join(head), ",".join(first))))
    assert [fault.column for fault in found.faults][:1] == [column]
    assert words in str(found.faults[0])
    assert found.call_sign == "KOR621"
    assert any(f.kind == "unreadable" for f in flags(found))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n \n",
        "Dear Sir,\nthe weather is fine.\n",
        "a,b,c\n1,2,3\n",
        "time,lon,lat\n2020-01-01,1,2\n",
        "[]",
        "{}",
        "[1, 2]",
        '{"a": 1}',
        "{not json",
        '[{"operator": "A", "type": "B"}',
        "[" * 100_000,
        '{"operator": 1' + "0" * 5000 + "}",
        'Operator,"Registration,Type\n',
    ],
)
def test_a_file_that_is_no_permit_file(text: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(text)
    assert "\n" not in str(caught.value)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "permits.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert [row for row, _ in read_permits(path)] == [2, 3]
    for bad, words in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=words):
            list(read_permits(bad))
    path.write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(InputError, match="not a text file"):
        list(read_permits(path))
    path.write_bytes(b"Operator: \xff\nType: IL62\n")
    with pytest.raises(InputError, match="not UTF-8"):
        list(read_permits(path))


def test_a_large_table_is_read_row_by_row(tmp_path: Path) -> None:
    head, first, _ = TABLE.splitlines()
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        yield head + "\n"
        while True:
            taken += 1
            yield first + "\n"

    from overflight.permit.stream import _rows

    stream = _rows(lines(), "endless", None, 0)
    for _ in range(100):
        assert isinstance(next(stream)[1], Application)
    assert taken < 110


# --- values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2008-08-07",
        "7 Aug 2008",
        "07AUG08",
        "Aug 7, 2008",
        "7.8.2008",
        "Thursday, 7 August 2008",
        "20080807",
        "2008/8/7",
    ],
)
def test_days(text: str) -> None:
    assert day(text) == date(2008, 8, 7)


@pytest.mark.parametrize(
    "text",
    [
        *("2008-08-07T04:00Z", "07AUG08 0400Z", "0400Z 07 AUG 2008", "2008-08-07 04:00 UTC"),
        *("2008-08-07T07:30+03:30", "7 August 2008, 04:00", "2008-08-07T04:00:00+00:00"),
    ],
)
def test_instants(text: str) -> None:
    assert moment(text) == datetime(2008, 8, 7, 4, tzinfo=UTC)


def test_values() -> None:
    assert moment("0400Z", date(2008, 8, 7)) == datetime(2008, 8, 7, 4, tzinfo=UTC)
    assert [tonnes(t) for t in ("35 t", "35,000 kg", "35000", "1.5 t", "1 234,5 kg")] == [
        *(35, 35, 35, 1.5),
        1.2345,
    ]
    assert [flag(t) for t in ("Yes", "no.", "n/a", "")] == [True, False, None, None]
    assert [count(t) for t in ("5", "2+3", "18 pax", "nil")] == [5, 5, 18, 0]
    assert [place(t) for t in ("zkpy", "Pyongyang (ZKPY)", "FNJ/ZKPY", "Pyongyang")] == [
        *("ZKPY", "ZKPY", "ZKPY"),
        "Pyongyang",
    ]
    assert places("ZKPY-VYMD–OIIE") == ("ZKPY", "VYMD", "OIIE")
    assert state_code("DPRK") == "PRK"
    for reader, text in ((tonnes, "1 000 000 t"), (flag, "perhaps"), (count, "many"), (places, "ZKPY")):
        with pytest.raises(ValueError, match="; "):
            reader(text)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Nationality and registration marks", "registrations"),
        ("ETD (UTC)", "etd"),
        ("aircraft.hex", "hex"),
        ("callSign", "call_sign"),
        ("Final destination", "true_destination"),
        ("colour", None),
        ("x" * 5000, None),
    ],
)
def test_labels(label: str, field: str | None) -> None:
    assert field_of(label) == field


# --- to a flight --------------------------------------------------------------------------------------


def test_an_application_becomes_a_flight() -> None:
    flight = to_flight(one(LETTER))
    assert (flight.id, flight.operator, flight.kind) == ("KOR621", "KOR", "civil non-scheduled")
    assert [leg.origin.icao for leg in flight.legs] == ["ZKPY", "VYMD"]
    assert flight.legs[1].departs.earliest == flight.legs[0].departs.earliest
    assert flight.cargo == "spare parts for tractors"
    assert flight.aircraft.payload_t is None
    assert any("taken as civil non-scheduled" in text for text in flight.sources)


def test_nothing_is_invented() -> None:
    flight = to_flight(one("Registration: P-885\nType: \nFrom: ZKPY\nTo: OIIE\nDate: 2008-08-07"))
    assert (flight.operator, flight.aircraft.type, flight.purpose, flight.cargo) == (
        "unknown",
        "ZZZZ",
        None,
        None,
    )
    assert flight.legs[0].arrives is None


def test_a_stated_kind_is_kept() -> None:
    text = "Registration: P-885\nFrom: ZKPY\nTo: OIIE\nDate: 2008-08-07\nType of flight: {}"
    for word, kind in (
        ("Charter", "civil non-scheduled"),
        ("scheduled", "civil scheduled"),
        ("Military", "state"),
    ):
        assert to_flight(one(text.format(word))).kind == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Registration: P-885\nType: IL62\nDate: 2008-08-07", "no departure"),
        ("Registration: P-885\nFrom: ZKPY\nTo: OIIE", "no day"),
        ("Registration: P-885\nFrom: QQQQ\nTo: OIIE\nDate: 2008-08-07", "QQQQ"),
        ("Registration: P-885\nFrom: ZKPY\nTo: FNJ\nDate: 2008-08-07", "begins and ends"),
    ],
)
def test_a_flight_that_cannot_be_made(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        to_flight(one(text))


def test_a_filed_plan_becomes_a_flight() -> None:
    from overflight.permit import read_message

    plan = (
        "(FPL-P885-GM-ZZZZ/H-S/C-ZZZZ0400-K0850S1060 DCT-OIIE0815"
        "-STS/HAZMAT HEAD DEP/4512N10530E DOF/260801 TYP/IL62M)"
    )
    message = read_message(plan).message
    assert message is not None
    flight = to_flight(message)
    assert flight.kind == "state"
    assert flight.aircraft.type == "IL62M"
    assert flight.aircraft.registration == "P885"
    assert flight.operator == "unknown"
    assert flight.purpose == "head of state status (STS/)"
    assert flight.cargo == "dangerous goods declared"
    assert flight.legs[0].origin.lonlat == (105.5, 45.2)
    assert flight.legs[0].origin.state == ""
    assert flight.legs[0].arrives is not None
    lost = read_message(plan.replace("DEP/4512N10530E ", "")).message
    assert lost is not None
    with pytest.raises(InputError, match="does not say which"):
        to_flight(lost)
    undated = read_message(plan.replace("DOF/260801 ", "")).message
    assert undated is not None
    with pytest.raises(InputError, match="no day"):
        to_flight(undated)
    assert to_flight(undated, on=date(2026, 8, 1)).day == date(2026, 8, 1)


# --- noise --------------------------------------------------------------------------------------------


def _survives(text: str) -> None:
    given_rows = 0
    try:
        for _, found in permits_in(text, on=date(2026, 8, 1)):
            given_rows += 1
            if isinstance(found, Application):
                flags(found)
                try:
                    to_flight(found, on=date(2026, 8, 1))
                except InputError:
                    continue
    except InputError:
        assert given_rows == 0


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_are_never_a_crash(data: bytes) -> None:
    _survives(data.decode("utf-8", "surrogateescape"))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [TABLE, LETTER, json.dumps([{"operator": "A", "type": "IL62", "legs": [{"from": "ZKPY"}]}])]
    ),
    st.data(),
)
def test_damaged_files_are_never_a_crash(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 30)))
        text = text[:at] + data.draw(st.text(max_size=12)) + text[until:]
    _survives(text)
