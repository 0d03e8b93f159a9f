"""The text of a telegram as it came, line by line, cut where something was repaired or marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overflight.telegram import Paragraph, Reading, Repair

__all__ = ["LONGEST_LINE", "PAGE_CHARACTERS", "Piece", "SourceLine", "printable", "source_lines"]

#: Characters of a line, and of all the lines of one page, that are shown.
LONGEST_LINE, PAGE_CHARACTERS = 4000, 400_000
#: Characters that change how others are shown; a reader must see that they are there.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ODD = re.compile(f"(?:{_CONTROL.pattern}|{_HIDDEN.pattern})+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a line.

    Attributes
    ----------
    text : str
        As a page shows it; of characters that cannot be seen, their names.
    kind : str
        Empty, ``repair``, ``place`` (a repair whose words stand elsewhere), ``portion`` or ``odd``.
    ref : int
        Number of the repair or paragraph, from 0; -1 where there is none.
    """

    text: str
    kind: str = ""
    ref: int = -1


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the file.

    Attributes
    ----------
    no : int
        From 1, counted through the file.
    pieces : tuple of Piece
    paragraph : int
        Number of the paragraph that it belongs to, from 0; -1 for none.
    begins : bool
        Whether that paragraph begins here.
    """

    no: int
    pieces: tuple[Piece, ...]
    paragraph: int = -1
    begins: bool = False


def printable(text: str) -> str:
    """A stranger's text on one or more lines: whatever would steer the page shows as a replacement mark.

    >>> printable("A\\x1b[31m\\u202eB")
    'A�[31m�B'
    """
    text = text.encode("utf-8", "replace").decode()
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def source_lines(
    reading: Reading, most: int, most_characters: int = PAGE_CHARACTERS
) -> tuple[SourceLine, ...]:
    """The first lines of a telegram's text, with repairs and marks in their places.

    Parameters
    ----------
    reading : Reading
    most, most_characters : int
        Lines and characters at most; a line of more than `LONGEST_LINE` is shown by its beginning.
    """
    lines: list[str] = []
    for line in reading.source.lines()[:most]:
        most_characters -= min(len(line), LONGEST_LINE)
        if most_characters < 0 and lines:
            break
        lines.append(line)
    first = reading.source.first
    found: list[list[tuple[int, int, str, int]]] = [[] for _ in lines]
    for number, repair in enumerate(reading.repairs):
        at = repair.line - first
        if 0 <= at < len(lines):
            found[at].append(_repair_span(lines[at], repair, number))
    owner: dict[int, int] = {}
    for number, paragraph in enumerate(reading.telegram.paragraphs):
        if paragraph.lines is None:
            continue
        begin, end = paragraph.lines[0] - first, paragraph.lines[1] - first
        for at in range(max(begin, 0), min(end, len(lines) - 1) + 1):
            owner.setdefault(at, number)
        if 0 <= begin < len(lines) and (mark := _mark_span(lines, begin, end, paragraph)):
            found[mark[0]].append((mark[1], mark[2], "portion", number))
    out, before = [], -1
    for at, line in enumerate(lines):
        paragraph_no = owner.get(at, -1)
        spans = sorted(span for span in found[at] if span[1] <= LONGEST_LINE)
        pieces = tuple(_pieces(line[:LONGEST_LINE], spans))
        if len(line) > LONGEST_LINE:
            pieces += (Piece(f"[{len(line) - LONGEST_LINE:,} more characters]", "odd"),)
        out.append(SourceLine(first + at, pieces, paragraph_no, paragraph_no >= 0 and paragraph_no != before))
        before = paragraph_no if paragraph_no >= 0 else before
    return tuple(out)


def _repair_span(line: str, repair: Repair, number: int) -> tuple[int, int, str, int]:
    """Where the words of a repair stand in its line; its place alone when they are not there as read."""
    start = min(max(repair.column - 1, 0), len(line))
    end = start + len(repair.read)
    if repair.read and line[start:end] == repair.read:
        return start, end, "repair", number
    return start, start, "place", number


def _mark_span(
    lines: Sequence[str], begin: int, end: int, paragraph: Paragraph
) -> tuple[int, int, int] | None:
    """Line, start and end of a paragraph's marking, in its first lines."""
    if not paragraph.marking:
        return None
    words = r"\s*".join(re.escape(part) for part in re.findall(r"\w+|[^\w\s]", paragraph.marking)[:60])
    wanted = re.compile(r"\(\s*" + words + r"\s*\)")
    for at in range(begin, min(end, begin + 2, len(lines) - 1) + 1):
        if match := wanted.search(lines[at][:2000]):
            return at, match.start(), match.end()
    return None


def _pieces(line: str, spans: Iterable[tuple[int, int, str, int]]) -> Iterable[Piece]:
    at = 0
    for start, end, kind, ref in spans:
        if start < at:  # inside the one before: its place is shown behind it
            start, end, kind = at, at, "place" if kind in ("repair", "place") else ""
            if not kind:
                continue
        yield from _plain(line[at:start])
        if kind == "place":
            yield Piece("", kind, ref)
        else:
            yield Piece(_shown(line[start:end]), kind, ref)
        at = end
    yield from _plain(line[at:])


def _plain(text: str) -> Iterable[Piece]:
    at = 0
    for match in _ODD.finditer(text):
        if match.start() > at:
            yield Piece(_sound(text[at : match.start()]))
        yield Piece(_named(match[0]), "odd")
        at = match.end()
    if at < len(text):
        yield Piece(_sound(text[at:]))


def _shown(text: str) -> str:
    return _sound(_ODD.sub(lambda match: _named(match[0]), text))


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _named(text: str) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE``; of many, the first few and their number."""
    names = [f"U+{ord(c):04X}" + (f" {unicodedata.name(c, '')}").rstrip() for c in text[:4]]
    more = f" and {len(text) - 4} more" if len(text) > 4 else ""
    return f"[{', '.join(names)}{more}]"
