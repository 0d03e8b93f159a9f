"""Blank lines, and lines that say nothing, in great numbers: read once each, whatever stands around them."""

from __future__ import annotations

import pytest

from overflight.telegram import banner, dd173, drafting, read, read_all, source

HEAD = """O 241410Z AUG 26
FM SECSTATE WASHDC
TO AMEMBASSY DUSHANBE
BT
S E C R E T STATE 047110
E.O. 13526: DECL: 08/24/2036
TAGS: EAIR
SUBJECT: EXERCISE: BLANK LINES
"""
FIRST = "\n1. (U) OPEN ONE.\n"
SECOND = "\n2. (S) SECRET TWO.\n"
END = "BT\nNNNN\n"
SIZE = 200_000


@pytest.mark.parametrize("unit", ["\n", " \n", "\t\n", "\r\n", "\r"], ids=repr)
@pytest.mark.parametrize("place", ["head", "behind the head", "paragraph", "end"])
def test_blank_lines_change_nothing(unit: str, place: str) -> None:
    blank = unit * (SIZE // len(unit))
    put = dict.fromkeys(("head", "behind the head", "paragraph", "end"), "")
    put[place] = blank
    text = (
        HEAD.replace("TAGS:", put["head"] + "TAGS:")
        + put["behind the head"]
        + FIRST
        + put["paragraph"]
        + SECOND
        + END
        + put["end"]
    )
    readings = list(read_all(text.encode()))
    assert len(readings) == 1
    telegram = readings[0].telegram
    assert [(p.number, p.marking, p.text) for p in telegram.paragraphs] == [
        (1, "U", "OPEN ONE."),
        (2, "S", "SECRET TWO."),
    ]
    assert telegram.tags == ("EAIR",)
    assert telegram.ended


@pytest.mark.parametrize("unit", [". ", "(S) \n", "-\n", "=\n", "A. \n", "* \n"], ids=repr)
def test_lines_that_say_nothing_hide_no_paragraph(unit: str) -> None:
    text = HEAD + FIRST + unit * (SIZE // len(unit)) + "\n" + SECOND + END
    telegram = read(text.encode()).telegram
    assert telegram.paragraphs[0].number == 1
    assert telegram.paragraphs[0].text.startswith("OPEN ONE.")
    assert (telegram.paragraphs[-1].number, telegram.paragraphs[-1].text) == (2, "SECRET TWO.")


def test_a_line_is_looked_at_from_its_own_beginning() -> None:
    """A search that begins on one blank line does not run over the next: each is passed once."""
    found = banner.first_words("\n\n \n\t SECRET\n")
    assert found is not None
    assert found.start() == 3
    form = dd173._FORM.search("\n\n \n\t JOINT MESSAGEFORM\n")
    assert form is not None
    assert form.start() == 4
    drafted = drafting._OPENING.search("\n\n \n\t DRAFTED BY: X")
    assert drafted is not None
    assert drafted.start() == 3


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A\r\r\nB", ["A", "B"]),
        ("A\r\rB", ["A", "", "B"]),
        ("A\r\n\r\nB", ["A", "", "B"]),
        ("A\n\r\rB\r\r\r\n", ["A", "", "", "B", ""]),
        ("\r\r", ["", "", ""]),
    ],
)
def test_carriage_returns_end_lines(text: str, lines: list[str]) -> None:
    assert source.decode(b"X" + text.encode()).lines() == ["X" + lines[0], *lines[1:]]


def test_a_run_of_carriage_returns_is_looked_along_once() -> None:
    """Behind the first of a run no line feed is looked for again."""
    assert source._END.match("\r\r\r\n", 0) is not None
    assert source._END.match("\r\r\r\n", 1).span() == (1, 2)  # type: ignore[union-attr]
    assert len(source.decode(b"A" + b"\r" * SIZE + b"B").lines()) == SIZE + 1
