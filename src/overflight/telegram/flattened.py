"""Heads whose lines a copy ran together: the line breaks are put back where the form has them.

Between the date-time group and FM, around BT, behind the classification line, before the labelled fields, the
first paragraph and the end. Breaks inside a list of addressees, between fields and between paragraphs are put
back by their readers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from overflight.telegram.banner import class_line, level_of
from overflight.telegram.numbering import MARK
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["behind_class_line", "break_heads", "ends_apart", "head_pieces"]

_HEAD = 60  # lines among which a head is looked for
_LAST = 40  # characters at the end of a line among which BT and NNNN are looked for
_NEAR = 160  # characters that a classification line takes at most
_DATED = re.compile(
    r"\s*(?:[A-Z0-9]{1,9}\s+){0,4}?\d{6}Z\s+[A-Z]{3}\s+\d{2,4}\s+(?:(?:NIACT|ZEX|ZZH)\s+){0,2}(?=(?:FM|FROM)\s+[A-Z])"
)
_ADDRESSED = re.compile(r"\s*(?:FM|FROM|TO|INFO)\s")
# Where the classification line may begin: behind BT, or without it.
_BREAK = re.compile(
    r"\s(?P<bt>BT\s+)?(?=(?:T\s?O\s?P|S\s?E\s?C\s?R|C\s?O\s?N\s?F|U\s?N\s?C\s?L|LIMITED|SENSITIVE|SBU|RESTRICTED)"
    r"[A-Z\s])"
)
_TO_INSIDE = re.compile(r"\sTO(?=\s|$)")
_NEXT = re.compile(r"\s*(?:TO|INFO|XMT|BT|ZEN|R[A-Z]{4,7}\s?/)(?:\s|$|/)")
_NUMBERED = re.compile(r"\d(?=\s+[A-Z])")
_FIELD = re.compile(r"(?:^|\s)(?=E\.?\s?O\.?\s?\d{5}\s?:|(?:TAGS|SUBJECT|SUBJ)\s?:)")
_AUTHORITY = re.compile(r"\s(?=(?:Classified By|CLASSIFIED BY)\b)")
_FIRST = re.compile(r"\s(?=1\s?\.\s+(?:\(\s*" + MARK + r"\s*\)|\([A-Z]+\)|[A-Z\"]))")
_END = re.compile(
    r"(?<=\S)\s+(?=BT(?:\s+#\d{3,4})?(?:\s+NNNN)?\s*$|(?:#\d{3,4}\s+)?NNNN\s*$)|(?<=BT)\s+(?=#\d{3,4}\s*$)"
)


def break_heads(lines: list[Line], log: Log) -> list[Line]:
    """The lines with those of the head apart that a copy ran together; each break is a repair."""
    out: list[Line] = []
    for index, line in enumerate(lines):
        if index < _HEAD and _is_reflowed(lines, index):
            return out + _reflowed(lines, index, log)
        if index < _HEAD and (cuts := _cuts(line.text) or _before_break(lines, index)):
            out += _cut(line, cuts, log)
        else:
            out.append(line)
    return out


def head_pieces(text: str) -> list[str]:
    """A line as the lines that it should be; itself alone where nothing is run together."""
    text = text.strip()
    cuts = _cuts(text) or (_class_ends(text, 0) if level_of(text[:_NEAR]) else [])
    return [text[a:b].strip() for a, b in pairwise([0, *cuts, len(text)])]


def behind_class_line(lines: list[Line], index: int, log: Log) -> bool:
    """Put what is run together with the classification line on lines of its own; whether anything was."""
    text = lines[index].text
    cuts = _class_ends(text, len(text) - len(text.lstrip()))
    if cuts:
        lines[index : index + 1] = _cut(lines[index], cuts, log)
    return bool(cuts)


def ends_apart(line: Line, log: Log) -> list[Line]:
    """A line on which text, BT and NNNN stand together as the lines that they should be; empty for others."""
    cuts = _ends(line.text, 0)
    return _cut(line, cuts, log) if cuts else []


def _cut(line: Line, cuts: list[int], log: Log) -> list[Line]:
    for cut in cuts:
        log.repair(line, cut, line.text[cut : cut + 24].split()[0], "a new line", "line break lost")
    pieces = [line.part(a, b, fresh=a > 0) for a, b in pairwise([0, *cuts, len(line.text)])]
    for piece in pieces:
        piece.text = piece.text.rstrip()
    return pieces


def _before_break(lines: list[Line], index: int) -> list[int]:
    """Where BT stands at the end of an addressee's line; the classification line is below."""
    text = lines[index].text.rstrip()
    if not text.endswith(" BT") or index + 1 == len(lines) or not level_of(lines[index + 1].text.strip()):
        return []
    return [len(text) - 2]


def _is_reflowed(lines: list[Line], index: int) -> bool:
    """Whether FM and TO go on behind the date-time group: what follows is broken elsewhere."""
    dated = _DATED.match(lines[index].text)
    if dated is None:
        return False
    if _TO_INSIDE.search(lines[index].text, dated.end()):
        return True
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return not _NEXT.match(below) and _TO_INSIDE.search(below) is not None


def _reflowed(lines: list[Line], start: int, log: Log) -> list[Line]:
    """The lines from ``start`` on, where line breaks of the head stand elsewhere than they did.

    The head is joined to one text, up to the line in which the first paragraph begins, and parted anew. A
    place on a further line cannot be told on the first.
    """
    stop = start
    while stop + 1 < len(lines) and not _FIRST.search(f" {lines[stop].text}") and stop - start < _HEAD:
        stop += 1
    zone = lines[start : stop + 1]
    begins, size = [], 0
    for line in zone:
        begins.append(size)
        size += len(line.text) + 1
    text = " ".join([line.text for line in zone])
    out: list[Line] = []
    cuts = _cuts(text)
    for begin, end in pairwise([0, *cuts, len(text)]):
        n = bisect_right(begins, begin) - 1
        if begin:
            word = text[begin : begin + 24].split()[0]
            log.repair(zone[n], begin - begins[n], word, "a new line", "line break lost")
        own = zone[n].part(begin - begins[n], min(end - begins[n], len(zone[n].text)), fresh=begin > 0)
        more = text[begin + len(own.text) : end]
        columns = [*(own.cols or ()), *[own.column(len(own.text) - 1)] * len(more)]
        out.append(Line(own.text + more, own.no, columns, own.cut, own.fresh))
    return out + lines[stop + 1 :]


def _cuts(text: str) -> list[int]:
    """Where lines of a head begin in a line that holds several of them."""
    dated = _DATED.match(text)
    if dated is None and not _ADDRESSED.match(text):
        return []
    cuts = [dated.end()] if dated else []
    for found in _BREAK.finditer(text):
        if level_of(text[found.end() : found.end() + _NEAR]):
            behind = _class_ends(text, found.end())
            if found["bt"]:
                return [*cuts, found.start("bt"), found.end(), *behind]
            if behind:
                return [*cuts, found.end(), *behind]
    return cuts


def _class_ends(text: str, start: int) -> list[int]:
    """Where lines begin behind a classification line with its number; none where it stands alone."""
    for found in _NUMBERED.finditer(text, start, start + _NEAR):
        banner = class_line(text[start : found.end()].strip())
        if banner is not None and banner.serial is not None:
            at = len(text) - len(text[found.end() :].lstrip())
            return [at, *(cut for cut in _fields(text, at) if cut > at)]
    return []


def _fields(text: str, start: int) -> list[int]:
    """Where the labelled fields, the authority, the first paragraph and the end of a message begin."""
    cuts: list[int] = []
    at = start
    for pattern in (_FIELD, _AUTHORITY, _FIRST):
        if found := pattern.search(text, at):
            at = found.end()
            cuts.append(at)
    return [*cuts, *_ends(text, at)]


def _ends(text: str, start: int) -> list[int]:
    """Where BT and NNNN begin behind other things at the end of a line."""
    return [found.end() for found in _END.finditer(text, max(start, len(text) - _LAST))]
