"""Text that a copy ran together with the field above it is kept, and never the person who classified."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, to_json, write

RECEIVED = dt.date(2026, 12, 31)
BODY = "2. (S//NF) TWO.\n\n3. (U) THREE.\n\nEXAMPLE\nBT\nNNNN\n"


def _read(field: str, body: str = BODY) -> Reading:
    text = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
        f"E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: (U) EXERCISE: T\n{field}\n\n{body}"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize(
    "field",
    [
        "CLASSIFIED BY: OFFICE DIRECTOR, REASON 1.4 (B) AND (D). 1. (U) ONE.",
        "CLASSIFIED BY: OFFICE DIRECTOR, REASON 1.4 (B) AND (D) 1. (U) ONE.",
        "CLASSIFIED BY: OFFICE DIRECTOR,\nREASON 1.4 (B), (D) 1. (U) ONE.",
        "DERIVED FROM: EXERCISE GUIDE 1-26. 1. (U) ONE.",
        "REF: DUSHANBE 712 1. (U) ONE.",
        "REF: A. DUSHANBE 712\nB. STATE 12 1. (U) ONE.",
    ],
)
def test_the_first_paragraph_behind_a_field(field: str) -> None:
    reading = _read(field)
    assert [(p.number, p.text) for p in reading.telegram.paragraphs] == [
        (1, "ONE."),
        (2, "TWO."),
        (3, "THREE."),
    ]
    assert [r.read for r in reading.repairs if r.understood == "the text begins"] == ["1."]


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_sentence_behind_the_reasons_is_text(between: str) -> None:
    sentence = "THE MINISTRY SAID TODAY THAT IT WILL ANSWER SOON."
    reading = _read(f"CLASSIFIED BY: OFFICE DIRECTOR, REASON 1.4 (B) AND (D).{between}{sentence}")
    assert reading.telegram.paragraphs[0].text == sentence
    authority = to_json(reading)["authority"]
    assert (authority["office"], authority["reasons"]) == ("OFFICE DIRECTOR", ["1.4(b)", "1.4(d)"])


@pytest.mark.parametrize(
    "field",
    [
        "CLASSIFIED BY: DEPUTY CHIEF OF MISSION.\nJANE ROXBY. REASON: 1.4 (B).",
        "CLASSIFIED BY: DEPUTY CHIEF OF MISSION.\nJANE ROXBY",
        "CLASSIFIED BY: AMB. JANE\nROXBY, REASON 1.4 (B)\nAND (D).",
        "CLASSIFIED BY: JANE ROXBY, REASON 1.4 (B) OF\nE.O. 13526.",
    ],
)
def test_who_classified_is_no_text(field: str) -> None:
    reading = _read(field, "1. (U) ONE.\n\n" + BODY)
    assert "ROXBY" not in str(to_json(reading))
    assert [p.number for p in reading.telegram.paragraphs] == [1, 2, 3]
