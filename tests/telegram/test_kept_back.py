"""What a damaged copy hides is not given away: marks, captions, banners, words taken back."""

from __future__ import annotations

import pytest

from overflight.telegram import read
from overflight.telegram.portions import release_to

HEAD = [
    "O 241410Z AUG 26", "FM SECSTATE WASHDC", "TO AMEMBASSY DUSHANBE", "BT", "S E C R E T STATE 047110",
    "E.O. 13526: DECL: 08/24/2036", "TAGS: EAIR", "SUBJECT: EXERCISE: T", "",
]  # fmt: skip
TEXT = ["1. (U) OPEN ONE.", "", "BT", "NNNN", ""]
LABELLED = [
    "UNCLASSIFIED", "", "MRN: 26 STATE 47110", "Date/DTG: Aug 24, 2026 / 241410Z AUG 26",
    "From: SECSTATE WASHDC", "Action: AMEMBASSY DUSHANBE", "E.O.: 13526", "TAGS: EAIR",
    "Subject: EXERCISE: T", "", "1. (U) OPEN ONE.", "", "Signature: EXAMPLE", "",
]  # fmt: skip


def goes(lines: list[str]) -> list[str]:
    """What Switzerland gets."""
    return [one.text for one in release_to(read("\n".join(lines).encode()), "CHE").portions]


def test_without_a_caption_the_open_portion_goes() -> None:
    assert goes(HEAD + TEXT) == ["OPEN ONE."]
    assert goes(LABELLED) == ["OPEN ONE."]


@pytest.mark.parametrize("at", [0, 3, 5, 7, 8])
@pytest.mark.parametrize(
    "caption",
    ["NODIS", "SIPDIS, NODIS", "N O D I S", "- NODIS", "Nodis", "NODIS.", "(NODIS)", "N0DIS", "NOD1S",
     "EXD1S", "NO DIS", "EXD IS", "\u0395XDIS", "SPECAT EXCLUSIVE"],
)  # fmt: skip
def test_a_caption_of_the_originator_holds_everything_wherever_it_stands(at: int, caption: str) -> None:
    assert goes([*HEAD[:at], caption, *HEAD[at:], *TEXT]) == []


@pytest.mark.parametrize(
    "line",
    [
        "S E C R E T STATE 047110 NODIS",
        "S E C R E T N O D I S STATE 047110",
        "S E C R E T EXDIS STATE 047110",
    ],
)
def test_a_caption_in_the_classification_line_holds_everything(line: str) -> None:
    assert goes([*HEAD[:4], line, *HEAD[5:], *TEXT]) == []


@pytest.mark.parametrize(
    "line",
    [
        "Captions: NODIS",
        "Caption(s): NODIS",
        "Special Handling: EXDIS",
        "Captions - NODIS",
        "Sensitivity: NODIS",
    ],
)
def test_a_labelled_caption_holds_everything(line: str) -> None:
    assert goes([*LABELLED[:7], line, *LABELLED[7:]]) == []


def test_a_caption_of_the_second_section_holds_everything() -> None:
    first = [
        *HEAD[:4],
        "S E C R E T SECTION 01 OF 02 STATE 047110",
        *HEAD[5:],
        *TEXT[:1],
        "BT",
        "#7110",
        "NNNN",
    ]
    second = [*HEAD[:4], "S E C R E T SECTION 02 OF 02 STATE 047110"]
    rest = ["", "2. (U) OPEN TWO.", "BT", "NNNN", ""]
    assert goes([*first, *second, *rest]) == ["OPEN ONE.", "OPEN TWO."]
    assert goes([*first, *second, "NODIS", *rest]) == []


def test_words_of_prose_are_no_caption() -> None:
    subject = [*HEAD[:7], "SUBJECT: EXERCISE: NO DISAGREEMENT AND NO DISCUSSION", *HEAD[8:]]
    assert goes(subject + TEXT) == ["OPEN ONE."]


@pytest.mark.parametrize(
    "more",
    [
        ["BEGIN TEXT:", "TOP SECRET", "SUBJECT: ANNEX", "ANNEX BODY.", "END TEXT"],
        ["", "SECRET//NOFORN", "", "ANNEX TEXT."],
        ["BEGIN TEXT (SECRET//NOFORN):", "ANNEX BODY", "END TEXT"],
        ["MORE (S//NF) E E E E E E E E HIDDEN WORDS."],
        ["", "\u00b62 UNMARKED WORDS.", "", "\u00b63 (S//NF) WORDS."],
    ],
)
def test_what_may_be_of_another_marking_stays(more: list[str]) -> None:
    assert goes([*HEAD, TEXT[0], *more, *TEXT[1:]]) == []


def test_a_banner_that_repeats_the_first_is_no_text() -> None:
    reading = read("\n".join([*HEAD, TEXT[0], "", "S E C R E T", "", "2. (U) TWO.", *TEXT[1:]]).encode())
    assert [one.text for one in release_to(reading, "CHE").portions] == ["OPEN ONE.", "TWO."]
    assert "banner" in {one.kind for one in reading.repairs}
