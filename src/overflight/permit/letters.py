"""Letters of lines ``Label: value``, numbered or not, with whatever stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overflight.permit.form import Cell, field_of
from overflight.permit.schedule import is_leg

__all__ = ["letter_cells"]

_LABEL = re.compile(
    r"[ \t]*(?:[-*•>#]+[ \t]*)?(?:\(?(?:[0-9]{1,2}|[A-Za-z])[.)][ \t]*)?"
    r"(?P<label>[A-Za-z][^:=\t\n]{0,80}?)"
    r"[ \t*_]*(?::|=|\t|\.{3,}[ \t]*:?|[ \t][-–][ \t])[ \t*_]*(?P<value>.*)"
)
_MAIL_HEAD = re.compile(r"(?:from|to|cc|bcc|subject|date|sent|reply-to|importance|message-id)[ \t]*:", re.I)
_SUBJECT = re.compile(r"subject[ \t]*:", re.IGNORECASE)
_GOES_ON = frozenset({"cargo", "route", "itinerary", "purpose"})
_GREETING = re.compile(r"(?:dear|hello|attn?|attention|for the|kind|best|regards)\b", re.IGNORECASE)


def letter_cells(lines: list[str], start: int) -> Iterator[Cell]:
    """Labelled values of one letter. A header of electronic mail at its top is passed over."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    head = at
    while head < len(lines) and _MAIL_HEAD.match(lines[head]):
        head += 1
    # "From: ZKPY", "To: OIIE" is an itinerary.
    if any("@" in line or _SUBJECT.match(line) for line in lines[at:head]):
        at = head
    cell: Cell | None = None
    for number in range(at, len(lines)):
        line = lines[number][:2000]
        found = _LABEL.fullmatch(line)
        label = found["label"].strip(" .*_") if found else ""
        known = field_of(label) if found else None
        if found and (known or ":" in line[: len(found["label"]) + 20]):
            if cell:
                yield cell
            cell = None
            # Of what nobody knows, sentences and greetings are no labels; they may name persons.
            if known or (found["value"].strip() and len(label.split()) <= 5 and not _GREETING.match(label)):
                cell = Cell(label, found["value"], start + number)
        elif not line.strip():
            if cell:
                yield cell
            cell = None
        elif cell and (not cell.text.strip() or _goes_on(cell, line)):
            cell = Cell(cell.label, f"{cell.text}\n{line.strip()}".strip(), cell.line)
        elif cell:
            yield cell
            cell = None
    if cell:
        yield cell


def _goes_on(cell: Cell, line: str) -> bool:
    """Whether a line without a label belongs to the value before: indented, or a leg of a timetable."""
    field = field_of(cell.label)
    return (field == "itinerary" and is_leg(line)) or (line[0] in " \t" and field in _GOES_ON)
