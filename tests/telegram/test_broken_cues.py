"""A line break between the words that name a person hides no name."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from overflight.telegram import read, to_json, write

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)


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
    text = f"{HEAD}1. (U) THE TEXT OF IT. {sentence.replace('|', gap)}\n\n2. (U) MORE.\nEXAMPLE\nBT\nNNNN\n"
    reading = read(text.encode(), received=RECEIVED)
    said = json.dumps(to_json(reading)) + write(reading.telegram)
    assert "TARRANT" not in said
    assert "(NAME)" in reading.telegram.paragraphs[0].text
    assert any(repair.kind == "personal name" for repair in reading.repairs)
