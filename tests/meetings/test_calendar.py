"""Calendars: what they say, in every form, and that a broken one is one line and nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.meetings import calendars_in, gather, parse_calendar, read_calendar

FAR = date(1990, 1, 1), date(2030, 12, 31)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "meetings.ics"


def ics(*lines: str, around: str = "") -> bytes:
    body = "\r\n".join(("BEGIN:VEVENT", "UID:1", "SUMMARY:EXERCISE", *lines, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{around}{body}\r\nEND:VCALENDAR\r\n".encode()


def spans(data: bytes, first: date = FAR[0], last: date = FAR[1]) -> list[tuple[str, str]]:
    return [(m.first.isoformat(), m.last.isoformat()) for m in parse_calendar(data).between(first, last)]


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (("DTSTART;VALUE=DATE:20080807",), "2008-08-07", "2008-08-07"),
        (("DTSTART;VALUE=DATE:20080807", "DTEND;VALUE=DATE:20080808"), "2008-08-07", "2008-08-07"),
        (("DTSTART;VALUE=DATE:20080807", "DTEND;VALUE=DATE:20080810"), "2008-08-07", "2008-08-09"),
        (("DTSTART;VALUE=DATE:20080807", "DTEND;VALUE=DATE:20080807"), "2008-08-07", "2008-08-07"),
        (("DTSTART;VALUE=DATE:20080807", "DURATION:P3D"), "2008-08-07", "2008-08-09"),
        (("DTSTART:20080807T200000Z", "DTEND:20080808T020000Z"), "2008-08-07", "2008-08-08"),
        (("DTSTART:20080807T200000Z", "DTEND:20080808T000000Z"), "2008-08-07", "2008-08-07"),
        (("DTSTART:20080807T220000", "DURATION:PT2H"), "2008-08-07", "2008-08-07"),
        (("DTSTART:20080807T220000", "DURATION:PT3H"), "2008-08-07", "2008-08-08"),
        # Half past midnight in Tehran is the evening before in UTC: the day at the place counts.
        (("DTSTART;TZID=Asia/Tehran:20080807T003000",), "2008-08-07", "2008-08-07"),
    ],
)
def test_days(lines: tuple[str, ...], first: str, last: str) -> None:
    assert spans(ics(*lines)) == [(first, last)]


def test_a_zone_of_its_own() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Home\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0330\r\n"
        "TZOFFSETTO:+0330\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    assert spans(ics("DTSTART;TZID=Home:20080807T003000", around=zone)) == [("2008-08-07", "2008-08-07")]


def test_rules_exceptions_and_extra_days() -> None:
    data = ics(
        "DTSTART;VALUE=DATE:20080801",
        "DTEND;VALUE=DATE:20080803",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;VALUE=DATE:20080808",
        "RDATE;VALUE=DATE:20080901,20080905",
    )
    assert spans(data) == [
        *(("2008-08-01", "2008-08-02"), ("2008-08-15", "2008-08-16"), ("2008-08-22", "2008-08-23")),
        *(("2008-09-01", "2008-09-02"), ("2008-09-05", "2008-09-06")),
    ]
    # A window that only touches the second day of an occurrence.
    assert spans(data, date(2008, 8, 16), date(2008, 8, 17)) == [("2008-08-15", "2008-08-16")]
    assert spans(ics("DTSTART:20080801T090000Z", "RRULE:FREQ=YEARLY;UNTIL=20100801T090000Z")) == [
        (f"{year}-08-01", f"{year}-08-01") for year in (2008, 2009, 2010)
    ]


def test_moved_and_cancelled_occurrences() -> None:
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"
    weekly = (
        "BEGIN:VEVENT\nUID:w\nSUMMARY:w\nDTSTART;VALUE=DATE:20080801\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n"
    )
    moved = (
        "BEGIN:VEVENT\nUID:w\nRECURRENCE-ID;VALUE=DATE:20080808\nDTSTART;VALUE=DATE:20080809\nEND:VEVENT\n"
    )
    dropped = (
        "BEGIN:VEVENT\nUID:w\nSUMMARY:w\nSTATUS:CANCELLED\nRECURRENCE-ID;VALUE=DATE:20080815\n"
        "DTSTART;VALUE=DATE:20080815\nEND:VEVENT\n"
    )
    data = (head + weekly + moved + dropped + "END:VCALENDAR\n").encode()
    assert sorted(day for day, _ in spans(data)) == ["2008-08-01", "2008-08-09"]


def test_what_a_calendar_says_of_place_and_people() -> None:
    data = ics(
        "DTSTART;VALUE=DATE:20080807",
        "LOCATION:Hall 3\\, Tehran\\, Iran",
        "CATEGORIES:Trade Fair,Other",
        "X-OVERFLIGHT-AERODROMES:IKA OIII",
        "X-OVERFLIGHT-PARTICIPANTS:NAM, Turkey",
        "X-OVERFLIGHT-CONFIRMED:North Korea",
        "X-OVERFLIGHT-LEVEL:ministers",
    )
    (found,) = parse_calendar(data, "fair.ics").between(*FAR)
    assert (found.place.city, found.place.state) == ("Tehran", "IRN")
    assert found.place.aerodromes == ("OIIE", "OIII")
    assert (found.groups, found.states, found.confirmed) == (("NAM",), ("TUR",), ("PRK",))
    assert (found.kind, found.level, found.calendar) == ("trade fair", "ministers", "fair.ics")
    assert not found.event_verified
    (geo,) = parse_calendar(ics("DTSTART;VALUE=DATE:20080807", "GEO:35.7;51.4")).between(*FAR)
    assert geo.place.lonlat == (51.4, 35.7)
    (province,) = parse_calendar(ics("DTSTART;VALUE=DATE:20080807", "LOCATION:San Francisco\\, CA")).between(
        *FAR
    )
    assert province.place.state is None
    assert not province.place.known


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no calendar"),
        (b"hello", "no calendar"),
        (b"PK\x03\x04\xff\xfe", "not UTF-8"),
        (ics("DTSTART;VALUE=DATE:20080807")[:-20], "cut off"),
        (b"BEGIN:VEVENT\r\nDTSTART:20080807\r\nEND:VEVENT\r\n", "no VCALENDAR"),
        (ics(), "no DTSTART"),
        (ics("DTSTART:yesterday"), "DTSTART"),
        (ics("DTSTART;VALUE=DATE:20081332"), "DTSTART"),
        (ics("DTSTART;VALUE=DATE:00080807"), "DTSTART"),
        (ics("DTSTART;VALUE=DATE:20080807", "DTEND;VALUE=DATE:20080801"), "ends before"),
        (ics("DTSTART;VALUE=DATE:20080807", "DTEND;VALUE=DATE:20180801"), "more than a year"),
        (ics("DTSTART;VALUE=DATE:20080807", "DURATION:P9999999D"), "more than a year"),
        (ics("DTSTART;VALUE=DATE:20080807", "RRULE:FREQ=SECONDLY"), "RRULE|more often|FREQ"),
        (ics("DTSTART;VALUE=DATE:20080807", "RRULE:FREQ=YEARLY;BYMONTH=77"), "BYMONTH|RRULE|month"),
        (ics("DTSTART;VALUE=DATE:20080807", "X-OVERFLIGHT-STATE:Narnia"), "Narnia"),
        (ics("DTSTART;VALUE=DATE:20080807", "X-OVERFLIGHT-AERODROMES:QQQQ"), "QQQQ"),
        (ics("DTSTART;VALUE=DATE:20080807", "GEO:1"), "GEO"),
        (ics("DTSTART;VALUE=DATE:20080807", "GEO:100;200"), "GEO"),
    ],
)
def test_a_broken_calendar_is_one_line(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.ics"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as caught:
        read_calendar(path)
    assert "broken.ics" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.ics", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=words):
            read_calendar(path)


def test_one_broken_event_stops_the_whole_file() -> None:
    good, bad = ics("DTSTART;VALUE=DATE:20080807"), ics("DTSTART;VALUE=DATE:20081332")
    with pytest.raises(InputError):
        parse_calendar(good + bad)
    assert len(spans(good + good.replace(b"UID:1", b"UID:2"))) == 2


def test_calendars_of_the_desk(tmp_path: Path) -> None:
    assert calendars_in(tmp_path) == ()
    folder = tmp_path / "meetings"
    folder.mkdir()
    (folder / "one.ics").write_bytes(EXAMPLE.read_bytes())
    (folder / "notes.txt").write_text("not a calendar", encoding="utf-8")
    found = gather(date(2008, 8, 7), date(2008, 8, 8), home=tmp_path)
    assert [m.name for m in found if m.calendar] == ["EXERCISE: invented trade week"]
    found = gather(date(2008, 8, 15), date(2008, 8, 15), calendars=[EXAMPLE])
    assert [m.name for m in found if m.calendar] == ["EXERCISE: invented seminar"]
    (folder / "two.ics").write_bytes(b"broken")
    with pytest.raises(InputError, match=r"two\.ics"):
        gather(date(2008, 8, 7), date(2008, 8, 8), home=tmp_path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_calendars_are_never_a_crash(data: st.DataObject) -> None:
    text = EXAMPLE.read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + data.draw(st.binary(max_size=10)) + text[until:]
    with suppress(InputError):
        list(parse_calendar(text).between(date(2008, 8, 1), date(2008, 8, 31)))
