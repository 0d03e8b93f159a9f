"""A person is named in many ways and places: in none of them does the name come out."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from overflight.telegram import from_json, read, to_json, write
from overflight.telegram.contacts import redact_contact
from overflight.telegram.portions import release_to
from overflight.telegram.reader import Reading

RECEIVED = dt.date(2026, 12, 31)
NAMES = re.compile(
    r"ROXBY|MARLOW|TARRANT|\b(?:JANE|KARL|KIM|ROSE|BAKER|PARIS|JORDAN)\b|555-?01|roxbyj", re.IGNORECASE
)

CONTACTS = [
    "PLS CONTACT JANE ROXBY AT 202-555-0101",
    "CONTACT JANE ROXBY",
    "CONTACT ROXBY AT 202-555-0101",
    "KINDLY CONTACT JANE ROXBY IN EUR/RUS",
    "SEND REPLIES TO ROXBYJ@EXAMPLE.ORG",
    "SEND REPLIES TO JANE ROXBY",
    "P.O.C.: JANE ROXBY",
    "POC IS JANE ROXBY, EUR/RUS, 202-555-0101",
    "CONTACT NAME: JANE ROXBY",
    "CONTACT PERSON - JANE ROXBY",
    "DEPARTMENT CONTACT IS JANE ROXBY",
    "DESK OFFICER JANE ROXBY WILL ANSWER",
    "DESK OFFICER: JANE ROXBY",
    "DUTY OFFICER: KARL MARLOW",
    "ATTN: JANE ROXBY",
    "REPLY TO JANE ROXBY",
    "QUESTIONS: JANE ROXBY",
    "Please email your answer no later than Monday to Kim Tarrant",
    "Please contact jane roxby",
    "PLEASE CONTACT ms. rose baker",
    "POC: PARIS JORDAN",
    "WRITE AT ANY TIME TO jane.roxby@example.org",
    "PLEASE CONTACT JANE ROXBY IN THE OFFICE OF MISSILE THREAT REDUCTION OF THE BUREAU OF INTERNATIONAL "
    "SECURITY AND NONPROLIFERATION OF THE DEPARTMENT AT 202-555-0101",
]
OFFICERS = [
    "DRAFTING OFFICER: JANE ROXBY",
    "CLEARING OFFICER: DCM:KMARLOW",
    "RELEASING OFFICER: JANE ROXBY",
    "APPROVING OFFICER: JANE ROXBY",
    "AUTHORIZED BY: KARL MARLOW",
    "DRAFTED BY JANE ROXBY",
    "DRAFTED - JANE ROXBY",
    "DRAFTED BY: EUR/RUS:JROXBY",
    "DRFTD: JANE ROXBY",
    "CLR: KARL MARLOW",
    "PREPARED BY: JANE ROXBY",
    "CLEARED IN DRAFT BY KARL MARLOW",
    "APPROVED BY AMBASSADOR ROXBY",
]
CLASSIFIERS = [
    "CLASSIFIED BY: DCM JANE ROXBY, REASON 1.4 (D)",
    "Classified by DCM Jane Roxby for reasons 1.4 (b)",
    "CLASSIFYING OFFICER: KARL MARLOW",
    "CLASSIFIER: KARL MARLOW",
    "ORIGINAL CLASSIFIER: KARL MARLOW",
    "CLASSIFICATION AUTHORITY: DCM KARL MARLOW",
]
PLACES = {
    "clean": "1. (U) WE AGREE. {}.\n\n2. (U) THE END.\n",
    "marked": "1. (U) WE AGREE.\n\n(U) {}.\n\n2. (U) THE END.\n",
    "portion": "1. (U) WE AGREE.\n\n2. (U) {}. THE TEXT GOES ON.\n",
    "own line": "1. (U) WE AGREE.\n\n{}\n\n2. (U) THE END.\n",
    "last of a paragraph": "1. (U) WE AGREE.\n{}\n\n2. (U) THE END.\n",
    "foot": "1. (U) WE AGREE.\n\n2. (U) THE END.\n\n{}\n",
}


def _common(body: str, lead: str = "", above: str = "") -> bytes:
    return (
        "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nUNCLAS STATE 047110\n"
        f"{above}E.O. 13526: N/A\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n{lead}\n{body}\nBT\nNNNN\n"
    ).encode()


def _labelled(body: str) -> bytes:
    return (
        "MRN: 26 DUSHANBE 345\nDate/DTG: Aug 05, 2026 / 051200Z AUG 26\nFrom: AMEMBASSY DUSHANBE\n"
        "Action: WASHDC, SECSTATE ROUTINE\nClassification: UNCLASSIFIED\nTAGS: EAIR\n"
        f"Subject: EXERCISE: ANSWER\n\n{body}"
    ).encode()


def _nameless(data: bytes) -> Reading:
    reading = read(data, received=RECEIVED)
    shown = json.dumps(to_json(reading))
    assert not NAMES.search(shown), NAMES.findall(shown)
    assert not NAMES.search(json.dumps(release_to(reading, "TJK").to_json()))
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    assert from_json(to_json(reading)) == reading.telegram
    return reading


@pytest.mark.parametrize("form", ["common", "labelled"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", [*CONTACTS, *OFFICERS, *CLASSIFIERS])
def test_no_name_comes_out_of_a_text(spelling: str, place: str, form: str) -> None:
    body = PLACES[place].format(spelling)
    reading = _nameless(_common(body) if form == "common" else _labelled(body))
    assert "WE AGREE." in reading.telegram.paragraphs[0].text


@pytest.mark.parametrize("spelling", [*CONTACTS, *OFFICERS, *CLASSIFIERS])
def test_no_name_comes_out_of_a_line_above_the_text(spelling: str) -> None:
    for data in (
        _common("1. (U) WE AGREE.\n", lead=f"{spelling}\n"),
        _common("1. (U) WE AGREE.\n", above=f"{spelling}\n"),
        _common("1. (U) WE AGREE.\n", above=f"{spelling}\n\n"),
    ):
        reading = _nameless(data)
        assert reading.telegram.paragraphs[-1].text.endswith("WE AGREE.")
        assert reading.telegram.tags == ("EAIR",)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "PLS CONTACT JANE ROXBY, EUR/RUS, AT 202-555-0101.",
            "PLS CONTACT (NAME), EUR/RUS, AT (NUMBER).",
        ),
        ("SEND REPLIES TO ROXBYJ@EXAMPLE.ORG.", "SEND REPLIES TO (MAILBOX) AT EXAMPLE.ORG."),
        (
            "DRAFTED BY: EUR/RUS:JROXBY. CLEARED: DCM:KMARLOW.",
            "DRAFTED BY: EUR/RUS:(NAME). CLEARED: DCM:(NAME).",
        ),
        (
            "CLASSIFIED BY: DCM JANE ROXBY, REASON 1.4 (D).",
            "CLASSIFIED BY: DCM (NAME), REASON 1.4 (D).",
        ),
        (
            "THE PLAN STANDS. APPROVED BY AMBASSADOR ROXBY.",
            "THE PLAN STANDS. APPROVED BY AMBASSADOR (NAME).",
        ),
        ("DESK OFFICER JANE ROXBY WILL ANSWER.", "DESK OFFICER (NAME) WILL ANSWER."),
        ("ATTN: POL CHIEF ROXBY", "ATTN: POL CHIEF (NAME)"),
        ("POC: GRANT ROXBY, EUR/RUS.", "POC: (NAME), EUR/RUS."),
        ("POC: JANE LONG, EUR/RUS.", "POC: (NAME), EUR/RUS."),
        ("CONTACT ROXBY/EUR.", "CONTACT (NAME)/EUR."),
    ],
)
def test_the_office_stays(text: str, clean: str) -> None:
    assert redact_contact(text)[0] == clean
    assert redact_contact(clean) == (clean, 0)


@pytest.mark.parametrize(
    ("line", "drafted"),
    [
        ("DRAFTING OFFICER: EUR/RUS:JROXBY", ("drafted", "EUR/RUS")),
        ("CLEARING OFFICER: DCM:KMARLOW", ("cleared", "DCM")),
        ("RELEASING OFFICER: POL CHIEF JANE ROXBY", ("approved", "POL CHIEF")),
        ("AUTHORIZED BY: DCM KARL MARLOW", ("approved", "DCM")),
        ("DRFTD: EUR/RUS:JROXBY", ("drafted", "EUR/RUS")),
        ("CLR: DCM:KMARLOW", ("cleared", "DCM")),
        ("PREPARED BY: POL:JROXBY", ("drafted", "POL")),
        ("CLEARED IN DRAFT BY DCM KARL MARLOW", ("cleared", "DCM")),
        ("APPROVED BY AMBASSADOR ROXBY", ("approved", "AMBASSADOR")),
    ],
)
def test_an_officers_line_leaves_its_office(line: str, drafted: tuple[str, str]) -> None:
    body = f"1. (U) WE AGREE.\n\n2. (U) THE END.\n\n{line}\n"
    for data in (_common(body), _labelled(body)):
        reading = _nameless(data)
        assert drafted in reading.telegram.drafted
        assert [p.text for p in reading.telegram.paragraphs] == ["WE AGREE.", "THE END."]


@pytest.mark.parametrize(
    "label", ["CLASSIFIED BY", "CLASSIFYING OFFICER", "CLASSIFIER", "ORIGINAL CLASSIFIER",
              "CLASSIFICATION AUTHORITY", "ORIGINAL CLASSIFICATION AUTHORITY"],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["", "(U) "])
def test_every_label_of_authority_gives_the_office(label: str, mark: str) -> None:
    line = f"{mark}{label}: DCM JANE ROXBY, REASON 1.4 (D).\n"
    found = to_json(_nameless(_common("1. (U) WE AGREE.\n", lead=line)))
    assert found["authority"]["office"] == "DCM"
    assert found["reasons"] == ["1.4(d)"]
    assert found["subject"]["text"] == "EXERCISE: T"
    assert found["captions"] == []


@pytest.mark.parametrize(
    ("stamp", "note"),
    [
        ("DECLASSIFIED BY JANE ROXBY 2020", "DECLASSIFIED BY (NAME) 2020"),
        ("DECLASSIFIED BY: DCM JANE ROXBY ON 12 MAY 2020", "DECLASSIFIED BY: DCM (NAME) ON 12 MAY 2020"),
        ("Approved for Release by Jane Roxby", "Approved for Release by (NAME)"),
        (
            "Declassified/Released US Department of State EO Systematic Review 20 MAR 2014",
            "Declassified/Released US Department of State EO Systematic Review 20 MAR 2014",
        ),
    ],
)
def test_a_stamp_keeps_no_name(stamp: str, note: str) -> None:
    reading = _nameless(_common(f"1. (U) WE AGREE.\n\n{stamp}\n\n2. (U) THE END.\n"))
    assert reading.telegram.release_note == note


@pytest.mark.parametrize(
    "text",
    [
        "THE EMBASSY SHOULD CONTACT THE MINISTRY OF FOREIGN AFFAIRS.",
        "CONTACT WITH DUSHANBE CONTINUES.",
        "THE PERMIT WAS APPROVED BY THE CIVIL AVIATION AUTHORITY.",
        "APPROVED BY TAJIKISTAN.",
        "DRAFTED BY THE SECRETARIAT.",
        "POSTS SHOULD REPLY TO THE DEPARTMENT BY JULY 25.",
        "QUESTIONS: WHO OWNS THE AIRCRAFT?",
        "CALL SIGN KOR621.",
        "THE RUSSIAN CONTACT GROUP MET.",
        "DESK OFFICERS IN CAPITALS WILL DECIDE.",
        "CLASSIFIED BY THE TYPE OF CARGO.",
        "CONTACT DUSHANBE FOR THE PERMIT.",
        "PLEASE CONTACT AMEMBASSY NEW DELHI.",
        "Please contact your regional security officer.",
        "THE FLIGHT WAS CLEARED BY TURKMENISTAN ON JULY 3.",
        "CLEARED: ALL FLIGHTS MUST LEAVE BY NIGHT.",
        "Approved: the request stands as it was made.",
        "SEND FLIGHT PLANS TO PERMITS@EXAMPLE.ORG.",
        "THE DUTY OFFICER WILL CALL BACK.",
        "THE AUTHORITIES APPROVED - AND THEN REFUSED - THE FLIGHT.",
        "REPLY TO THE NOTE IS DUE.",
        "THE LIST WAS PREPARED BY THE AGENCY AND THE MINISTRY.",
    ],
)
def test_an_ordinary_sentence_keeps_every_word(text: str) -> None:
    assert redact_contact(text) == (text, 0)
    for body in (
        f"1. (U) WE AGREE. {text}\n\n2. (U) THE END.\n",
        f"1. (U) WE AGREE.\n\n2. (U) {text}\n",
        f"1. (U) WE AGREE.\n{text}\n\n2. (U) THE END.\n",
    ):
        for data in (_common(body), _labelled(body)):
            reading = read(data, received=RECEIVED)
            assert text in " ".join(p.text for p in reading.telegram.paragraphs)
            assert not [r for r in reading.repairs if r.kind == "personal name"]


@pytest.mark.parametrize(
    ("field", "role"),
    [("Drafting Officer", "drafted"), ("Clearing Officer", "cleared"), ("Authorized By", "approved")],
)
def test_the_fields_of_the_labelled_form_leave_the_office(field: str, role: str) -> None:
    data = _labelled("1. (U) WE AGREE.\n").decode()
    data = data.replace("ANSWER\n", f"ANSWER\n{field}: POL:Roxby, Jane\nClassifier: DCM Karl Marlow\n")
    reading = _nameless(data.encode())
    assert (role, "POL") in reading.telegram.drafted
    assert reading.telegram.authority is not None
    assert reading.telegram.authority.office == "DCM"
    assert reading.telegram.subject is not None
    assert reading.telegram.subject.text == "EXERCISE: ANSWER"
