"""Tables inside paragraphs keep their breaks and blanks; running text does not."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.telegram import from_json, read, to_json, write
from overflight.telegram.columns import find_tables
from overflight.telegram.paper import docx
from telegram.generate import table

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "P 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 000001\n"
    "TAGS: EAIR\nSUBJECT: EXERCISE: TABLE\n\n"
)
LEGS = [
    "LEG      FROM    TO      TIME",
    "------------------------------",
    "1        ZKPY    ZMUB    0400Z",
    "2        ZMUB    UTDD    0730Z",
    "                         (TO BE CONFIRMED)",
    "3        UTDD    OIIE    1015Z",
]


def _text(body: str) -> str:
    found = read((HEAD + body + "\nBT\nNNNN\n").encode(), received=RECEIVED)
    assert read(write(found.telegram).encode(), received=RECEIVED).telegram == found.telegram
    assert "=QUOTED" not in write(found.telegram)
    assert from_json(to_json(found)) == found.telegram
    return found.telegram.paragraphs[0].text


@pytest.mark.parametrize("indent", ["", "     "])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_table_stays_as_printed(indent: str, blank: str) -> None:
    rows = "\n".join(indent + row for row in LEGS)
    text = _text(
        f"1. (U) THE LEGS ARE AS\nFOLLOWS.\n{blank}{rows}\n{blank}POSTS MAY SHARE THIS.\n\n2. (U) END."
    )
    assert text.split("\n") == ["THE LEGS ARE AS FOLLOWS.", *LEGS, "POSTS MAY SHARE THIS."]


def test_a_table_right_behind_number_and_marking() -> None:
    assert _text("1. (S//NF)\n\n" + "\n".join(LEGS[2:4])) == "\n".join(LEGS[2:4])


def test_page_lines_in_a_table_are_taken_out() -> None:
    rows = [*LEGS[:4], "PAGE 02 STATE 000001 011531Z", *LEGS[4:]]
    assert _text("1. (U) THE LEGS:\n" + "\n".join(rows)).split("\n")[1:] == LEGS


def test_tabs_stand_where_the_writer_saw_them() -> None:
    body = "1. (U) THE LEGS:\nFROM\t\tTO\nZKPY\t\tZMUB\nZMUB\t\tUTDD"
    assert _text(body).split("\n")[1:] == [
        "FROM            TO",
        "ZKPY            ZMUB",
        "ZMUB            UTDD",
    ]


def test_numbers_under_each_other_on_the_right() -> None:
    rows = ["FUEL      12,000 KG", "CARGO        400 KG", "CREW           8 KG"]
    assert find_tables(["THE LOAD:", *rows]) == [(1, 4)]


def test_rows_that_begin_with_numbers_are_no_paragraphs() -> None:
    rows = ["1.   ZKPY    ZMUB", "2.   ZMUB    UTDD", "3.   UTDD    OIIE"]
    found = read((HEAD + "1. (U) LEGS:\n\n" + "\n".join(rows) + "\n\n2. (U) END.\nBT\nNNNN\n").encode())
    assert [p.number for p in found.telegram.paragraphs] == [1, 2]
    assert found.telegram.paragraphs[0].text.split("\n")[1:] == rows


@pytest.mark.parametrize(
    "lines",
    [
        ["THE FLIGHT LEFT.  IT WENT", "NORTH AND EAST.  IT CAME", "BACK AT NOON.   ALL WELL."],
        ["THE  FLIGHT  LEFT  AND", "WENT  NORTH  AND  EAST", "AND  CAME  BACK  LATER"],
        ["    AN INDENTED QUOTATION OF", "    THREE LINES, ONE BELOW", "    THE OTHER."],
        ["1.   (U) ALPHA TEXT", "2.   (U) BRAVO TEXT", "3.   (U) CHARLIE TEXT"],
        ["1.  ALPHA TEXT", "2.  BRAVO TEXT"],
        ["ONE    ROW"],
        [],
    ],
)
def test_running_text_is_no_table(lines: list[str]) -> None:
    assert find_tables(lines) == []


def test_paper_keeps_the_rows() -> None:
    pytest.importorskip("docx")
    found = read((HEAD + "1. (U) LEGS:\n" + "\n".join(LEGS) + "\nBT\nNNNN\n").encode())
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(docx(found.telegram))) as pages:
        text = pages.read("word/document.xml").decode()
    assert all(row in text for row in LEGS)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 12))
def test_generated_tables_are_found_wherever_they_stand(seed: int, indent: int) -> None:
    rows = [" " * indent + row for row in table(Random(seed))]
    lines = ["BELOW STANDS A TABLE", *rows, "ABOVE STANDS A TABLE"]
    assert find_tables(lines) == [(1, 1 + len(rows))]
