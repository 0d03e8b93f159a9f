"""Numbers in forms that paragraphs seldom have: read where all have them, no more than lists where not."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)
HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)
FORMS = ["({}) ", "({})", "{}.- ", "{}/ ", "#{} ", "{}.0 ", "{}, "]
ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"]


def _read(body: str) -> Reading:
    reading = read(f"{HEAD}{body}\nEXAMPLE\nBT\nNNNN\n".encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("form", FORMS)
def test_paragraphs_that_all_have_the_form(form: str, gap: str) -> None:
    body = gap.join(f"{form.format(n)}(S//REL TO USA, CHE) SENTENCE {n} STANDS HERE." for n in range(1, 13))
    reading = _read(body + "\n")
    found = reading.telegram.paragraphs
    assert [p.number for p in found] == list(range(1, 13))
    assert [p.text for p in found] == [f"SENTENCE {n} STANDS HERE." for n in range(1, 13)]
    assert {p.marking for p in found} == {"S//REL TO USA, CHE"}
    listed = {r.line for r in reading.repairs if r.kind in ("number form", "bullet")}
    assert len(listed) == 12


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("term", [". ", ") ", "."])
def test_roman_paragraphs(term: str, gap: str) -> None:
    body = gap.join(f"{one}{term}(U) SENTENCE {n} STANDS HERE." for n, one in enumerate(ROMANS, 1))
    reading = _read(body + "\n")
    assert [p.number for p in reading.telegram.paragraphs] == list(range(1, 14))
    assert [p.text for p in reading.telegram.paragraphs] == [
        f"SENTENCE {n} STANDS HERE." for n in range(1, 14)
    ]
    assert len([r for r in reading.repairs if r.kind == "digits"]) == 13


@pytest.mark.parametrize("form", ["({}) ", "{}/ ", "{}.- "])
def test_items_with_marks_inside_a_paragraph_are_no_paragraphs_with_that_number(form: str) -> None:
    items = "".join(f"{form.format(n)}(S//NF) ITEM {n}.\n" for n in (1, 2, 3))
    reading = _read(f"1. (U) FIRST:\n{items}\n2. (U) SECOND.\n\n3. (U) THIRD.\n")
    numbered = [(p.number, p.text) for p in reading.telegram.paragraphs if p.number and p.marking == "U"]
    assert [number for number, _ in numbered] == [1, 2, 3]
    assert numbered[1:] == [(2, "SECOND."), (3, "THIRD.")]


def test_a_roman_item_keeps_its_sign_as_a_lead() -> None:
    reading = _read("1. (U) FIRST:\nII. (S//NF) ITEM.\n\n2. (U) SECOND.\n")
    found = [(p.number, p.lead, p.marking, p.text) for p in reading.telegram.paragraphs]
    assert found == [(1, "", "U", "FIRST:"), (None, "II.", "S//NF", "ITEM."), (2, "", "U", "SECOND.")]


@pytest.mark.parametrize("number", ["XIII", "XIV", "XV", "XX", "VIIII", "IIII", "IVX", "VX", "XXIII"])
def test_numbers_beyond_the_table_are_text(number: str) -> None:
    reading = _read(f"1. (U) ONE.\n\n{number}. (U) LATER.\n\n2. (U) TWO.\n")
    numbers = [p.number for p in reading.telegram.paragraphs if p.number]
    assert numbers == [1, 2]
    assert "LATER." in "".join(p.text for p in reading.telegram.paragraphs)
