"""Faults that fuzzing, campaigns and hostile reviews have found, one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from overflight.errors import TelegramError
from overflight.telegram import Paragraph, from_json, read, to_json, write
from overflight.telegram.clean import clean
from overflight.telegram.portions import release_to
from overflight.telegram.repairs import Log
from overflight.telegram.source import Source

RECEIVED = dt.date(2026, 12, 31)


def _read(
    body: str = "1. ALPHA.", lead: str = "", to: str = "AMEMBASSY DUSHANBE", end: str = "EXAMPLE"
) -> dict[str, Any]:
    text = (
        f"O 011530Z AUG 26\nFM SECSTATE WASHDC\nTO {to}\nBT\nUNCLAS STATE 000123\n{lead}"
        f"SUBJECT: EXERCISE: SAMPLE\n\n{body}\n\n{end}\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return to_json(reading)


def test_a_section_line_in_small_letters_with_letters_for_digits() -> None:
    """Found by fuzzing: the pattern takes small letters, the table of lookalikes did not."""
    _read("1. ALPHA.\n\nUNCLAS section o3 oF O2 STATE 000123\n\n2. BRAVO.")


def test_a_year_of_three_digits_is_written_with_four() -> None:
    """Found by fuzzing: dates before the year 1000 were not written in full."""
    reading = read(b"P 011530Z AUG 0102\nFM SECSTATE WASHDC\nBT\nUNCLAS STATE 000001\n", received=RECEIVED)
    assert to_json(reading)["sent"] in (None, "0102-08-01T15:30:00Z")


@pytest.mark.parametrize(
    "sent", ["0001-01-01T00:00:00Z", "0111-08-11T11:11:00Z", "2026-08-01T15:30:00Z", "9999-12-31T23:59:00Z"]
)
@pytest.mark.parametrize("due", ["by Friday", "within 9 working days", "within 99 hours", "by May 5"])
def test_a_day_of_any_year_is_quoted_and_read_again(sent: str, due: str) -> None:
    """Found by fuzzing: the quoted form wrote the year 111 with three digits and could not read it again."""
    model = from_json(
        {
            "from": "X",
            "sent": sent,
            "references": [{"letter": "A", "text": "£"}],
            "paragraphs": [{"number": 1, "text": f"REPLY {due}."}],
        }
    )
    text = write(model)
    assert "=QUOTED" in text
    again = read(text.encode(), received=RECEIVED)
    assert again.telegram == model
    assert to_json(again)["sent"] == sent
    # A day behind the last one of the calendar is none.
    assert (to_json(again)["due"] is None) == sent.startswith("9999")


@pytest.mark.parametrize("group", ["010000A JAN 0001", "312330N DEC 9999", "311530Z NOV 2026"])
def test_an_instant_outside_the_calendar_is_no_group(group: str) -> None:
    reading = read(f"P {group}\nFM X\nBT\nUNCLAS STATE 000001\n".encode(), received=RECEIVED)
    assert reading.telegram.head.sent is None
    assert any(group in warning for warning in reading.warnings)


def test_an_instant_outside_the_calendar_is_no_instant_of_a_model() -> None:
    with pytest.raises(TelegramError, match="is no instant"):
        from_json({"from": "X", "sent": "0001-01-01T00:00:00+05:00"})


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("by FR\u0130DAY", "2026-08-07"),
        ("within f\u0130ve days", "2026-08-06"),
        ("within s\u0131x weeks", "2026-09-12"),
        ("within s\u0130x wor\u212aing days", "2026-08-10"),
    ],
)
def test_a_deadline_with_the_letters_of_another_alphabet(due: str, day: str) -> None:
    """Found by reading the samples with a dotted capital I: the pattern took it, the table did not."""
    assert _read(f"1. POSTS SHOULD REPLY {due}.")["due"] == day


@pytest.mark.parametrize("zone", ["\u0130", "\u212a"])
def test_a_zone_is_one_of_the_letters_only(zone: str) -> None:
    reading = read(f"P 011530{zone} AUG 26\nFM X\nBT\nUNCLAS STATE 000001\n".encode(), received=RECEIVED)
    assert reading.telegram.head.sent is None
    assert any("011530" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "field",
    [
        "=HEAD []",
        "=HEAD null",
        "=NUMBER [1]",
        '=PART {"of": 3000000000000, "runs": []}',
        '=PART {"of": 3, "runs": [{"first": 1, "last": 3000000000000, "paragraph": 0}]}',
    ],
)
def test_a_quoted_form_that_no_model_stands_behind(field: str) -> None:
    """Found by review: a list where an object is wanted; a number of sections that fills the memory."""
    with pytest.raises(TelegramError, match="this is no telegram"):
        read(f"=QUOTED\n{field}\n=END\n".encode(), received=RECEIVED)


def test_a_model_has_no_more_sections_than_the_form_can_number() -> None:
    part = {"of": 99, "runs": [{"first": 1, "last": 1, "paragraph": 0}]}
    model = from_json({"from": "X", "part": part, "classification": "UNCLASSIFIED"})
    assert read(write(model).encode(), received=RECEIVED).telegram == model
    with pytest.raises(TelegramError, match=r"^part\.of"):
        from_json({"from": "X", "part": {**part, "of": 3_000_000_000_000}})


def test_a_message_of_the_network_in_the_quoted_form() -> None:
    """Found by fuzzing: the head above the quoted fields knew no letters for the network's priorities."""
    data = b"ZCZC ABC123 010455\nFF UTDDZQZX\n010450 UTDDZPZX\nA \xa0\xa0 B\\ VIDPYNYX\n\x07\\$\n"
    reading = read(data, received=RECEIVED)
    model = replace(reading.telegram, paragraphs=(Paragraph(None, "NNNN\nTEXT"),))
    text = write(model)
    assert "=QUOTED" in text
    assert read(text.encode(), received=RECEIVED).telegram == model


def test_a_precedence_that_no_letter_stands_for() -> None:
    model = from_json({"precedence": "URGENT", "from": "X", "sent": "2026-08-01T15:30:00Z"})
    assert read(write(model).encode(), received=RECEIVED).telegram == model


@pytest.mark.parametrize(
    ("printed", "office"),
    [
        ("John Q. Public, ISN Acting Assistant Secretary", "ISN Acting Assistant Secretary"),
        ("Ambassador Jane M. Public", "Ambassador"),
        ("ISN A/S J. Q. DOE", "ISN A/S"),
        ("Political/Economic Chief J. Doe", "Political/Economic Chief"),
        ("Jane Roe, Deputy Chief of Mission", "Deputy Chief of Mission"),
    ],
)
def test_a_name_that_is_also_a_word_of_an_office_goes(printed: str, office: str) -> None:
    found = _read(lead=f"Classified By: {printed}, Reasons 1.4 (b), (d)\n")
    assert found["authority"]["office"] == office
    assert found["reasons"] == ["1.4(b)", "1.4(d)"]


def test_the_drafting_lines_below_a_labelled_telegram_leave_no_name() -> None:
    text = (
        "MRN: 26 DUSHANBE 345\nDate/DTG: Aug 05, 2026 / 051200Z AUG 26\nFrom: AMEMBASSY DUSHANBE\n"
        "Action: WASHDC, SECSTATE ROUTINE\nTAGS: EAIR\nSubject: EXERCISE: ANSWER\n\n1. (U) ALPHA.\n\n"
        "Signature: EXAMPLE\n\nDrafted By: DUSH/POL:Roe, Jane\nReleased By: DUSH/POL:Mustermann, Erika\n"
    )
    found = to_json(read(text.encode(), received=RECEIVED))
    assert found["signed"] == "EXAMPLE"
    shown = str({key: value for key, value in found.items() if key != "repairs"})
    assert "Roe" not in shown
    assert "Mustermann" not in shown


@pytest.mark.parametrize(
    "body",
    [
        "$\\mathrm{\\P}1.$ (U) ALPHA.\n\n\\P2. (U) BRAVO.\n\n$\\text{\\P}\\ 3$. (U) CHARLIE.",
        "$\\underline{\\mbox{1}}$ 1. (U) ALPHA.\n\n$\\underline{12.}$ (U) BRAVO.\n\n$13.$ (U) CHARLIE.",
        "**1\\.** (U) ALPHA.\n\n* 2. (U) BRAVO.\n\n> 3. (U) CHARLIE.",
        "[1](#) . (U) ALPHA.\n\n[2](#par2). (U) BRAVO.\n\n<a name='p3'></a>3. (U) CHARLIE.",
        "- 11. (U) ALPHA.\n\n--  12.  (U) BRAVO.\n\n* 1 3. (U) CHARLIE.",
        "l. (U) ALPHA.\n\n¶ 2 (U) BRAVO.\n\n&para;3) (U) CHARLIE.",
        "1. (U) ALPHA. 2. (U) BRAVO. 3. (U) CHARLIE.",
    ],
)
def test_numbers_in_other_disguises(body: str) -> None:
    found = _read(body)
    assert [(p["number"], p["text"]) for p in found["paragraphs"]] == [
        (1, "ALPHA."),
        (2, "BRAVO."),
        (3, "CHARLIE."),
    ]


def test_money_at_the_beginning_of_a_line_is_no_formula() -> None:
    assert _read("1. (U) THE PRICE IS\n$5. IT ROSE TO $7 LATER.")["paragraphs"][0]["text"] == (
        "THE PRICE IS $5. IT ROSE TO $7 LATER."
    )


@pytest.mark.parametrize(
    ("printed", "references"),
    [
        (
            "A. A) STATE 1234 [1](#)B. B) NEW DELHI 5678",
            [("A", "STATE", 1234, 2026), ("B", "NEW DELHI", 5678, 2026)],
        ),
        (
            "A. (A) STATE 55 [1](#)B. (B) BAKU 7\n[2](#)C. (C) 08 BAKU 8",
            [("A", "STATE", 55, 2026), ("B", "BAKU", 7, 2026), ("C", "BAKU", 8, 2008)],
        ),
        (
            "(A) STATE 12; (B) BEIJING 34\n     (C) BAKU 5",
            [("A", "STATE", 12, 2026), ("B", "BEIJING", 34, 2026), ("C", "BAKU", 5, 2026)],
        ),
        ("2026 STATE 4; 2025 DUSHANBE 55", [("A", "STATE", 4, 2026), ("B", "DUSHANBE", 55, 2025)]),
    ],
)
def test_references_in_other_disguises(printed: str, references: list[tuple[object, ...]]) -> None:
    found = _read(lead=f"REF: {printed}\n")["references"]
    assert [(r["letter"], r["origin"], r["serial"], r["year"]) for r in found] == references


def test_an_order_without_any_mark_but_its_number() -> None:
    assert _read(lead="EO 12958 DECL 07/15/2033\n")["declassify_on"] == "2033-07-15"


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        (
            "AMEMBASSY NEW DEL-\nHI PRIORITY 1234\nAMEMBASSY TBILISI",
            ["AMEMBASSY NEW DELHI", "AMEMBASSY TBILISI"],
        ),
        ("USMISSION USUN NEW YORK\nAMEMBASSY BAKU", ["USMISSION USUN NEW YORK", "AMEMBASSY BAKU"]),
        (
            "AMEMBASSY ABU\nPAGE 02 STATE 000123 011531Z\nDHABI\nAMCONSUL DUBAI",
            ["AMEMBASSY ABU DHABI", "AMCONSUL DUBAI"],
        ),
        ("AIG 7777", ["AIG 7777"]),
    ],
)
def test_addresses(to: str, addresses: list[str]) -> None:
    assert [a["address"] for a in _read(to=to)["to"]] == addresses


def test_niact_alone_is_immediate() -> None:
    assert _read(to="AMEMBASSY DUSHANBE NIACT")["to"][0]["precedence"] == "NIACT IMMEDIATE"


def test_minimize_is_no_signature() -> None:
    found = _read("1. (U) ALPHA.", end="MINIMIZE CONSIDERED")
    assert found["signed"] is None
    assert found["paragraphs"][0]["text"] == "ALPHA.\nMINIMIZE CONSIDERED"


def test_a_deadline_by_the_day_of_the_week() -> None:
    found = _read("1. (U) PLEASE REPORT NO LATER THAN FRIDAY.")
    assert found["due"] == "2026-08-07"
    assert any("day of the week" in warning for warning in found["warnings"])


def test_show_three_with_other_figures() -> None:
    """An address cut by a page line, numbers in every disguise, nested references, a signature run on."""
    text = """OO RUEHZZ RUEHYY
DE RUEHC #0007 1571210
ZNY SSSSS ZZH
O P 061205Z JUN 09
FM SECSTATE WASHDC
TO RUEHNT/AMEMBASSY TASHKENT IMMEDIATE 0201
RUEHAH/AMEMBASSY ASHGA
PAGE 02 STATE 058321 061210Z
BAT IMMEDIATE 0303
INFO RUEHBJ/AMEMBASSY BEIJING PRIORITY 0117
BT
S E C R E T STATE 058321
SIPDIS
E.O. 12958: DECL: 06/05/2034
TAGS: PARM, ETTC, MNUC, KN, CH, UZ, TX
SUBJECT: (S) EXERCISE: OVERFLIGHT OF XXX44
REF: A. (A) STATE 55555 [1](#)B. (B) ASHGABAT 711
[2](#)C. (C) 08 BEIJING 1234
Classified By: Jane Q. Public, ISN Acting Assistant Secretary, Reasons: 1.4 (b), (c) and (d)

11. (U) THIS IS AN ACTION REQUEST.  SEE PARAS 3 AND 4.

- 12.   (S//REL TO USA, UZB, TKM) THE FLIGHT LEAVES ON
JUNE 9.

13. (S/REL RECIPIENTS) POSTS ARE TO APPROACH HOSTS.

$\\P4$. (S) POSTS SHOULD REPORT BY JUNE 8.

-  15. (S//NF) BACKGROUND.

$\\P6.$ (C) MORE.

$\\underline{\\mbox{1}} 7.$ (U) DEPARTMENT THANKS POSTS. SAMPLEMAN
BT
#0007
NNNN
"""
    found = to_json(read(text.encode(), received=RECEIVED))
    assert [(a["address"], a["precedence"], a["state"]) for a in found["to"]] == [
        ("AMEMBASSY TASHKENT", "IMMEDIATE", "UZB"),
        ("AMEMBASSY ASHGABAT", "IMMEDIATE", "TKM"),
    ]
    assert [p["number"] for p in found["paragraphs"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [(r["origin"], r["serial"], r["year"]) for r in found["references"]] == [
        ("STATE", 55555, 2009),
        ("ASHGABAT", 711, 2009),
        ("BEIJING", 1234, 2008),
    ]
    assert [t["state"] for t in found["tags"] if t["kind"] == "state"] == ["PRK", "CHN", "UZB", "TKM"]
    assert found["paragraphs"][2]["marking"]["release"] == ["TKM", "USA", "UZB"]
    assert found["paragraphs"][2]["marking"]["inferred"]
    assert (found["signed"], found["due"], found["action"]["paragraphs"]) == (
        "SAMPLEMAN",
        "2009-06-08",
        [3, 4],
    )
    kinds = {repair["kind"] for repair in found["repairs"]}
    assert {
        "page line",
        "pilcrow",
        "pilcrow kept",
        "tex",
        "bullet",
        "markdown",
        "reference letter",
        "signature",
    } <= kinds


def test_columns_of_a_line_that_is_cleaned_in_two_rounds() -> None:
    """Found by reading the code: one layer of debris under another put the columns behind it one further."""
    text = "[**A**](#) B"
    line = clean(Source(text.encode(), "ascii", text), Log())[0]
    assert line.text == "A B"
    assert [line.column(n) for n in range(4)] == [1, 11, 12, 13]


@pytest.mark.parametrize(
    "text",
    [
        "1. THE DESK OFFI-\nCER IS JANE SAMPLEMAN, 202-555-0100.",
        "1. POINT OF CON-\nTACT IS JANE SAMPLEMAN, 202-555-0100.",
        "1. THE DESK OFFICER IS JANE SAM-\nPLEMAN, 202-555-0100.",
        "1. THE DESK OFFI\nPAGE 02 STATE 000123 011530Z\nCER IS JANE SAMPLEMAN, 202-555-0100.",
    ],
)
def test_a_contact_whose_word_is_broken_is_left_out_as_well(text: str) -> None:
    """Found by reading the code: the quick look for contacts saw the halves of the word only."""
    (paragraph,) = _read(text)["paragraphs"]
    assert paragraph["text"].endswith("IS (NAME), (NUMBER).")


def test_a_portion_behind_a_list_of_letters_is_told() -> None:
    """Found by a campaign: (C) behind (A) and (B) may be a letter or a marking; the guess was silent."""
    found = _read("1. (U) ALPHA.\n(A) BRAVO.\n(B) CHARLIE.\n(C) DELTA.")
    (paragraph,) = found["paragraphs"]
    assert paragraph["text"].endswith("(C) DELTA.")
    assert any("(C) is taken for a letter of the list above it" in w for w in found["warnings"])
    # A text that holds another marking goes to nobody, and a model that says it differently is quoted.
    model = from_json(
        {
            **found,
            "paragraphs": [
                {"number": 1, "marking": {"text": "U"}, "text": "ALPHA.\n(A) BRAVO.\n(B) CHARLIE."},
                {"marking": {"text": "C"}, "text": "DELTA."},
            ],
        }
    )
    assert read(write(model).encode(), received=RECEIVED).telegram == model
    reading = read(write(from_json(found)).encode(), received=RECEIVED)
    assert not release_to(reading, "TJK").portions
