"""Paragraphs: numbers, headings, markings and text, out of lines that may be broken, glued or decorated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from overflight.telegram.columns import find_tables
from overflight.telegram.contacts import CUES, redact_contact
from overflight.telegram.coverage import covered
from overflight.telegram.mend import (
    corrected,
    is_glued,
    is_long,
    join_lines,
    mended,
    note_broken,
    run_on,
    take_signature,
    unglue,
)
from overflight.telegram.model import Paragraph
from overflight.telegram.numbered import (
    ALONE,
    find_headings,
    find_numbers,
    find_special,
    find_spots,
)
from overflight.telegram.numbering import MARK
from overflight.telegram.open_paragraph import OpenParagraph
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line, blocks

__all__ = ["BREAK", "PORTION", "Body", "read_body"]

#: A line that begins a new sub-paragraph by its form.
BREAK = re.compile(
    r"^\s*(?:(?:--|[-*+•o])\s+\S|[A-Za-z][.)]\s|\(\s?[A-Za-z0-9]{1,3}\s?\)\s|(?:BEGIN|END|START)\s+[A-Z]|"
    r"[a-z]\)\s)"
)
#: A portion that is not numbered: its mark stands at the start of a line, perhaps behind a bullet or letter.
PORTION = re.compile(
    r"^\s*(?P<lead>(?:--|[-*+]|(?:\d{1,3}\.)?[A-Za-z][.)]|[IVX]{2,4}[.)]|\([A-Za-z0-9]{1,3}\))\s+)?\(\s*(?P<mark>"
    + MARK
    + r")\s*\)(?=\s|$|[A-Z\"])"
)
# How a paragraph without a marking may begin, where no number in its right form stands: ``Para 2:``, ``2 -``.
_ODD = re.compile(
    r"^(?:(?:PARA(?:GRAPH)?|ITEM|NO|NR)\.?\s*\d|#\s?\d|\d{1,3}\s?(?:\.?-{1,2}|[\u2013\u2014,/]|\.\d{1,2}\.?)\s|"
    r"[IVX]{2,5}[.):]\s)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"^(?:[A-Za-z][.)]|\([A-Za-z0-9]{1,3}\))\s")
# The quick look before `BREAK` and the test for a BEGIN or END that stands alone.
_BREAKING, _BEHIND, _EDGES = frozenset("-*+•o("), frozenset(".)"), frozenset({"BEG", "END", "STA"})
_MARK = re.compile(r"^\(\s*(?P<mark>" + MARK + r")\s*\)")
_LONGEST = 700  # characters of a bracket with a marking, at most
_OPEN_MARK = re.compile(r"^[^()]{0,12}\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)\s*[/-]{1,2}[^()]*$")
# The quick look before the search for tables.
_WIDE = re.compile(r"   (?<=\S   )[ ]*\S")
_WHITE = "\t\r\v\f\x1c\x1d\x1e\x1f"  # all of it in ASCII but the blank
_NO_WORDS: frozenset[str] = frozenset()
_cut, _fresh = attrgetter("cut"), attrgetter("fresh")
# What a number or a letter belongs to, at the end of the line above it.
_ASIDE = re.compile(r"\b(?:(?:SUB-?)?PARA(?:GRAPH)?S?|REFS?|NOS?\.)$", re.IGNORECASE)
_HYPHEN = re.compile(r"-(?<=[A-Za-z]-)[ ]*\n")
_TIME = re.compile(
    r"(?:END|START|BEGINNING)\s+OF\s+(?:(?:THE|THIS|NEXT|LAST|EACH)\s+(?:DAY|WEEK|MONTH|QUARTER|YEAR)|"
    r"(?:BUSINESS|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER))\b",
    re.IGNORECASE,
)


@dataclass
class Body:
    """Paragraphs, the signature, whether the text seems whole."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    signed: str | None = None
    whole: bool = False  # ends with a signature or the end of a sentence


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
    printed = [line.text for line in lines]
    note_broken(lines, printed)
    glued, broken, wide = is_long(printed), True in map(_cut, lines), False
    blanks = True  # no other white space
    for joined in blocks(printed):
        glued = glued or is_glued(joined)
        broken = broken or ("-\n" in joined and bool(_HYPHEN.search(joined)))
        wide = wide or ("   " in joined and bool(_WIDE.search(joined)))
        blanks = blanks and joined.isascii() and not any(map(joined.__contains__, _WHITE))
    if glued:
        lines = unglue(lines, log)
        printed = [line.text for line in lines]
    body = Body()
    _without_hashes(lines, log)
    body.signed = take_signature(lines)
    texts = [text.strip() for text in printed[: len(lines)]]
    special = find_special(texts)
    rows = _rows(lines) if wide else {}
    spots = find_spots(lines, texts, special, rows)
    numbers = find_numbers(lines, spots, texts, special, log, first)
    headings = find_headings(lines, texts, special, numbers, rows, log)
    reader = _Reader(body, lines, texts, spots, numbers, headings, rows, broken, blanks, log)
    reader.read(special)
    last = body.paragraphs[-1] if body.paragraphs else None
    if body.signed is None and last_section and last and (cut := run_on(last, lines, log)):
        body.paragraphs[-1], body.signed = cut
    body.whole = body.signed is not None or bool(
        body.paragraphs and body.paragraphs[-1].text.endswith((".", "?", "!", '"', ")", ":"))
    )
    return body


def _without_hashes(lines: list[Line], log: Log) -> None:
    """Take off the number signs with which some end a text, behind the signature or below it."""
    while lines and (not (text := lines[-1].text.rstrip()) or text.endswith("##")):
        bare = text.rstrip("#").rstrip()
        if text:
            log.repair(lines[-1], len(bare), text[len(bare) :].strip(), "removed", "end of message")
        if bare:
            lines[-1] = lines[-1].part(0, len(bare), fresh=lines[-1].fresh)
            return
        lines.pop()


def _rows(lines: list[Line]) -> dict[int, bool]:
    """Lines that are rows of tables, and whether the row is the first of its table."""
    found = find_tables([line.text for line in lines])
    return {index: index == start for start, stop in found for index in range(start, stop)}


@dataclass(slots=True)
class _Reader:
    """Goes along the lines of a text and closes one paragraph after the other."""

    body: Body
    lines: list[Line]
    texts: list[str]
    spots: dict[int, re.Match[str]]
    numbers: dict[int, tuple[int, re.Match[str]]]
    headings: dict[int, str]
    rows: dict[int, bool]
    broken: bool  # words are: by hyphens at the ends of lines, or by page lines
    blanks: bool
    log: Log
    copies: dict[int, int] = field(default_factory=dict)
    heading: str | None = None
    open: OpenParagraph | None = None
    fresh: bool = True  # a blank line, a ruler or a heading stands above
    alone: bool = False  # a BEGIN or END that stands alone is above

    def read(self, special: list[int]) -> None:
        """Read all lines; between two special ones nothing can happen but that the text goes on."""
        turns = {0, *special, *self.rows}
        if self.log.lost:
            turns.update(n for n, line in enumerate(self.lines) if line.no in self.log.lost)
        if True in map(_fresh, self.lines):
            turns.update(n for n, line in enumerate(self.lines) if line.fresh)
        for turn, after in pairwise([*sorted(turns), len(self.lines)]):
            index = turn
            if index < after and not self.texts[index]:
                self.fresh = True
                index += 1
                if index == after:
                    continue
            while index < after and (index == turn or self.open is None or self.fresh or self.alone):
                self.line(index)
                index += 1
            if index < after and self.open:
                self.open.subs[-1] += self.lines[index:after]
        self.close()

    def line(self, index: int) -> None:
        """Take one line."""
        text = self.texts[index]
        if not text:
            self.fresh = True
        elif index in self.headings:
            if self.headings[index]:
                self.close()
                self.heading = self.headings[index]
            self.fresh = True
        elif index in self.rows:
            self.row(index)
        elif index in self.numbers:
            self.numbered(index)
        else:
            self.text(index, text)

    def row(self, index: int) -> None:
        if self.open is None:
            self.open = OpenParagraph(None, self.lines[index].no, self.heading)
        if self.rows[index]:
            self.open.tables.add(len(self.open.subs))
            self.open.subs.append([])
        self.open.subs[-1].append(self.lines[index])
        self.fresh, self.alone = True, False

    def numbered(self, index: int) -> None:
        line = self.lines[index]
        doubtful = self._is_aside(index)
        self.close()
        number, match = self.numbers[index]
        rest = line.part(match.start("mark") if match["mark"] else match.end())
        printed = line.text[match.start() : match.end("close") if match["close"] else match.end("digits")]
        self.open = OpenParagraph(number, line.no, self.heading, printed.strip(), [[rest]])
        if (doubtful or (line.fresh and line.cut)) and match["mark"]:
            self.open.doubtful = True
        self.fresh = self.alone = False

    def _is_doubtful(self, own: re.Match[str], index: int) -> bool:
        """Whether a marking may be none of the text behind it: it ends a sentence, or one speaks of it.

        What stands above decides nothing but by a blank line: it may be of a paragraph that only others read.
        """
        lead, line = own["lead"], self.lines[index]
        if lead is None and (line.fresh or own.end() == len(line.text)):
            return True
        if lead is None:
            return self.open is not None and not self.fresh and self.open.has_text()
        return lead.strip()[0].isalnum() and self._is_aside(index)

    def _is_aside(self, index: int) -> bool:
        """Whether the line above ends in what a number or letter belongs to: ``SEE PARA``."""
        return index > 0 and not self.fresh and _ASIDE.search(self.texts[index - 1]) is not None

    def text(self, index: int, text: str) -> None:
        line, open_ = self.lines[index], self.open
        own = PORTION.match(line.text) if "(" in text[:40] else None
        if own and own["lead"] is None and open_ and open_.number is not None and not open_.has_text():
            own = None  # the mark of a number that stands alone on its line
        elif own and own["lead"] is None and open_ and open_.lists_to(own["mark"]):
            self.log.warn(
                f"line {line.no}: ({own['mark']}) is taken for a letter of the list above it, for no marking"
            )
            own = None
        if own or open_ is None:
            # A marking that a sentence speaks of may have come to stand at the beginning of a line.
            doubtful = own is not None and self._is_doubtful(own, index)
            self.close()
            self.open = OpenParagraph(None, line.no, self.heading, "", [[line]], doubtful=doubtful)
            self.fresh = self.alone = bool(ALONE.match(text))
            return
        edge = text[:3].upper() in _EDGES
        if edge and not self.fresh and not line.fresh and _TIME.match(text) and not open_.ends_sentence():
            open_.subs[-1].append(line)  # "by the end of the month", broken before its end
            self.alone = False
            return
        mine = edge and bool(ALONE.match(text))
        goes_on = True
        below = len(open_.subs) - 1 in open_.tables
        if below or self.alone or mine or line.fresh or (self.fresh and not line.cut):
            goes_on = False
        elif index in self.spots:
            # A rejected number begins a sub-paragraph only where the line above ends a sentence.
            goes_on = not (self.fresh or open_.ends_sentence())
        elif text[0] in _BREAKING or text[1:2] in _BEHIND or text[:3] in _EDGES:
            goes_on = not BREAK.match(line.text)
        if goes_on and _ODD.match(text) and open_.ends_sentence():
            goes_on = False
        if goes_on or (len(open_.subs[-1]) == 1 and not open_.subs[-1][0].text.strip()):
            open_.subs[-1].append(line)
        else:
            above = self.texts[index - 1]
            if (
                line.fresh
                or not any(map(str.isalnum, above))
                or _LETTERED.match(text)
                or _ODD.match(text)
                or open_.is_out_of_count(self.spots.get(index))
            ):
                open_.apart.append(len(open_.subs))
            open_.subs.append([line])
        if line.no in self.log.lost and not open_.lost:  # the first ends what is covered
            open_.lost.append((len(open_.subs) - 1, len(open_.subs[-1]) - 1))
        # Signs alone part what they stand between, as a blank line does.
        self.fresh, self.alone = not any(map(str.isalnum, text)), mine

    def close(self) -> None:
        """Make a paragraph of the open one."""
        open_, self.open = self.open, None
        if open_ is None:
            return
        subs: list[str] = []
        words = open_.words() if self.broken else _NO_WORDS
        last = max([open_.first, *[sub[-1].no for sub in open_.subs]])
        table_first = False
        places: list[int] = []  # of each sub-paragraph: its first line in the text
        for n, sub in enumerate(open_.subs):
            places.append(len(subs))
            if n in open_.tables:
                table_first = table_first or not subs
                subs += _as_printed(sub)
            elif text := join_lines(sub, words, self.log, blanks=self.blanks):
                subs.append(text)
        marking: str | None = None
        lead = ""
        taken = len(subs[0]) if subs else 0
        if subs and not table_first:
            if open_.number is None and (match := PORTION.match(subs[0])):
                lead = (match["lead"] or "").strip()
                marking, subs[0] = match["mark"], subs[0][match.end() :].strip()
            elif 0 < (end := subs[0].find(")") + 1) < _LONGEST and (marking := _mark(subs[0][:end])):
                subs[0] = subs[0][end:].strip()
            taken -= len(subs[0])
            if not subs[0]:
                del subs[0]
                places = [n - 1 for n in places]
        text = self.mended("\n".join(subs), words, open_.subs[0][0])
        sure = 0 if open_.doubtful else None
        if marking is not None and (len(subs) > 1 or open_.lost) and not open_.doubtful:
            lines = covered(subs, {places[n] for n in open_.apart}, listed=bool(lead))
            ends = [] if lines is None else [len("\n".join(subs[:lines]))]
            for n, line in open_.lost:
                above = join_lines(open_.subs[n][:line], words, Log(), blanks=self.blanks) if line else ""
                before = "".join(f"{one}\n" for one in subs[: max(places[n], 0)])
                ends.append(max(0, len(before) + len(above) - (taken if places[n] <= 0 else 0)))
            if ends:
                sure = min(ends) if text == "\n".join(subs) else 0
        if marking is not None:
            marking = " ".join(marking.split())
        elif open_.number is None:
            previous = self.body.paragraphs[-1] if self.body.paragraphs else None
            if not text:
                return
            if previous is not None and previous.heading == open_.heading:
                merged = "\n".join(part for part in (previous.text, text) if part)
                first = previous.lines[0] if previous.lines else open_.first
                sure = len(previous.text) if previous.sure is None else previous.sure
                self.body.paragraphs[-1] = replace(previous, text=merged, lines=(first, last), sure=sure)
                return
        copy = 0
        if open_.number is not None:
            copy = self.copies.get(open_.number, 0)
            self.copies[open_.number] = copy + 1
        self.body.paragraphs.append(
            Paragraph(
                open_.number,
                text,
                marking,
                open_.heading,
                lead,
                copy,
                open_.printed,
                (open_.first, last),
                sure,
            )
        )

    def mended(self, text: str, words: frozenset[str], line: Line) -> str:
        """What an earlier copy did to words is undone, and the contact details of persons are left out."""
        if "E E E E E E" in text:
            text = corrected(text, line, self.log)
        if "-" in text and "- " in text:
            text = mended(text, words, line, self.log)
        upper = text.upper().replace("\n", " ")  # a line break may part the words of a cue
        if any(map(upper.__contains__, CUES)):
            text, names = redact_contact(text)
            if names:
                what, kept = "(contact details of a person)", "left out; the office is kept"
                self.log.repair(line, 0, what, kept, "personal name")
        return text


@lru_cache(4_096)
def _mark(bracket: str) -> str | None:
    """The marking in a bracket at the beginning of a text; no marking has another bracket in it."""
    match = _MARK.match(bracket)
    return match["mark"] if match else None


def _as_printed(rows: list[Line]) -> list[str]:
    """Rows of a table, without the indent that all of them have."""
    indent = min(len(row.text) - len(row.text.lstrip()) for row in rows)
    return [row.text[indent:].rstrip() for row in rows]
