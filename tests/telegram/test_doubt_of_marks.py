"""What decides whether a marking is one: never how a paragraph ends that the reader may not see."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from overflight.telegram import read, write
from overflight.telegram.portions import release_to

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)
CLOSED = (
    "A CLOSED SENTENCE.", "A CLOSED SENTENCE", "A CLOSED LIST:\n-- ONE POINT", "WHAT IS SAID,", "A (B)\n-- C",
    "THE LAST LINE IS THE NUMBER 12", "ENDS WITH //",
)  # fmt: skip


def _goes(text: str) -> object:
    reading = read((HEAD + text + "\n\nEXAMPLE\nBT\nNNNN\n").encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return release_to(reading, "CHE", hide_withheld=True)


@pytest.mark.parametrize(
    ("frame", "goes"),
    [
        ("1. (U) OPEN.\n2. (S//NF) {}\n3. (S//REL TO USA, CHE) LISTED.\n", ["OPEN.", "LISTED."]),
        ("1. (U) OPEN.\n2. (S//NF) {}\nA. (S//REL TO USA, CHE) LISTED.\n", ["OPEN.", "LISTED."]),
        ("1. (U) OPEN.\n2. (S//NF) {}\n-- (U) LISTED.\n", ["OPEN.", "LISTED."]),
        ("1. (U) OPEN.\n(S//NF) {}\n\n(U) APART.\n", ["OPEN.", "APART."]),
        ("1.A. (U) OPEN.\n1.B. (S//NF) {}\n2.A. (S//REL TO USA, CHE) LISTED\n", ["OPEN.", "LISTED"]),
    ],
)
def test_the_end_of_a_closed_paragraph_decides_nothing(frame: str, goes: list[str]) -> None:
    products = [_goes(frame.format(text)) for text in CLOSED]
    assert all(one == products[0] for one in products)
    assert [p.text for p in products[0].portions] == goes  # type: ignore[attr-defined]


@pytest.mark.parametrize(("above", "below"), list(product(CLOSED[:4], ["(U) THE SOURCE", "(U)\nTHE SOURCE"])))
def test_a_mark_without_number_or_blank_line_above_frees_nothing(above: str, below: str) -> None:
    released = _goes(f"1. (U) OPEN.\n2. (S//NF) {above}\n{below}\n")
    assert [p.text for p in released.portions] == ["OPEN."]  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", ["PARA", "PARAGRAPH", "SUBPARAGRAPH", "REF", "NO."])
def test_a_number_that_a_sentence_speaks_of_frees_nothing(word: str) -> None:
    released = _goes(f"1. (U) OPEN.\n2. (S//NF) AS IN {word}\n3. (U) OF THE LAST ONE THE SOURCE\n")
    assert [p.text for p in released.portions] == ["OPEN."]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "number",
    [
        "2 -",
        "2 --",
        "2.-",
        "2/",
        "2.0",
        "1.1",
        "2.0.",
        "2,",
        "#2",
        "Item 2:",
        "NO. 2",
        "II.",
        "Para 2:",
        "PARAGRAPH 2.",
        "PARA. 2",
        "(2)",
        "Z.",
        "C)",
        "12 \u2014",
    ],
)
def test_a_paragraph_with_an_odd_number_is_not_of_the_marked_one_above(number: str) -> None:
    released = _goes(f"1. (U) OPEN.\n{number} THE SOURCE STAYS.\n")
    assert "SOURCE" not in repr(released)
    assert "OPEN." in [p.text for p in released.portions]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("one", "two"), [("A.", "B."), ("a)", "b)"), ("(1)", "(2)"), ("--", "--")])
def test_the_items_of_a_list_are_of_the_paragraph_that_they_stand_in(one: str, two: str) -> None:
    released = _goes(f"1. (U) OPEN:\n{one} FIRST.\n{two} SECOND.\n")
    assert "SECOND." in released.portions[0].text  # type: ignore[attr-defined]


@pytest.mark.parametrize("sign", ["(GBR)", "(SEC)", "(C0)", "(VS)", "(12)", "(XX)", "(D)", "(iv)"])
def test_brackets_that_go_on_with_no_list_end_what_a_marking_covers(sign: str) -> None:
    released = _goes(f"1. (U) OPEN.\n\n{sign} THE SOURCE STAYS.\n")
    assert [p.text for p in released.portions] == ["OPEN."]  # type: ignore[attr-defined]


@pytest.mark.parametrize("signs", [("(1)", "(2)"), ("(a)", "(b)"), ("(i)", "(ii)"), ("(A)", "(B)")])
def test_a_list_behind_blank_lines_is_of_its_paragraph(signs: tuple[str, str]) -> None:
    released = _goes(f"1. (U) OPEN:\n\n{signs[0]} FIRST.\n\n{signs[1]} LAST.\n")
    assert "LAST." in released.portions[0].text  # type: ignore[attr-defined]


def test_the_next_number_in_the_middle_of_a_line_ends_what_a_marking_covers() -> None:
    released = _goes("1. (U) OPEN. 2. THE SOURCE STAYS.\n\n3. (U) MORE.\n")
    assert [p.text for p in released.portions] == ["OPEN.", "MORE."]  # type: ignore[attr-defined]
    released = _goes("1. (U) OPEN. 2.THE SOURCE STAYS.\n\n3. (U) MORE.\n")
    assert [p.text for p in released.portions] == ["OPEN.", "MORE."]  # type: ignore[attr-defined]
    released = _goes("1. (U) POINTS: 1. ONE. 2. TWO.\n\n3. (U) MORE.\n")
    assert "TWO." in released.portions[0].text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["OPEN. ~~THE SOURCE~~", "OPEN. <del>THE SOURCE</del>", "OPEN. <!-- THE SOURCE -->"]
)
def test_what_was_struck_out_goes_nowhere(text: str) -> None:
    assert "SOURCE" not in repr(_goes(f"1. (U) {text}\n"))
