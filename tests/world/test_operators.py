"""Operators by designator and name, as of a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.world.operators import operator, operators


@pytest.mark.parametrize(
    ("text", "designator", "state"),
    [
        ("KOR", "KOR", "PRK"),
        ("kor", "KOR", "PRK"),
        ("Air Koryo", "KOR", "PRK"),
        ("AIRKORYO", "KOR", "PRK"),
        ("Choson Minhang", "KOR", "PRK"),
        ("Iran Air", "IRA", "IRN"),
        ("IRANAIR", "IRA", "IRN"),
        ("mahan air", "IRM", "IRN"),
        ("Syrian Arab Airlines", "SYR", "SYR"),
        ("Conviasa", "VCV", "VEN"),
        ("Cham Wings", "SAW", "SYR"),
        ("Qeshm Air", "QSM", "IRN"),
    ],
)
def test_known_operators(text: str, designator: str, state: str) -> None:
    found = operator(text)
    assert (found.known, found.designator, found.state) == (True, designator, state)


def test_a_designator_that_was_handed_on() -> None:
    then, now = operator("AWG", date(2009, 12, 11)), operator("AWG")
    assert (then.name, then.state) == ("Air West", "GEO")
    assert (now.name, operator("AWG", date(2026, 1, 1)).name) == ("Anima Wings", "Anima Wings")
    assert "Anima Wings" in then.notes[0]
    assert "Air West" in now.notes[0]
    assert operator("Air West").state == "GEO"


def test_doubtful_designators_say_so() -> None:
    assert not operator("RBG").verified
    assert "Cham Wings" in " ".join(operator("RBG").notes)
    assert operator("EMTRASUR").designator == ""
    assert not operator("ESU").verified


def test_a_vague_tip_is_no_error() -> None:
    code, name = operator("XYZ"), operator("  Some   Charter Company ")
    assert (code.known, code.designator, code.name, code.state) == (False, "XYZ", "", None)
    assert (name.known, name.designator, name.name) == (False, "", "Some Charter Company")
    assert code.notes


def test_an_iata_code_is_pointed_out_but_not_taken() -> None:
    found = operator("JS")
    assert not found.known
    assert "KOR" in " ".join(found.notes)


def test_nothing_is_an_error() -> None:
    for text in ("", "   "):
        with pytest.raises(InputError):
            operator(text)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([entry for entry in operators() if entry.designator]), st.dates())
def test_a_known_designator_resolves_on_any_day(entry: object, day: date) -> None:
    designator = entry.designator  # type: ignore[attr-defined]
    assert operator(designator.lower(), day).designator == designator


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=12))
def test_any_text_comes_back_as_an_operator(text: str) -> None:
    if text.strip():
        assert operator(text).notes or operator(text).known
