"""FLIGHT.toml: what is right is read, and what is wrong is one line with file, line, field and mend."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import FlightFileError
from overflight.world.flight_file import MAX_BYTES, parse_flight, read_flight
from overflight.world.toml_lines import field_lines, line_of

GOOD = """\
[flight]
id = "KOR621"
operator = "KOR"
kind = "civil non-scheduled"
aircraft = { type = "IL62" }

[[leg]]
from = "ZKPY"
to = "VYMD"
departs = 2008-08-07

[[leg]]
from = "VYMD"
to = "OIIE"
departs = [2008-08-07T06:00:00Z, 2008-08-08]
"""


def test_a_good_file_is_read() -> None:
    flight = parse_flight(GOOD)
    assert [leg.origin.icao for leg in flight.legs] == ["ZKPY", "VYMD"]
    first, second = (leg.departs for leg in flight.legs)
    assert first.is_day
    assert first.earliest == datetime(2008, 8, 7, tzinfo=UTC)
    assert first.latest == datetime(2008, 8, 8, tzinfo=UTC)
    assert second.earliest == datetime(2008, 8, 7, 6, tzinfo=UTC)
    assert second.latest == datetime(2008, 8, 9, tzinfo=UTC)


def test_iata_codes_and_offsets_are_understood() -> None:
    text = GOOD.replace('"ZKPY"', '"fnj"').replace(
        "departs = 2008-08-07\n", "departs = 2008-08-07T09:00:00+09:00\n"
    )
    flight = parse_flight(text)
    assert flight.legs[0].origin.icao == "ZKPY"
    assert flight.legs[0].departs.is_instant
    assert flight.legs[0].departs.earliest == datetime(2008, 8, 7, 0, tzinfo=UTC)


def test_approaches_take_names_and_codes() -> None:
    flight = parse_flight(GOOD + '[approaches]\nasked = ["India", "PK", "PAK"]\nunwilling = ["China"]\n')
    assert flight.approaches.asked == ("IND", "PAK")
    assert flight.approaches.unwilling == ("CHN",)


CASES = [
    # (what to change, into what, line, words)
    ('id = "KOR621"\n', "", 1, "flight, id: is missing"),
    ('id = "KOR621"', "id = 621", 2, "flight, id: is not a text"),
    ('id = "KOR621"', 'id = "  "', 2, "is empty"),
    ('operator = "KOR"', 'operatr = "KOR"', 3, "did you mean operator?"),
    ('kind = "civil non-scheduled"', 'kind = "civil"', 4, "is none of civil scheduled"),
    ('{ type = "IL62" }', '{ type = "QQQQ9" }', 5, "flight, aircraft, type"),
    ('{ type = "IL62" }', '{ type = "IL62", range_km = 0 }', 5, "range_km: is 0; write km above 0"),
    ('{ type = "IL62" }', '{ type = "IL62", range_km = nan }', 5, "range_km: is nan"),
    ('{ type = "IL62" }', '{ type = "IL62", range_km = "9000" }', 5, "is not a number"),
    ('{ type = "IL62" }', '{ type = "IL62", payload_t = -1 }', 5, "payload_t: is -1"),
    ('{ type = "IL62" }', '{ type = "IL62", hex = "72" }', 5, "six hexadecimal digits"),
    ('{ type = "IL62" }', '{ type = "IL62", wings = 2 }', 5, "wings: is no field of this table"),
    ('{ type = "IL62" }', '"IL62"', 5, "flight, aircraft: is not a table"),
    ('from = "ZKPY"', 'from = "QQQQ"', 8, "leg 1, from: 'QQQQ' is not a known aerodrome"),
    ('to = "VYMD"', 'to = "FNJ"', 9, "leg 1, to: is ZKPY again"),
    ('from = "VYMD"', 'from = "VYYY"', 13, "leg 2, from: is VYYY, but the leg before ends at VYMD"),
    ("departs = 2008-08-07\n", "departs = 2008-02-30\n", 10, "a day that does not exist"),
    ("departs = 2008-08-07\n", 'departs = "2008-02-30"\n', 10, "is no day of the calendar"),
    ("departs = 2008-08-07\n", "departs = true\n", 10, "leg 1, departs: is not a date"),
    ("departs = 2008-08-07\n", "departs = 0008-08-07\n", 10, "is in the year 8"),
    ("departs = 2008-08-07\n", "departs = [2008-08-07]\n", 10, "a window is [earliest, latest]"),
    ("departs = 2008-08-07\n", "departs = [2008-08-08, 2008-08-07]\n", 10, "ends before it begins"),
    ("departs = 2008-08-07\n", "departs = [2008-08-07, 2009-08-07]\n", 10, "is longer than 31 days"),
    ("departs = 2008-08-07\n", "departs = 2006-08-07\n", 15, "leg 2, departs: is 731 days after"),
    ("departs = 2008-08-07\n", "departs = 2008-08-10\n", 15, "is before the leg before has arrived"),
    (
        "departs = 2008-08-07\n",
        "departs = 2008-08-07\narrives = 2008-08-06\n",
        11,
        "arrives: is before the departure",
    ),
    (
        "departs = 2008-08-07\n",
        "departs = 2008-08-07\narrives = 2008-08-17\n",
        11,
        "is days after the departure",
    ),
    ("departs = 2008-08-07\n", "departs = 2008-08-07\nvia = 'VYMD'\n", 11, "via: is no field of this table"),
    ("[flight]", "[flight", 1, "not TOML"),
    ("[flight]", "[flights]\n[flight]", 1, "did you mean flight?"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), CASES, ids=[words for *_, words in CASES])
def test_a_fault_names_file_line_field_and_mend(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(FlightFileError) as caught:
        parse_flight(GOOD.replace(old, new, 1), name="a.toml")
    text = str(caught.value)
    assert text.startswith(f"a.toml:{line}:")
    assert words in text
    assert "; " in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[approaches]\nasked = ["Narnia"]\n', "approaches, asked: 'Narnia'"),
        ('[approaches]\nasked = "IND"\n', "is not a list"),
        ('[approaches]\nrefused = ["CHN"]\nunwilling = ["China"]\n', "names CHN, which has refused"),
    ],
)
def test_approaches_are_checked(more: str, words: str) -> None:
    with pytest.raises(FlightFileError, match=r"a\.toml:") as caught:
        parse_flight(GOOD + more, name="a.toml")
    assert words in str(caught.value)


def test_one_leg_table_or_none_is_told() -> None:
    head = GOOD[: GOOD.index("[[leg]]")]
    for text, words in (
        (head, "leg: is missing"),
        (head + "leg = []\n", "is no field"),
        ("leg = []\n" + head, "leg: is empty"),
        (head + '[leg]\nfrom = "ZKPY"\n', "write [[leg]] with two brackets"),
    ):
        with pytest.raises(FlightFileError) as caught:
            parse_flight(text)
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"   \n\n", "is empty"),
        (b"[flight]\nid = '\xff'\n", "a.toml:2: is not UTF-8"),
        (b"\x00\x01\x02", "not TOML"),
        (b"a" * (MAX_BYTES + 1), "is larger than"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_flight_file(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    with pytest.raises(FlightFileError) as caught:
        read_flight(path)
    assert words in str(caught.value)
    assert "a.toml" in str(caught.value)


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_flight(path).id == "KOR621"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_noise_is_always_one_error(text: str) -> None:
    with pytest.raises(FlightFileError) as caught:
        parse_flight(text)
    assert "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_one_wrong_letter_never_crashes(at: int, letter: str) -> None:
    line = ""
    try:
        parse_flight(GOOD[:at] + letter + GOOD[at + 1 :])
    except FlightFileError as error:
        line = str(error)
    assert "\n" not in line


def test_lines_are_found_in_every_way_of_writing() -> None:
    text = (
        'a.b = 1\n[x.y]\n"quoted key" = 2\n[[t]]\nk = """\n[fake]\nk = 3\n"""\n[[t]]\nk = 4\n[t.sub]\nz = 5\n'
    )
    lines = field_lines(text)
    assert lines["a", "b"] == 1
    assert lines["x", "y", "quoted key"] == 3
    assert lines["t", 0, "k"] == 5
    assert lines["t", 1, "k"] == 10
    assert lines["t", 1, "sub", "z"] == 12
    assert ("fake",) not in lines
    assert line_of(lines, ("t", 0, "missing")) == 4
    assert line_of(lines, ("nothing",)) is None
