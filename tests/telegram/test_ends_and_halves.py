"""Ends of messages as archives and networks print them, and words that a line break cut."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, to_json, write

RECEIVED = dt.date(2026, 12, 31)


def _read(text: str, end: str = "EXAMPLE\nBT\nNNNN\n") -> Reading:
    whole = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
        f"E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: (U) EXERCISE: T\n\n{text}\n\n{end}"
    )
    reading = read(whole.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize(
    "end",
    [
        "EXAMPLE##\nBT\nNNNN\n", "EXAMPLE\n##\nBT\nNNNN\n", "EXAMPLE BT #8400 NNNN\n",
        "EXAMPLE\nBT\n#044\nNNNN\n",
        "EXAMPLE\n\nNNNNMAFVVZCZ\n", "EXAMPLE\nBT #0044\nNNNN\n", "EXAMPLE ##\n\nBT\n\nNNNN\n",
    ],
)  # fmt: skip
def test_the_end_of_a_message(end: str) -> None:
    reading = _read("1. (U) OPEN.", end)
    assert (reading.telegram.signed, reading.telegram.ended) == ("EXAMPLE", True)
    assert [p.text for p in reading.telegram.paragraphs] == ["OPEN."]
    assert not reading.warnings


@pytest.mark.parametrize(
    ("left", "right"),
    [("SEPTEM", "BER"), ("THURS", "DAY"), ("KAZAKH", "STAN"), ("PRESI", "DENT"), ("DECLAS", "SIFICATION")],
)
def test_halves_of_months_days_and_places_are_joined(left: str, right: str) -> None:
    reading = _read(f"1. (U) THE {left}-\n{right} FLIGHT.")
    assert reading.telegram.paragraphs[0].text == f"THE {left}{right} FLIGHT."
    assert not reading.warnings


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PLEASE REPLY BY SEPTEM-\nBER 18.", "2026-09-18"),
        ("PLEASE REPORT BY THE\nEND OF THE MONTH.", "2026-08-31"),
    ],
)
def test_a_deadline_broken_between_lines(text: str, due: str) -> None:
    reading = _read(f"1. (U) {text}")
    assert to_json(reading)["due"] == due
    assert "\n" not in reading.telegram.paragraphs[0].text
