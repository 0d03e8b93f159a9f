"""24-bit addresses and registrations."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.world.identity import BLOCK_COLUMNS, contradiction, state_of_address, state_of_registration
from overflight.world.tables import table

BLOCKS = table("address_blocks.csv", BLOCK_COLUMNS)
TWO_GENERATIONS = {"KAZ", "KGZ", "TJK", "TKM", "UZB", "AZE", "ARM", "GEO", "MNG", "BLR"}


@settings(deadline=None)
@given(st.sampled_from(BLOCKS), st.data())
def test_every_address_of_a_block_is_its_states(row: object, data: st.DataObject) -> None:
    first, last = (int(row.text(end), 16) for end in ("first", "last"))  # type: ignore[attr-defined]
    number = data.draw(st.one_of(st.sampled_from([first, last]), st.integers(first, last)))
    found = state_of_address(f"{number:06x}")
    assert (found.state, found.certainty) == (row.text("state"), row.text("certainty"))  # type: ignore[attr-defined]


def test_an_address_just_outside_a_block_is_not_in_it() -> None:
    for row in BLOCKS:
        first, last = int(row.text("first"), 16), int(row.text("last"), 16)
        for number in (first - 1, last + 1):
            if 0 <= number <= 0xFFFFFF:
                assert state_of_address(f"{number:06X}").block != (row.text("first"), row.text("last"))


@pytest.mark.parametrize(
    ("address", "state", "certainty"),
    [
        ("720000", "PRK", "certain"),
        ("727FFF", "PRK", "certain"),
        ("728000", "IRQ", "certain"),
        ("730000", "IRN", "certain"),
        ("71FFFF", "KOR", "certain"),
        ("778421", "SYR", "certain"),
        ("6833FF", "KAZ", "certain"),
        ("683400", "KAZ", "probable"),
        ("682455", "MNG", "probable"),
        ("507C00", "UZB", "certain"),
        ("507800", "UZB", "probable"),
        ("0x0D8123", "VEN", "certain"),
        (" a12345 ", "USA", "certain"),
    ],
)
def test_addresses(address: str, state: str, certainty: str) -> None:
    found = state_of_address(address)
    assert (found.state, found.certainty) == (state, certainty)


def test_the_small_blocks_have_two_halves_of_which_one_is_certain() -> None:
    sizes: dict[tuple[str, str], int] = {}
    for row in BLOCKS:
        if row.text("state") in TWO_GENERATIONS:
            size = int(row.text("last"), 16) - int(row.text("first"), 16) + 1
            sizes[row.text("state"), row.text("certainty")] = size
            assert row.day("seen") is not None
    assert set(sizes) == {(state, half) for state in TWO_GENERATIONS for half in ("certain", "probable")}
    assert set(sizes.values()) == {1024}


@settings(deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_every_address_has_an_answer(number: int) -> None:
    found = state_of_address(f"{number:06X}")
    assert (found.state is None) == (found.certainty == "unknown")


@pytest.mark.parametrize("text", ["", "72", "7200000", "72000G", "P-885", "７２００００"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InputError, match="six hexadecimal digits"):
        state_of_address(text)


def test_addresses_that_no_aircraft_has() -> None:
    assert "never" in state_of_address("000000").note
    assert state_of_address("FFFFFF").state is None


@pytest.mark.parametrize(
    ("registration", "state", "certainty"),
    [
        ("P-885", "PRK", "form"),
        ("p885", "PRK", "form"),
        ("EP-MNX", "IRN", "form"),
        ("EPMNX", "IRN", "form"),
        ("YK-ATA", "SYR", "form"),
        ("RA-76845", "RUS", "form"),
        ("RF-76845", "RUS", "form"),
        ("B-1234", "CHN", "form"),
        ("B-KAA", "HKG", "form"),
        ("B-MAA", "MAC", "form"),
        ("UK76001", "UZB", "form"),
        ("UK-76001", "UZB", "form"),
        ("YV3531", "VEN", "form"),
        ("HL7702", "KOR", "form"),
        ("4L-AWA", "GEO", "form"),
        ("4LAWA", "GEO", "form"),
        ("JU-1109", "MNG", "form"),
        ("EP-12", "IRN", "prefix"),
        ("P-12", "PRK", "prefix"),
        ("B-ZZ", None, "unknown"),
        ("C-GABC", None, "unknown"),
        ("@@@", None, "unknown"),
    ],
)
def test_registrations(registration: str, state: str | None, certainty: str) -> None:
    found = state_of_registration(registration)
    assert (found.state, found.certainty) == (state, certainty)


def test_a_shared_prefix_without_a_form_names_those_who_share_it() -> None:
    assert "Hong Kong" in state_of_registration("B-ZZ").note
    assert "P-ddd" in state_of_registration("P-12").note


def test_a_prefix_that_was_given_up() -> None:
    assert "given up" in state_of_registration("UN-76001", date(2009, 12, 11)).note
    assert "given up" not in state_of_registration("UN-76001", date(2007, 1, 1)).note
    assert not state_of_registration("UN-76001").verified


@pytest.mark.parametrize(
    ("address", "registration"),
    [
        ("720123", "P-885"),
        ("730001", "EP-MNX"),
        ("780001", "B-KAA"),
        ("682455", "JU-1109"),
        ("0D8123", "YV3531"),
        ("FFFFFE", "P-885"),
        ("720123", "C-GABC"),
        ("720123", "B-ZZ"),
    ],
)
def test_no_contradiction(address: str, registration: str) -> None:
    assert contradiction(address, registration) is None


def test_contradictions_say_both_sides() -> None:
    told = contradiction("730123", "P-885")
    assert told is not None
    assert "Iran (IRN)" in told
    assert "North Korea (PRK)" in told
    assert "one wrong digit" in told
    far = contradiction("A00001", "P-885")
    assert far is not None
    assert "one wrong digit" not in far
    probable = contradiction("682455", "P-885")
    assert probable is not None
    assert "probably Mongolia" in probable


def test_empty_input() -> None:
    with pytest.raises(InputError, match="registration"):
        state_of_registration("  ")
    with pytest.raises(InputError, match="24-bit"):
        contradiction("", "P-885")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=10).filter(lambda text: text.strip() != ""))
def test_any_registration_has_an_answer(text: str) -> None:
    found = state_of_registration(text)
    assert (found.state is None) == (found.certainty == "unknown")
