"""Text beside a portion that its marking does not plainly cover stays, however the copy lays it out."""

from __future__ import annotations

import pytest

from overflight.telegram import read, read_all
from overflight.telegram.portions import release_to

HEAD = [
    "O 241410Z AUG 26", "FM SECSTATE WASHDC", "TO AMEMBASSY DUSHANBE", "BT", "S E C R E T STATE 047110",
    "E.O. 13526: DECL: 08/24/2036", "TAGS: EAIR", "SUBJECT: EXERCISE: T", "",
]  # fmt: skip
FOOT = ["", "BT", "NNNN", ""]
F = "OUR SOURCE IS THE FOREMAN."


def goes(lines: list[str]) -> str:
    """All that Tajikistan gets."""
    out: list[str] = []
    for reading in read_all("\n".join(lines).encode()):
        product = release_to(reading, "TJK")
        out += [one.text for one in (*product.portions, *product.oral)]
    return "\n".join(out)


@pytest.mark.parametrize(
    "text",
    [
        # marks at the beginning of a line, before the lines are joined
        ["1. (U) PRESS.", "2 (S FOREMAN."],
        ["1. (U) PRESS.", "(S", F],
        ["1. (U) PRESS.", f"SECRET - {F}"],
        ["1. (U) PRESS.", f"CONFIDENTIAL {F}"],
        ["1. (U) PRESS.", "S E C R E T DUSHANBE 000999", F],
        # a page breaks behind a sentence
        ["1. (U) OPEN ONE.", "PAGE 02 RUEHC 047110 241410Z", "", F],
        ["1. (U) OPEN ONE.", "", "PAGE 02 RUEHC 047110 241410Z", F],
        ["1. (U) OPEN ONE.", "S E C R E T", "", "S E C R E T", "", F],
        # marks behind their text
        [f"1. THE PRESS HAS IT. (U) {F} (S//NF)"],
        ["1. (S//NF) THE FIRST. (U) THE PRESS HAS IT. " + F],
        ["1. THE PRESS HAS IT.", "(U)", F, "(C)", "MORE."],
        # two columns
        ["1. (S//NF) THE SOURCE.   2. (U) THE PRESS KNOWS OF", "THE FOREMAN.             THE FLIGHT."],
        # words that open no block
        ["1. (U) CONSTRUCTION WILL BEGIN IN SPRING.", "", F, "", "HE STAYS UNTIL THE END OF MAY."],
        ["1. (U) THE TALKS START ON MONDAY.", "", F, "", "THEY WILL END IN MAY."],
        # equals of a portion with a letter
        ["1. (S//NF) POINTS:", "a. (U) THE PRESS HAS IT.", "b. THE FOREMAN TOLD US."],
        # a mark that is spoken of
        ["2. (S//NF) WHAT IS SAID IN SUBPARAGRAPH", f"B. (U) OF REFTEL IS FROM {F}"],
        [f"2. (S//NF) AS IN PARA. 3. (U) OF REFTEL; {F}"],
        # numbers that begin no list
        ["3. (U) THREE.", f"5. {F}"],
        ["3. (U) THREE.", f"9. {F}"],
        ["4. (U) FOUR.", "", f"S. {F}"],
        ["4. (U) FOUR.", "", f"l. {F}"],
        # signs that part
        ["1. (U) PRESS.", "----------", F],
        ["1. (U) PRESS.", "* * *", F],
        # what is lost
        ["1. (U) IT WAS", "- 2 -", "PUBLISHED AND", "- 4 -", f"SO {F}"],
        ["1. (U) IT WAS", "[2 lines illegible]", F],
        ["1. (U) IT WAS", "(TEXT MISSING)", F],
        ["1. (U) IT WAS", "[PARAGRAPHS 2 AND 3 NOT RECEIVED]", F],
    ],
)  # fmt: skip
def test_text_that_no_marking_plainly_covers_stays(text: list[str]) -> None:
    assert "FOREMAN" not in goes([*HEAD, *text, *FOOT])


def test_a_section_of_another_level_joins_no_open_paragraph() -> None:
    first = [*HEAD[:4], "UNCLAS SECTION 01 OF 02 STATE 047110", *HEAD[5:], "1. (U) ONE.", "BT", "NNNN", ""]
    second = [*HEAD[:4], "S E C R E T NOFORN SECTION 02 OF 02 STATE 047110", "", F, *FOOT]
    assert goes([*first, *second]) == "ONE."


def test_a_section_behind_the_end_of_a_sentence_begins_anew() -> None:
    first = [*HEAD[:4], "S E C R E T SECTION 01 OF 02 STATE 047110", *HEAD[5:], "1. (U) ONE ENDS.", "BT", ""]
    second = [*HEAD[:4], "S E C R E T SECTION 02 OF 02 STATE 047110", "", F, "", "6. (U) SIX.", *FOOT]
    assert "FOREMAN" not in goes([*first, *second])


@pytest.mark.parametrize(
    "line",
    ["SECRET//NOFORN//NODIS", "SECRET/NODIS", "S E C R E T NODIS", "NODIS HANDLING", "CAPTION: NODIS",
     "HANDLE AS NODIS.", "NODlS", "EXDlS"],
)  # fmt: skip
def test_a_caption_in_a_banner_or_behind_a_label_holds_below_the_head(line: str) -> None:
    assert goes([*HEAD, "1. (U) ONE.", "", line, *FOOT]) == ""


@pytest.mark.parametrize("line", ["NODlS", "EXDlS", "NOD!S"])
def test_a_caption_misread_in_the_head_holds(line: str) -> None:
    assert goes([*HEAD[:5], line, *HEAD[5:], "1. (U) ONE.", *FOOT]) == ""


def test_what_a_withheld_paragraph_begins_changes_no_other() -> None:
    text = ["1. (U) ONE.", "", "2. (S//NF) TWO.", "{}", "3. (U) THREE.", "", "4. (U) POINTS ARE", "5. MORE."]
    plain = [one.format("") for one in text]
    begun = [one.format("BEGIN TEXT:") for one in text]
    assert goes([*HEAD, *plain, *FOOT]) == goes([*HEAD, *begun, *FOOT])


def test_letters_of_a_list_in_a_sentence_go() -> None:
    text = "1. (U) POST SHOULD (A) CALL, (B) LEAVE THE TEXT AND (C) REPORT."
    assert goes([*HEAD, text, *FOOT]) == text[7:]


def test_a_block_with_more_words_in_its_line_is_covered() -> None:
    text = ["1. (U) SEE BELOW.", "", "BEGIN POINTS (VERBATIM):", "", "THE FIRST.", "", "END POINTS."]
    assert goes([*HEAD, *text, *FOOT]).endswith("THE FIRST.\nEND POINTS.")


def test_the_part_of_a_paragraph_above_a_lost_page_goes() -> None:
    text = ["PAGE 02 RUEHC 047110 241410Z", "1. (U) IT WAS", "PAGE 04 RUEHC 047110 241410Z", F]
    assert goes([*HEAD, *text, *FOOT]) == "IT WAS"
    assert read("\n".join([*HEAD, *text, *FOOT]).encode()).telegram.paragraphs[0].text == f"IT WAS {F}"


@pytest.mark.parametrize(
    "rows",
    [
        ["1. (U) OPEN ONE.                3. (S//NF) HIDDEN BEGINS",
         "2. (U) OPEN TWO STARTS HERE     HIDDEN BESIDE IT",
         "AND GOES ON TO ITS END.         HIDDEN UNTIL ITS END."],
        ["1. (U) OPEN ONE.           (S//NF) HIDDEN BEGINS", "2. (U) OPEN TWO STARTS     HIDDEN BESIDE IT"],
        ["1. (U) OPEN TWO STARTS     HIDDEN BESIDE IT", "AND GOES ON.               HIDDEN TOO."],
    ],
)  # fmt: skip
def test_a_second_column_goes_nowhere(rows: list[str]) -> None:
    assert "HIDDEN" not in goes([*HEAD, *rows, *FOOT])


def test_a_table_and_wide_blanks_behind_a_sentence_go() -> None:
    rows = [
        "1. (U) OPEN.   TABLE:",
        "",
        "FLIGHT     ROUTE      DAY",
        "JSX621     NORTH      MONDAY",
        "JSX622     SOUTH      FRIDAY",
    ]
    assert "JSX622     SOUTH" in goes([*HEAD, *rows, *FOOT])
    assert "OPEN" in goes([*HEAD, "1. (U) OPEN.   MORE:", "-     A BULLET", "a.    A LETTER", *FOOT])
