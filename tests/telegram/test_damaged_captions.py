"""Captions that copies damage, or that stand where they should not: none is lost or hides labels."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)
HEAD = "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\n"
BANNER = "S E C R E T STATE 047110\n"
LABELS = "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n"
BODY = "\n1. (U) OPEN ONE.\nBT\nNNNN\n"


def _read(text: str) -> Reading:
    reading = read(text.encode(), received=RECEIVED)
    again = read(write(reading.telegram).encode(), received=RECEIVED)
    assert again.telegram == reading.telegram
    return reading


def _whole(reading: Reading) -> None:
    telegram = reading.telegram
    assert telegram.order is not None
    assert telegram.tags == ("EAIR",)
    assert telegram.subject is not None
    assert telegram.subject.text == "EXERCISE: T"
    assert [p.number for p in telegram.paragraphs] == [1]
    assert telegram.paragraphs[0].text == "OPEN ONE."


@pytest.mark.parametrize(
    ("printed", "captions"),
    [
        ("Sipdis", ("SIPDIS",)), ("- SIPDIS", ("SIPDIS",)), ("SIPDIS.", ("SIPDIS",)),
        ("SIPDlS", ("SIPDIS",)), ("N O D I S", ("NODIS",)), ("- NODIS", ("NODIS",)),
        ("Nodis", ("NODIS",)), ("NODIS.", ("NODIS",)), ("(NODIS)", ("NODIS",)),
        ("N0DIS", ("NODIS",)), ("NOD1S", ("NODIS",)), ("EXD1S", ("EXDIS",)), ("NO DIS", ("NODIS",)),
        ("EXD IS", ("EXDIS",)), ("SIPDIS, NODIS", ("SIPDIS", "NODIS")), ("SIPDIS/EXDIS", ("SIPDIS", "EXDIS")),
        ("N.O.D.I.S.", ("NODIS",)), ("Captions: NODIS", ("NODIS",)), ("NODIZ", ("NODIS",)),
    ],
)  # fmt: skip
def test_a_damaged_caption_above_the_labels(printed: str, captions: tuple[str, ...]) -> None:
    reading = _read(HEAD + BANNER + printed + "\n" + LABELS + BODY)
    assert reading.telegram.captions == captions
    assert [(r.line, r.kind) for r in reading.repairs] == [(6, "caption")]
    _whole(reading)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + BANNER + LABELS.replace("EAIR\n", "EAIR\nNODIS\n") + BODY,
        HEAD + BANNER + LABELS + "NODIS\n" + BODY,
        HEAD + BANNER + LABELS + "\nN O D I S\n" + BODY,
        "NODIS\n" + HEAD + BANNER + LABELS + BODY,
        "S E C R E T NODIS\n" + HEAD + BANNER + LABELS + BODY,
        HEAD.replace("BT\n", "NODIS\nBT\n") + BANNER + LABELS + BODY,
        HEAD.replace("AUG 26", "AUG 26 NODIS") + BANNER + LABELS + BODY,
        HEAD + BANNER + "NODIS\n" + LABELS + BODY,
    ],
)
def test_a_caption_in_an_odd_place_is_kept(text: str) -> None:
    reading = _read(text)
    assert reading.telegram.captions == ("NODIS",)
    _whole(reading)
    assert [a.address for a in reading.telegram.head.to] == ["AMEMBASSY DUSHANBE"]


@pytest.mark.parametrize(
    "line", ["This line is not known.", "- FOR THE OFFICER OF THE DAY", "SOME 12 UNKNOWN. LINE:", "*** X ***"]
)
def test_an_unknown_line_does_not_hide_the_labels(line: str) -> None:
    reading = _read(HEAD + BANNER + line + "\n" + LABELS + BODY)
    _whole(reading)
    assert len(reading.telegram.captions) == 1
    assert reading.repairs or reading.warnings


def test_a_caption_with_more_words_is_kept_by_its_word_too() -> None:
    reading = _read(HEAD + BANNER + "NODIS FOR THE AMBASSADOR\n" + LABELS + BODY)
    assert reading.telegram.captions == ("NODIS FOR THE AMBASSADOR", "NODIS")


def test_a_caption_of_the_second_section_is_one_of_the_whole() -> None:
    reading = _read(
        HEAD + "S E C R E T SECTION 01 OF 02 STATE 047110\n" + LABELS + "\n1. (U) OPEN ONE.\nBT\n\n"
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\n"
        "S E C R E T SECTION 02 OF 02 STATE 047110\nNODIS\n\n2. (U) OPEN TWO.\nBT\nNNNN\n"
    )
    assert reading.telegram.captions == ("NODIS",)
    assert [p.text for p in reading.telegram.paragraphs] == ["OPEN ONE.", "OPEN TWO."]


@pytest.mark.parametrize(
    "label", ["Caption(s): NODIS", "Captions - NODIS", "Special Handling: NODIS", "Captions: Nod1s"]
)
def test_the_labelled_form(label: str) -> None:
    reading = _read(
        "SECRET\nMRN: 26 STATE 47110\nDate/DTG: Aug 24, 2026 / 241410Z AUG 26\nFrom: SECSTATE WASHDC\n"
        f"Action: DUSHANBE, AMEMBASSY IMMEDIATE\n{label}\nE.O.: 13526\nTAGS: EAIR\n"
        "Subject: EXERCISE: T\n\n1. (U) OPEN ONE.\n"
    )
    assert reading.telegram.captions == ("NODIS",)


def test_plain_text_without_labels_is_no_caption() -> None:
    reading = _read(HEAD + "UNCLAS\nTHIS IS A LINE OF TEXT.\nAND ONE MORE.\nBT\nNNNN\n")
    assert reading.telegram.captions == ()
    assert len(reading.telegram.paragraphs) == 1
