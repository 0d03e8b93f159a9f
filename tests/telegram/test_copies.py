"""What copies, printers, mailers and word processors make of a telegram."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest

from overflight.errors import TelegramError
from overflight.telegram import Reading, read, read_all, to_json, write

RECEIVED = dt.date(2026, 12, 31)

TELEGRAM = """O 011530Z AUG 26
FM SECSTATE WASHDC
TO AMEMBASSY MUSCAT IMMEDIATE
BT
UNCLAS STATE 000001
E.O. 13526: N/A
TAGS: EAIR
SUBJECT: EXERCISE: COPIES

1. (U) ALPHA.

2. (U) BRAVO.
EXAMPLE
BT
NNNN
"""
LABELLED = """UNCLASSIFIED

MRN: 26 STATE 70123
Date/DTG: Jul 15, 2026 / 151530Z JUL 26
From: SECSTATE WASHDC
Action: MUSCAT, AMEMBASSY ROUTINE
E.O.: 13526
TAGS: EAIR
Subject: EXERCISE: PLANS

1. (U) ALPHA.

2. (U) BRAVO.

Signature: EXAMPLE
"""


def _read(text: str) -> Reading:
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


def _texts(reading: Reading) -> list[str]:
    return [p.text for p in reading.telegram.paragraphs]


@pytest.mark.parametrize("text", [TELEGRAM, LABELLED])
def test_carriage_returns_alone_end_lines(text: str) -> None:
    plain = read(text.encode(), received=RECEIVED)
    assert _read(text.replace("\n", "\r")).telegram == plain.telegram
    both = (text + text.replace(" 70123", " 70124")).replace("\n", "\r")
    found = list(read_all(both.encode(), received=RECEIVED))
    assert [_texts(r) for r in found] == [_texts(plain)] * 2
    assert [r.telegram.head for r in found] == [plain.telegram.head] * 2


def test_the_labelled_form_in_small_letters() -> None:
    small = "".join(
        line.replace(head, head.lower()) if head else line
        for line in LABELLED.splitlines(keepends=True)
        for head in [line.partition(":")[0] if ":" in line else ""]
    )
    assert "mrn:" in small
    assert "date/dtg:" in small
    assert _read(small).telegram == read(LABELLED.encode(), received=RECEIVED).telegram


def test_rich_text_is_refused_with_what_it_is() -> None:
    rich = r"{\rtf1\ansi " + TELEGRAM.replace("\n", "\\par\n") + "}"
    with pytest.raises(TelegramError, match=r"RTF.*plain text"):
        read(rich.encode())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mail_in_base64_is_refused_with_what_it_is(end: str) -> None:
    body = base64.encodebytes(TELEGRAM.encode()).decode()
    whole = f"From: desk@example.invalid\nSubject: FW\nContent-Transfer-Encoding: base64\n\n{body}"
    part = (
        "From: desk@example.invalid\nSubject: FW\nContent-Type: multipart/mixed; boundary=X\n\n--X\n"
        f"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{body}--X--\n"
    )
    for text in (whole, part):
        with pytest.raises(TelegramError, match=r"base64.*plain text"):
            read(text.replace("\n", end).encode())
    attached = f"{TELEGRAM}\n--X\nContent-Transfer-Encoding: base64\n\n{body}--X--\n"
    mail = "From: desk@example.invalid\nSubject: FW\nDate: Fri, 11 Sep 2026\n\n" + attached
    assert read(mail.replace("\n", end).encode()).telegram.number == read(TELEGRAM.encode()).telegram.number


def test_the_labelled_form_without_number_and_date_time_group() -> None:
    text = (
        "From: AMEMBASSY ASTANA\nTo: SECSTATE WASHDC, AMEMBASSY BISHKEK\nDate: September 11, 2026\n"
        "Subject: EXERCISE: Reply\nClassification: CONFIDENTIAL//NOFORN\n\n1. (C//NF) One.\n\n2. (U) Two.\n"
    )
    for printed in (
        text,
        text.replace("AMEMBASSY ASTANA", "ASTANA, AMEMBASSY"),
        text.replace("To:", "Action:"),
    ):
        reading = read(printed.encode(), received=RECEIVED)
        assert reading.form == "labelled"
        telegram = reading.telegram
        assert telegram.head.origin == "AMEMBASSY ASTANA"
        assert [a.address for a in telegram.head.to] == ["SECSTATE WASHDC", "AMEMBASSY BISHKEK"]
        assert (telegram.classification, telegram.control) == ("CONFIDENTIAL", "//NOFORN")
        assert telegram.subject is not None
        assert telegram.subject.text == "EXERCISE: Reply"
        assert [(p.number, p.marking) for p in telegram.paragraphs] == [(1, "C//NF"), (2, "U")]
        assert any("has no date-time group" in warning for warning in reading.warnings)


# --- copies of the 1970s in sections -----------------------------------------------------------------


def _archive(between: str, end: str, caption: str = "") -> str:
    def head(section: int) -> str:
        return (
            f"UNCLASSIFIED\n\nPAGE 01  TOKYO  00456  0{section} OF 02  121015Z\n\n66\nACTION EA-09\n\n"
            "INFO  OCT-01  EUR-12  CIAE-00  ISO-00  /010 W\n      ------------------121103Z  047788 /12\n"
            f"O 120900Z MAR 76\nFM AMEMBASSY TOKYO\nTO SECSTATE WASHDC IMMEDIATE 450{section}\n"
            f"INFO AMEMBASSY MANILA\nAMCONSUL HONG KONG\n{caption if section == 2 else ''}"
            f"UNCLAS SECTION 0{section} OF 02 TOKYO 0456\n\n"
        )

    return (
        head(1) + "E.O. 11652: N/A\nTAGS: OCLR, PFOR, CH\nSUBJ: EXERCISE: CLEARANCE\n\n1. ALPHA TEXT.\n\n"
        f"2. BRAVO TEXT.\nUNCLASSIFIED\n\n{between}{head(2)}3. CHARLIE TEXT.\nEXAMPLE\n\nUNCLASSIFIED\n\n"
        f"{end}\n"
    )


@pytest.mark.parametrize("between", ["", "NNN\n"])
@pytest.mark.parametrize(
    "end", ["NNN", "<< END OF DOCUMENT >>", "<END OF MESSAGE>", "END OF MESSAGE", "NNNN"]
)
def test_the_head_of_a_further_section_is_no_text(between: str, end: str) -> None:
    text = _archive(between, end)
    reading = _read(text)
    assert _texts(reading) == ["ALPHA TEXT.", "BRAVO TEXT.", "CHARLIE TEXT."]
    assert reading.telegram.signed == "EXAMPLE"
    assert reading.complete
    gone = [r for r in reading.repairs if r.kind == "repeated head"]
    assert {"66", "ACTION EA-09", "FM AMEMBASSY TOKYO", "AMCONSUL HONG KONG"} <= {r.read for r in gone}
    lines = text.split("\n")
    assert all(lines[r.line - 1].strip() == r.read for r in gone)
    assert [r.telegram for r in read_all(text.encode(), received=RECEIVED)] == [reading.telegram]


def test_a_caption_in_the_head_of_a_further_section_is_not_removed() -> None:
    for caption in ("NODIS", "EYES ONLY FOR THE AMBASSADOR", "N O D I S"):
        reading = _read(_archive("", "NNNN", f"{caption}\n"))
        assert not any(r.read == caption and r.understood == "removed" for r in reading.repairs)


def test_a_list_of_bureaus_in_a_text_stays() -> None:
    reading = _read(
        TELEGRAM.replace("2. (U) BRAVO.", "2. (U) LIST IN SECTION ONE:\nACTION EA-09\nINFO OCT-01")
    )
    assert "EA-09" in _texts(reading)[1]
    assert "OCT-01" in _texts(reading)[1]


# --- letters above a telegram ------------------------------------------------------------------------

MAIL = (
    "From: desk@example.invalid\nTo: Mustermann, Erika\nSubject: Fwd: EXERCISE\n"
    "Date: Mon, 3 Aug 2026 10:00:00 +0000\n\nFYI, see below.\n\n"
)
OUTLOOK = (
    "From: Mustermann, Erika (EXM)\nSent: Monday, August 3, 2026 2:11 PM\nTo: Desk Musterfrau\n"
    "Cc: Mustermann\nSubject: FW: EXERCISE\n\nAll,\nplease see below.\n\nErika\n\n"
    "-----Original Message-----\n"
    "From: Archive Mustermann\nSent: Monday, August 3, 2026 1:59 PM\nTo: Core\nSubject: EXERCISE\n\n"
)


@pytest.mark.parametrize("letter", [MAIL, OUTLOOK, "See below.\n\n" + MAIL, MAIL.partition("FYI")[0]])
@pytest.mark.parametrize("telegram", [TELEGRAM, LABELLED, LABELLED.partition("\n\n")[2]])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_letter_above_a_telegram_is_not_read(letter: str, telegram: str, end: str) -> None:
    alone = read(telegram.encode(), received=RECEIVED)
    data = (letter + telegram).replace("\n", end).encode()
    reading = read(data, received=RECEIVED)
    shift = letter.count("\n")
    assert reading.telegram == alone.telegram or [p.lines for p in reading.telegram.paragraphs] == [
        (a + shift, b + shift) for a, b in (p.lines or (0, 0) for p in alone.telegram.paragraphs)
    ]
    assert write(reading.telegram) == write(alone.telegram)
    assert reading.repairs[0].kind == "letter"
    assert any("letter" in warning for warning in reading.warnings)
    said = json.dumps(to_json(reading)).lower()
    for word in ("mustermann", "erika", "musterfrau", "example.invalid"):
        assert word not in said
    assert [write(r.telegram) for r in read_all(data, received=RECEIVED)] == [write(alone.telegram)]


def test_a_labelled_telegram_is_no_letter() -> None:
    for text in (
        LABELLED,
        "From: SECSTATE WASHDC\nTo: AMEMBASSY MUSCAT\nSubject: EXERCISE\n" + LABELLED.partition("\n\n")[2],
        TELEGRAM.replace("(U) ALPHA.", "(U) ALPHA:\n\n" + MAIL + "\n" + LABELLED.partition("\n\n")[2]),
        "1. (S//NF) A SECRET.\n\n" + MAIL + TELEGRAM,
    ):
        assert not any("letter" in warning for warning in read(text.encode(), received=RECEIVED).warnings)


def test_a_caption_and_a_banner_in_a_letter_still_hold() -> None:
    letter = MAIL.replace("FYI, see below.", "NODIS\n\nFYI")
    assert read((letter + TELEGRAM).encode()).originators == ("NODIS",)
    above = OUTLOOK.replace("\n\nAll", "\nClassification: Secret//NOFORN\n\nAll")
    assert read((above + LABELLED).encode()).telegram.classification == "SECRET"


def test_addressees_for_information_below_the_text() -> None:
    foot = "\nDrafted By: EXM:Mustermann\nInfo: USEU BRUSSELS ROUTINE; WARSAW, AMEMBASSY PRIORITY\n"
    reading = _read(LABELLED + foot)
    assert [(a.address, a.precedence) for a in reading.telegram.head.info] == [
        ("USEU BRUSSELS", "ROUTINE"),
        ("AMEMBASSY WARSAW", "PRIORITY"),
    ]
    assert _texts(reading) == ["ALPHA.", "BRAVO."]


# --- fields of the labelled form ---------------------------------------------------------------------


def test_the_pass_line_is_kept() -> None:
    for said, kept in (("PASS TO FAA", "PASS TO FAA"), ("FAA", "PASS TO FAA"), ("NODIS", "NODIS")):
        reading = _read(LABELLED.replace("E.O.:", f"Pass Line: {said}\nE.O.:"))
        assert kept in reading.telegram.captions
        assert (said != kept) == any(r.kind == "caption" for r in reading.repairs)


@pytest.mark.parametrize(
    "lines",
    [
        "PORT LOUIS, AMEM\nBASSY ROUTINE",
        "PORT LOUIS, AMEM-\n  BASSY ROUTINE",
        "PORT LOUIS,\nAMEMBASSY ROUTINE",
    ],
)
def test_an_address_that_a_line_break_cuts(lines: str) -> None:
    reading = _read(LABELLED.replace("MUSCAT, AMEMBASSY ROUTINE", f"MUSCAT, AMEMBASSY PRIORITY; {lines}"))
    assert [(a.address, a.precedence) for a in reading.telegram.head.to] == [
        ("AMEMBASSY MUSCAT", "PRIORITY"),
        ("AMEMBASSY PORT LOUIS", "ROUTINE"),
    ]
    assert reading.repairs[0].line == 6


# --- numbers of pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["- 2 -", "        - 2 -", "Page 2 of 3", "Page 2"])
@pytest.mark.parametrize("blank", ["\n", ""])
def test_the_number_of_a_page_is_no_text(number: str, blank: str) -> None:
    text = TELEGRAM.replace("(U) BRAVO.", f"(U) BRAVO GOES\n{blank}{number}\n{blank}AND ON.")
    reading = _read(text)
    if blank or "-" in number or "of" in number:  # what stood behind a blank line still does
        assert [" ".join(text.split()) for text in _texts(reading)] == ["ALPHA.", "BRAVO GOES AND ON."]
        assert (reading.telegram.paragraphs[1].sure is not None) == bool(blank)
        assert [(r.read, r.kind) for r in reading.repairs] == [(number.strip(), "page line")]
    else:
        assert number in " ".join(_texts(reading)[1].split())
        assert any(number in warning for warning in reading.warnings)


def test_pages_are_numbered_in_their_order() -> None:
    text = TELEGRAM.replace("(U) BRAVO.", "(U) ONE\n\n- 2 -\n\nTWO\n\n- 3 -\n\nTHREE\n\n- 7 -\n\nFOUR.")
    reading = _read(text)
    assert [r.read for r in reading.repairs if r.kind == "page line"] == ["- 2 -", "- 3 -"]
    assert "- 7 -" in " ".join(_texts(reading))
    assert any("'- 7 -'" in warning for warning in reading.warnings)


def test_a_number_between_two_banners_is_that_of_a_page() -> None:
    text = TELEGRAM.replace("(U) BRAVO.", "(U) BRAVO GOES\nUNCLASSIFIED\n\n2\n\nUNCLASSIFIED\nON HERE.")
    reading = _read(text)
    assert _texts(reading) == ["ALPHA.", "BRAVO GOES ON HERE."]
    assert [r.read for r in reading.repairs] == ["UNCLASSIFIED", "2", "UNCLASSIFIED"]
    alone = _read(TELEGRAM.replace("(U) BRAVO.", "(U) BRAVO COUNTS\n\n2\n\nTHREE TIMES."))
    assert "2" in " ".join(_texts(alone)).split()


def test_page_numbers_of_the_labelled_form() -> None:
    reading = _read(LABELLED.replace("(U) BRAVO.", "(U) BRAVO GOES\n\nPage 2 of 2\n\nON HERE."))
    assert _texts(reading) == ["ALPHA.", "BRAVO GOES\nON HERE."]


# --- what a mailer writes ----------------------------------------------------------------------------


def test_what_a_mailer_has_written_out_is_read() -> None:
    text = (
        TELEGRAM.replace("AUG 26\n", "AUG 26=0A\n")
        .replace("EXERCISE: COPIES", "EXERCISE: QUOTED=\n PRINTABLE")
        .replace("ALPHA.", "ALPHA=20TEXT CAF=C3=89 AND A VERY LONG LINE THAT THE MAILER BRO=\nKE.")
        .replace("BRAVO.", "BRAVO =E2=80=93 CHARLIE.")
    )
    reading = _read(text)
    assert reading.telegram.subject is not None
    assert reading.telegram.subject.text == "EXERCISE: QUOTED PRINTABLE"
    assert _texts(reading) == [
        "ALPHA TEXT CAFÉ AND A VERY LONG LINE THAT THE MAILER BROKE.",
        "BRAVO - CHARLIE.",
    ]
    lines = text.split("\n")
    for repair in reading.repairs:
        if repair.kind == "quoted-printable":
            assert lines[repair.line - 1][repair.column - 1 :].startswith(repair.read)


@pytest.mark.parametrize(
    "said", ["SPEED =20 KNOTS, N=20.", "A=\nB.", "X =3D.", "=====", "ALT=20, F=BA, C=30."]
)
def test_signs_of_equality_are_no_work_of_a_mailer(said: str) -> None:
    reading = _read(TELEGRAM.replace("ALPHA.", said))
    assert not any(r.kind == "quoted-printable" for r in reading.repairs)


def test_a_blank_line_behind_a_broken_one_stays() -> None:
    reading = _read(TELEGRAM.replace("ALPHA.", "CAF=C3=89 =3D A=\n\nAPART."))
    assert _texts(reading)[0] == "CAFÉ = A=\nAPART."
    assert reading.telegram.paragraphs[0].sure == len("CAFÉ = A=")


def test_a_chain_of_broken_lines_is_one_line() -> None:
    for n in (1_000, 2_000):
        reading = read(TELEGRAM.replace("ALPHA.", "CAF=C3=89 =3D " + "A=\n" * n + "END.").encode())
        assert _texts(reading)[0].count("A") == n + 1
