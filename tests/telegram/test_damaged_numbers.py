"""Numbers of paragraphs in further shapes, words without their hyphen, and headings that may be none."""

from __future__ import annotations

import pytest

from overflight.telegram import Reading, read

HEAD = [
    "O 241410Z AUG 26", "FM SECSTATE WASHDC", "TO AMEMBASSY DUSHANBE", "BT", "S E C R E T STATE 047110",
    "E.O. 13526: DECL: 08/24/2036", "TAGS: EAIR", "SUBJECT: EXERCISE: T", "",
]  # fmt: skip


def reading(*lines: str) -> Reading:
    return read("\n".join([*HEAD, *lines, "", "BT", "NNNN", ""]).encode())


@pytest.mark.parametrize("number", ["3,", "3-", "3;", "3.)", "3..", "§3.", "¶3.", "PARA 3.", "3)"])
def test_a_number_before_a_marking_in_any_shape(number: str) -> None:
    found = reading("1. (U) ONE.", "", "2. (U) TWO.", "", f"{number} (S//NF) THREE.", "", "4. (U) FOUR.")
    paragraphs = found.telegram.paragraphs
    assert [(p.number, p.marking, p.text) for p in paragraphs] == [
        (1, "U", "ONE."),
        (2, "U", "TWO."),
        (3, "S//NF", "THREE."),
        (4, "U", "FOUR."),
    ]
    assert number == "PARA 3." or any(one.understood == "paragraph 3" for one in found.repairs)


def test_a_small_letter_before_a_marking_opens_a_portion() -> None:
    found = reading("1. (U) ONE.", "", "b. (S//NF) THREE.")
    assert [(p.number, p.lead, p.marking) for p in found.telegram.paragraphs] == [
        (1, "", "U"),
        (None, "b.", "S//NF"),
    ]


def test_halves_of_a_word_without_a_hyphen_are_joined_and_listed() -> None:
    found = reading("1. WE SEND THE INFOR", "MATION ON THE GOVERN", "  MENT IN FULL.")
    assert found.telegram.paragraphs[0].text == "WE SEND THE INFORMATION ON THE GOVERNMENT IN FULL."
    assert [one.read for one in found.repairs] == ["INFOR / MATION", "GOVERN / MENT"]


@pytest.mark.parametrize("pair", [("IN", "FORMATION"), ("THE", "AIR"), ("AN", "OTHER"), ("PER", "MISSION")])
def test_two_words_stay_two(pair: tuple[str, str]) -> None:
    found = reading(f"1. WHAT THEY SAY {pair[0]}", f"{pair[1]} STAYS.")
    assert found.telegram.paragraphs[0].text == f"WHAT THEY SAY {pair[0]} {pair[1]} STAYS."
    assert not found.repairs


def test_a_derived_word_loses_the_hyphen_of_the_line_break() -> None:
    assert reading("1. THE ACCEP-", "TANCE CAME.").telegram.paragraphs[0].text == "THE ACCEPTANCE CAME."


def test_a_line_that_may_be_no_heading_is_a_warning() -> None:
    found = reading("1. THE MINISTER SAID", "", "HE WILL REPLY SOON", "", "2. LAST.")
    assert any("'HE WILL REPLY SOON' is taken for a heading" in one for one in found.warnings)
    assert not any("heading" in one for one in reading("1. ONE.", "", "COMMENT", "", "2. LAST.").warnings)
