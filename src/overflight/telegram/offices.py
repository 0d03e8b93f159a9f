"""Office titles: what is kept of a line that names a person.

A word is kept only when the table of titles and bureaus knows it; whatever else stands there may be a name
and is dropped. So an unknown title is lost rather than a name kept.
"""

from __future__ import annotations

import re

from overflight.telegram.persons import known

__all__ = ["office_of"]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z.'’&-]*(?:/[A-Za-z][A-Za-z&-]*)*|\d+(?:st|nd|rd|th)\b|[,;()]")

_INITIAL = re.compile(r"[A-Za-z]\.?")

_JOINING = frozenset({"OF", "FOR", "THE", "AND", "TO", "&"})


def office_of(text: str) -> str:
    """The office in a text that may name a person.

    ``"Jane Roe, Deputy Chief of Mission"`` → ``"Deputy Chief of Mission"``.
    """
    kept: list[str] = []
    before = ""
    for token in _TOKEN.findall(text):
        after, before = before, token
        if token in ",;()":
            continue
        if token.upper() in _JOINING:
            if kept and kept[-1].upper() not in _JOINING:
                kept.append(token)
        elif known(token) and not _INITIAL.fullmatch(token) and not _INITIAL.fullmatch(after):
            kept.append(token.rstrip("."))  # what stands behind an initial is a name, whatever else it means
    while kept and kept[-1].upper() in _JOINING:
        kept.pop()
    return " ".join(kept)
