"""The Traffic Light Protocol as the second scheme, and what a scheme has to be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import MarkingError
from overflight.marking import check, format_banner, parse_portion, rollup, scheme, scheme_of, schemes
from overflight.marking.codes import read_toml

LABELS = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]


@pytest.mark.parametrize("label", LABELS)
def test_labels_are_valid_and_round_trip(label: str) -> None:
    assert check(label, "tlp").valid
    marking = parse_portion(f"({label})", scheme="tlp")
    assert format_banner(marking) == label
    assert not marking.inferred


@pytest.mark.parametrize(
    ("text", "rule", "column", "corrected"),
    [
        ("tlp:amber", "case", 1, "TLP:AMBER"),
        ("TLP AMBER", "colon", 4, "TLP:AMBER"),
        ("TLP: RED", "blank", 5, "TLP:RED"),
        ("AMBER+STRICT", "prefix", 1, "TLP:AMBER+STRICT"),
        ("(TLP:WHITE)", "version", 6, "(TLP:CLEAR)"),
        ("TLP:PINK", "level", 5, None),
        ("", "level", 1, None),
        ("TLP:RED" * 20, "length", 1, None),
    ],
)
def test_faults(text: str, rule: str, column: int, corrected: str | None) -> None:
    checked = check(text, "tlp")
    assert not checked.valid
    assert (column, rule) in [(f.column, f.rule) for f in checked.faults]
    assert checked.corrected == corrected


def test_rollup_is_the_strictest() -> None:
    for size in (1, 2, 3):
        for labels in itertools.product(LABELS, repeat=size):
            rolled = rollup(labels, scheme="tlp")
            assert rolled.banner == max(labels, key=LABELS.index)
            assert [labels[n] for n in rolled.forced[0].portions] == [rolled.banner] * labels.count(
                rolled.banner
            )


def test_what_is_no_label_cannot_be_rolled_up() -> None:
    for marks in (["TLP:PINK"], []):
        with pytest.raises(MarkingError):
            rollup(marks, scheme="tlp")


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(max_size=70), st.text("TLP:AMBERSICGND+ ()whit", max_size=20)))
def test_no_text_makes_it_fail(text: str) -> None:
    checked = check(text, "tlp")
    marking = parse_portion(text, scheme="tlp")
    assert bool(marking.unparsed) == (marking.level == "")
    if checked.corrected is not None:
        assert check(checked.corrected, "tlp").valid


@pytest.mark.parametrize("name", schemes())
def test_every_scheme_keeps_the_interface(name: str) -> None:
    book = scheme(name)
    assert book.name == name
    assert book.title
    data = read_toml(f"{name}.toml")
    assert data["scheme"]["source"]
    for table, rows in data.items():
        if isinstance(rows, list):
            assert all(row.get("source") for row in rows), table


def test_an_unknown_scheme_is_an_error() -> None:
    with pytest.raises(MarkingError):
        scheme("nowhere")


def test_a_mark_tells_its_scheme_by_its_first_word() -> None:
    assert [scheme_of(m) for m in ("(TLP:RED)", "tlp:clear", "TLP CLEAR", "[TLP:PINK]")] == ["tlp"] * 4
    assert [scheme_of(m) for m in ("(S//NF)", "", "TLPX", "CLEAR", "U")] == ["us"] * 5
    assert parse_portion("(TLP:RED)").scheme == "tlp"
    assert check("TLP:RED").valid
    assert rollup(["(TLP:RED)", "(TLP:CLEAR)"]).banner == "TLP:RED"


def test_marks_of_two_schemes_roll_up_to_nothing() -> None:
    with pytest.raises(MarkingError, match="several schemes"):
        rollup(["(TLP:RED)", "(S//NF)"])
    with pytest.raises(MarkingError):
        rollup(["(TLP:RED)", "(S//NF)"], scheme="us")
