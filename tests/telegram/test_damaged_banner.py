"""The line that opens the text, in an order or a form that is not the usual one."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)


def _read(
    banner: str, lead: str = "TAGS: EAIR\nSUBJECT: EXERCISE: T\n", body: str = "1. (U) OPEN."
) -> Reading:
    text = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\n"
        f"{banner}\n{lead}\n{body}\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize(
    ("banner", "level", "control", "part"),
    [
        ("S E C R E T STATE 047110 SECTION 01 OF 02", "SECRET", "", True),
        ("S E C R E T STATE 047110 FINAL SECTION OF 02", "SECRET", "", True),
        ("UNCLAS STATE 047110 001.2 OF 002", "UNCLASSIFIED", "", True),
        ("S E C R E T STATE 047110//", "SECRET", "", False),
        ("S E C R E T STATE 047110 NODIS", "SECRET", "NODIS", False),
        ("S E C R E T N O D I S STATE 047110", "SECRET", "NODIS", False),
        ("S E C R E T NOFORN STATE 047110", "SECRET", "NOFORN", False),
        ("S E C R E T STATE 47 110", "SECRET", "", False),
        ("Secret State 047110", "SECRET", "", False),
    ],
)
def test_the_parts_in_another_order(banner: str, level: str, control: str, part: bool) -> None:
    reading = _read(banner)
    telegram = reading.telegram
    assert telegram.number is not None
    assert (telegram.number.origin, telegram.number.serial) == ("STATE", 47110)
    assert (telegram.classification, telegram.control) == (level, control)
    assert (telegram.part is not None) == part
    assert reading.complete != part
    assert telegram.tags == ("EAIR",)
    assert telegram.captions == ()


@pytest.mark.parametrize(
    ("banner", "control", "captions"),
    [
        ("UNCLAS EFTO //N01234//", "//N01234//", ("EFTO",)),
        ("UNCLAS FOUO", "FOUO", ()),
        ("UNCLAS E F T O FOUO", "FOUO", ("EFTO",)),
    ],
)
def test_a_military_message_keeps_its_classification(
    banner: str, control: str, captions: tuple[str, ...]
) -> None:
    telegram = _read(banner, lead="").telegram
    assert (telegram.classification, telegram.control) == ("UNCLASSIFIED", control)
    assert telegram.captions == captions
    assert [p.text for p in telegram.paragraphs] == ["OPEN."]


def test_a_number_with_a_blank_is_a_proposal() -> None:
    reading = _read("S E C R E T STATE 47 110")
    assert [(r.read, r.understood) for r in reading.repairs] == [("47 110", "047110")]
    assert any("47 110" in warning for warning in reading.warnings)


def test_a_line_that_is_not_understood_keeps_its_level() -> None:
    reading = _read("S E C R E T ?? STATE X47110X ??")
    assert reading.telegram.classification == "SECRET"
    assert reading.telegram.tags == ("EAIR",)
    assert any("only SECRET is understood" in warning for warning in reading.warnings)


def test_a_text_that_begins_with_the_word_of_a_level_is_text_and_warned_of() -> None:
    reading = _read("SECRET TALKS WERE HELD BETWEEN THE TWO", lead="DELEGATIONS ON MONDAY.\n")
    assert reading.telegram.classification is None
    assert any("begins with SECRET" in warning for warning in reading.warnings)


def test_letters_for_digits_in_the_section_are_a_repair() -> None:
    reading = _read("UNCLAS SECTION O1 OF O2 STATE 047110")
    assert [(r.line, r.column, r.read, r.understood) for r in reading.repairs] == [
        (5, 16, "O1 OF O2", "1 OF 2")
    ]
    assert reading.telegram.part is not None


@pytest.mark.parametrize("mark", ["TS//SI//NF", "S//NF", "U", "C", "S//REL TO USA, TJK"])
def test_a_line_that_begins_with_a_portion_mark_is_no_heading(mark: str) -> None:
    reading = _read("S E C R E T STATE 047110", body=f"({mark}) ZZ SHORT\n\n1. (U) OPEN.")
    assert mark in [p.marking for p in reading.telegram.paragraphs]
    assert all(p.heading is None for p in reading.telegram.paragraphs)
