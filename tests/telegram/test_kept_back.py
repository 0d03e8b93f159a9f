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


@pytest.mark.parametrize("at", [0, 3, 5])
@pytest.mark.parametrize(
    "caption",
    ["ROGER CHANNEL", "AGREMENT CHANNEL", "FOR AMBASSADOR ONLY", "EYES ONLY", "ORCON", "CHEROKEE", "LIMDIS",
     "EYES ONLY FOR AMBASSADOR", "R O G E R  C H A N N E L", "ROGER CHANNEL/SIPDIS",
     "EXCLUSIVE FOR AMBASSADOR"],
)  # fmt: skip
def test_a_caption_of_a_role_or_channel_holds_everything_above_the_fields(at: int, caption: str) -> None:
    assert goes([*HEAD[:at], caption, *HEAD[at:], *TEXT]) == []


@pytest.mark.parametrize("caption", ["ROGER CHANNEL", "FOR AMBASSADOR ONLY", "EYES ONLY FOR AMBASSADOR"])
@pytest.mark.parametrize("at", [6, 7, 8])
def test_and_among_the_fields(at: int, caption: str) -> None:
    assert goes([*HEAD[:at], caption, *HEAD[at:], *TEXT]) == []


@pytest.mark.parametrize("lines", [["N O D I S"], ["NO-DIS"], ["NODIS"], ["NO", "DIS"]])
def test_a_caption_on_a_line_of_its_own_holds_below_the_head(lines: list[str]) -> None:
    assert goes([*HEAD, TEXT[0], "", *lines, *TEXT[1:]]) == []


@pytest.mark.parametrize("subject", ["(U) N O D I S EXERCISE", "NO-DIS EXERCISE", "EXERCISE NODIS"])
def test_a_caption_in_the_subject_holds(subject: str) -> None:
    assert goes([*HEAD[:7], f"SUBJECT: {subject}", HEAD[8], *TEXT]) == []


@pytest.mark.parametrize(
    "subject", ["EXERCISE: THE SUEZ CHANNEL", "EXERCISE: FOR CIVIL FLIGHTS ONLY", "EXERCISE: NO DISCUSSION"]
)
def test_ordinary_words_of_a_subject_hold_nothing(subject: str) -> None:
    assert goes([*HEAD[:7], f"SUBJECT: {subject}", HEAD[8], *TEXT]) == ["OPEN ONE."]


@pytest.mark.parametrize("other", ["THE ZORBO-\nLINGA FLIGHT. CONTACT ZORBOLINGA.", "NOTHING OF THE KIND."])
def test_the_words_of_a_withheld_paragraph_decide_nothing_in_another(other: str) -> None:
    text = ["1. (U) WATCH THE ZORBO-", "LINGA FLIGHT. CON- TACT: JANE ROXBY.", "", f"2. (S//NF) {other}"]
    assert goes([*HEAD, *text, *TEXT[1:]]) == goes([*HEAD, *text[:2], *TEXT[1:]])
    assert "ROXBY" not in goes([*HEAD, *text, *TEXT[1:]])[0]


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
    assert goes([*HEAD, TEXT[0], *more, *TEXT[1:]]) in ([], ["OPEN ONE."])


SECRET = "OUR SOURCE IS THE HANGAR FOREMAN."


@pytest.mark.parametrize(
    "text",
    [
        # behind a blank line and without a marking: a paragraph of its own
        ["1. (U) ONE.", "", "2. (S//NF) TWO.", "", "3. (U) THREE.", "", f"5. {SECRET}"],
        ["1. (U) ONE.", "", "2. (U) TWO.", "", "3. (U) THREE.", "", f"3. {SECRET}"],
        ["1. (U) ONE.", "", f"COMMENT: {SECRET} END COMMENT.", "", "2. (S//NF) TWO."],
        ["1. (U) ONE.", "", "SUBJECT: ANNEX", "", SECRET],
        ["1. (U) ONE.", "", "END COMMENT.", "", SECRET],
        # an equal of a portion that stands behind a bullet
        ["2. (S//NF) POINTS:", "-- (U) THE PRESS KNOWS.", f"-- {SECRET}", "", "ITS ADDRESS IS KNOWN."],
        # a mark that a sentence speaks of
        ["2. (S//NF) ONLY THE PARAGRAPHS THAT ARE MARKED", f"(U) MAY BE QUOTED; {SECRET}"],
        ["2. (S//NF) ONLY WHAT IS MARKED", f"(S//REL TO USA, CHE) GOES; {SECRET}"],
        ["2. (S//NF) SEE PARAGRAPH", f"3. (U) OF THE OTHER MESSAGE; {SECRET}"],
        # lines of classification that repeat no line above
        ["1. (U) ONE. THE ANNEX IS BELOW.", "BEGIN TEXT:", "C O N F I D E N T I A L", SECRET],
        ["1. (U) ONE. THE ANNEX IS BELOW.", "BEGIN TEXT:", "SBU", SECRET, "END TEXT"],
        ["1. (U) ONE. THE ANNEX IS BELOW.", "CONFIDENTIAL", SECRET],
        # a page is missing
        ["PAGE 02 RUEHC 047110 241410Z", "1. (U) IT WAS", "PAGE 04 RUEHC 047110 241410Z", SECRET],
        ["1. (U) IT WAS", "[page 2 missing]", f"PUBLISHED. {SECRET}"],
        ["1. (U) IT WAS", "(1 page not copied)", f"- {SECRET}"],
    ],
)  # fmt: skip
def test_what_no_marking_covers_stays(text: list[str]) -> None:
    assert not any("FOREMAN" in one or "ADDRESS" in one for one in goes([*HEAD, *text, *TEXT[1:]]))


def test_a_number_without_a_marking_among_marked_ones_is_a_warning() -> None:
    text = ["1. (U) ONE.", "", "2. (U) TWO.", "", "3. (U) THREE.", "", "5. FIVE.", *TEXT[1:]]
    reading = read("\n".join([*HEAD, *text]).encode())
    assert any("'5.' is taken for text of the paragraph above" in one for one in reading.warnings)


@pytest.mark.parametrize(
    "text",
    [
        ["1. (U) POINTS:", "", "-- THE FIRST.", "", "-- THE SECOND.", "", "A. THE THIRD."],
        ["1. (U) POINTS FOLLOW:", "", "BEGIN TALKING POINTS:", "", "THE FIRST.", "", "THE SECOND.", "",
         "END TALKING POINTS.", "", "-- A BULLET."],
        ["1. (U) BEGIN TALKING POINTS:", "", "THE FIRST.", "", "THE SECOND. END TALKING POINTS."],
        ["1. (U) THE FIRST", "PAGE 02        RUEHC  047110  241410Z", "AND THE SECOND."],
        ["1. (U) LIST:", "A. FIRST.", "B. SECOND."],
    ],
)  # fmt: skip
def test_what_a_marking_covers_goes(text: list[str]) -> None:
    (one,) = goes([*HEAD, *text, *TEXT[1:]])
    assert one.endswith(text[-1].split(" ", 1)[-1])


def test_a_banner_that_repeats_the_first_is_no_text() -> None:
    reading = read("\n".join([*HEAD, TEXT[0], "", "S E C R E T", "", "2. (U) TWO.", *TEXT[1:]]).encode())
    assert [one.text for one in release_to(reading, "CHE").portions] == ["OPEN ONE.", "TWO."]
    assert "banner" in {one.kind for one in reading.repairs}
