"""References whose serials hold letters, whose letters stand twice, or without blanks inside."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)


def _read(references: str) -> Reading:
    text = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nUNCLAS STATE 047110\n"
        f"SUBJECT: EXERCISE: T\n{references}\n\n1. OPEN.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _listed(reading: Reading) -> list[tuple[str, str, int, int | None, str]]:
    return [
        (r.letter, r.number.origin, r.number.serial, r.number.year, r.text)
        for r in reading.telegram.references
        if r.number
    ]


@pytest.mark.parametrize(
    ("printed", "serial", "read_as"),
    [("REF: STATE 5O12", 5012, "5O12"), ("REF: A. STATE 12S4", 1254, "12S4"),
     ("REF: A. STATE O512 (NOTAL)", 512, "O512"), ("REF: (A) 26 STATE 1l3", 113, "1l3")],
)  # fmt: skip
def test_letters_for_digits_in_a_serial_are_a_proposal(printed: str, serial: int, read_as: str) -> None:
    reading = _read(printed)
    found = _listed(reading)
    assert [row[:4] for row in found] == [("A", "STATE", serial, 2026)]
    repair = next(r for r in reading.repairs if r.kind == "digits")
    assert (repair.line, repair.read) == (7, read_as)
    assert reading.original(repair).decode() == read_as
    assert any(repr(read_as) in warning for warning in reading.warnings)


def test_a_plain_serial_is_no_repair() -> None:
    reading = _read("REF: A. STATE 5012\n     B. TASHKENT 99\n     C. MEMO OF 12 AUGUST")
    assert (reading.repairs, reading.warnings) == ((), ())


def test_a_letter_that_stands_twice_is_no_part_of_the_origin() -> None:
    reading = _read("REF: A. (A) STATE 1 (B) STATE 2\n     B. TASHKENT 99")
    assert _listed(reading) == [
        ("A", "STATE", 1, 2026, ""), ("B", "STATE", 2, 2026, ""), ("C", "TASHKENT", 99, 2026, "")
    ]  # fmt: skip
    assert any("B. TASHKENT 99" in r.read for r in reading.repairs)


@pytest.mark.parametrize("between", [", ", "; ", " ", " AND "])
def test_numbers_of_an_archive_stand_in_one_list(between: str) -> None:
    reading = _read(f"REF: 1979STATE303555{between}1978SEOUL123")
    assert _listed(reading) == [("A", "STATE", 303555, 1979, ""), ("B", "SEOUL", 123, 1978, "")]
    assert reading.repairs
