"""A classification line that a copy, or a form, spreads over two lines."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import Reading, read, write

RECEIVED = dt.date(2026, 12, 31)
HEAD = "O 011530Z AUG 26\nFM USCENTER SAMPLE\nTO AMEMBASSY TBILISI\n"
CLEAN = "SECRET SECTION 01 OF 02 STATE 000999"
FIELDS = "SIPDIS\nE.O. 13526: DECL: 08/01/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n1. (U) ALPHA.\n"


def _read(text: str) -> Reading:
    reading = read(text.encode(), received=RECEIVED)
    assert read(write(reading.telegram).encode(), received=RECEIVED).telegram == reading.telegram
    return reading


@pytest.mark.parametrize(
    "line", ["UNCLAS\nSECTION 1 OF 3", "UNCLAS\n\nSECTION 01 OF 03", "UNCLAS\n//N01234//\nSECTION 1 OF 3",
             "UNCLAS\nSIPDIS\nSECTION 1 OF 3", "UNCLAS SECTION 1 OF\n3", "UNCLAS SECTION\n1 OF 3"]
)  # fmt: skip
def test_a_section_on_its_own_line_is_not_the_whole(line: str) -> None:
    reading = _read(f"{HEAD}BT\n{line}\nSUBJ: EXERCISE: T\n\n1. ALPHA OF THE TEXT.\nBT\nNNNN\n")
    part = reading.telegram.part
    assert part is not None
    assert (part.of, part.missing) == (3, (2, 3))
    assert not reading.complete
    assert "missing of the message: section 2 of 3, section 3 of 3" in reading.warnings
    assert [r.kind for r in reading.repairs] == ["line break"]


def test_all_sections_on_lines_of_their_own() -> None:
    reading = _read(
        "".join(
            f"{HEAD}BT\nUNCLAS\n{final}SECTION {n} OF 3\n"
            + ("SUBJ: EXERCISE: T\n\n" if n == 1 else "")
            + f"{n}. TEXT NUMBER {n}.\nBT\n#0001\n"
            for n, final in ((1, ""), (2, ""), (3, "FINAL "))
        )
        + "NNNN\n"
    )
    assert reading.complete
    assert [p.text for p in reading.telegram.paragraphs] == [f"TEXT NUMBER {n}." for n in (1, 2, 3)]


def test_a_line_that_breaks_in_its_section() -> None:
    reading = _read(f"{HEAD}BT\nS E C R E T SECTION 01 OF\n02 STATE 000999\n{FIELDS}BT\nNNNN\n")
    assert reading.telegram.number is not None
    assert reading.telegram.number.serial == 999
    assert reading.telegram.part is not None
    assert not reading.complete


@pytest.mark.parametrize("breaks", ["BT\n", ""])
@pytest.mark.parametrize(
    "line",
    ["CONFIDENTIAL\nSTATE 000999", "C O N F I D E N T I A L\nTBILISI 999", "CONFIDENTIAL STATE\n000999"],
)
def test_a_number_on_the_next_line(line: str, breaks: str) -> None:
    if not breaks and line.endswith("\n000999"):
        pytest.skip("without BT the half line is no classification line")
    reading = _read(f"{HEAD}{breaks}{line}\n{FIELDS}BT\nNNNN\n")
    telegram = reading.telegram
    assert telegram.number is not None
    assert telegram.number.serial == 999
    assert telegram.classification == "CONFIDENTIAL"
    assert telegram.captions == ("SIPDIS",)
    assert [r.kind for r in reading.repairs] == ["line break"]
    assert any("is taken for the number" in warning for warning in reading.warnings)


def test_a_caption_that_ends_in_a_year_is_no_number() -> None:
    telegram = _read(f"{HEAD}BT\nUNCLAS\nEXERCISE SAMPLE 2026\n{FIELDS}BT\nNNNN\n").telegram
    assert telegram.number is None
    assert "EXERCISE SAMPLE 2026" in telegram.captions


def test_a_section_that_a_text_speaks_of_is_text() -> None:
    reading = _read(f"{HEAD}BT\nUNCLAS STATE 000999\n{FIELDS}\n2. (U) SEE BELOW.\nSECTION 1 OF 3\nBT\nNNNN\n")
    assert reading.complete
    assert "SECTION 1 OF 3" in reading.telegram.paragraphs[-1].text


@pytest.mark.parametrize(
    "second", ["S E C R F T SECTION 02 OF 02 STATE 000999", "SECRET SECTION 02 OF 02 STATE 00099g"]
)
@pytest.mark.parametrize("first", ["SECRE7 SECTION 01 OF 02 STATE 000999", CLEAN])
def test_misread_lines_of_sections(first: str, second: str) -> None:
    reading = _read(f"{HEAD}BT\n{first}\n{FIELDS}BT\n\n{HEAD}BT\n{second}\n\n2. (U) BRAVO.\nBT\nNNNN\n")
    assert reading.complete
    assert [p.number for p in reading.telegram.paragraphs] == [1, 2]
    misread = [line for line in (first, second) if line != CLEAN]
    assert [r.read for r in reading.repairs] == misread
    assert any(repr(second) in warning for warning in reading.warnings)


def test_a_misread_line_with_its_section_below() -> None:
    reading = _read(
        f"{HEAD}BT\nUNCLA5\nSECTION 1 OF 3\nSUBJ: EXERCISE: T\n\n1. ALPHA OF THE TEXT.\nBT\nNNNN\n"
    )
    assert reading.telegram.classification == "UNCLASSIFIED"
    assert not reading.complete
