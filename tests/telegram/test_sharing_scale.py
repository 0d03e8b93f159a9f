"""Telegrams whose portions carry labels of the Traffic Light Protocol, alone or beside other marks."""

from __future__ import annotations

import json

import pytest

from overflight.telegram import read, write
from overflight.telegram.codec import to_json
from overflight.telegram.paper import banner_of
from overflight.telegram.portions import release_to

HEAD = (
    "P 121200Z MAR 24\nFM SAMPLE POST\nTO AMEMBASSY DUSHANBE\nBT\n{0} SAMPLE 000123\n{1}"
    "E.O. 13526: N/A\nTAGS: EAIR\nSUBJECT: ({2}) EXERCISE: SHARING\n"
)
LEVELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def text(*marks: str, level: str = "UNCLAS", captions: str = "") -> bytes:
    rows = [f"{n}. ({mark}) PORTION {n}.\n" for n, mark in enumerate(marks, 1)]
    return (HEAD.format(level, captions, marks[0]) + "".join(rows) + "BT\n#0123\nNNNN\n").encode()


def goes(data: bytes, state: str = "CHE", *, confirmed: bool = False) -> list[tuple[int | str, str]]:
    product = release_to(read(data), state, confirmed_inferred=confirmed)
    return [(p.paragraph, p.marking) for p in product.portions]


def test_labels_are_read_and_roll_up() -> None:
    found = json.loads(json.dumps(to_json(read(text("TLP:CLEAR", "TLP:AMBER", "TLP:GREEN")))))
    assert found["rollup"] == "TLP:AMBER"
    assert found["warnings"] == []
    assert [p["marking"] for p in found["paragraphs"]] == [
        {"text": f"TLP:{level}", "level": level, "release": [], "inferred": False}
        for level in ("CLEAR", "AMBER", "GREEN")
    ]


def test_clear_goes_to_anyone_and_the_rest_to_no_one() -> None:
    marks = [f"TLP:{level}" for level in LEVELS]
    for state in ("CHE", "CHN", "USA", "KAZ"):
        assert goes(text(*marks), state) == [(1, "TLP:CLEAR")]
    product = release_to(read(text(*marks)), "CHE")
    assert (product.banner, product.withheld) == ("TLP:CLEAR", 4)


def test_the_label_of_version_one_waits_for_a_person() -> None:
    assert goes(text("TLP:WHITE", "TLP:RED")) == []
    assert goes(text("TLP:WHITE", "TLP:RED"), confirmed=True) == [(1, "TLP:CLEAR")]


def test_a_mixture_rolls_up_to_nothing_and_says_why() -> None:
    reading = read(text("TLP:CLEAR", "S//REL TO USA, CHE", "TLP:RED", "S//NF", level="S E C R E T"))
    assert reading.meaning.rolled is None
    assert [w for w in reading.warnings if "several schemes (tlp and us)" in w]
    assert goes(reading.source.data) == [(1, "TLP:CLEAR"), (2, "S//REL TO USA, CHE")]
    assert release_to(reading, "CHE").banner == "SECRET//REL TO USA, CHE; TLP:CLEAR"


@pytest.mark.parametrize("mark", ["TLP:PINK", "TLP:CLEAR//NF", "TLP:AMBERSTRICT"])
def test_what_is_no_label_is_kept_and_said(mark: str) -> None:
    reading = read(text("TLP:CLEAR", mark))
    assert reading.meaning.rolled is None
    assert any("not understood" in w for w in reading.warnings)
    assert goes(reading.source.data) == [(1, "TLP:CLEAR")]


@pytest.mark.parametrize("caption", ["NODIS", "EXDIS", "STADIS", "ROGER CHANNEL"])
def test_captions_of_the_originator_hold_labels_too(caption: str) -> None:
    assert goes(text("TLP:CLEAR", "U")) == [(1, "TLP:CLEAR"), (2, "U")]
    assert goes(text("TLP:CLEAR", "U", captions=f"{caption}\n")) == []


def test_another_label_inside_a_portion_keeps_it() -> None:
    data = text("TLP:CLEAR", "TLP:CLEAR").replace(b"PORTION 1.", b"OPEN. (TLP:RED) CLOSED.")
    assert goes(data) == [(2, "TLP:CLEAR")]


@pytest.mark.parametrize("level", LEVELS)
def test_a_label_opens_the_text(level: str) -> None:
    reading = read(text(f"TLP:{level}", "TLP:CLEAR", level=f"TLP:{level}"))
    told = reading.telegram
    assert (told.classification, str(told.number)) == (f"TLP:{level}", "2024 SAMPLE 123")
    assert (told.captions, reading.warnings) == ((), ())
    assert reading.meaning.banner is not None
    assert reading.meaning.banner.scheme == "tlp"
    assert goes(reading.source.data)[-1:] == [(2, "TLP:CLEAR")]
    assert read(write(told).encode()).telegram == told


def test_a_label_that_understates_the_portions_is_said() -> None:
    reading = read(text("TLP:RED", level="TLP:GREEN"))
    assert [w for w in reading.warnings if "understates" in w] == [
        "banner understates portions: they roll up to TLP:RED"
    ]


@pytest.mark.parametrize(
    ("level", "marks", "banner"),
    [
        ("UNCLAS", ("TLP:AMBER", "TLP:CLEAR"), "UNCLASSIFIED; TLP:AMBER"),
        ("S E C R E T", ("TLP:CLEAR",), "SECRET; TLP:CLEAR"),
        ("TLP:GREEN", ("TLP:RED",), "TLP:RED"),
        ("TLP:RED", ("TLP:CLEAR",), "TLP:RED"),
        ("UNCLAS", ("TLP:GREEN", "S//NF"), "SECRET//NOFORN; TLP:GREEN"),
        ("S E C R E T", ("U",), "SECRET"),
    ],
)
def test_paper_has_the_higher_banner_of_each_scheme(level: str, marks: tuple[str, ...], banner: str) -> None:
    assert banner_of(read(text(*marks, level=level)).telegram) == banner


def test_a_line_that_understates_one_scheme_of_two_is_said() -> None:
    reading = read(text("TLP:GREEN", "S//NF", level="UNCLAS"))
    assert "banner understates portions: they roll up to SECRET//NOFORN" in reading.warnings
