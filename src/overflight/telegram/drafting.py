"""Drafting, clearing and releasing lines that stand in a text: the names go, the offices are kept."""

from __future__ import annotations

import re

from overflight.telegram.offices import office_of, vocabulary
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line, blocks
from overflight.telegram.words import common_words

__all__ = ["strip_drafting"]

_LINE = re.compile(
    r"^\s*(?P<role>DRAFTED|CLEARED|APPROVED|RELEASED|DRAFTER|CLEARANCES?|APPROVER)"
    r"(?:(?:\s+BY)?\s*:\s*|\s+BY\s+(?=[A-Z]{1,6}(?:/[A-Z]{1,6})*:\s?[A-Z]))(?P<who>\S.*)$",
    re.IGNORECASE,
)
_MORE = re.compile(r"^\s*[A-Z]{1,6}(?:/[A-Z]{1,6})*\s*:\s*(?P<who>\S.*)$")
_ROLES = {"D": "drafted", "C": "cleared", "A": "approved", "R": "approved"}
_OPENING = re.compile(r"\n[^\S\n]*(?:DRAFTE|CLEARED|CLEARANCE|APPROVE|RELEASED)[^\n:]*:")  # the quick look
_WORD = re.compile(r"[^\W\d_][\w'’&.-]*")
_BESIDE = frozenset(
    {
        "ok", "info", "subs", "substance", "draft", "by", "and", "drafted", "cleared", "approved", "released",
        "mr", "ms", "mrs", "dr", "for",
    }
)  # fmt: skip


def _names_only(who: str) -> bool:
    """Whether nothing stands there but names, offices and what is said of a clearance: no sentence."""
    if "(NAME)" in who or len(who) > 200:
        return False
    for word in _WORD.findall(who):
        bare = word.strip(".").lower()
        if bare in _BESIDE or len(bare) < 2 or bare.upper() in vocabulary():
            continue
        if bare in common_words() or word[0].islower():
            return False
    return True


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
    for line in lines[start:]:
        match = _LINE.match(line.text)
        who = match["who"] if match else None
        if match:
            role = _ROLES[match["role"][0].upper()]
        elif role and (more := _MORE.match(line.text)) and _colon_office(line.text):
            who = line.text.strip() if more else None
        if role is None or who is None or not _names_only(who):
            role = None
            out.append(line)
            continue
        log.repair(line, 0, "(a personal name)", "left out; the office is kept", "personal name")
        for piece in re.split(r"[;,]|\s{2,}", who):
            if office := office_of(re.split(r":|\s-+\s", piece, maxsplit=1)[0]):
                offices.append((role, office))
    return out, tuple(dict.fromkeys(offices))


def _colon_office(text: str) -> bool:
    return bool(office_of(text.split(":", 1)[0]))


def _may_draft(lines: list[Line], start: int) -> bool:
    return any(_OPENING.search(f"\n{block.upper()}") for block in blocks([li.text for li in lines[start:]]))
