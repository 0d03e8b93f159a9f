"""Drafting, clearing and releasing lines that stand in a text: the names go, the offices are kept."""

from __future__ import annotations

import re

from overflight.telegram.offices import names_only, office_of, redact_contact
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line, blocks

__all__ = ["strip_drafting"]

_ROLE = (
    r"DRAFTED|CLEARED|APPROVED|RELEASED|AUTHORI[SZ]ED|PREPARED|DRAFTERS?|CLEARANCES?|APPROVER|RELEASER|"
    r"DRFTD?|DRFTR|CLRD?|(?:DRAFTING|CLEARING|RELEASING|APPROVING|AUTHORI[SZ]ING)\s+OFFIC(?:ER|IAL)S?"
)
_LINE = re.compile(
    rf"^\s*(?P<role>{_ROLE})(?:\s+IN\s+DRAFT)?"
    r"(?:(?:\s+BY)?\s*(?P<sign>:|-{1,2}(?=\s))\s*|\s+BY\s+(?=[A-Z]))(?P<who>.*)$",
    re.IGNORECASE,
)
_MORE = re.compile(r"^\s*[A-Z]{1,6}(?:/[A-Z]{1,6})*\s*:\s*(?P<who>\S.*)$")
_ROLES = {"D": "drafted", "P": "drafted", "C": "cleared", "A": "approved", "R": "approved"}
_LONE = ("DRAFT", "PREPARED")  # behind these one unknown word alone is a name
# The quick look: how a line can begin that names a drafter or a contact, in capitals.
_OPENING = re.compile(
    r"\n[^\S\n]*(?=[ACDEFIKOPQRSW])(?:DRAFT|DRFT|CLEAR(?:ED|ANCE|ING)|CLR|APPROV|RELEAS(?:E[DR]|ING OFF)|AUTHORI[SZ](?:ED|ING)|"
    r"PREPARED|CONTACT|POC|P\.|POINTS? OF|PLEASE|PLS|KINDLY|ATTN|ATTENTION|(?:QUEST|(?:IN|EN)QUIR)I|SEND|REPL|"
    r"RESPON|ANSWER|FOR FURTHER|(?:DESK|DUTY|ACTION|WATCH|CASE|COUNTRY) OFF|DEPARTMENT CON|E-?MAIL|WRITE|"
    r"CLASSIF|(?:ORIGINAL|DECLASSIF))"
)
_NEXT = re.compile(r"\s*(?:\(?[A-Z0-9]+[.)]|[A-Z][A-Z. ]{1,30}\d*\s?:|E\.?O|[-=_]{3})", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(?:¶\s*)?\d{1,2}\s?\.")
_CLASSIFIED = re.compile(r"\s*(?:\([A-Z/]+\)\s*)?(?:CLASSIF|ORIGINAL)", re.IGNORECASE)


def strip_drafting(lines: list[Line], start: int, log: Log) -> tuple[list[Line], tuple[tuple[str, str], ...]]:
    """Lines without those that only say who drafted, cleared, approved or released; and the offices of these.

    Parameters
    ----------
    lines : list of Line
        Cleaned lines; those before ``start`` are let be.
    start : int
        Index of the first line of the text.
    log : Log
        Takes a repair for each line.
    """
    if not _may_draft(lines, start):
        return lines, ()
    out = lines[:start]
    offices: list[tuple[str, str]] = []
    role: str | None = None  # of the line above
    open_ = begun = False  # a label stands alone on the line above; a numbered paragraph stands above
    for index, line in enumerate(lines[start:], start):
        match = _LINE.match(line.text)
        who = match["who"] if match else None
        sure = match is None or match["sign"] is not None
        if match:
            role = _ROLES[match["role"][0].upper()]
        elif role and (_MORE.match(line.text) and _colon_office(line.text)):
            who = line.text.strip()
        elif role and open_ and line.text.strip():
            who = line.text.strip()
        lone = match is None or match["role"].upper().startswith(_LONE)
        ends = who is not None and (sure or who.rstrip()[-1:] != ",")
        if role is None or who is None or not ends or not names_only(who, sure=sure, lone=lone):
            role = None
            open_ = False
            begun = begun or _NUMBER.match(line.text) is not None
            out.append(_redacted(lines, index, begun, log))
            continue
        open_ = not who.strip()
        log.repair(line, 0, "(a personal name)", "left out; the office is kept", "personal name")
        for piece in re.split(r"[;,]|\s{2,}", who):
            if office := office_of(re.split(r":|\s-+\s", piece, maxsplit=1)[0]):
                offices.append((role, office))
    return out, tuple(dict.fromkeys(offices))


def _redacted(lines: list[Line], index: int, begun: bool, log: Log) -> Line:
    """A line that names a contact and stands for itself, without the name: it may be a caption, a heading or
    a signature, which nobody looks at again.
    """
    line = lines[index]
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    if "@" not in line.text:
        if not _OPENING.match(f"\n{line.text[:40].upper()}"):
            return line
        if below.strip() and not _NEXT.match(below):
            return line
    if not begun and _CLASSIFIED.match(line.text):
        return line  # the authority is read with the labelled lines
    text, count = redact_contact(line.text)
    if not count:
        return line
    log.repair(line, 0, "(contact details of a person)", "left out; the office is kept", "personal name")
    return Line(text, line.no, [line.column(0)] * len(text), line.cut, line.fresh)


def _colon_office(text: str) -> bool:
    return bool(office_of(text.split(":", 1)[0]))


def _may_draft(lines: list[Line], start: int) -> bool:
    for block in blocks([li.text for li in lines[start:]]):
        if "@" in block or _OPENING.search(f"\n{block.upper()}"):
            return True
    return False
