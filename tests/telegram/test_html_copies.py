"""Copies in HTML: the end of a block parts what it parted; nothing joins a marking that is not its own."""

from __future__ import annotations

import time

import pytest

from overflight.telegram import Reading, read, write
from overflight.telegram.clean import clean, clean_text
from overflight.telegram.portions import release_to
from overflight.telegram.repairs import Log
from overflight.telegram.source import decode

HEAD = (
    "O 241410Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 047110\n"
    "E.O. 13526: DECL: 08/24/2036\nTAGS: EAIR\nSUBJECT: EXERCISE: T\n\n"
)
TAIL = "\n\nEXAMPLE\nBT\nNNNN\n"
SECRET = "THE FOREMAN IS THE SOURCE."


def _read(text: str, head: str = HEAD, tail: str = TAIL) -> Reading:
    reading = read(f"{head}{text}{tail}".encode())
    assert read(write(reading.telegram).encode()).telegram == reading.telegram
    for repair in reading.repairs:
        if repair.kind == "html" and "&lt;" not in text:
            assert reading.original(repair).decode() == repair.read
    return reading


def _goes(reading: Reading) -> list[str]:
    return [" ".join(one.text.split()) for one in release_to(reading, "CHE").portions]


@pytest.mark.parametrize(
    "text",
    [
        f"<p>1. (U) OPEN.</p>\n<p>{SECRET}</p>",
        f"<p>1. (U) OPEN.</p><p>{SECRET}</p>",
        f"<P>1. (U) OPEN.<P>{SECRET}",
        f"<p>1. (U) OPEN.\n<p>{SECRET}",
        f"1. (U) OPEN.<br><br>{SECRET}",
        f"1. (U) OPEN.<br/>\n<br/>\n{SECRET}",
        f"1. (U) OPEN.<br>\n<br>{SECRET}",
        f"1. (U) OPEN.<BR><BR>\n{SECRET}",
        f"<p>1. (U) OPEN.</p><p>2. {SECRET}</p>",
        f"<div>1. (U) OPEN.</div><div><br></div><div>{SECRET}</div>",
        f"<div>1. (U) OPEN.</div><div>2. {SECRET}</div>",
        f"1. (U) OPEN.<o:p></o:p></p><p class=MsoNormal>{SECRET}</p>",
        f"1. (U) OPEN.<hr>{SECRET}",
        f"<p>1. (U) OPEN.</p><h2>BACKGROUND</h2><p>{SECRET}</p>",
        f"<tr><td>1. (U) OPEN.</td></tr><tr><td>{SECRET}</td></tr>",
        f"<tr><td>1.</td><td>(U)</td><td>OPEN.</td><td>{SECRET}</td></tr>",
        f"<tr><td>1. (U) OPEN.</td><td>S</td><td>{SECRET}</td></tr>",
        f"<ol>\n<li>(U) OPEN.</li>\n<li>{SECRET}</li>\n</ol>",
        f"<ol><li>(U) OPEN.<li>{SECRET}</ol>",
        f"&lt;p&gt;1. (U) OPEN.&lt;/p&gt;&lt;p&gt;{SECRET}&lt;/p&gt;",
        f"1. (U) OPEN.&#10;&#10;{SECRET}",
        f"1. (U) OPEN.<br>SECRET: {SECRET}",
        f"1. (U) OPEN.<br>\nSECRET: {SECRET}<br>\n",
        f"<p>1. (U) OPEN.</p><p>2. (S//NF) {SECRET}</p>",
        f"<p>1. (U) OPEN.</p><p>&gt; 2. (S//NF) {SECRET}</p>",
    ],
)
def test_what_stands_in_a_block_of_its_own_joins_no_other(text: str) -> None:
    reading = _read(text)
    assert _goes(reading) == ["OPEN."]
    assert "OPEN. THE" not in "".join(one.text for one in reading.telegram.paragraphs)


def test_blocks_on_one_line_become_lines_with_their_columns() -> None:
    text = "<p>1. (U) ONE.</p><p>2. (S//NF) TWO.<br>MORE.</p><ul><li>3. (S//REL TO USA, CHE) THREE.</ul>"
    reading = _read(text)
    found = [(one.number, one.marking, one.text) for one in reading.telegram.paragraphs]
    assert found == [(1, "U", "ONE."), (2, "S//NF", "TWO. MORE."), (3, "S//REL TO USA, CHE", "THREE.")]
    assert _goes(reading) == ["ONE.", "THREE."]
    repairs = [(r.line, r.column, r.read, r.understood) for r in reading.repairs]
    assert repairs == [
        (10, text.index(tag, at) + 1, tag, "line break" if tag == "<br>" else "blank line")
        for tag, at in [
            *(("<p>", 0), ("</p>", 0), ("<p>", 5), ("<br>", 0), ("</p>", 40), ("<ul>", 0), ("<li>", 0)),
            ("</ul>", 0),
        ]
    ]


def test_number_and_marking_in_cells_of_their_own() -> None:
    row = "<tr><td>{}.</td><td>({})</td><td>{}</td></tr>\n"
    reading = _read("<table>\n" + row.format(1, "U", "OPEN.") + row.format(2, "S//NF", SECRET) + "</table>")
    assert [(one.number, one.marking) for one in reading.telegram.paragraphs] == [(1, "U"), (2, "S//NF")]
    assert _goes(reading) == ["OPEN."]


@pytest.mark.parametrize(
    "line",
    ["<p>{}", "<p>{}</p>", "<div>{}</div>", "<P>{}", " \0 \0<p>{}", "<p>{}</p>\0 \0", "\0<div>\0{}</div>"],
)
def test_a_tag_before_every_line_is_no_paragraph(line: str) -> None:
    body = (
        "1. (U) THE FIRST LINE OF AN OPEN PARAGRAPH, WHICH IS FULL, AND\nTHE SECOND ONE.\n\n2. (U) TWO.\n{}"
    )
    plain = f"{HEAD}{body.format(SECRET)}{TAIL}"
    copy = "\n".join(line.format(one) if one else one for one in plain.split("\n"))
    reading = read(copy.encode())
    assert reading.telegram == read(plain.encode()).telegram
    assert _goes(reading) == [
        "THE FIRST LINE OF AN OPEN PARAGRAPH, WHICH IS FULL, AND THE SECOND ONE.",
        "TWO.",
    ]


def test_a_break_at_the_end_of_a_line_is_that_end() -> None:
    text = "1. (U) OPEN WORDS OF THE<br>\nFLIGHT.<br />\n<br />\n2. (U) TWO."
    assert _goes(_read(text)) == ["OPEN WORDS OF THE FLIGHT.", "TWO."]


def test_paragraphs_of_html_are_not_taken_for_double_spacing() -> None:
    lines = "".join(f"{n}. (U) OPEN.</p>\n{SECRET}</p>\n" for n in range(1, 30))
    head = "".join(f"{line}\n" for line in HEAD.split("\n") if line)
    assert all("FOREMAN" not in one for one in _goes(_read(lines, head)))


def test_one_line_of_text_stays_one_line() -> None:
    assert clean_text("ONE<br>TWO<p>THREE\fFOUR") == "ONE TWO THREE FOUR"


@pytest.mark.parametrize(
    "unit", ["<p>", "<br>", "A<br>", "<td>", "<p>A</p>", "</td>A<td>", "<br><b>", "&lt;p&gt;"]
)
def test_time_is_linear_in_the_tags(unit: str) -> None:
    def seconds(count: int) -> float:
        source = decode((unit * count).encode())
        begin = time.process_time()
        clean(source, Log())
        return time.process_time() - begin

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(2)) < 8 * 4 * small + 0.2
