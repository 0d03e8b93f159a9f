"""Personal names of drafting, authority, trailer and contact lines go; offices and sentences stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from overflight.telegram import read, to_json, write
from overflight.telegram.contacts import redact_contact
from overflight.telegram.reader import Reading

RECEIVED = dt.date(2026, 12, 31)
NAMES = ("QUILL", "TARRANT", "HARKAWAY", "PENN", "PENDRY", "HARROW", "ROBIN", "KIM")


def _reading(more: str = "", lead: str = "", order: str = "E.O. 13526: DECL: 08/24/2036") -> Reading:
    text = (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
        f"{order}\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n{lead}\n1. (U) OPEN ONE.\n{more}\nBT\nNNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _nameless(reading: Reading) -> dict[str, Any]:
    """The reading as JSON, in which no name stands, and which lists that one was left out."""
    found = to_json(reading)
    shown = str(found).upper()
    assert not [name for name in NAMES if name in shown]
    assert "personal name" in {repair.kind for repair in reading.repairs}
    return found


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("E.O. 12065: GDS 11/23/85 (QUILL, PAT) OR-M", "GDS 11/23/85 OR-M"),
        ("E.O. 12065: RDS-1 11/23/99 (HARROW, KIM)", "RDS-1 11/23/99"),
        ("E.O. 12065: GDS 11/23/85 (PENDRY)", "GDS 11/23/85"),
    ],
)
def test_who_set_the_declassification_goes(order: str, text: str) -> None:
    reading = _reading(order=order)
    _nameless(reading)
    assert reading.telegram.order is not None
    assert reading.telegram.order.text == text


@pytest.mark.parametrize("text", ["DECL: 1.5 (B, D)", "DECL: 1.4(B AND D, E)", "XGDS-3 (EVENT)"])
def test_reasons_in_brackets_are_no_name(text: str) -> None:
    order = _reading(order=f"E.O. 12958: {text}").telegram.order
    assert order is not None
    assert order.text == text


def test_a_line_of_authority_may_have_a_marking() -> None:
    reading = _reading(lead="(U) Classified by Deputy Secretary Lee Tarrant, reason: 1.4 (b).\n")
    found = _nameless(reading)
    assert found["authority"]["office"] == "Deputy Secretary"
    assert found["reasons"] == ["1.4(b)"]
    assert found["subject"]["text"] == "EXERCISE: T"


@pytest.mark.parametrize("line", ["EA/K - MS. PENDRY", "EA/K MS. PENDRY", "EA/K (PENDRY)", "MS. PENDRY"])
def test_a_clearing_line_of_an_archive_copy_leaves_its_office(line: str) -> None:
    text = (
        "UNCLASSIFIED\nPAGE 01 STATE 303555\nORIGIN EB-08\n\nINFO OCT-01 EA-10 /019 R\n\n"
        f"DRAFTED BY EB/AN:PQUILL\nAPPROVED BY EB:KTARRANT\n{line}\n"
        "------------------041234 231200Z /40\nR 231130Z NOV 79\nFM SECSTATE WASHDC\nTO AMEMBASSY TOKYO\n\n"
        "UNCLAS STATE 303555\n\nE.O. 12065: N/A\n\nTAGS: EAIR\n\nSUBJECT: EXERCISE: SAMPLE\n\n1. ALPHA.\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    _nameless(reading)
    expected = [("drafted", "EB/AN"), ("approved", "EB")]
    assert list(reading.telegram.drafted) == expected + [("cleared", "EA/K")] * line.startswith("EA/K")
    assert not [w for w in reading.warnings if "no line of a head" in w]


def test_a_damaged_end_of_message_is_no_signature() -> None:
    text = (
        "R 231130Z NOV 79\nFM SECSTATE WASHDC\nTO AMEMBASSY TOKYO\n\nUNCLAS STATE 303555\nTAGS: EAIR\n"
        "SUBJECT: EXERCISE: SAMPLE\n\n1. REPLY BY MAY 9. QUILLHAVEN\n\nNNN\n"
    )
    reading = read(text.encode(), received=RECEIVED)
    assert reading.telegram.signed == "QUILLHAVEN"
    assert reading.telegram.paragraphs[-1].text == "REPLY BY MAY 9."
    assert "end of message" in {repair.kind for repair in reading.repairs}


@pytest.mark.parametrize(
    ("more", "drafted"),
    [
        ("\nDrafted By: Quill, Pat", []),
        (
            "DRAFTED BY:  ISN/EX:PQUILL\nCLEARED BY:  EUR:KTARRANT\n    SCA:APENN",
            [("drafted", "ISN/EX"), ("cleared", "EUR"), ("cleared", "SCA")],
        ),
        ("Drafted: ISN/EX - PQuill", [("drafted", "ISN/EX")]),
        ("Cleared: EUR KTarrant ok", [("cleared", "EUR")]),
        ("DRAFTED BY ISN/EX:PQUILL", [("drafted", "ISN/EX")]),
    ],
)
def test_a_drafting_line_in_the_text_leaves_its_office(more: str, drafted: list[tuple[str, str]]) -> None:
    reading = _reading(more)
    found = _nameless(reading)
    assert list(reading.telegram.drafted) == drafted
    assert [p["text"] for p in found["paragraphs"]] == ["OPEN ONE."]


def test_a_drafting_line_behind_the_subject_is_no_subject() -> None:
    found = _nameless(_reading(lead="Drafted By: Quill, Pat\n"))
    assert found["subject"]["text"] == "EXERCISE: T"


@pytest.mark.parametrize(
    "text",
    [
        "CLEARED: ALL FLIGHTS MUST LEAVE BY NIGHT.",
        "THE TEXT WAS APPROVED BY THE MINISTRY.",
        "Approved: the request stands as it was made.",
    ],
)
def test_a_sentence_is_no_drafting_line(text: str) -> None:
    reading = _reading(text)
    assert reading.telegram.paragraphs[-1].text == f"OPEN ONE. {text}"
    assert not reading.repairs


def test_the_foot_of_a_labelled_telegram_leaves_no_name_and_lists_each_line_as_what_it_is() -> None:
    text = (
        "MRN: 26 DUSHANBE 345\nDate/DTG: Aug 05, 2026 / 051200Z AUG 26\nFrom: AMEMBASSY DUSHANBE\n"
        "Action: WASHDC, SECSTATE ROUTINE\nTAGS: EAIR\nSubject: EXERCISE: ANSWER\n\n1. (U) ALPHA.\n\n"
        "2. (U) Text.\n\nSignature: QUILLON\nDrafted By: DUSHANBE:Quill, Pat\nCleared By: POL:Tarrant, Kim\n"
        "Approved By: EXEC:Harkaway, Robin\nReleased By: DUSHANBE:Penn, Ada\n"
    )
    for more, trailers in (
        ("Info: ISN COLLECTIVE\nDissemination Rule: Archive Copy\n", ["Info:", "Dissemination Rule:"]),
        ("Dissemination Rule: Archive Copy\n", ["Dissemination Rule:"]),
        ("", []),
    ):
        reading = read((text + more).encode(), received=RECEIVED)
        assert reading.telegram.signed == "QUILLON"
        assert [p.text for p in reading.telegram.paragraphs] == ["ALPHA.", "Text."]
        assert ("cleared", "POL") in reading.telegram.drafted
        assert [r.read for r in reading.repairs if r.kind == "trailer line"] == trailers
        assert sum(r.kind == "personal name" for r in reading.repairs) == 4
        shown = str(to_json(reading))
        assert not [name for name in ("Quill,", "Tarrant", "Harkaway", "Penn") if name in shown]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "Please contact Robin Harkaway or Kim Tarrant in ISN/EX with questions.",
            "Please contact (NAME) or (NAME) in ISN/EX with questions.",
        ),
        (
            "QUESTIONS MAY BE DIRECTED TO ROBIN HARKAWAY, ISN/EX.",
            "QUESTIONS MAY BE DIRECTED TO (NAME), ISN/EX.",
        ),
        (
            "For further information call Ms. Harkaway on 75555.",
            "For further information call (NAME) on (NUMBER).",
        ),
        ("Please slug replies for ISN/EX Robin Harkaway.", "Please slug replies for ISN/EX (NAME)."),
        ("Contact ISN/EX (Harkaway/Tarrant).", "Contact ISN/EX (NAME)."),
        ("CONTACTS: R. HARKAWAY, EXT. 4455", "CONTACTS: (NAME), EXT. (NUMBER)"),
        ("Follow-up questions: rharkaway@example.org", "Follow-up questions: (MAILBOX) AT example.org"),
        (
            "POC: CAPT ROBIN HARKAWAY, J3 OPS, DSN 555-0100.",
            "POC: (NAME), J3 OPS, DSN (NUMBER).",
        ),
        (
            "Drafted by: Robin Harkaway, ISN/EX. Approved by: Kim Tarrant.",
            "Drafted by: (NAME), ISN/EX. Approved by: (NAME).",
        ),
    ],
)
def test_a_sentence_that_names_a_contact_keeps_the_office(text: str, clean: str) -> None:
    assert redact_contact(text)[0] == clean
    assert redact_contact(clean) == (clean, 0)
    reading = _reading("2. (U) THE END. " + text + "\n")
    _nameless(reading)
    assert reading.telegram.paragraphs[-1].text == "THE END. " + clean


@pytest.mark.parametrize(
    "text",
    [
        "WE STAY IN CONTACT WITH PYONGYANG.",
        "THE QUESTIONS OF TEHRAN WERE ANSWERED.",
        "PLEASE SLUG REPLIES FOR ISN/MTR AND EAP/K BY AUGUST 4.",
        "PLEASE CONTACT THE EMBASSY IF DIFFICULTIES ARISE.",
        "THE MINISTER WILL CALL ASHGABAT ON MONDAY.",
        "FURTHER INFORMATION CAME FROM PYONGYANG.",
        "THE NOTE WAS APPROVED BY PYONGYANG.",
    ],
)
def test_an_ordinary_sentence_names_no_contact(text: str) -> None:
    assert redact_contact(text) == (text, 0)


def test_places_and_states_are_no_names() -> None:
    for text in (
        "Please contact the Ministry of Transport in Dushanbe with questions.",
        "QUESTIONS WERE SENT TO DUSHANBE.",
        "PLEASE CONTACT THE GOVERNMENT OF PAKISTAN AND THE MINISTRY OF FOREIGN AFFAIRS.",
        "COMMENTS WERE SENT TO THE MISSION IN GENEVA.",
    ):
        assert redact_contact(text) == (text, 0)
