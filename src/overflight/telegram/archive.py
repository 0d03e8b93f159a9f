"""What the archive's copies of the 1970s print above a head: shares of bureaus, drafters, counters."""

from __future__ import annotations

import re

from overflight.telegram.model import Share
from overflight.telegram.offices import office_of
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["Archive"]

_SHARE = re.compile(r"^(ORIGIN|ACTION|INFO)\s+(.*)$")
_OFFICE = re.compile(r"\b([A-Z][A-Z/]{0,9}(?:-[A-Z])?)-(\d{1,2})\b|(?<![A-Z/-])([A-Z]{1,6}E)(?=\s|$)")
_DRAFT = re.compile(r"^(DRAFTED BY|APPROVED BY|CLEARED BY|CLEARANCES?)\b\s*:?\s*(.*)$")
_CLEARANCE = re.compile(r"^[A-Z]{1,5}(?:/[A-Z]{1,6})*:\s?[A-Z.]{2,20}(?:\s|$)")
_DASHES = re.compile(r"^-{3,}[\s\d/Z-]*(?:(\d{6}Z)(?:\s+[A-Z]{3}\s+\d{2})?)?[\s\d/-]*$")
_CONTROL = re.compile(r"^(?:CONTROL\s*:\s*\d+\w?|\d{1,6})$")
_TOTAL = re.compile(r"(?:/\s?)?\d{1,4}(?:\s?[A-Z]{1,2})?$")
_APART = re.compile(r"\s{2,}|,|;|(?<=\S)\s+(?=[A-Z]{1,6}(?:/[A-Z]{1,6})*:)")


class Archive:
    """The lines above a head, one after the other.

    Parameters
    ----------
    log : Log
        Takes a repair for what no field holds: counters, totals of copies, initials.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.shares: list[Share] = []
        self.drafted: list[tuple[str, str]] = []  # role and office
        self.drafting = False  # a line said who drafted
        self.seen = False
        self.role = "ORIGIN"

    def line(self, line: Line, text: str, *, begun: bool) -> bool:
        """Take one line; False when it is none of these. ``begun`` says that the head itself has begun."""
        if not self.seen and text[0] not in "ACDOI":
            return False
        if not begun and (match := _SHARE.match(text)) and _OFFICE.search(match[2]):
            self.seen = True
            self.role = match[1]
            self._share(line, match[2])
            return True
        if match := _DRAFT.match(text):
            self.seen = self.drafting = True
            role = {"DRAFTED BY": "drafted", "APPROVED BY": "approved"}.get(match[1], "cleared")
            self.office(line, role, match[2])
            return True
        if not self.seen or begun:
            return False
        if self.drafting and (_CLEARANCE.match(text) or ":" in text):
            self.office(line, "cleared", text)
        elif _DASHES.match(text) or _CONTROL.match(text):
            self.counter(line, text.strip("- "))
        elif self.shares and not self.drafting and _OFFICE.search(text):
            self._share(line, text)
        else:
            return False
        return True

    def office(self, line: Line, role: str, text: str) -> None:
        """The office of who drafted, cleared or approved; not the person."""
        named = False
        for piece in _APART.split(text):
            office = office_of(re.split(r":|\s-+\s|\(", piece, maxsplit=1)[0])
            if office:
                self.drafted.append((role, office))
            named = named or office != piece.strip()
        if named:
            self.log.repair(line, 0, "(initials)", "left out; the office is kept", "personal name")

    def counter(self, line: Line, read: str) -> None:
        """A number that the archive or the station printed: of a copy, of a film, of what was sent."""
        if read:
            self.log.repair(line, line.text.find(read), read, "removed", "counter")

    def _share(self, line: Line, text: str) -> None:
        rest = text
        for match in _OFFICE.finditer(text):
            self.shares.append(Share(self.role, match[1] or match[3], int(match[2]) if match[2] else None))
            rest = rest.replace(match.group(), "", 1)
        if total := _TOTAL.search(rest):
            self.log.repair(line, max(line.text.find(total[0]), 0), total[0], "removed", "total of copies")
            rest = rest[: total.start()]
        if rest.strip():
            self.log.repair(line, 0, "(words among bureaus)", "removed", "shares of bureaus")
