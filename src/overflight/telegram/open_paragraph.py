"""A paragraph while it is read, line after line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from overflight.telegram.numbered import SENTENCE_END
from overflight.telegram.source import Line
from overflight.telegram.words import words_of

__all__ = ["OpenParagraph"]

_ENUMERATED = re.compile(r"^\s*\(([A-Z])\)")


@dataclass(slots=True)
class OpenParagraph:
    """Its number and heading, and its sub-paragraphs: which are tables, and which a blank line parts."""

    number: int | None
    first: int
    heading: str | None
    printed: str = ""
    subs: list[list[Line]] = field(default_factory=list)
    tables: set[int] = field(default_factory=set)
    apart: list[int] = field(default_factory=list)  # sub-paragraphs behind a blank line
    #: Sub-paragraph and line before which text may be lost.
    lost: list[tuple[int, int]] = field(default_factory=list)
    counted: int = 0  # the last number of a list inside
    doubtful: bool = False  # whether the marking is one at all

    def words(self) -> frozenset[str]:
        """Words of the paragraph: those of others, which another reader may not read, decide nothing here."""
        return words_of("\n".join(line.text for sub in self.subs for line in sub)) | {""}

    def has_text(self) -> bool:
        return any(line.text.strip() for sub in self.subs for line in sub)

    def ends_sentence(self) -> bool:
        """Whether its last line, so far, ends a sentence or is blank."""
        text = self.subs[-1][-1].text.rstrip()
        return not text or text.endswith(SENTENCE_END)

    def lists_to(self, mark: str) -> bool:
        """``(C)`` after ``(A)`` and ``(B)`` is a letter of a list, no marking."""
        if len(mark) != 1 or mark == "S" or len(self.subs) < 2:
            return False
        before = [_ENUMERATED.match(sub[0].text) for sub in self.subs[-2:]]
        return all(before) and [ord(b[1]) for b in before if b] == [ord(mark) - 2, ord(mark) - 1]

    def is_out_of_count(self, spot: re.Match[str] | None) -> bool:
        """Whether a line begins with a number that is neither the first nor the next of a list."""
        digits = spot["digits"] if spot else ""
        if not digits.isdecimal():
            return bool(digits)
        number = int(digits)
        if number not in (1, self.counted + 1):
            return True
        self.counted = number
        return False
