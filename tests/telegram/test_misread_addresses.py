"""Words of an address with digits for letters: put right where a table knows the word, else a warning."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, state_of, write

RECEIVED = dt.date(2026, 12, 31)


def _read(addressee: str) -> Reading:
    text = (
        f"O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO {addressee}\nINFO AMEMBASSY YEREVAN\nBT\n"
        "S E C R E T STATE 047110\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n1. (U) OPEN ONE.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("PRI0RITY", "PRIORITY"), ("lMMEDIATE", "IMMEDIATE"), ("1MMEDIATE", "IMMEDIATE"),
        ("R0UTINE", "ROUTINE"), ("FLA5H", "FLASH"), ("NIACT lMMEDIATE", "NIACT IMMEDIATE"),
        ("lMMEDIATE 0102", "IMMEDIATE"),
    ],
)  # fmt: skip
def test_a_precedence_with_digits(word: str, meant: str) -> None:
    reading = _read(f"RUEHSI/AMEMBASSY TBILISI {word}")
    post = reading.telegram.head.to[0]
    assert (post.address, post.precedence, post.routing) == ("AMEMBASSY TBILISI", meant, "RUEHSI")
    assert [(r.line, r.kind) for r in reading.repairs] == [(3, "misread address")]
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("TBlLlSI", "TBILISI"), ("TB1LISI", "TBILISI"), ("TBILI5I", "TBILISI"), ("TBI1ISI", "TBILISI"),
        ("8AKU", "BAKU"), ("ADD1S A8A8A", "ADDIS ABABA"), ("DU5HANBE PRIORITY", "DUSHANBE"),
    ],
)  # fmt: skip
def test_a_place_with_digits(place: str, meant: str) -> None:
    reading = _read(f"AMEMBASSY {place}")
    assert reading.telegram.head.to[0].address == f"AMEMBASSY {meant}"
    assert reading.meaning.to[0] is not None
    assert [r.kind for r in reading.repairs] == ["misread address"]
    assert any(f"{meant!r} is proposed" in warning for warning in reading.warnings)


def test_the_kind_of_post_with_digits() -> None:
    reading = _read("RUEHSI/AMEMBA5SY TBILISI 0102")
    assert reading.telegram.head.to[0].address == "AMEMBASSY TBILISI"
    assert reading.meaning.to == ("GEO",)


def test_a_post_that_no_table_knows_is_warned_of_and_left_as_it_is() -> None:
    reading = _read("AMEMBASSY SAMPLETON")
    assert reading.telegram.head.to[0].address == "AMEMBASSY SAMPLETON"
    assert reading.warnings == (
        "line 3: 'AMEMBASSY SAMPLETON' is no post that the table knows; its state is not told",
    )


def test_letters_alone_are_asked_about_and_not_changed() -> None:
    reading = _read("AMEMBASSY TBLLISI")
    assert reading.telegram.head.to[0].address == "AMEMBASSY TBLLISI"
    assert any("is it TBILISI?" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "address", ["AIG 8790", "CDR 1ST EXAMPLE UNIT", "USS SAMPLE", "AMEMBASSY NUR SULTAN"]
)
def test_addresses_that_need_no_repair(address: str) -> None:
    reading = _read(address)
    assert reading.telegram.head.to[0].address == address
    assert (reading.repairs, reading.warnings) == ((), ())


@pytest.mark.parametrize(
    ("address", "year", "state"),
    [
        ("AMCONSUL SAINT PETERSBURG", 2008, "RUS"),
        ("APP LYON", 2008, "FRA"),
        ("AMERICAN PRESENCE POST LYON", 2008, "FRA"),
        ("AMEMBASSY APP BORDEAUX", 2008, "FRA"),
        ("USMISSION WEST BERLIN", 1985, "DEU"),
        ("USOP PRISTINA", 2005, "XKX"),
        ("AMEMBASSY ASHKHABAD", 1992, "TKM"),
        ("AMCONSUL CANTON", 1985, "CHN"),
        ("US EMBASSY PARIS", 2008, "FRA"),
        ("AMEMBASSY DUSHANBE FOR POL/ECON", 2008, "TJK"),
        ("AMERICAN INSTITUTE TAIWAN, TAIPEI", 1985, "TWN"),
        ("AMERICAN INSTITUTE IN TAIWAN TAIPEI", 1985, "TWN"),
        ("AMEMBASSY FORT SAMPLE FOR POL", 2008, None),
        ("USMISSION GENEVA FOR PARIS", 2008, None),
    ],
)
def test_posts_under_other_names(address: str, year: int, state: str | None) -> None:
    assert state_of(address, dt.date(year, 7, 1)) == state


def test_an_institute_with_its_place_behind_a_comma_is_one_addressee() -> None:
    reading = _read("AMERICAN INSTITUTE TAIWAN, TAIPEI PRIORITY")
    assert [a.address for a in reading.telegram.head.to] == ["AMERICAN INSTITUTE TAIWAN, TAIPEI"]
    assert reading.meaning.to == ("TWN",)
    assert (reading.repairs, reading.warnings) == ((), ())


@pytest.mark.parametrize(
    ("end", "meant", "serial"),
    [
        ("O", "IMMEDIATE", None), ("O 0042", "IMMEDIATE", 42), ("NIACT O 0042", "NIACT IMMEDIATE", 42),
        ("P 7", "PRIORITY", 7), ("R", "ROUTINE", None), ("Z 1", "FLASH", 1),
    ],
)  # fmt: skip
def test_a_precedence_by_its_letter(end: str, meant: str, serial: int | None) -> None:
    reading = _read(f"RUEHSI/AMEMBASSY TBILISI {end}")
    post = reading.telegram.head.to[0]
    assert (post.address, post.precedence, post.serial) == ("AMEMBASSY TBILISI", meant, serial)
    assert [(r.line, r.kind) for r in reading.repairs] == [(3, "precedence letter")]
    assert reading.warnings == ()


def test_a_letter_behind_what_no_table_knows_stays() -> None:
    reading = _read("AMEMBASSY NOWHERETON O")
    assert reading.telegram.head.to[0].address == "AMEMBASSY NOWHERETON O"
    assert reading.warnings


@pytest.mark.parametrize("gap", ["\n", "\n   "])
def test_an_address_broken_in_its_place(gap: str) -> None:
    reading = _read(f"AMEMBASSY TBILISI\nAMEMBASSY NEW{gap}DELHI IMMEDIATE\nAMEMBASSY DUSHANBE")
    found = [(a.address, a.precedence) for a in reading.telegram.head.to]
    assert [address for address, _ in found] == [
        "AMEMBASSY TBILISI",
        "AMEMBASSY NEW DELHI",
        "AMEMBASSY DUSHANBE",
    ]
    assert found[1][1] == "IMMEDIATE"
    assert [r.kind for r in reading.repairs] == ["address broken"]


def test_two_addressees_of_which_one_is_unknown_stay_two() -> None:
    reading = _read("AMEMBASSY NEWTON\nDUSHANBE")
    assert [a.address for a in reading.telegram.head.to] == ["AMEMBASSY NEWTON", "DUSHANBE"]
