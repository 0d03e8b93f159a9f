"""Line breaks that the reader will not mistake for structure."""

from __future__ import annotations

import re

__all__ = ["WIDTH", "wrap"]

#: Longest line of the allied rules.
WIDTH = 69

# A word that must not begin a line of running text: the reader would take it for a number, a letter, a
# marking, a label …
_UNSAFE = re.compile(
    r"^(?:[^A-Za-z\"'&]|[A-Za-z][.)](?:\s|$)|[a-zA-Z](?:\s|$)|[lIOS]\d|(?:ITEM|NO\.|NR\.)\s?\d|[IVX]{2,5}[.):]|"
    r"(?:BEGIN|END|START|TAGS?|SUBJ(?:ECT)?|REF\w*(?:\(S\))?|CLASSIFIED|CLASSIFICATION|DERIVED|"
    r"DECLASSIF\w*|RELEASED|REASONS?|E\.?\s?[O0]|"
    r"PAGE|PARA(?:GRAPH)?|BT|NNNN|SECRET|CONFIDENTIAL|UNCLAS\w*|TOP|LIMITED|RESTRICTED|SENSITIVE|SBU|"
    r"CLEAR|SECTION|MRN|"
    r"SYSTEMATIC|U\.?S\.?|APPROVED|V?ZCZC\w*|AND(?=\s+\(?[A-Z]\b))(?![a-z-]))",
    re.IGNORECASE,
)
_STAMPED = re.compile(r"DECLASSIFIED|RELEASED|SYSTEMATIC|APPROVED FOR", re.IGNORECASE)


def wrap(text: str, lead: str = "", *, indent: str = "", width: int = WIDTH) -> list[str]:
    """Lines of one run of text.

    Parameters
    ----------
    text : str
        Words, each parted by one blank.
    lead : str
        What stands before the first word on the first line.
    indent : str
        What stands before every further line.

    Returns
    -------
    list of str
        Lines of ``width`` characters at most, but for a word that is longer, or words that must
        stay together.
    """
    words = text.split(" ") if text else []
    lines: list[str] = []
    line = lead
    bare = True  # nothing of the text on this line yet
    for n, word in enumerate(words):
        glue = "" if bare and (not line or line.endswith(" ") or line == indent) else " "
        fits = len(line) + len(glue) + len(word) <= width
        if bare or fits or not _may_break(words, n, line):
            line += glue + word
        else:
            lines.append(line)
            line = indent + word
        bare = False
    lines.append(line)
    return lines


def _may_break(words: list[str], n: int, line: str) -> bool:
    if line.endswith("-"):
        return False
    ahead = words[n] if n + 1 >= len(words) else f"{words[n]} {words[n + 1]}"
    if _UNSAFE.match(ahead):
        return False
    return not any(_STAMPED.match(w) for w in words[n : n + 5])
