"""Blocks under a heading, references of other services and hands, slugs and days in other words."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, understand, write

RECEIVED = dt.date(2026, 12, 31)


def _read(body: str, *, above: str = "") -> Reading:
    text = (
        "O 111420Z SEP 26\nFM SECSTATE WASHDC\nTO AMEMBASSY BISHKEK\nBT\nUNCLAS STATE 088200\n"
        f"SUBJECT: EXERCISE: T\n{above}\n{body}\n\nEXAMPLE\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _blocks(body: str) -> list[tuple[str, int, int, str, bool]]:
    blocks = understand(_read(body).telegram).blocks
    return [(b.kind, b.first, b.last, b.text, b.closed) for b in blocks]


def test_a_heading_opens_a_block_that_its_text_ends() -> None:
    ruled = "-------\nSUMMARY\n-------\n\n1. (U) THE MINISTRY WILL ANSWER. END SUMMARY.\n\n2. (U) TWO."
    assert _blocks(ruled) == [("summary", 0, 0, "THE MINISTRY WILL ANSWER.", True)]
    plain = "Comment\n-------\n1. (U) One.\n\n2. (U) Two. End comment.\n\n3. (U) Three. End comment."
    assert _blocks(plain) == [("comment", 0, 1, "One.\nTwo.", True)]
    assert _blocks("-------\nSUMMARY\n-------\n\n1. (U) THE MINISTRY WILL ANSWER.") == []
    assert _blocks("-----\nVIEWS\n-----\n\n1. (U) THE MINISTRY WILL ANSWER. END SUMMARY.") == []


@pytest.mark.parametrize(
    ("text", "first"),
    [("(COMMENT: SLOW. END COMMENT.)", "SLOW."), ("BEGIN COMMENT. SLOW. END COMMENT.", "SLOW."),
     ("HE AGREED. (COMMENT: SLOW. END COMMENT.) HE LEFT.", "SLOW."), ("[NOTE: SLOW. END NOTE.]", "SLOW.")],
)  # fmt: skip
def test_a_comment_in_brackets_is_a_block(text: str, first: str) -> None:
    (block,) = _blocks(f"1. (U) {text}\n\n2. (U) TWO.")
    assert block[1:] == (0, 0, first, True)


def _references(printed: str) -> tuple[list[tuple[str, str, int | None, str]], Reading]:
    reading = _read("1. (U) ONE.", above=printed)
    return [
        (
            r.letter,
            f"{r.number.origin} {r.number.serial}" if r.number else "",
            r.number and r.number.year,
            r.text,
        )
        for r in reading.telegram.references
    ], reading


@pytest.mark.parametrize(
    "group", ["090800Z SEP 26", "090800ZSEP26", "090800 Z SEPT 26", "090800Z", "090800D SEP 26"]
)
def test_a_date_time_group_is_no_serial(group: str) -> None:
    found, reading = _references(f"REF: A. CDR SAMPLE BASE {group}\n     B. STATE 090800 (NOTAL)")
    assert found == [
        ("A", "", None, f"CDR SAMPLE BASE {group}"), ("B", "STATE 90800", 2026, "(NOTAL)")
    ]  # fmt: skip
    assert reading.repairs == ()


def test_a_damaged_letter_inside_a_letter_is_one_reference() -> None:
    found, reading = _references(
        "REF: A. (A) STATE 1234 B. (8) BISHKEK 712 C. (C) 24 ASTANA 1122 D. (0) STATE 77"
    )
    assert found == [
        ("A", "STATE 1234", 2026, ""), ("B", "BISHKEK 712", 2026, ""),
        ("C", "ASTANA 1122", 2024, ""), ("D", "STATE 77", 2026, ""),
    ]  # fmt: skip
    repairs = [(r.read, r.understood) for r in reading.repairs if r.kind == "reference letter"]
    assert ("B. (8)", "reference B") in repairs
    assert ("D. (0)", "reference D") in repairs


@pytest.mark.parametrize(
    ("printed", "repairs"),
    [("REF: A: STATE 1234\nB: 25 BISHKEK 712", ["A:", "B:"]),
     ("REF: A. STATE 1234\n     B. '25 BISHKEK 712", ["'25"]),
     ("REF: STATE 1234/26, BISHKEK 0712/25", ["STATE 1234/26", "BISHKEK 0712/25"])],
)  # fmt: skip
def test_letters_and_years_in_other_hands(printed: str, repairs: list[str]) -> None:
    found, reading = _references(printed)
    assert found == [("A", "STATE 1234", 2026, ""), ("B", "BISHKEK 712", 2025, "")]
    assert set(repairs) <= {r.read for r in reading.repairs}


def test_a_date_behind_another_text_is_no_year() -> None:
    found, _ = _references("REF: A. ASTANA FAX 100/26\n     B. NOTE OF PART C: STATE 1234/2026")
    assert [(letter, number) for letter, number, _, _ in found] == [("A", ""), ("B", "")]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [("REPORT BY CABLE WITH SLUG LINES EAP/K AND ISN/CPI.", ("EAP/K", "ISN/CPI")),
     ('PLEASE BEGIN ALL RESPONSES WITH THE SLUG "ISN/CPI" AND USE SIPDIS.', ("ISN/CPI",)),
     ('USE THE SLUGLINE "ISN/CPI", "EAP/K".', ("ISN/CPI", "EAP/K")),
     ('KEEP THE SLUG "NOTE".', ())],
)  # fmt: skip
def test_slug_lines_and_slugs_in_quotation_marks(text: str, slugs: tuple[str, ...]) -> None:
    assert understand(_read(f"1. (U) {text}").telegram).slugs == slugs


def test_a_caption_to_an_office_names_no_slug() -> None:
    text = (
        "O 111420Z SEP 26\nFM SECSTATE WASHDC\nTO AMEMBASSY BISHKEK\nBT\nUNCLAS STATE 088200\n{}\n"
        "E.O. 13526: DECL: 09/11/2036\nTAGS: EAIR, KG\nSUBJECT: EXERCISE: T\n\n1. (U) ONE.\nBT\nNNNN\n"
    )
    for caption, slugs in (
        ("FOR THE AMBASSADOR FROM THE EXAMPLE OFFICE", ()), ("FOR EUR/CARC FROM THE OFFICE", ("EUR/CARC",)),
        ("FOR ISN AND NEA", ("ISN", "NEA")), ("FOR THE OFFICE OF ISN", ("ISN",)),
    ):  # fmt: skip
        telegram = read(text.format(caption).encode(), received=RECEIVED).telegram
        assert understand(telegram).slugs == slugs


@pytest.mark.parametrize(
    ("text", "day"),
    [("DEADLINE FOR RESPONSES: SEPTEMBER 16, 2026.", 16),
     ("DEADLINE FOR ALL POST REPLIES IS SEPTEMBER 16.", 16),
     ("ACKNOWLEDGE BY 12 SEP.", 12), ("ACKNOWLEDGE BY 12 SEP. REPORT BY 20 SEP.", 20),
     ("PLEASE REPORT IN TEN DAYS.", 21), ("REPLY IN 3 DAYS.", 14), ("PLEASE REPORT BY 20260918.", 18)],
)  # fmt: skip
def test_days_in_other_words(text: str, day: int) -> None:
    meaning = understand(_read(f"1. (U) {text}").telegram)
    assert meaning.due is not None
    assert meaning.due.day == dt.date(2026, 9, day)
    assert meaning.warnings == ()


@pytest.mark.parametrize(
    "text",
    ["THE MINISTRY ACKNOWLEDGED BY 12 SEP THAT IT WAS LATE.", "WE SAW THE REPORT IN TEN COPIES.",
     "PLEASE REPORT BY 20261399."],
)  # fmt: skip
def test_words_that_set_no_day(text: str) -> None:
    assert understand(_read(f"1. (U) {text}").telegram).due is None


@pytest.mark.parametrize("between", [" AND ", ", ", "; ", ", AND "])
def test_references_without_letters_behind_a_note_in_brackets(between: str) -> None:
    found, reading = _references(
        f"REF: STATE 1234 (NOTAL){between}BISHKEK 712 (EXERCISE){between}25 ASTANA 9"
    )
    assert found == [
        ("A", "STATE 1234", 2026, "(NOTAL)"),
        ("B", "BISHKEK 712", 2026, "(EXERCISE)"),
        ("C", "ASTANA 9", 2025, ""),
    ]
    assert [r.kind for r in reading.repairs] == ["reference letter"] * 3


def test_references_between_slashes() -> None:
    printed = "REF/A/MSG/CDR SAMPLE BASE/090800ZSEP26//\nREF/B/DOC/EXAMPLE PLAN/01JAN26//"
    found, reading = _references(printed)
    assert found == [
        ("A", "", None, "MSG/CDR SAMPLE BASE/090800ZSEP26"),
        ("B", "", None, "DOC/EXAMPLE PLAN/01JAN26"),
    ]
    assert reading.telegram.subject is not None
    assert "REF" not in reading.telegram.subject.text
    assert [(r.read, r.understood) for r in reading.repairs if r.kind == "label"] == [
        ("REF/A/", "REF: A."),
        ("REF/B/", "B."),
    ]
