"""Telegrams whose lines a copy ran together, and wrapped elsewhere."""

from __future__ import annotations

import datetime as dt
import textwrap
from dataclasses import replace

import pytest

from overflight.telegram import Reading, Telegram, read
from overflight.telegram.portions import release_to

RECEIVED = dt.date(2026, 12, 31)

WHOLE = """O 011530Z AUG 26
FM SECSTATE WASHDC
TO AMEMBASSY DUSHANBE IMMEDIATE
AMEMBASSY ASHGABAT PRIORITY
INFO AMEMBASSY TASHKENT
BT
C O N F I D E N T I A L STATE 000555
SIPDIS
E.O. 13526: DECL: 08/01/2036
TAGS: EAIR, PREL, TJ, TM
SUBJECT: EXERCISE: LINES RUN TOGETHER
REF: A. STATE 444
B. DUSHANBE 12
Classified By: SCA Director, Reasons 1.4 (b) and (d)
1. (U) THIS IS AN ACTION REQUEST. SEE PARA 2.
2. (C//REL TO USA, TJK) PLEASE REPLY BY AUGUST 5.
3. (C//NF) THE SOURCE STAYS HERE.
4. (U) THANKS.
EXAMPLE
BT
NNNN
"""


def _read(text: str) -> Reading:
    return read(text.encode(), received=RECEIVED)


def _model(reading: Reading) -> Telegram:
    """The telegram without the lines on which its paragraphs stand."""
    paragraphs = tuple(replace(p, lines=None) for p in reading.telegram.paragraphs)
    return replace(reading.telegram, paragraphs=paragraphs)


EXPECTED = _model(_read(WHOLE))


@pytest.mark.parametrize("width", [0, 30, 40, 50, 60, 66, 69, 72, 80, 100, 130, 300])
def test_a_telegram_in_one_line_or_wrapped_anew_is_read_completely(width: int) -> None:
    flat = " ".join(WHOLE.split())
    text = textwrap.fill(flat, width, break_on_hyphens=False) if width else flat
    reading = _read(text)
    assert _model(reading) == EXPECTED
    assert EXPECTED.number is not None
    assert len(EXPECTED.paragraphs) == 4
    assert EXPECTED.signed == "EXAMPLE"
    # Each line of the form that begins elsewhere now is listed where it stands.
    lines = text.split("\n")
    for word in ("FM", "BT", "SIPDIS", "E.O.", "NNNN"):
        begins = any(line.startswith(word) for line in lines)
        listed = [r for r in reading.repairs if r.read == word and r.kind == "line break lost"]
        assert begins or listed, word
        for repair in listed:
            assert lines[repair.line - 1].startswith(word, repair.column - 1)


@pytest.mark.parametrize("width", [0, 40, 72])
@pytest.mark.parametrize("caption", ["NODIS", "SIPDIS NODIS", "EXDIS", "N O D I S"])
def test_a_caption_of_the_whole_holds_in_a_head_that_is_run_together(width: int, caption: str) -> None:
    flat = " ".join(WHOLE.replace("SIPDIS", caption).split())
    text = textwrap.fill(flat, width, break_on_hyphens=False) if width else flat
    product = release_to(_read(text), "TJK")
    assert not product.portions
    assert not product.oral


@pytest.mark.parametrize("width", [0, 40, 72])
def test_portions_keep_their_markings_in_a_telegram_that_is_run_together(width: int) -> None:
    flat = " ".join(WHOLE.split())
    text = textwrap.fill(flat, width, break_on_hyphens=False) if width else flat
    product = release_to(_read(text), "TJK")
    assert [p.paragraph for p in product.portions] == [1, 2, 4]
    assert product.portions[1].text == "PLEASE REPLY BY AUGUST 5."
    assert [p.paragraph for p in release_to(_read(text), "TKM").portions] == [1, 4]


@pytest.mark.parametrize(
    ("read_as", "line", "column", "word"),
    [
        (WHOLE.replace("000555\nSIPDIS", "000555 SIPDIS"), 7, 38, "SIPDIS"),
        (WHOLE.replace("000555\nSIPDIS\nE.O.", "000555 SIPDIS E.O."), 7, 45, "E.O."),
        (WHOLE.replace("26\nFM", "26 FM"), 1, 18, "FM"),
        (WHOLE.replace("TASHKENT\nBT\n", "TASHKENT BT\n"), 5, 25, "BT"),
        (
            WHOLE.replace(
                "PRIORITY\nINFO AMEMBASSY TASHKENT\nBT\n", "PRIORITY\nINFO\nAMEMBASSY TASHKENT BT\n"
            ),
            6,
            20,
            "BT",
        ),
        (WHOLE.replace("EXAMPLE\nBT\nNNNN", "EXAMPLE BT\nNNNN"), 19, 9, "BT"),
        (WHOLE.replace("EXAMPLE\nBT\nNNNN", "EXAMPLE\nBT NNNN"), 20, 4, "NNNN"),
        (WHOLE.replace("EXAMPLE\nBT\nNNNN", "EXAMPLE BT NNNN"), 19, 12, "NNNN"),
    ],
)
def test_one_lost_line_break_is_put_back_and_listed(read_as: str, line: int, column: int, word: str) -> None:
    reading = _read(read_as)
    assert _model(reading) == EXPECTED
    assert (line, column, word) in [(r.line, r.column, r.read) for r in reading.repairs]
    assert reading.warnings == _read(WHOLE).warnings


def test_a_number_that_ends_a_line_goes_with_the_marking_on_the_next() -> None:
    reading = _read(WHOLE.replace("PARA 2.\n2. (C", "PARA 2. 2.\n(C"))
    assert _model(reading) == EXPECTED
    repair = next(r for r in reading.repairs if r.kind == "line break")
    assert (repair.line, repair.column, repair.read) == (15, 47, "2.")


def test_prose_that_ends_in_a_number_stays_as_it_is() -> None:
    reading = _read(WHOLE.replace("SEE PARA 2.\n", "SEE THE LIST OF 2025.\n"))
    assert reading.telegram.paragraphs[0].text.endswith("SEE THE LIST OF 2025.")
    assert [p.number for p in reading.telegram.paragraphs] == [1, 2, 3, 4]
