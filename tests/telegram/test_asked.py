"""What a text asks: offices to slug, the paragraphs of the action, the day of the report, its blocks."""

from __future__ import annotations

from typing import Any

import pytest

from overflight.telegram import read, to_json
from overflight.telegram.action import find_slugs

HEAD = """O 241410Z AUG 26
FM SECSTATE WASHDC
TO AMEMBASSY DUSHANBE
BT
S E C R E T STATE 047110
E.O. 13526: DECL: 08/24/2036
TAGS: EAIR
SUBJECT: EXERCISE: WHAT IS ASKED

1. (U) OPEN ONE.
"""


def _read(body: str) -> dict[str, Any]:
    return to_json(read(f"{HEAD}{body}\nBT\nNNNN\n".encode()))


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("Report by June 3 slug ISN SIPDIS.", ("ISN",)),
        ("REPORT BY JUNE 3, SLUG ISN/MTR, SIPDIS.", ("ISN/MTR",)),
        ("Report results, slug ISN and EUR.", ("ISN", "EUR")),
        ("SLUG ISN, EUR, AND NEA AND INCLUDE SIPDIS.", ("ISN", "EUR", "NEA")),
        ("SLUG XQZ SIPDIS.", ("XQZ",)),
        ("SLUG ISN BY JUNE 3.", ("ISN",)),
        ("Slug: ISN", ("ISN",)),
        ("Replies slugged for ISN and NEA.", ("ISN", "NEA")),
        ("SLUG REPLIES FOR ISN AND EUR.", ("ISN", "EUR")),
        ("PLEASE SLUG CABLES.", ()),
        ("PLEASE SLUG YOUR REPLIES.", ()),
        ("SLUG A REPLY.", ()),
        ("SLUG IT.", ()),
        ("USE THE SLUG LINE.", ()),
    ],
)
def test_slugs(text: str, offices: tuple[str, ...]) -> None:
    assert find_slugs((), (text,)) == offices


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("This is an action message; see paras. 2 - 4.", [2, 3, 4]),
        ("This is an action message; see paras 2 -- 4.", [2, 3, 4]),
        ("This is an action request. See para. 3.", [3]),
        ("Action requested in paragraph four.", [4]),
        ("Action requested in paragraphs two through FOUR and 5.", [2, 3, 4, 5]),
        ("Action requested in paragraph twenty.", [20]),
        ("This is an action message.", [1]),
        ("This is an action message; see part four.", [1]),
    ],
)
def test_the_paragraphs_of_the_action(text: str, paragraphs: list[int]) -> None:
    found = _read(text)["action"]
    assert found["requested"]
    assert found["paragraphs"] == paragraphs


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Report by 031200Z SEP 26.", "2026-09-03"),
        ("REPORT RESULTS BY 031200Z SEP 2026.", "2026-09-03"),
        ("REPORT RESULTS BY 031200Z SEP.", "2026-09-03"),
        ("REPORT RESULTS NLT 030100C SEP 26.", "2026-09-02"),
        ("REPORT RESULTS BY 031200Z JUN.", "2027-06-03"),
    ],
)
def test_a_deadline_may_be_a_date_time_group(text: str, due: str) -> None:
    assert _read(text)["due"] == due


@pytest.mark.parametrize(
    "day", ["June 31", "February 30", "31 September 2026", "2026-09-31", "312500Z AUG 26"]
)
def test_a_deadline_on_no_day_of_the_calendar_is_a_warning(day: str) -> None:
    found = _read(f"Report by {day}.")
    assert found["due"] is None
    assert any("calendar" in warning and day in warning for warning in found["warnings"])
    assert not any("calendar" in warning for warning in _read("Report by June 30.")["warnings"])


@pytest.mark.parametrize(
    ("body", "number", "text"),
    [
        ("\n2. REPORT RESULTS BY JUNE\n3.", 2, "REPORT RESULTS BY JUNE 3."),
        (
            "\n2. REPORT RESULTS BY JUNE\n3. SLUG REPLIES FOR ISN.",
            2,
            "REPORT RESULTS BY JUNE 3. SLUG REPLIES FOR ISN.",
        ),
        ("REPORT RESULTS BY JUNE\n2.", 1, "OPEN ONE. REPORT RESULTS BY JUNE 2."),
        ("\n2. POSTS REPORT ON THE FLIGHT OF JUNE\n3.", 2, "POSTS REPORT ON THE FLIGHT OF JUNE 3."),
    ],
)
def test_the_day_below_its_month_is_no_paragraph(body: str, number: int, text: str) -> None:
    found = _read(body)
    assert [p["number"] for p in found["paragraphs"]] == list(range(1, number + 1))
    assert found["paragraphs"][-1]["text"] == text
    if "BY" in text:
        assert found["due"] == f"2027-06-0{text[text.index('JUNE') + 5]}"


@pytest.mark.parametrize("break_", ["\n\n", "\n"])
def test_a_paragraph_below_a_month_is_one(break_: str) -> None:
    found = _read(f"\n2. (U) REPORT RESULTS BY JUNE{break_}3. (S) THREE.\n\n4. (U) FOUR.")
    assert [p["number"] for p in found["paragraphs"]] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("BEGIN NON-PAPER: TEXT OF PAPER. END NON-PAPER.", "TEXT OF PAPER."),
        ("BEGIN NON-PAPER.\nTEXT OF PAPER: ONE.\n\nTWO?\nEND NON-PAPER.", "TEXT OF PAPER: ONE.\nTWO?"),
        ("\n2. BEGIN NON-PAPER.\n\n3. TEXT.\n\n4. MORE.\n\n5. END NON-PAPER.", "TEXT.\nMORE."),
        ("BEGIN NON-PAPER: TEXT OF PAPER\n", "TEXT OF PAPER"),
    ],
)
def test_the_text_of_a_block_keeps_its_last_stop(body: str, text: str) -> None:
    (block,) = _read(body)["blocks"]
    assert (block["kind"], block["text"]) == ("non-paper", text)
