"""Paragraphs: numbers, headings, markings and text, out of lines that may be broken, glued or decorated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from overflight.telegram.mend import (
    corrected,
    is_glued,
    is_long,
    join_lines,
    mended,
    run_on,
    take_signature,
    unglue,
)
from overflight.telegram.model import Paragraph
from overflight.telegram.numbered import ALONE, SENTENCE_END, find_headings, find_numbers, find_spots
from overflight.telegram.numbering import MARK
from overflight.telegram.offices import redact_contact
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line
from overflight.telegram.words import words_of

__all__ = ["BREAK", "PORTION", "Body", "read_body"]

#: A line that begins a new sub-paragraph by its form.
BREAK = re.compile(
    r"^\s*(?:(?:--|[-*+•o])\s+\S|[A-Z][.)]\s|\(\s?[A-Za-z0-9]{1,3}\s?\)\s|(?:BEGIN|END|START)\s+[A-Z]|"
    r"[a-z]\)\s)"
)
#: A portion that is not numbered: its mark stands at the start of a line, perhaps behind a bullet or letter.
PORTION = re.compile(
    r"^\s*(?P<lead>(?:--|[-*+]|[A-Z][.)]|\([A-Za-z0-9]{1,3}\))\s+)?\(\s*(?P<mark>"
    + MARK
    + r")\s*\)(?=\s|$|[A-Z\"])"
)
# The quick look before `BREAK` and the test for a BEGIN or END that stands alone.
_BREAKING, _BEHIND, _EDGES = frozenset("-*+•o("), frozenset(".)"), frozenset({"BEG", "END", "STA"})
_MARK = re.compile(r"^\(\s*(?P<mark>" + MARK + r")\s*\)\s*")
_OPEN_MARK = re.compile(r"^[^()]{0,12}\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)\s*[/-]{1,2}[^()]*$")
_HYPHEN = re.compile(r"-(?<=[A-Za-z]-)[ ]*\n")
_ENUMERATED = re.compile(r"^\s*\(([A-Z])\)")


@dataclass
class Body:
    """Paragraphs, the signature, whether the text seems whole."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    signed: str | None = None
    whole: bool = False  # ends with a signature or the end of a sentence


@dataclass
class _Open:
    """A paragraph that is being read."""

    number: int | None
    first: int
    heading: str | None
    printed: str = ""
    subs: list[list[Line]] = field(default_factory=list)


def read_body(lines: list[Line], log: Log, *, first: int = 1, last_section: bool = True) -> Body:
    """Read the paragraphs.

    Parameters
    ----------
    lines : list of Line
        Lines after the labelled fields up to the end of the text, page furniture removed.
    log : Log
        Takes repairs and warnings.
    first : int
        Number that the text is expected to begin with, 0 when unknown (a later section).
    last_section : bool
        A signature may follow.
    """
    while lines and not lines[-1].text.strip():
        lines.pop()
    joined = "\n".join(line.text for line in lines)
    if is_long(lines) or is_glued(joined):
        lines = unglue(lines, log)
    words = words_of(joined) if _needs_words(joined, lines) else frozenset()
    body = Body()
    body.signed = take_signature(lines)
    spots, texts = find_spots(lines)
    numbers = find_numbers(lines, spots, texts, log, first)
    headings = find_headings(texts, numbers)
    copies: dict[int, int] = {}
    heading: str | None = None
    open_: _Open | None = None
    fresh = True
    alone = False
    for index, line in enumerate(lines):
        text = texts[index]
        if not text:
            fresh = True
            continue
        if index in headings:
            if headings[index]:
                if open_:
                    _close(open_, body, words, copies, log)
                    open_ = None
                heading = headings[index]
            fresh = True
            continue
        if index in numbers:
            if open_:
                _close(open_, body, words, copies, log)
            number, match = numbers[index]
            at = match.start("mark") if match["mark"] else match.end()
            rest = (
                line.part(at)
                if line.cols
                else Line(line.text[at:], line.no, list(range(at + 1, len(line.text) + 2)))
            )
            printed = line.text[
                match.start() : match.end("close") if match["close"] else match.end("digits")
            ].strip()
            open_ = _Open(number, line.no, heading, printed, [[rest]])
            fresh = alone = False
            continue
        own = PORTION.match(line.text) if "(" in text[:40] else None
        if own and own["lead"] is None and open_ and open_.number is not None and not _has_text(open_):
            own = None  # the mark of a number that stands alone on its line
        elif own and own["lead"] is None and open_ and _enumeration(open_, own["mark"]):
            own = None
        if own or open_ is None:
            if open_:
                _close(open_, body, words, copies, log)
            open_ = _Open(None, line.no, heading, "", [[line]])
            fresh = alone = False
            if ALONE.match(text):
                fresh = alone = True
            continue
        mine = text[:3].upper() in _EDGES and bool(ALONE.match(text))
        if (
            (fresh and not line.cut)
            or alone
            or mine
            or line.fresh
            or (
                (text[0] in _BREAKING or text[1:2] in _BEHIND or text[:3] in _EDGES)
                and BREAK.match(line.text)
            )
            or index in spots
        ):
            # A rejected number begins a sub-paragraph only where the line above ends a sentence.
            goes_on = index in spots and not (fresh or alone or line.fresh) and not _ends(open_)
            if goes_on or (len(open_.subs[-1]) == 1 and not open_.subs[-1][0].text.strip()):
                open_.subs[-1].append(line)
            else:
                open_.subs.append([line])
        else:
            open_.subs[-1].append(line)
        fresh, alone = False, mine
    if open_:
        _close(open_, body, words, copies, log)
    if (
        body.signed is None
        and last_section
        and body.paragraphs
        and (cut := run_on(body.paragraphs[-1], lines, log))
    ):
        body.paragraphs[-1], body.signed = cut
    body.whole = body.signed is not None or bool(
        body.paragraphs and body.paragraphs[-1].text.endswith((".", "?", "!", '"', ")", ":"))
    )
    return body


def _needs_words(joined: str, lines: list[Line]) -> bool:
    return bool("-\n" in joined and _HYPHEN.search(joined)) or any(line.cut for line in lines)


def _has_text(open_: _Open) -> bool:
    return any(line.text.strip() for sub in open_.subs for line in sub)


def _ends(open_: _Open) -> bool:
    text = open_.subs[-1][-1].text.rstrip()
    return not text or text.endswith(SENTENCE_END)


def _enumeration(open_: _Open, mark: str) -> bool:
    """``(C)`` after ``(A)`` and ``(B)`` is a letter of a list, no marking."""
    if len(mark) != 1 or mark == "S" or len(open_.subs) < 2:
        return False
    before = [_ENUMERATED.match(sub[0].text) for sub in open_.subs[-2:]]
    return all(before) and [ord(b[1]) for b in before if b] == [ord(mark) - 2, ord(mark) - 1]


def _close(open_: _Open, body: Body, words: frozenset[str], copies: dict[int, int], log: Log) -> None:
    subs: list[str] = []
    last = open_.first
    for sub in open_.subs:
        text = join_lines(sub, words, log)
        last = max(last, sub[-1].no)
        if text:
            subs.append(text)
    marking: str | None = None
    lead = ""
    if subs:
        if open_.number is None and (match := PORTION.match(subs[0])):
            lead = (match["lead"] or "").strip()
            marking, subs[0] = match["mark"], subs[0][match.end() :].strip()
        elif match := _MARK.match(subs[0]):
            marking, subs[0] = match["mark"], subs[0][match.end() :].strip()
        if not subs[0]:
            del subs[0]
    text = "\n".join(subs)
    if open_.number is None and marking is None and not text:
        return
    if "E E E E E E" in text:
        text = corrected(text, open_.subs[0][0], log)
    if "- " in text:
        text = mended(text, words, open_.subs[0][0], log)
    upper = text.upper()
    clean, names = text, 0
    if "POC" in upper or "CONTACT" in upper or "OFFICER" in upper:
        clean, names = redact_contact(text)
    if names:
        log.repair(
            open_.subs[0][0],
            0,
            "(contact details of a person)",
            "left out; the office is kept",
            "personal name",
        )
    copy = 0
    if open_.number is not None:
        copy = copies.get(open_.number, 0)
        copies[open_.number] = copy + 1
    if marking is not None:
        marking = " ".join(marking.split())
    previous = body.paragraphs[-1] if body.paragraphs else None
    if (
        open_.number is None
        and marking is None
        and previous is not None
        and previous.heading == open_.heading
    ):
        merged = "\n".join(part for part in (previous.text, clean) if part)
        body.paragraphs[-1] = Paragraph(
            previous.number, merged, previous.marking, previous.heading, previous.lead, previous.copy,
            previous.printed,
            (previous.lines[0] if previous.lines else open_.first, last),
        )  # fmt: skip
        return
    body.paragraphs.append(
        Paragraph(open_.number, clean, marking, open_.heading, lead, copy, open_.printed, (open_.first, last))
    )
