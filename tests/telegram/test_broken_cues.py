"""A line break between the words that name a person hides no name."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from overflight.telegram import Reading, read, to_json, write

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)


def _nameless(body: str) -> Reading:
    """What is read of a text, of which nothing names the person."""
    reading = read(f"{HEAD}{body}\nEXAMPLE\nBT\nNNNN\n".encode(), received=RECEIVED)
    assert "TARRANT" not in (json.dumps(to_json(reading)) + write(reading.telegram)).upper()
    return reading


@pytest.mark.parametrize("gap", [" ", "\n", "\n   ", "   \n"])
@pytest.mark.parametrize(
    "sentence",
    [
        "THIS CABLE WAS DRAFTED|BY KIM TARRANT.",
        "CLEARED|BY KIM TARRANT.",
        "PLEASE|NOTIFY KIM TARRANT.",
        "PLEASE REACH OUT|TO KIM TARRANT.",
        "PLEASE REACH|OUT TO KIM TARRANT.",
        "COORDINATED|WITH KIM TARRANT.",
        "FOR THE ATTENTION|OF KIM TARRANT.",
        "MEMCON|BY KIM TARRANT.",
        "POINT OF|CONTACT IS KIM TARRANT.",
        "QUESTIONS MAY BE DIRECTED|TO KIM TARRANT.",
        "THE DESK|OFFICER IS KIM TARRANT.",
    ],
)
def test_a_cue_in_two_lines(sentence: str, gap: str) -> None:
    reading = _nameless(f"1. (U) THE TEXT OF IT. {sentence.replace('|', gap)}\n\n2. (U) MORE.")
    assert "(NAME)" in reading.telegram.paragraphs[0].text
    assert any(repair.kind == "personal name" for repair in reading.repairs)


@pytest.mark.parametrize("gap", [" ", "\n"])
@pytest.mark.parametrize(
    "sentence",
    [
        "IF QUESTIONS, CALL KIM|TARRANT AT 4-4411.",
        "SHOULD HELP BE NEEDED,|CONTACT KIM TARRANT.",
        "PLEASE DIRECT QUESTIONS TO:|KIM TARRANT.",
        "Comments to:|Kim Tarrant.",
        "CONTACTS ARE:|KIM TARRANT AND ROBIN TARRANT.",
        "POC IS:|KIM TARRANT.",
        "WRITE TO KIM.TARRANT@|EXAMPLE.INVALID ONLY.",
        "WRITE TO KIM.TARRANT|@EXAMPLE.INVALID ONLY.",
    ],
)
def test_further_ways_to_name_a_person(sentence: str, gap: str) -> None:
    reading = _nameless(f"1. (U) THE TEXT OF IT. {sentence.replace('|', gap)}\n\n2. (U) MORE.")
    assert any(repair.kind == "personal name" for repair in reading.repairs)


@pytest.mark.parametrize("label", ["Points of contact", "POC", "DRAFTED BY", "CONTACTS ARE"])
@pytest.mark.parametrize("sign", ["-- ", "* ", "", "A. "])
def test_each_line_below_such_a_label(label: str, sign: str) -> None:
    lines = f"{sign}Kim Tarrant (ISN/CPI)\n{sign}Robin Tarrant\n{sign}Lee Tarrant, EAP/K"
    reading = _nameless(f"1. (U) THE TEXT OF IT.\n\n2. (U) {label}:\n{lines}\n\n3. (U) MORE.")
    assert reading.telegram.paragraphs[-1].text == "MORE."


@pytest.mark.parametrize("label", ["POC", "POINT OF CONTACT", "DRAFTED BY"])
def test_a_person_alone_below_such_a_label_is_no_heading(label: str) -> None:
    _nameless(f"1. (U) {label}:\n\n   KIM TARRANT\n\n2. (U) MORE.")


@pytest.mark.parametrize(
    "sentence",
    [
        "THE PRICE IS 40 @ 2.5 A UNIT.",
        "THE CREW, CALLING FROM THE RAMP, ASKED FOR HELP, AND CONTACT WAS LOST.",
        "THE POINTS ARE:\n-- THE FLIGHT\n-- THE PERMIT.",
        "COMMENTS TO THE PRESS WERE FEW.",
    ],
)
def test_sentences_that_name_nobody_stay(sentence: str) -> None:
    text = f"{HEAD}1. (U) {sentence}\n\n2. (U) MORE.\nEXAMPLE\nBT\nNNNN\n"
    reading = read(text.encode(), received=RECEIVED)
    assert reading.telegram.paragraphs[0].text == sentence
