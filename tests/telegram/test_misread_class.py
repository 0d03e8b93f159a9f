"""A classification line with misread signs: proposed with a warning, and the end of the addressees."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)
FIELDS = "SIPDIS\nE.O. 13526: DECL: 08/01/2036\nTAGS: EAIR, PREL\nSUBJECT: (C) EXERCISE: DIGITS\n\n"


def _read(line: str, *, breaks: bool, fields: str = FIELDS) -> Reading:
    text = (
        "O 011530Z AUG 26\nFM SECSTATE WASHDC\n"
        "TO AMEMBASSY TBILISI IMMEDIATE\nINFO AMEMBASSY YEREVAN PRIORITY\n"
        + ("BT\n" if breaks else "")
        + f"{line}\n{fields}1. (U) ALPHA OF THE TEXT.\n\n2. (C) BRAVO OF THE TEXT.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize("breaks", [True, False])
@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("SECRE7 STATE 000999", "SECRET"),
        ("UNCLA5 STATE 000999", "UNCLASSIFIED"),
        ("S E C R F T STATE 000999", "SECRET"),
        ("C0NFIDENTIAL STATE 000999", "CONFIDENTIAL"),
        ("CONFIDENTlAL STATE 000999", "CONFIDENTIAL"),
        ("CONF1DENTIAL STATE 000999", "CONFIDENTIAL"),
        ("CONFIDENTAL STATE 000999", "CONFIDENTIAL"),
        ("C 0 N F I D E N T I A L STATE 000999", "CONFIDENTIAL"),
        ("CONFIDENTIAL 5TATE 000999", "CONFIDENTIAL"),
        ("CONFIDENTIAL STATE 00099g", "CONFIDENTIAL"),
        ("T0P SECRET STATE 000999", "TOP SECRET"),
        ("XOP SECRET STATE 000999", "TOP SECRET"),
        ("NATO SECRET STATE 000999", "SECRET"),
    ],
)
def test_a_misread_line_is_proposed(line: str, level: str, breaks: bool) -> None:
    reading = _read(line, breaks=breaks)
    telegram = reading.telegram
    assert telegram.classification == level
    assert telegram.number is not None
    assert (telegram.number.origin, telegram.number.serial) == ("STATE", 999)
    assert [a.address for a in telegram.head.info] == ["AMEMBASSY YEREVAN"]
    assert len(telegram.paragraphs) == 2
    assert telegram.captions == ("SIPDIS",)
    assert [(r.line, r.read) for r in reading.repairs if r.kind == "classification line"] == [
        (6 if breaks else 5, line)
    ]
    assert any(repr(line) in warning and "check it" in warning for warning in reading.warnings)


@pytest.mark.parametrize("line", ["C0NFIDENTIAL", "S E C R F T", "UNCLA5"])
@pytest.mark.parametrize("breaks", [True, False])
def test_a_misread_line_without_a_number(line: str, breaks: bool) -> None:
    reading = _read(line, breaks=breaks)
    assert reading.telegram.classification in ("CONFIDENTIAL", "SECRET", "UNCLASSIFIED")
    assert reading.telegram.captions == ("SIPDIS",)
    assert reading.warnings


def test_a_list_of_states_in_a_doubtful_line_is_not_taken_over() -> None:
    telegram = _read("5ECRET//REL TO USA, GEO STATE 000999", breaks=True).telegram
    assert (telegram.classification, telegram.control) == ("SECRET", "")
    assert telegram.captions[0] == "REL TO USA, GEO"


@pytest.mark.parametrize(
    "fields", [FIELDS, FIELDS[7:], "TAGS: EAIR\n", "SUBJECT: EXERCISE\n", "SUBJ: EXERCISE\n", ""]
)
def test_a_label_or_a_paragraph_ends_the_addressees(fields: str) -> None:
    reading = _read("INFO AMEMBASSY BAKU", breaks=False, fields=fields)
    assert [a.address for a in reading.telegram.head.info] == ["AMEMBASSY YEREVAN", "AMEMBASSY BAKU"]
    assert len(reading.telegram.paragraphs) == 2
    assert any("no classification line stands above" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "line", ["SECRETS OF THE TRADE WERE DISCUSSED.", "CLEARED BY THE OFFICE 000999", "CDR EXAMPLE UNIT 1234"]
)
def test_a_text_that_resembles_no_level_is_left_alone(line: str) -> None:
    reading = _read(line, breaks=True, fields="")
    assert reading.telegram.classification is None
    assert not [r for r in reading.repairs if r.kind == "classification line"]
