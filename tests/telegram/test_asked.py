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
