"""What begins a page behind the end of a sentence goes to no one; page lines of every form are no text."""

from __future__ import annotations

import time

import pytest

from overflight.telegram import Reading, read, write
from overflight.telegram.clean import clean
from overflight.telegram.furniture import strip_furniture
from overflight.telegram.portions import release_to
from overflight.telegram.repairs import Log
from overflight.telegram.source import decode

HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)
TAIL = "\n\n9. (U) THE END.\n\nEXAMPLE\nBT\nNNNN\n"
SECRET = "THE FOREMAN IS THE SOURCE."

PAGES = [
    "PAGE 02 RUEHAAA0042 S E C R E T",
    "PAGE TWO RUEHAAA0042 SECRET",
    "PAGE TWO RUEHAAA0042 S E C R E T",
    "PAGE 2 RUEHC #4711 S E C R E T",
    "PAGE 2 RUEHC #4711",
    "PAGE 02 RUEHC 4711 S E C R E T",
    "PAGE 02 RUEHC 4711 S E C R E T NOFORN",
    "PAGE 02 RUEHC 4711 UNCLAS E F T O FOUO",
    "PAGE 2 RUEHC #4711 S E C R E T SECTION 01 OF 02 STATE 047110",
    "PAGE 02        STATE  047110  241410Z",
    "PAGE 2 OF 3",
    "- 2 -",
    "-2-",
    "(PAGE 2 OF 3)",
    "[Page 2]",
    "Page 2 of 3",
    "(CONTINUED)",
    "(CONT'D ON PAGE 2)",
    "-- MORE --",
    "SECRET/2/SECRET",
    "SECRET - 2 - SECRET",
    "STATE 047110  2 OF 3",
    "\f",
    "\fSECRET",
    "SECRET\f",
]
# What may be one and may be text.
DOUBTFUL = ["2", "2/3", "2 of 3", "REPORT OF AUGUST PAGE 2", "SECRET/2/CONFIDENTIAL", "- 7 -"]


def _read(text: str) -> Reading:
    reading = read(f"{HEAD}{text}{TAIL}".encode())
    assert read(write(reading.telegram).encode()).telegram == reading.telegram
    for repair in reading.repairs:
        if repair.kind == "page line":
            assert reading.original(repair).decode() == repair.read
    return reading


def _goes(reading: Reading) -> list[tuple[str, str]]:
    return [(str(one.paragraph), " ".join(one.text.split())) for one in release_to(reading, "CHE").portions]


def _pages(reading: Reading) -> list[str]:
    return [one.read for one in reading.repairs if one.kind in ("page line", "banner")]


@pytest.mark.parametrize("blanks", ["{}", "\n{}", "{}\n", "\n{}\n"])
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_begins_with_behind_a_sentence_stays(page: str, blanks: str) -> None:
    for text in (SECRET, f"-- {SECRET}", f"A. {SECRET}"):
        reading = _read(f"1. (U) OPEN WORDS.\n{blanks.format(page)}\n{text}")
        assert _goes(reading) == [("1", "OPEN WORDS."), ("9", "THE END.")]
        assert SECRET in " ".join(reading.telegram.paragraphs[0].text.split())  # no text is lost
        assert "PAGE" not in reading.telegram.paragraphs[0].text
        assert _pages(reading)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_begins_with_behind_an_item_or_a_short_line_stays(page: str) -> None:
    for above in ("1. (U) POINTS:\n-- A", "1. (U) POINTS:\n-- THE FIRST", "1. (U) OPEN WORDS"):
        for text in (SECRET, f"- {SECRET}"):
            goes = _goes(_read(f"{above}\n{page}\n{text}"))
            assert [number for number, _ in goes] == ["1", "9"]
            assert "FOREMAN" not in str(goes)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "\f"])
def test_a_sentence_goes_on_behind_a_page(page: str) -> None:
    reading = _read(f"1. (U) OPEN WORDS OF THE\n{page}\nFLIGHT.")
    assert _goes(reading)[0] == ("1", "OPEN WORDS OF THE FLIGHT.")
    full = "THE LINE IS AS LONG AS LINES OF A TELEGRAM USUALLY ARE; IT"
    assert _goes(_read(f"1. (U) {full}\n{page}\nENDS.")) == [("1", f"{full} ENDS."), ("9", "THE END.")]


@pytest.mark.parametrize("page", PAGES)
def test_a_numbered_paragraph_behind_a_page_has_its_own_mark(page: str) -> None:
    reading = _read(f"1. (U) ONE.\n{page}\n2. (S//REL TO USA, CHE) TWO.\n\n3. (S//NF) {SECRET}")
    assert _goes(reading) == [("1", "ONE."), ("2", "TWO."), ("9", "THE END.")]
    closed = _read(f"1. (U) ONE.\n{page}\n2. (S//NF) {SECRET}\n\n3. (U) THREE.")
    assert _goes(closed) == [("1", "ONE."), ("3", "THREE."), ("9", "THE END.")]


def test_a_form_feed_alone_on_its_line_is_a_blank_line() -> None:
    assert _goes(_read("1. (U) OPEN WORDS OF THE\n\f\nFLIGHT."))[0] == ("1", "OPEN WORDS OF THE")


@pytest.mark.parametrize("line", DOUBTFUL)
def test_what_may_be_the_number_of_a_page_stays_and_holds_what_follows(line: str) -> None:
    reading = _read(f"1. (U) OPEN WORDS.\n{line}\n{SECRET}")
    assert _goes(reading) == [("1", "OPEN WORDS."), ("9", "THE END.")]
    assert line in " ".join(reading.telegram.paragraphs[0].text.split())
    assert any(f"{line}'" in warning for warning in reading.warnings)


def test_page_lines_in_the_middle_of_a_line() -> None:
    page = "PAGE 02 RUEHAAA0042 S E C R E T"
    reading = _read(f"1. (U) OPEN WORDS. {page} {SECRET}")
    assert _goes(reading) == [("1", "OPEN WORDS."), ("9", "THE END.")]
    assert [(r.column, r.read) for r in reading.repairs if r.kind == "page line"] == [(20, page)]
    first = _read(f"1. (U) OPEN WORDS.\n{page} {SECRET}")
    assert _goes(first) == [("1", "OPEN WORDS."), ("9", "THE END.")]
    assert first.telegram.paragraphs[0].text == f"OPEN WORDS. {SECRET}"
    joined = _read(f"1. (U) OPEN WORDS OF THE {page} FLIGHT.")
    assert _goes(joined)[0] == ("1", "OPEN WORDS OF THE FLIGHT.")


@pytest.mark.parametrize(
    "line",
    [
        "PAGE 3 OF THE REPORT SAYS SO.",
        "PAGE TWO OF THE REPORT SAYS SO.",
        "PAGE 3 REPORTS 12 FLIGHTS OVER THE PASS.",
        "(CONTINUED FLIGHTS NEED A PERMIT)",
        "-- MORE FLIGHTS --",
        "- 2 FLIGHTS -",
        "SECRETARY 2",
    ],
)
def test_sentences_are_no_page_lines(line: str) -> None:
    reading = _read(f"1. (U) OPEN WORDS OF THE\n{line}\nAND ON.")
    assert line in " ".join(reading.telegram.paragraphs[0].text.split())
    assert not _pages(reading)


@pytest.mark.parametrize("number", [3, "THREE"])
def test_a_page_that_is_missing_is_seen_in_military_copies(number: object) -> None:
    reading = _read(f"1. (U) OPEN WORDS OF THE\nPAGE {number} RUEHC #4711 S E C R E T\nFLIGHT. {SECRET}")
    assert _goes(reading)[0] == ("1", "OPEN WORDS OF THE")
    assert any("page 3 stands behind page 1" in warning for warning in reading.warnings)


@pytest.mark.parametrize("sign", ["\v\v", "\u2028\u2028", "\u2029", "\u0085\u0085", "\f"])
def test_signs_that_end_lines(sign: str) -> None:
    reading = _read(f"1. (U) OPEN WORDS.{sign}{SECRET}{sign}2. (U) TWO.{sign}3. (S//NF) {SECRET}")
    assert _goes(reading) == [("1", "OPEN WORDS."), ("2", "TWO."), ("9", "THE END.")]
    assert all(reading.original(one).decode() == one.read for one in reading.repairs if one.read == sign[0])


@pytest.mark.parametrize("sign", ["\v", "\u2028", "\u0085"])
def test_a_sign_that_ends_a_line_ends_no_paragraph(sign: str) -> None:
    assert _goes(_read(f"1. (U) OPEN WORDS OF THE{sign}FLIGHT.")) == [
        ("1", "OPEN WORDS OF THE FLIGHT."),
        ("9", "THE END."),
    ]
    assert _goes(_read(f"1. (U) OPEN WORDS.{sign}SECRET: {SECRET}"))[0] == ("1", "OPEN WORDS.")


@pytest.mark.parametrize(
    "unit", ["OPEN.\f", "OPEN.\v", "- 2 -\n", "2\n", "PAGE TWO RUEHC #4711 S E C R E T\n", "A PAGE 2\n",
             "-- MORE --\n", "WORDS. PAGE 02 RUEHAAA0042 SECRET "]
)  # fmt: skip
def test_time_is_linear_in_the_repeats(unit: str) -> None:
    def seconds(count: int) -> float:
        source = decode(f"{HEAD}1. (U) OPEN.\n{unit * count}{TAIL}".encode())
        begin = time.process_time()
        log = Log()
        strip_furniture(clean(source, log), log, 4)
        return time.process_time() - begin

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(2)) < 8 * 4 * small + 0.2
