"""References with digits inside words, and with a second number behind the first."""

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


def _listed(reading: Reading) -> list[tuple[str, str, int | None, int | None, str]]:
    return [
        (r.letter, r.number.origin, r.number.serial, r.number.year, r.text)
        if r.number
        else (r.letter, "", None, None, r.text)
        for r in reading.telegram.references
    ]


@pytest.mark.parametrize(
    ("printed", "origin", "word"),
    [
        ("TBILI5I", "TBILISI", "TBILI5I"),
        ("TBIL15I", "TBILISI", "TBIL15I"),
        ("8AKU", "BAKU", "8AKU"),
        ("0SLO", "OSLO", "0SLO"),
        ("ST4TE", "STATE", "ST4TE"),
        ("NEW DELH1", "NEW DELHI", "DELH1"),
        ("MEX1CO CITY", "MEXICO CITY", "MEX1CO"),
    ],
)
def test_digits_inside_a_known_name_are_a_repair(printed: str, origin: str, word: str) -> None:
    reading = _read(f"REF: A. {printed} 771")
    assert _listed(reading) == [("A", origin, 771, 2026, "")]
    (repair,) = reading.repairs
    assert (repair.line, repair.read, repair.kind) == (7, word, "misprint")
    assert reading.original(repair).decode() == word


def test_digits_inside_an_unknown_name_are_a_warning() -> None:
    reading = _read("REF: A. STATE 4\n     B. XQR5TU 771")
    assert _listed(reading)[1] == ("B", "", None, None, "XQR5TU 771")
    assert not reading.repairs
    assert any("'XQR5TU'" in warning for warning in reading.warnings)


@pytest.mark.parametrize("printed", ["F16 CONTRACT 5", "F16 12", "P5 MEETING"])
def test_designations_are_no_damage(printed: str) -> None:
    reading = _read(f"REF: A. STATE 4\n     B. {printed}")
    assert (reading.repairs, reading.warnings) == ((), ())


def test_a_second_number_is_text_and_no_origin() -> None:
    reading = _read("REF: A. STATE 1\n     B. BAKU 44\n     C. 25 NEW DELHI 4411 AND 4412")
    assert _listed(reading)[2:] == [("C", "NEW DELHI", 4411, 2025, "AND 4412")]
    assert not reading.repairs
    assert any("'AND 4412'" in warning for warning in reading.warnings)


def test_a_second_reference_is_one() -> None:
    reading = _read("REF: STATE 44 AND BAKU 45")
    assert _listed(reading) == [("A", "STATE", 44, 2026, ""), ("B", "BAKU", 45, 2026, "")]


def test_words_behind_a_number_stay() -> None:
    assert _listed(_read("REF: A. STATE 12 AND NOTAL")) == [("A", "STATE", 12, 2026, "AND NOTAL")]
