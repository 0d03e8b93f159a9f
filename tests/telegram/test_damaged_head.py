"""Damage in the head that would change who is to act: labels of the addressees, bullets, precedence."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)


def _read(addressees: str, group: str = "O 241410Z AUG 26", origin: str = "FM SECSTATE WASHDC") -> Reading:
    text = (
        f"{group}\n{origin}\n{addressees}\nBT\nS E C R E T STATE 047110\nE.O. 13526: DECL: 08/24/2036\n"
        "TAGS: EAIR\nSUBJECT: EXERCISE: T\n\n1. (U) OPEN ONE.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _names(reading: Reading) -> tuple[list[str], list[str]]:
    head = reading.telegram.head
    return [a.address for a in head.to], [a.address for a in head.info]


LABELS = [
    "INFO\n", "INFO:\n", "INF0 ", "lNFO ", "1NFO ", "lNF0 ", "IN FO ", "I N F O ", "- INFO ", "* INFO\n",
    "CC ", "CC: ", "Info ", "info: ", "INFO.", "INFO", "INFORMATION: ", "IMFO ", "INEO ",
    "NFO ", "INF ", "COPY TO ",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_an_info_post_under_a_damaged_label_is_no_action_post(label: str) -> None:
    reading = _read(f"TO AMEMBASSY DUSHANBE IMMEDIATE\n{label}AMEMBASSY TASHKENT\nAMEMBASSY BISHKEK")
    assert _names(reading) == (["AMEMBASSY DUSHANBE"], ["AMEMBASSY TASHKENT", "AMEMBASSY BISHKEK"])
    assert reading.repairs
    assert reading.repairs[0].line == 4


@pytest.mark.parametrize(
    "addressees",
    [
        "TO RUEHDZ/AMEMBASSY DUSHANBE 0311INFO RUEHUP/AMEMBASSY TASHKENT 0312",
        "TO AMEMBASSY DUSHANBEINFO AMEMBASSY TASHKENT",
        "TO AMEMBASSY DUSHANBE 0311 INF0 AMEMBASSY TASHKENT",
        "TO AMEMBASSY DUSHANBE INFO\nAMEMBASSY TASHKENT",
        "TO\nAMEMBASSY DUSHANBE\nINFO\nAMEMBASSY TASHKENT",
        "TO AMEMBASSY DUSHANBE\nINFO\nRUEHUP/AMEMBASSY TASHKENT",
        "T0 AMEMBASSY DUSHANBE\nINFO AMEMBASSY TASHKENT",
        "- TO AMEMBASSY DUSHANBE\n- INFO AMEMBASSY TASHKENT",
        "TOAMEMBASSY DUSHANBE\nINFOAMEMBASSY TASHKENT",
    ],
)
def test_labels_lost_in_the_line(addressees: str) -> None:
    reading = _read(addressees)
    assert _names(reading) == (["AMEMBASSY DUSHANBE"], ["AMEMBASSY TASHKENT"])
    assert reading.repairs


def test_a_label_inside_the_second_line_of_the_action_posts() -> None:
    reading = _read("TO AMEMBASSY DUSHANBE\nAMEMBASSY BISHKEK INFO AMEMBASSY TASHKENT")
    assert _names(reading) == (["AMEMBASSY DUSHANBE", "AMEMBASSY BISHKEK"], ["AMEMBASSY TASHKENT"])


def test_a_word_before_an_addressee_that_is_no_label_is_warned_of() -> None:
    reading = _read("TO AMEMBASSY DUSHANBE\nXQZ AMEMBASSY TASHKENT")
    assert any("'XQZ'" in warning for warning in reading.warnings)


def test_plain_labels_are_no_repair() -> None:
    reading = _read("TO AMEMBASSY DUSHANBE\nUSMISSION USUN NEW YORK\nINFO AMEMBASSY TASHKENT")
    assert _names(reading)[0] == ["AMEMBASSY DUSHANBE", "USMISSION USUN NEW YORK"]
    assert (reading.repairs, reading.warnings) == ((), ())


def test_the_originator_on_the_line_below_its_label() -> None:
    reading = _read("TO AMEMBASSY DUSHANBE", origin="FM\nSECSTATE WASHDC")
    assert reading.telegram.head.origin == "SECSTATE WASHDC"
    assert _names(reading) == (["AMEMBASSY DUSHANBE"], [])
    assert reading.repairs


def test_a_bullet_is_no_part_of_an_address() -> None:
    reading = _read("TO AMEMBASSY DUSHANBE\n- AMEMBASSY BISHKEK\n* RUEHUP/AMEMBASSY TASHKENT")
    assert _names(reading)[0] == ["AMEMBASSY DUSHANBE", "AMEMBASSY BISHKEK", "AMEMBASSY TASHKENT"]
    assert [repair.kind for repair in reading.repairs] == ["bullet", "bullet"]


def test_a_precedence_cut_in_two_lines_is_no_addressee() -> None:
    reading = _read("TO RUEHDZ/AMEMBASSY DUSHANBE NIACT\nIMMEDIATE 0311\nAMEMBASSY BISHKEK")
    post = reading.telegram.head.to[0]
    assert (post.address, post.precedence, post.serial) == ("AMEMBASSY DUSHANBE", "NIACT IMMEDIATE", 311)
    assert len(reading.telegram.head.to) == 2


@pytest.mark.parametrize(
    ("words", "precedence"),
    [("NIACT IMMEDIATE", "NIACT IMMEDIATE"), ("FLASH", "FLASH"), ("IMMEDIATE", "IMMEDIATE"),
     ("NIACT O", "NIACT IMMEDIATE")],
)  # fmt: skip
def test_the_precedence_in_words_before_the_group(words: str, precedence: str) -> None:
    assert _read("TO AMEMBASSY DUSHANBE", f"{words} 241410Z AUG 26").telegram.head.precedence == precedence


@pytest.mark.parametrize(
    ("letters", "action", "info"),
    [("0", "IMMEDIATE", None), ("00", "IMMEDIATE", None), ("0 P", "IMMEDIATE", "PRIORITY"),
     ("Z 0", "FLASH", "IMMEDIATE"), ("0 0", "IMMEDIATE", "IMMEDIATE")],
)  # fmt: skip
def test_a_zero_for_the_letter_of_precedence(letters: str, action: str, info: str | None) -> None:
    reading = _read("TO AMEMBASSY DUSHANBE", f"{letters} 241410Z AUG 26")
    assert (reading.telegram.head.precedence, reading.telegram.head.info_precedence) == (action, info)
    assert [r.kind for r in reading.repairs] == ["precedence letter"]
    assert any("the precedence reads" in warning for warning in reading.warnings)
