"""Captions between the labelled fields, and reasons without an authority."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from overflight.telegram import read, to_json, write
from overflight.telegram.portions import release_to

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\n"
)


@pytest.mark.parametrize(
    ("caption", "behind"),
    [
        *product(["ROGER CHANNEL", "SENSITIVE", "AGREMENT CHANNEL"], ["TAGS", "SUBJECT"]),
        ("FOR THE AMBASSADOR FROM THE DESK", "TAGS"),  # a subject may go on so
    ],
)
def test_a_caption_among_the_fields(caption: str, behind: str) -> None:
    fields = ["TAGS: EAIR, TJ", "SUBJECT: (U) EXERCISE: T", "REF: STATE 12"]
    fields.insert(1 if behind == "TAGS" else 2, caption)
    reading = read(
        (HEAD + "\n".join(fields) + "\n\n1. (U) OPEN.\n\nEXAMPLE\nBT\nNNNN\n").encode(), received=RECEIVED
    )
    found = to_json(reading)
    assert found["captions"] == [caption]
    assert [tag["tag"] for tag in found["tags"]] == ["EAIR", "TJ"]
    assert found["subject"]["text"] == "EXERCISE: T"
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    if caption.endswith("CHANNEL"):
        assert not release_to(reading, "TJK").portions


def test_reasons_stand_without_who_classified() -> None:
    text = (
        "MRN: 26 DUSHANBE 433\nDate/DTG: Sep 01, 2026 / 010930Z SEP 26\nFrom: AMEMBASSY DUSHANBE\n"
        "Action: WASHDC, SECSTATE IMMEDIATE\nE.O.: 13526\nReason: 1.4 (b), (d)\nTAGS: EAIR\n"
        "Subject: EXERCISE: T\n\n1. (C) Text.\n\nSignature: EXAMPLE\n"
    )
    authority = to_json(read(text.encode(), received=RECEIVED))["authority"]
    assert authority["reasons"] == ["1.4(b)", "1.4(d)"]
    assert authority["office"] == ""
