"""What pages put into a text: page lines, banners at head and foot, stamps of release."""

from __future__ import annotations

import re
from collections.abc import Callable

from overflight.telegram.banner import class_line, first_words, is_banner
from overflight.telegram.offices import redact_signer
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line, blocks, holding

__all__ = ["is_stamp", "strip_furniture"]

_WORDS = re.compile(r"[A-Z]{2,}")
_PAGE = re.compile(
    r"^\s*PAGE\s+(?P<page>[0-9OIl]{1,3})(?:\s+OF\s+\d{1,3})?(?:\s+[A-Z0-9][A-Z0-9 "
    r".'/-]{0,40}?\s*\d{1,6})?(?:\s+(?:\d{6}Z|[0-9OIl]{6}Z))?"
    r"(?:\s+[A-Z]{3}\s+\d{2,4})?(?:\s+(?:UNCLAS\w*|CONFIDENTIAL|SECRET))?\s*$"
)
# What a copyist notes of pages that are not there.
_MISSING = re.compile(
    r"^\W*(?:\d{1,3}\s+)?PAGES?\b[^.\n]{0,40}?\b(?:MISSING|NOT\s+COPIED|WITHHELD|OMITTED|LOST|ILLEGIBLE|DENIED|"
    r"REMOVED)\b\W*$",
    re.IGNORECASE,
)
_PAGED = re.compile(
    r"PAGE(?:\s+[0-9OIL]|S?\b.*?(?:MISS|COPIED|WITH|OMIT|LOST|ILLEG|DENIED|REMOVED))"
)  # the quick look
_DIGITS = str.maketrans("OIl", "011")
# Copies of later years: post, number of eight digits, "section.page OF sections".
_FOLIO = re.compile(r"^[A-Z][A-Z .'-]{1,40}\s\d{8}\s+(?P<section>\d{3})(?:\.\d{1,2})?\s+OF\s+\d{3}$")
# The same, caught in the middle of a line when lines were joined: only in its full form.
_CAUGHT = re.compile(
    r"(?:(?<=\s)|^)(?:(?P<level>UNCLASSIFIED|UNCLAS|CONFIDENTIAL|(?:TOP "
    r")?SECRET)\s+)?(?P<page>PAGE\s+\d{2}\s+[A-Z][A-Z .'/-]{1,40}?\s\d{6}\s+\d{6}Z)"
    r"(?(level)\s+(?P=level))(?=\s|$)|(?:(?<=\s)|^)PAGE\s+\d{2}\s+[A-Z][A-Z "
    r".'/-]{1,40}?\s\d{6}\s+\d{6}Z(?=\s|$)"
)
_STAMP = re.compile(
    r"^\s*(?:[A-Z][A-Za-z.]*\s+){0,4}?(?P<note>DECLASSIFIED/RELEASED\b|DECLASSIFIED\s+(?:AND|US|BY|UNDER)\b|"
    r"RELEASED\s+(?:IN|US|UNDER|BY(?!\s*:))\b|SYSTEMATIC REVIEW\b|(?:US|"
    r"U\.S\.)\s+DEPARTMENT\s+OF\s+STATE\s*(?:EO|E\.O\.|SYSTEMATIC|CASE|UNCLASSIFIED)\b|"
    r"UNCLASSIFIED\s+U\.S\.\s+DEPARTMENT OF STATE\b|APPROVED FOR RELEASE\b)",
    re.IGNORECASE,
)


# One of these stands in every stamp.
_STAMPED = ("RELEASE", "SYSTEMATIC", "DEPARTMENT OF STATE", "DECLASSIFIED")


def is_stamp(text: str) -> bool:
    """Whether a line is a stamp of release."""
    return bool(_STAMP.match(text))


def strip_furniture(
    lines: list[Line], log: Log, text_begins: int | None
) -> tuple[list[Line], str | None, frozenset[int]]:
    """Lines without page furniture; what follows a removed line is marked ``cut``.

    Also the stamp of release, and the sections that page lines name.

    Parameters
    ----------
    lines : list of Line
        Cleaned lines.
    log : Log
        Takes a repair for each line removed.
    text_begins : int or None
        Index of the line that opens the text: a banner above it, or there, is no repeat.
    """
    out: list[Line] = []
    notes: list[str] = []
    cut = False
    blank_before = False
    begin = len(lines) if text_begins is None else text_begins
    pages = folios = stamps = banners = False
    behind = sum([len(line.text) + 1 for line in lines[: begin + 1]]) - 1
    for text in blocks([line.text for line in lines]):
        upper = text.upper()
        pages = pages or bool(_PAGED.search(upper))
        folios = folios or " OF 00" in upper
        stamps = stamps or any(is_stamp(line) for word in _STAMPED for line in holding(upper, word))
        # Only a text with a second line of classification has banners to remove; most have none.
        banners = banners or (begin < len(lines) and bool(first_words(upper, max(behind, 0))))
        behind = 0
    if not (pages or folios or stamps or banners):
        return lines, None, frozenset()
    sections: set[int] = set()
    page, lost = 1, False
    repeats = _repeats(lines, begin) if banners else None
    for index, line in enumerate(lines):
        if pages and "PAGE " in line.text and line.text[:4] != "PAGE":
            line = _freed(line, log)
        text = line.text
        stripped = text.strip()
        kind = ""
        if stripped:
            if stripped[0] == "P" and (paged := _PAGE.match(stripped)):
                kind = "page line"
                number = int(paged["page"].translate(_DIGITS))
                if index > begin and number > page + 1:
                    lost = True
                    log.warn(
                        f"line {line.no}: page {number} stands behind page {page}; what is between is lost"
                    )
                page = number
            elif folios and (folio := _FOLIO.match(stripped)):
                kind = "page line"
                sections.add(int(folio["section"]))
            elif stamps and (stamped := _STAMP.match(stripped)):
                kind = "release stamp"
                # Who signed the stamp, or set it, is not carried on.
                stripped = redact_signer(stripped[stamped.start("note") :])
            elif pages and _MISSING.match(stripped):
                lost = True
                log.warn(f"line {line.no}: the copy says that a page is missing")
            elif repeats and index > begin and is_banner(stripped):
                if repeats(stripped):
                    kind = "banner"
                else:  # no repeat: the text below it may be of another classification
                    log.warn(f"line {line.no}: {stripped[:60]!r} repeats no line above; it is kept")
                    line.fresh = True
        if kind:
            log.repair(line, len(text) - len(text.lstrip()), stripped, "removed", kind)
            if kind == "release stamp":
                _noted(notes, stripped)
            if not cut:
                blank_before = bool(out) and not out[-1].text.strip()
            cut = True
            continue
        if lost and stripped and not kind:
            log.lost.add(line.no)
            lost = False
        if cut:
            if not stripped:
                # A blank on one side of the furniture belongs to the page, on both sides to the text perhaps.
                line.cut = blank_before
                if not blank_before:
                    continue
                blank_before = False
                if _ended(out):
                    cut = False
                    out.append(line)
                continue
            if blank_before and not _ended(out):
                while out and not out[-1].text.strip():
                    out.pop()
            line.cut = True
            cut = False
        out.append(line)
    return out, " ".join(notes) or None, frozenset(sections)


def _repeats(lines: list[Line], begin: int) -> Callable[[str], bool]:
    """Whether a banner says no more than the head of the message says."""
    own = class_line(lines[begin].text.strip()) if begin < len(lines) else None
    ends = next((n for n in range(begin + 1, len(lines)) if not lines[n].text.strip()), len(lines))
    head = set(_WORDS.findall(" ".join(line.text for line in lines[: min(ends, begin + 30)])))

    def repeats(text: str) -> bool:
        banner = class_line(text)
        if own is None or banner is None:
            return sum(line.text.strip() == text for line in lines) > 1
        return banner.level == own.level and head.issuperset(_WORDS.findall(banner.control))

    return repeats


def _freed(line: Line, log: Log) -> Line:
    """A line without page lines in its middle; one that is nothing else is left to the caller."""
    pieces: list[str] = []
    cols: list[int] = []
    start = 0
    text = line.text
    for match in _CAUGHT.finditer(text):
        if not text[: match.start()].strip() and not text[match.end() :].strip():
            return Line(match[0][match[0].index("PAGE") :].strip(), line.no, None, line.cut)
        log.repair(line, match.start(), match[0], "removed", "page line")
        pieces.append(text[start : match.start()])
        cols += (line.column(n) for n in range(start, match.start()))
        start = match.end()
    if not start:
        return line
    pieces.append(text[start:])
    cols += (line.column(n) for n in range(start, len(text)))
    return Line("".join(pieces), line.no, cols, line.cut or not pieces[0].strip(), line.fresh)


def _noted(notes: list[str], text: str) -> None:
    text = " ".join(text.split())
    if text not in notes and len(notes) < 20:
        notes.append(text)


def _ended(lines: list[Line]) -> bool:
    """The text above ends a sentence, so that a blank line next to the furniture is a real one."""
    for line in reversed(lines):
        text = line.text.rstrip()
        if text:
            return text[-1] in '.?!:"'
    return True
