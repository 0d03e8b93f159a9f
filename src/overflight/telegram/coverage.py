"""How far the marking of a paragraph reaches over the text that follows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

__all__ = ["covered"]

# Bullets, and letters or numbers of a list: parts of the paragraph that they stand in.
_LISTED = re.compile(r"^\s*(?:(?:--|[-*+•o])\s+\S|[A-Za-z][.)]\s|\(\s?[A-Za-z0-9]{1,3}\s?\)\s)")
_EDGE = 72  # characters at the end of a line that are looked at
_OPENS = re.compile(r"(?<!\w)(?:BEGIN|START)\s+[A-Z][A-Z' /-]{2,60}[.:]?$", re.IGNORECASE)
_SHUT = re.compile(r"(?<!\w)END\s+(?:OF\s+)?[A-Z][A-Z' /-]{2,60}[.:]?$", re.IGNORECASE)
_SHUTS = re.compile(r"^END\s+[A-Z]", re.IGNORECASE)
_EDGED = re.compile(rf"^{_OPENS.pattern}|{_SHUTS.pattern}", re.IGNORECASE)


def covered(
    lines: Sequence[str], apart: Collection[int], lost: Collection[int], *, listed: bool
) -> int | None:
    """The number of lines of a marked text that its marking covers beyond doubt; None for all of them.

    The marking covers its bullets and letters, and what BEGIN and END enclose. Anything else behind a blank
    line is a paragraph without a marking, everything behind a lost page is.

    Parameters
    ----------
    lines : sequence of str
        Sub-paragraphs of the text.
    apart, lost : collection of int
        Indices of those that stand behind a blank line, and of those before which or in which a page is lost.
    listed : bool
        The marking itself stands behind a bullet or letter: what follows may be its equal, without a marking.
    """
    inside: int | None = None  # the first line behind a BEGIN whose END was not met yet
    for index, text in enumerate(lines):
        if index in lost or (listed and index):
            return index if inside is None else inside
        if inside is not None:
            if _SHUTS.match(text) or _SHUT.search(text[-_EDGE:]):
                inside = None
        elif index in apart and not _LISTED.match(text) and not _EDGED.match(text):
            return index
        if ("EGIN" in text or "START" in text or "egin" in text or "tart" in text) and _OPENS.search(
            text[-_EDGE:]
        ):
            inside = index + 1
    return inside if inside is not None and inside < len(lines) else None
