"""How far the marking of a paragraph reaches over the text that follows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

__all__ = ["covered"]

# Bullets, and letters or numbers of a list: parts of the paragraph that they stand in.
_LISTED = re.compile(
    r"^\s*(?:(?:--|[-*+•o])\s+\S|(?P<letter>[A-Za-z])[.)]\s|\(\s?(?P<inside>[A-Za-z0-9]{1,3})\s?\)\s)"
)
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_NOUNS = (
    r"(?:TALKING\s+POINTS?|POINTS|TEXT|NON-?\s?PAPER|AIDE[- ]MEMOIRE|NOTE|SUMMARY|COMMENT|STATEMENT|MESSAGE|"
    r"LETTER|QUOTE|BACKGROUND|TRANSLATION)"
)
_BLOCK = rf"\s+(?:OF\s+)?(?:[A-Z-]{{1,20}}\s+){{0,3}}?{_NOUNS}\b[^.\n]{{0,40}}[.:]?$"
_EDGE = 90  # characters at the end of a line that are looked at
_OPENS = re.compile(rf"(?:^|[.:;)]\s+)(?:BEGIN|START){_BLOCK}", re.IGNORECASE)
_SHUTS = re.compile(rf"(?:^|[.:;?!)\"]\s+)END{_BLOCK}", re.IGNORECASE)
_EDGED = re.compile(rf"^(?:BEGIN|START|END){_BLOCK}", re.IGNORECASE)


def covered(lines: Sequence[str], apart: Collection[int], *, listed: bool) -> int | None:
    """The number of lines of a marked text that its marking covers beyond doubt; None for all of them.

    The marking covers its bullets and letters, and what BEGIN and END enclose. Anything else behind a blank
    line is a paragraph without a marking, and so is a letter that begins no list and goes on with none.

    Parameters
    ----------
    lines : sequence of str
        Sub-paragraphs of the text.
    apart : collection of int
        Indices of those that stand behind a blank line.
    listed : bool
        The marking itself stands behind a bullet or letter: what follows may be its equal, without a marking.
    """
    inside: int | None = None  # the first line behind a BEGIN whose END was not met yet
    seen: set[str] = set()  # signs of lists so far
    for index, text in enumerate(lines):
        if listed and index:
            return index if inside is None else inside
        item = _LISTED.match(text) if index else None
        sign = (item["letter"] or item["inside"] or "") if item else ""
        if inside is not None:
            if _SHUTS.search(text[-_EDGE:] if len(text) > _EDGE else text):
                inside = None
        elif index in apart and (not item or not _follows(sign, seen)) and not _EDGED.match(text):
            return index
        seen.add(sign)
        if ("EGIN" in text or "START" in text or "egin" in text or "tart" in text) and _OPENS.search(
            text[-_EDGE:] if len(text) > _EDGE else text
        ):
            inside = index + 1
    return inside if inside is not None and inside < len(lines) else None


def _follows(sign: str, seen: set[str]) -> bool:
    """Whether the sign of an item begins a list or goes on with one; a bullet has none."""
    if not sign or sign in ("A", "a", "1", "i", "I") or sign in seen:
        return True
    if sign.isdecimal():
        return str(int(sign) - 1) in seen
    roman = sign.lower()
    if roman in _ROMAN and any(one.lower() == _ROMAN[_ROMAN.index(roman) - 1] for one in seen):
        return True
    return len(sign) == 1 and chr(ord(sign) - 1) in seen
