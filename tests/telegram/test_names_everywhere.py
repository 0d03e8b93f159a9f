"""Names, numbers and mailboxes in damaged labels, heads, foots, slugs and references: none comes out."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from overflight.telegram import read, to_json, write
from overflight.telegram.contacts import redact_contact
from overflight.telegram.namelines import redact_line, redact_reference
from overflight.telegram.portions import release_to
from overflight.telegram.reader import Reading
from overflight.telegram.telephones import redact_numbers

RECEIVED = dt.date(2026, 12, 31)
NAMES = re.compile(r"ROXBY|MARLOW|\b(?:JANE|KARL)\b|0147|50147", re.IGNORECASE)

SENTENCES = [
    "THIS MESSAGE WAS DRAFTED BY JANE ROXBY",
    "THIS CABLE WAS DRAFTED BY KARL MARLOW AND CLEARED BY JANE ROXBY",
    "THIS MESSAGE WAS CLEARED BY AMBASSADOR ROXBY",
    "JANE ROXBY (ISN/MTR, 202-555-0147) IS THE DEPARTMENT'S POINT OF CONTACT",
    "MR. ROXBY IS THE ACTION OFFICER",
    "ROXBY, ISN/MTR, 7-0147, IS THE POC",
    "CALL 202-555-0147",
    "OFFICE PHONE 202-555-0147",
    "TEL: +1 202 555 0147",
    "FAX 2025550147",
    "MOBILE 202.555.0147",
    "(202) 555-0147",
    "ACTION OFFICER IS KARL MARLOW, EXT. 50147",
    "E-MAIL: ROXBYJ AT STATE DOT GOV",
    "PLEASE SLUG REPLIES FOR ISN - JANE ROXBY",
    "PLEASE SLUG RESPONSES FOR ISN/MTR (JROXBY) AND EAP/K (KMARLOW)",
    "PLEASE NOTIFY KARL MARLOW, ISN/MTR",
    "REPLIES SHOULD BE MARKED FOR THE ATTENTION OF JANE ROXBY",
    "COORDINATED WITH KARL MARLOW (DAO)",
    "SIGNED: JANE ROXBY",
    "REPORTING OFFICER: ROXBY",
    "P O C: JANE ROXBY",
    "C0NTACT: JANE ROXBY",
    "DRAFTEDBY: JANE ROXBY",
    "APPR0VED BY: JANE ROXBY",
    "POINT OF CONTACT\nJANE ROXBY, 202-555-0147",
]
LINES = [
    "Classified By: Ambassador Jane Roxby. Reason: 1.4 (b).",
    "CLASSIFIED BY CDA KARL MARLOW, FOR REASONS 1.4 (B) AND (D).",
    "CLASSIFICATION BY JANE ROXBY, DCM, REASONS 1.4 (B)",
    "CLASIFIED BY JANE ROXBY, REASONS 1.4 (B)",
    "Class By: Jane Roxby, DCM",
    "CL BY: JROXBY",
    "Derived By: Jane Roxby, CDA",
    "Derived From: DSCG 11-01 (B), (D); derived by Jane Roxby",
    "OCA: JANE ROXBY",
    "Authority: Karl Marlow, DCM",
    "Drafting Office: ISN/MTR (JRoxby)",
    "Drafted: POL:KMarlow",
    "Cleared: Roxby, Jane",
    "Clearance: SCA: KMarlow",
    "APPROVED: AMB:JROXBY",
    "AMB:JROXBY",
    "POC: JANE ROXBY, 202-555-0147",
    "Author: RoxbyJ@example.gov",
    "Sent By: Jane Roxby",
    "PHONE: 202-555-0147",
    "FOR DAS ROXBY FROM MARLOW",
    "STATE FOR ISN/MTR - JANE ROXBY",
    "PASS NSC FOR ROXBY",
]
COMMON = (
    "{pre}O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nUNCLAS STATE 047110\n{cap}"
    "E.O. 13526: N/A\nTAGS: {tags}\nSUBJECT: EXERCISE: T\n{ref}{head}\n1. (U) EXERCISE OPEN.\n\n{body}"
    "2. (U) END.\n\nEXAMPLE\n{end}BT\nNNNN\n"
)
LABELLED = (
    "MRN: 26 DUSHANBE 345\nDate/DTG: Aug 05, 2026 / 051200Z AUG 26\nFrom: AMEMBASSY DUSHANBE\n"
    "Action: WASHDC, SECSTATE ROUTINE\nClassification: UNCLASSIFIED\nTAGS: EAIR\n{lab}"
    "Subject: EXERCISE: ANSWER\n\n1. (U) EXERCISE OPEN.\n\nSignature: EXAMPLE\n{foot}"
)
PARTS = {
    "pre": "",
    "cap": "",
    "tags": "EAIR",
    "ref": "",
    "head": "",
    "body": "",
    "end": "",
    "lab": "",
    "foot": "",
}


def _nameless(text: str) -> Reading:
    reading = read(text.encode(), received=RECEIVED)
    shown = json.dumps(to_json(reading)) + json.dumps(release_to(reading, "TJK").to_json())
    assert not NAMES.search(shown), NAMES.findall(shown)
    assert not NAMES.search(write(reading.telegram))
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    assert "EXERCISE OPEN." in reading.telegram.paragraphs[0].text
    return reading


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_name_comes_out_of_a_paragraph(sentence: str) -> None:
    reading = _nameless(COMMON.format(**PARTS | {"body": f"3. (U) {sentence}. THE REST STAYS.\n\n"}))
    assert "personal name" in {repair.kind for repair in reading.repairs}
    assert "THE REST STAYS." in json.dumps(to_json(reading))


@pytest.mark.parametrize("place", ["pre", "cap", "head", "end"])
@pytest.mark.parametrize("line", LINES)
def test_no_name_comes_out_of_a_line(line: str, place: str) -> None:
    _nameless(COMMON.format(**PARTS | {place: f"{line}\n"}))


@pytest.mark.parametrize("line", LINES)
def test_no_name_comes_out_of_the_labelled_form(line: str) -> None:
    _nameless(LABELLED.format(**PARTS | {"lab": f"{line}\n"}))
    _nameless(LABELLED.format(**PARTS | {"foot": f"{line}\n"}))


@pytest.mark.parametrize(
    "tags",
    ["OVIP [ROXBY, JANE], EAIR", "OVIP, EAIR, ROXBY JANE", "OVIP (ROXBY JANE", "OVIP (ROXBY, JANE), EAIR"],
)
def test_tags_name_nobody(tags: str) -> None:
    assert _nameless(COMMON.format(**PARTS | {"tags": tags})).telegram.tags[0] == "OVIP"


@pytest.mark.parametrize(
    ("reference", "clean"),
    [
        ("A. ROXBY-MARLOW E-MAIL 8/1/26", "A. (NAME)-(NAME) E-MAIL 8/1/26"),
        ("A. TELCON ROXBY/MARLOW OF AUG 1", "A. TELCON (NAME)/(NAME) OF AUG 1"),
        ("A. E-MAIL FROM JANE ROXBY OF AUG 1 B. STATE 1234", "A. E-MAIL FROM (NAME) OF AUG 1 B. STATE 1234"),
        (
            "A. EMBASSY DUSHANBE E-MAIL OF AUG 1 B. STATE 1234",
            "A. EMBASSY DUSHANBE E-MAIL OF AUG 1 B. STATE 1234",
        ),
    ],
)
def test_references_name_nobody(reference: str, clean: str) -> None:
    assert redact_reference(reference)[0] == clean
    _nameless(COMMON.format(**PARTS | {"ref": f"REF: {reference}\n"}))


@pytest.mark.parametrize(
    "text",
    [
        "O 241410Z AUG 26", "CALL SIGN KOR621", "TEL AVIV 1234", "S/N 123-456-7890", "52-30-15N 013-24-00E",
        "IL-76 RA-76842", "CALL AT 1500", "FLIGHT AF-1234", "5230N01324E", "TEXT 2024", "2026-08-24",
        "THE EXTENSION 2026", "STATE 047110", "AN-124-100", "AT 241410Z",
    ],
)  # fmt: skip
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert redact_numbers(text) == (text, 0)
    assert redact_contact(text) == (text, 0)


@pytest.mark.parametrize(
    "text",
    [
        "THE FLIGHT WAS CLEARED BY THE MINISTER ON JULY 3.",
        "THE EMBASSY IS THE POINT OF CONTACT.",
        "PLEASE NOTIFY THE MINISTRY OF FOREIGN AFFAIRS BY JULY 3.",
        "PLEASE SLUG REPLIES FOR ISN/MTR AND EAP/K BY AUGUST 4.",
        "AUTHORITY: ARTICLE 3 OF THE CONVENTION APPLIES.",
        "FOR EUR/RUS AND SCA/CEN",
        "FOR KORYO AIRCRAFT",
        "THE ROUTE WAS COORDINATED WITH TURKMENISTAN.",
        "THIS MESSAGE WAS CLEARED BY THE DEPARTMENT.",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact_contact(text) == (text, 0)
    assert redact_line(text) == (text, 0)


@pytest.mark.parametrize(
    "cue", ["P O C: ", "IS THE POC ", "TEL 1-", "CABLE WAS DRAFTED BY ", "SLUG FOR A - ", "A:B "]
)
def test_repeated_cues_are_read_in_linear_time(cue: str) -> None:
    """Steps are counted, not seconds: what is called for twice the cues is called about twice as often."""
    import sys

    def steps(n: int) -> int:
        count = 0

        def tick(*_: object) -> None:
            nonlocal count
            count += 1

        before = sys.getprofile()
        sys.setprofile(tick)
        try:
            redact_line(cue * n)
        finally:
            sys.setprofile(before)
        return count

    steps(40)
    assert steps(400) < 3 * steps(200) + 2_000


def test_a_caption_behind_any_label_of_the_foot_holds_the_message() -> None:
    for label in ("Dissemination Rule: NODIS", "Special Rules: EXDIS"):
        reading = read(LABELLED.format(**PARTS | {"foot": f"{label}\n"}).encode(), received=RECEIVED)
        assert not release_to(reading, "TJK").portions
