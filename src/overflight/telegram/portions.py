"""The portions of a telegram as the room of markings wants them, and the product for one state."""

from __future__ import annotations

import re

from overflight.marking import Marking, parse_portion, release
from overflight.marking.suspect import is_struck, letter_of_list, opens_a_line
from overflight.telegram.columns import find_tables
from overflight.telegram.coverage import covered
from overflight.telegram.model import Paragraph
from overflight.telegram.numbering import MARK
from overflight.telegram.reader import Reading

__all__ = ["Portion", "inferred_for", "portions", "release_to"]

#: Name of the portion, its marking, its text.
Portion = tuple[int | str, Marking, str]

_BESIDE = 4_000  # characters that may be missing between two lines of a paragraph
# A gap of a column; some put three blanks behind a sentence, a letter or a bullet.
_COLUMN = re.compile(r"[^\s.?!:;)*+-][ \t]{3,}\S+|[.?!:;][ \t]{5,}\S+")
_INSIDE = re.compile(r"(?<![A-Za-z0-9])\(\s*(" + MARK + r")\s*\)")


def portions(reading: Reading) -> tuple[Portion, ...]:
    """The paragraphs with their own markings, in the order of the text; subject and headings stay with
    the desk.

    A portion is named by its paragraph number (``4``, ``"4bis"``) or, when it has no number, by the
    paragraph it follows (``"4+1"``). A portion without a marking, and one whose text holds another marking
    that no line break parts from it, gets a marking that nobody understands: it goes to no one. So does what
    stands behind a portion and may not be covered by its marking (``"4 and on"``).
    """
    telegram, meaning = reading.telegram, reading.meaning
    out: list[Portion] = []
    last: int | str = 0
    offset = 0
    for paragraph, marking in zip(telegram.paragraphs, meaning.markings, strict=True):
        if paragraph.number is not None:
            name: int | str = paragraph.number if paragraph.copy == 0 else paragraph.label
            last, offset = name, 0
        else:
            offset += 1
            name = f"{last}+{offset}"
        text = paragraph.text
        sure = paragraph.sure
        if reading.form == "quoted":  # it has no blank lines: what the common forms part by one is meant
            lines = text.split("\n")
            rows = {n for start, stop in find_tables(lines) for n in range(start, stop)}
            count = covered(lines, set(range(1, len(lines))) - rows, listed=bool(paragraph.lead))
            sure = None if count is None else len("\n".join(lines[:count]))
        if sure is None or marking is None:
            sure = len(text)
        if paragraph.number is not None and marking is not None:
            sure = min(sure, _next_begins(text, paragraph.number))
        held, rest = text[:sure].strip(), text[sure:].strip()
        own = _own(marking, paragraph.marking, held)
        if held and marking is not None:
            printed = _printed(reading, paragraph, held)
            if opens_a_line(printed) or is_struck(printed) or _beside(printed, held):
                own = parse_portion("")
        if held or not rest:
            out.append((name, own, held))
        if rest:
            out.append((f"{name} and on" if held else name, parse_portion(""), rest))
    return tuple(out)


def _beside(printed: str, held: str) -> bool:
    """Whether two columns of the file may have become one text: a gap in a line that no table kept."""
    return any(gap[0] not in held for gap in _COLUMN.finditer(printed))


def _next_begins(text: str, number: int) -> int:
    """Where the next paragraph may begin in the text of one: its number, with no list that leads to it."""
    found = re.search(rf"(?<=[.?!:\"'])\s+(?={number + 1}[.)]\s*[A-Z\"(])", text)
    listed = re.search(rf"(?:^|\s)\(?{number}[.)]\s", text[: found.start()]) if found else None
    return found.start() if found and not listed else len(text)


def _printed(reading: Reading, paragraph: Paragraph, text: str) -> str:
    """The lines of a text as they stand in the file, behind its marking; without what pages put between."""
    if paragraph.lines is None or reading.form == "quoted":
        return ""
    first, last = (number - reading.source.first for number in paragraph.lines)
    printed = "\n".join(reading.lines[first : last + 1])
    mark = r"\s*".join(map(re.escape, "".join((paragraph.marking or "").split())))
    own = re.search(rf"\(\s*{mark}\s*\)", printed)
    printed = printed[own.end() if own else printed.find(")") + 1 :]
    held, at = "".join(text.split()), 0
    out: list[str] = []
    for line in printed.split("\n"):
        bare = "".join(line.split())
        place = held.find(bare, at, at + len(bare) + _BESIDE)
        if place >= 0:
            at = place + len(bare)
            out.append(line)
    return "\n".join(out)


def _own(marking: Marking | None, printed: str | None, text: str) -> Marking:
    if marking is None:
        return parse_portion("")
    for inside in _INSIDE.finditer(text):
        mark = "".join(inside[1].split())
        if mark != "".join((printed or "").split()) and not (
            len(mark) == 1
            and text[: inside.start()].rpartition("\n")[2].strip()
            and letter_of_list(text, inside.start(), mark)
        ):
            return parse_portion("")
    return marking


def release_to(
    reading: Reading, state: str, *, confirmed_inferred: bool = False, hide_withheld: bool = False
) -> release.ReleasedProduct:
    """What one state may have of a telegram; nothing of the rest shows, the warnings of the reading included.

    Parameters
    ----------
    reading : Reading
        The telegram.
    state : str
        Alpha-3.
    confirmed_inferred : bool
        A person has confirmed release lists that were inferred.
    hide_withheld : bool
        Leave out how many portions are withheld.

    Raises
    ------
    UnknownCodeError
        No such state.
    """
    telegram = reading.telegram
    return release.product(
        portions(reading),
        state,
        date=telegram.head.sent.date() if telegram.head.sent else None,
        confirmed_inferred=confirmed_inferred,
        captions=[*telegram.captions, *reading.originators],
        hide_withheld=hide_withheld,
    )


def inferred_for(reading: Reading, state: str) -> tuple[tuple[int | str, str], ...]:
    """What a state may have only when a person confirms what was inferred: portion and marking as printed."""
    plain, confirmed = release_to(reading, state), release_to(reading, state, confirmed_inferred=True)
    free = {(p.paragraph, p.text) for p in plain.portions}
    told = {(p.paragraph, p.text) for p in plain.oral}
    opened = {p.paragraph for p in confirmed.portions if (p.paragraph, p.text) not in free}
    opened |= {p.paragraph for p in confirmed.oral if (p.paragraph, p.text) not in told}
    return tuple((name, marking.text) for name, marking, _ in portions(reading) if name in opened)
