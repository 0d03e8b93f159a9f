"""Whether a sentence goes on where something was taken out between two lines."""

from __future__ import annotations

import re

__all__ = ["goes_on", "is_listed"]

_ENDS = (".", "?", "!", ":", ";", '"', ")")
_FILLED = 50  # characters of a line that breaks off because it is full
_LISTED = re.compile(r"\s*(?:(?:--|[-*+•o])\s|[A-Za-z][.)]\s|\(\s?[A-Za-z0-9]{1,3}\s?\)\s)")
# With one of these none begins.
_JOINING = frozenset({"AND", "OR", "NOR", "OF", "THAN", "WHICH", "WHO", "WHOSE", "IS", "ARE", "WAS", "WERE"})
_FIRST = re.compile(r"\s*([A-Za-z]{2,5})\b")
_TAIL = 40  # characters at the end of a line that are looked at
# With one of these no sentence ends.
_OPEN = frozenset(
    {
        "A", "AN", "AND", "ANY", "ARE", "AS", "AT", "BE", "BEEN", "BUT", "BY", "CAN", "COULD", "EACH",
        "EVERY", "FOR", "FROM", "HAD", "HAS", "HAVE", "HER", "HIS", "IF", "IN", "INTO", "IS", "ITS", "MAY",
        "MUST", "NO", "NOT", "OF", "ON", "OR", "OUR", "OVER", "SHALL", "SHOULD", "THAN", "THAT", "THE",
        "THEIR", "THESE", "THIS", "THOSE", "TO", "UNDER", "UNTIL", "UPON", "WAS", "WERE", "WHEN", "WHERE",
        "WHICH", "WHO", "WHOSE", "WILL", "WITH", "WITHIN", "WOULD",
    }
)  # fmt: skip


def is_listed(text: str) -> bool:
    """Whether a line begins with a bullet, or with the letter of a list."""
    return bool(_LISTED.match(text))


def goes_on(above: str, below: str, *, apart: bool = False) -> bool:
    """Whether the sentence of the line above plainly goes on in the line below.

    It does where the line above ends with a word that ends no sentence, or is full. A line that ends a
    sentence, a short one, and one with another item of a list below it may be the last of what its marking
    covers.

    Parameters
    ----------
    above, below : str
        The lines, neither of them blank.
    apart : bool
        A full line is not enough.
    """
    text = above.rstrip()
    if text.endswith(_ENDS) or is_listed(below):
        return False
    if text.endswith((",", "-", "/", "&", "(")):
        return True
    first = _FIRST.match(below)
    if first and first[1].upper() in _JOINING:
        return True
    words = text[-_TAIL:].upper().split()
    if len(words) > 2 and words[-1] in _OPEN:
        return True
    return below.lstrip()[:1].islower() or (len(text) >= _FILLED and not apart)
