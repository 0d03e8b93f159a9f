"""What pages put into a text: page lines, banners at head and foot, stamps of release."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from overflight.telegram.banner import class_line, first_words, is_banner
from overflight.telegram.captions import canonical, words_in
from overflight.telegram.contacts import redact_signer
from overflight.telegram.flattened import ends_apart
from overflight.telegram.pages import (
    beside,
    freed,
    is_number,
    may_be_numbered,
    page_numbers,
    page_of,
    section_of,
)
from overflight.telegram.repairs import Log
from overflight.telegram.seams import goes_on, is_listed
from overflight.telegram.source import Line, blocks, holding

__all__ = ["end_made_whole", "is_stamp", "strip_furniture"]

_WORDS = re.compile(r"[A-Z]{2,}")
# What a copyist notes of pages that are not there.
_MISSING = re.compile(
    r"^\W*(?:\d{1,3}\s+)?PAGES?\b[^.\n]{0,40}?\b(?:MISSING|NOT\s+COPIED|WITHHELD|OMITTED|LOST|ILLEGIBLE|DENIED|"
    r"REMOVED)\b\W*$",
    re.IGNORECASE,
)
_PAGED = re.compile(
    r"PAGE(?:\s+(?:[0-9OIL]|TWO|T[EHW]|FO|FI|S[IE]|EI|NI|EL)|S?\b.*?(?:MISS|COPIED|WITH|OMIT|LOST|ILLEG|DENIED|REMOVED))"
)  # the quick look
# What he notes of lines and words, in brackets on a line of its own.
_UNREADABLE = ("MISSING", "ILLEGIBLE", "GARBLE", "NOT RECEIVED", "OMITTED", "REDACTED", "DELETED", "WITHHELD")
_UNREAD = re.compile(
    r"^\W*[\[(<{][^\[\]\n]{0,60}\b(?:MISSING|ILLEGIBLE|GARBLED?|NOT\s+RECEIVED|OMITTED|REDACTED|DELETED|WITHHELD)\b"
    r"[^\[\n]{0,30}[\])>}]\W*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\n[ ]*[\[(<{]")  # the quick look
# The quicker one, for numbers of pages as well.
_SIGNS = re.compile(r"\n[ ]*(?:[\[(<{*]|-{1,2}[ ]?(?:\d|MORE|CONT)|\d{1,3}[ ]{0,8}(?:\n|/|OF)|PAGE[ ]\d)")
_STAMP = re.compile(
    r"^\s*(?:[A-Z][A-Za-z.]*\s+){0,4}?(?P<note>DECLASSIFIED/RELEASED\b|DECLASSIFIED\s+(?:AND|US|BY|UNDER)\b|"
    r"RELEASED\s+(?:IN|US|UNDER|BY(?!\s*:))\b|SYSTEMATIC REVIEW\b|(?:US|"
    r"U\.S\.)\s+DEPARTMENT\s+OF\s+STATE\s*(?:EO|E\.O\.|SYSTEMATIC|CASE|UNCLASSIFIED)\b|"
    r"UNCLASSIFIED\s+U\.S\.\s+DEPARTMENT OF STATE\b|APPROVED FOR RELEASE\b)",
    re.IGNORECASE,
)

# What stands where NNNN stood: a damaged one, and what the archives print for it.
_END = re.compile(
    r"^(?:N{3}|N{5,8}|N{4}[A-Z]{5,10}|"
    r"[<\[(*=\s-]{0,8}END OF (?:DOCUMENT|MESSAGE|TELEGRAM)[>\])*=\s.-]{0,8})$",
    re.I,
)
_TAIL = 12  # lines of banners and stamps that may stand behind the end
# The head of a further section in copies of the 1970s, from the list of bureaus on.
_HEADED = re.compile(r"\n[^\S\n]*(?:ACTION|ORIGIN)[^\S\n]+[A-Z/]{1,12}-\d\d?\b")  # the quick look
_SHARE = re.compile(r"[A-Z][A-Z/]{0,11}(?:-[A-Z])?-\d{1,2}")
_BESIDE_SHARE = re.compile(r"/\d{1,3}|[A-Z]|[A-Z]{1,6}E")
_GROUP = re.compile(r"^(?:[ZOPR]{1,2}\s+){0,2}[0-9OIl]{6}Z\s?[A-Z]{3}\s?\d{2}")
_COUNTERS = re.compile(r"^-{3,}[\s\dZ/-]*$|^-{3,}[\s\d/-]*\d{6}Z(?:\s+[A-Z]{3}\s+\d{2})?[\s\d/-]*$")
_DRAFTERS = re.compile(
    r"^(?:DRAFTED|APPROVED|CLEARED) BY\b|^[A-Z]{1,5}(?:/[A-Z]{1,6})*:\s?[A-Z.]{2,20}(?:\s|$)"
)
_ABOVE = re.compile(r"^(?:\d{1,3}|N{3}|N{5,8})$")
_ADDRESSED = re.compile(r"^(?:FM|TO|INFO|XMT|ZN[RY])\b|^(?:R[A-Z]{4,7}\s?/\s?)?[A-Z][A-Z0-9 .,'/-]{2,68}$")
_HANDLED = re.compile(
    r"\b(?:FOR|ONLY|CHANNEL|EYES|EXCLUSIVE|SPECAT|PASS|HANDL\w*|CAPTIONS?|ORCON|RELIDO|REL)\b"
)
_LONGEST_HEAD = 120  # lines
_ITEM = 4  # lines of an item of a list


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
    pages = folios = stamps = banners = heads = numbers = gaps = feeds = False
    behind = sum([len(line.text) + 1 for line in lines[: begin + 1]]) - 1
    for text in blocks([line.text for line in lines]):
        upper = text.upper()
        paged = "PAGE" in upper
        pages = pages or (paged and bool(_PAGED.search(upper)))
        signs = bool(_SIGNS.search(upper))
        bracketed = signs and bool(_BRACKETED.search(upper))
        gaps = gaps or (bracketed and any(map(upper.__contains__, _UNREADABLE)))
        folios = folios or " OF 00" in upper
        stamps = stamps or any(is_stamp(line) for word in _STAMPED for line in holding(upper, word))
        # Only a text with a second line of classification has banners to remove; most have none.
        banners = banners or (begin < len(lines) and bool(first_words(upper, max(behind, 0))))
        heads = heads or ("SECTION" in text and "-0" in text and bool(_HEADED.search(text, max(behind, 0))))
        numbers = numbers or may_be_numbered(text, signs=signs, banners=banners, paged=paged)
        feeds = feeds or "\f" in text
        behind = 0
    if not (numbers or pages or folios or stamps or banners or heads or gaps or feeds):
        return lines, None, frozenset()
    sections: set[int] = set()
    page, lost, around = 1, False, False
    edge = False  # whether the edge of a page stands between the text above and the line
    repeats = _repeats(lines, begin) if banners else None
    if pages:
        lines = freed(lines, log, begin)
    folios_at = page_numbers(lines, log, begin, repeats) if numbers else frozenset()
    for index, line in enumerate(lines):
        text = line.text
        stripped = text.strip()
        kind = ""
        if stripped:
            if stripped[0] == "P" and (number := page_of(stripped)) is not None:
                kind = "page line"
                if index > begin and number > page + 1:
                    lost = True
                    log.warn(
                        f"line {line.no}: page {number} stands behind page {page}; what is between is lost"
                    )
                page = number
            elif folios and (section := section_of(stripped)) is not None:
                kind = "page line"
                sections.add(section)
            elif index in folios_at:
                kind = "page line"
            elif stamps and (stamped := _STAMP.match(stripped)):
                kind = "release stamp"
                # Who signed the stamp, or set it, is not carried on.
                stripped = redact_signer(stripped[stamped.start("note") :])
            elif (pages and _MISSING.match(stripped)) or (gaps and _UNREAD.match(stripped)):
                lost = True
                log.warn(f"line {line.no}: the copy says that something is missing")
            elif repeats and index > begin and is_banner(stripped):
                if repeats(stripped):
                    kind = "banner"
                else:  # no repeat: the text below it may be of another classification
                    log.warn(f"line {line.no}: {stripped[:60]!r} repeats no line above; it is kept")
                    line.fresh = True
        elif text == "\f":
            kind, stripped = "page line", text
        if kind:
            log.repair(line, len(text) - len(text.lstrip(" ")), stripped, "removed", kind)
            if not edge:
                edge, around = True, bool(out) and not out[-1].text.strip()
            if (text == "\f" and line.cols is None) or (
                index in folios_at and is_number(stripped) and not all(beside(lines, index))
            ):
                # It says of a page that it ends, not that the sentence goes on: what was apart stays apart.
                out.append(Line("", line.no))
                cut, around = False, True
                continue
            if kind == "release stamp":
                _noted(notes, stripped)
            if not cut:
                blank_before = bool(out) and not out[-1].text.strip()
            cut = True
            continue
        if lost and stripped:
            log.lost.add(line.no)
            lost = False
        if edge:
            if stripped:
                edge = False
                if not _continued(out, text, around):
                    log.lost.add(line.no)  # whether a new paragraph begins on the page cannot be told
            around = True
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
    if heads and begin < len(lines):
        out = _without_heads(out, lines[begin].no, log)
    return out, " ".join(notes) or None, frozenset(sections)


def end_made_whole(lines: list[Line], log: Log) -> list[Line]:
    """The lines with a damaged end of message, or one in words, at their end as NNNN, and BT and NNNN apart.

    Banners and stamps of release may stand behind it.
    """
    seen = 0
    closed = False
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        text = line.text.strip()
        if not text:
            continue
        if (text.endswith(("BT", "NNNN")) or "BT #" in text[-9:]) and (pieces := ends_apart(line, log)):
            lines[index : index + 1] = pieces
            break
        if closed:
            break
        if text == "NNNN":
            closed = True
            continue
        if _END.match(text):
            log.repair(line, line.text.index(text[0]), text, "NNNN", "end of message")
            lines[index] = Line("NNNN", line.no, [line.column(0)] * 4, line.cut, line.fresh)
            break
        seen += 1
        if seen > _TAIL or not (is_banner(text) or is_stamp(text)):
            break
    return lines


def _without_heads(lines: list[Line], begin: int, log: Log) -> list[Line]:
    """Lines without the heads of further sections, from the list of bureaus to the classification line.

    The classification line stays, and with it what it says. A head with anything else in it stays as well.
    """
    out: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        stop = None
        if line.no > begin and line.text.lstrip()[:7] in ("ACTION ", "ORIGIN ") and _is_shares(line.text):
            stop = _head_ends(lines, index)
        if stop is None:
            out.append(line)
            index += 1
            continue
        above: list[Line] = []
        counted = False
        while out and out[-1].no > begin:
            text = out[-1].text.strip()
            if text and (not _ABOVE.match(text) or (counted and text.isdigit())):
                break
            counted = counted or bool(text)
            above.append(out.pop())
        for gone in (*above[::-1], *lines[index:stop]):
            if text := gone.text.strip():
                person = _DRAFTERS.match(text)
                log.repair(
                    gone,
                    len(gone.text) - len(gone.text.lstrip()),
                    "(a personal name)" if person else text,
                    "left out" if person else "removed",
                    "personal name" if person else "repeated head",
                )
        index = stop
    return out


def _is_shares(text: str) -> bool:
    """A line of bureaus and their copies, and nothing else."""
    words = text.split()
    if words[0] in ("ACTION", "ORIGIN", "INFO"):
        words = words[1:]
    shares = [bool(_SHARE.fullmatch(word)) for word in words]
    return any(shares) and all(
        share or _BESIDE_SHARE.fullmatch(word) for share, word in zip(shares, words, strict=True)
    )


def _head_ends(lines: list[Line], start: int) -> int | None:
    """Index of the classification line that ends the head of a further section; None when it is none."""
    grouped = False
    for index in range(start + 1, min(start + _LONGEST_HEAD, len(lines))):
        text = lines[index].text.strip()
        if not text:
            continue
        if banner := class_line(text):
            return index if grouped and (banner.section or 0) > 1 else None
        if canonical(text) or words_in(text) or _HANDLED.search(text):
            return None  # how the section is handled: it stays to be read
        if not grouped:
            grouped = bool(_GROUP.match(text))
            if not (grouped or _is_shares(text) or _COUNTERS.match(text) or _DRAFTERS.match(text)):
                return None
        elif not _ADDRESSED.match(text) or text.endswith("."):
            return None
    return None


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


def _noted(notes: list[str], text: str) -> None:
    text = " ".join(text.split())
    if text not in notes and len(notes) < 20:
        notes.append(text)


def _continued(lines: list[Line], text: str, around: bool) -> bool:
    """Whether the sentence above the edge of a page plainly goes on behind it."""
    above = [one.text for one in islice((line for line in reversed(lines) if line.text.strip()), _ITEM)]
    return not above or goes_on(above[0], text, apart=around and any(map(is_listed, above)))


def _ended(lines: list[Line]) -> bool:
    """The text above ends a sentence, so that a blank line next to the furniture is a real one."""
    for line in reversed(lines):
        text = line.text.rstrip()
        if text:
            return text[-1] in '.?!:"'
    return True
