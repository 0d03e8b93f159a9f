"""What copies, printers, mailers and word processors make of a telegram."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.errors import TelegramError
from overflight.telegram import Reading, read, read_all, write

RECEIVED = dt.date(2026, 12, 31)

TELEGRAM = """O 011530Z AUG 26
FM SECSTATE WASHDC
TO AMEMBASSY MUSCAT IMMEDIATE
BT
UNCLAS STATE 000001
E.O. 13526: N/A
TAGS: EAIR
SUBJECT: EXERCISE: COPIES

1. (U) ALPHA.

2. (U) BRAVO.
EXAMPLE
BT
NNNN
"""
LABELLED = """UNCLASSIFIED

MRN: 26 STATE 70123
Date/DTG: Jul 15, 2026 / 151530Z JUL 26
From: SECSTATE WASHDC
Action: MUSCAT, AMEMBASSY ROUTINE
E.O.: 13526
TAGS: EAIR
Subject: EXERCISE: PLANS

1. (U) ALPHA.

2. (U) BRAVO.

Signature: EXAMPLE
"""


def _read(text: str) -> Reading:
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _texts(reading: Reading) -> list[str]:
    return [p.text for p in reading.telegram.paragraphs]


@pytest.mark.parametrize("text", [TELEGRAM, LABELLED])
def test_carriage_returns_alone_end_lines(text: str) -> None:
    plain = read(text.encode(), received=RECEIVED)
    assert _read(text.replace("\n", "\r")).telegram == plain.telegram
    both = (text + text.replace(" 70123", " 70124")).replace("\n", "\r")
    found = list(read_all(both.encode(), received=RECEIVED))
    assert [_texts(r) for r in found] == [_texts(plain)] * 2
    assert [r.telegram.head for r in found] == [plain.telegram.head] * 2


def test_the_labelled_form_in_small_letters() -> None:
    small = "".join(
        line.replace(head, head.lower()) if head else line
        for line in LABELLED.splitlines(keepends=True)
        for head in [line.partition(":")[0] if ":" in line else ""]
    )
    assert "mrn:" in small
    assert "date/dtg:" in small
    assert _read(small).telegram == read(LABELLED.encode(), received=RECEIVED).telegram


def test_rich_text_is_refused_with_what_it_is() -> None:
    rich = r"{\rtf1\ansi " + TELEGRAM.replace("\n", "\\par\n") + "}"
    with pytest.raises(TelegramError, match=r"RTF.*plain text"):
        read(rich.encode())
