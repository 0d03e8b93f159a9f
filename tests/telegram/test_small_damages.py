"""Single characters misread in reasons, TAGS and the line of declassification."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from overflight.telegram import Reading, read, to_json, write

RECEIVED = dt.date(2026, 12, 31)


def _read(order: str = "DECL: 08/24/2036", tags: str = "EAIR", above: str = "", mark: str = "(S)") -> Reading:
    text = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
        f"E.O. 13526: {order}\nTAGS: {tags}\nSUBJECT: EXERCISE: T\n{above}\n1. {mark} OPEN.\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _authority(reading: Reading) -> Any:
    return to_json(reading)["authority"]


def _repairs(reading: Reading) -> list[tuple[str, str, str]]:
    for repair in reading.repairs:
        if repair.read.isascii() and repair.kind in ("digits", "misprint"):
            assert reading.original(repair).decode() == repair.read
    return [(r.read, r.understood, r.kind) for r in reading.repairs if r.kind != "personal name"]


@pytest.mark.parametrize(
    ("printed", "reasons", "repairs"),
    [
        ("REASONS l.4 (b)", ["1.4(b)"], [("l.4", "1.4", "digits")]),
        ("Reasons I.4 (b) and (d)", ["1.4(b)", "1.4(d)"], [("I.4", "1.4", "digits")]),
        (
            "REASONS 1.S(C), l,4(D)",
            ["1.5(c)", "1.4(d)"],
            [("1.S", "1.5", "digits"), ("l,4", "1.4", "digits")],
        ),
        ("REASONS 1.4 (b)", ["1.4(b)"], []),
    ],
)
def test_letters_in_the_number_of_a_reason(
    printed: str, reasons: list[str], repairs: list[tuple[str, str, str]]
) -> None:
    below = _read(above=f"CLASSIFIED BY: DIRECTOR X. QUILL, {printed}\n")
    assert _authority(below)["reasons"] == reasons
    assert _repairs(below) == repairs
    behind = _read(order=f"DECL: 08/24/2036, {printed}")
    assert _authority(behind)["reasons"] == reasons
    assert _repairs(behind) == repairs


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("EAlR", "EAIR"),
        ("EA1R", "EAIR"),
        ("0TRA", "OTRA"),
        ("5NAR", "SNAR"),
        ("PRE1", "PREL"),
        ("A8UD", "ABUD"),
    ],
)
def test_a_code_with_a_lookalike_is_the_known_one(printed: str, code: str) -> None:
    reading = _read(tags=f"{printed}, TJ")
    assert reading.telegram.tags == (code, "TJ")
    assert _repairs(reading) == [(printed, code, "misprint")]


@pytest.mark.parametrize("tags", ["EAIR, KTIA, 1A", "EAIR, P5X5", "eair, prel", "EAIR, 5A"])
def test_codes_that_no_reading_makes_known_stay(tags: str) -> None:
    reading = _read(tags=tags)
    assert list(reading.telegram.tags) == tags.upper().split(", ")
    assert not _repairs(reading)


def test_a_state_behind_a_lookalike_is_a_proposal() -> None:
    reading = _read(tags="EAIR, lR")
    assert reading.telegram.tags == ("EAIR", "IR")
    assert any("'lR'" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("order", "value", "event"),
    [
        ("DECL: 25X1, 50X1-HUM", "25X1", "50X1-HUM"),
        ("DECL: 25X1 AND 25X6", "25X1", "25X6"),
        ("DECL: 25X1/50X1-HUM", "25X1", "50X1-HUM"),
        ("DECL: 25X1, 50X1-HUM 08/01/2036", "2036-08-01", "50X1-HUM"),
    ],
)
def test_a_second_code_is_kept(order: str, value: str, event: str) -> None:
    found = to_json(_read(order))
    assert found["declassify_on"] == value
    assert (found["declassify"]["code"], found["declassify"]["event"]) == ("25X1", event)


def test_strokes_and_brackets_as_entities() -> None:
    reading = _read("DECL: 08&#47;01&#47;2036", mark="&#40;S&#47;&#47;NF&#41;")
    assert to_json(reading)["declassify_on"] == "2036-08-01"
    assert reading.telegram.paragraphs[0].marking == "S//NF"
    assert ("&#47;", "/", "html") in _repairs(reading)


def test_a_reason_of_the_labelled_form_is_put_right_too() -> None:
    lines = ["UNCLASSIFIED", "", "MRN: 26 STATE 47110", "Date/DTG: Aug 24, 2026 / 241410Z AUG 26",
             "From: SECSTATE WASHDC", "Action: AMEMBASSY DUSHANBE", "TAGS: EAIR", "Subject: EXERCISE: T",
             "Classified By: DCM", "Reasons: l.4 (b)", "", "1. (U) ONE.", "", "Signature: EXAMPLE", "",
             ]  # fmt: skip
    found = read("\n".join(lines).encode())
    assert found.telegram.authority is not None
    assert found.telegram.authority.reasons == ("1.4(b)",)
    assert any(one.understood.startswith("1.4") for one in found.repairs)
