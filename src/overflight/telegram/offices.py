"""Office titles: what is kept of a line that names a person.

A word is kept only when the table of titles and bureaus knows it; whatever else stands there may be a name
and is
dropped. So an unknown title is lost rather than a name kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

__all__ = ["office_of", "redact_contact", "vocabulary"]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z.'’&-]*(?:/[A-Za-z][A-Za-z&-]*)*|\d+(?:st|nd|rd|th)\b|[,;()]")
_JOINING = frozenset({"OF", "FOR", "THE", "AND", "TO", "&"})


@lru_cache(1)
def vocabulary() -> frozenset[str]:
    """Words of titles and symbols of bureaus, in capitals."""
    text = resources.files("overflight.telegram").joinpath("data/offices.csv").read_text("utf-8")
    return frozenset(row.split(",", 1)[0] for row in text.splitlines()[1:] if row)


def _known(token: str) -> bool:
    words = vocabulary()
    upper = token.upper().strip(".")
    if upper in words:
        return True
    parts = re.split(r"[/-]", upper)
    return len(parts) > 1 and parts[0] in words and all(p in words or len(p) <= 4 for p in parts)


def office_of(text: str) -> str:
    """The office in a text that may name a person.

    ``"Jane Roe, Deputy Chief of Mission"`` → ``"Deputy Chief of Mission"``.
    """
    kept: list[str] = []
    for token in _TOKEN.findall(text):
        if token in ",;()":
            continue
        if token.upper() in _JOINING:
            if kept and kept[-1].upper() not in _JOINING:
                kept.append(token)
        elif _known(token):
            kept.append(token.rstrip("."))
    while kept and kept[-1].upper() in _JOINING:
        kept.pop()
    return " ".join(kept)


_CONTACT = re.compile(
    r"\b(?P<cue>POCS?|(?:POINTS? OF CONTACT|CONTACT (?:PERSON|OFFICER)|(?:ACTION|DESK) "
    r"OFFICERS?)(?=\s*(?:IS|ARE|:|--|,|WILL|IN|AT|FOR)\b|\s*[:,-]))\b(?P<link>(?:\s*(?:IS|ARE|:|AT THE "
    r"DEPARTMENT|IN|WILL BE|REMAINS?|FOR THIS (?:ISSUE|ACTION|REQUEST|DEMARCHE)|--|,)\s*)*)"
    r"(?P<who>(?:(?!\.\s|\n)[^\n]){1,200})",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}(?=@[A-Za-z0-9])")
_NAME_WORD = re.compile(r"[A-Za-z][A-Za-z.'’-]*(?:/[A-Za-z][A-Za-z&-]*)*")
_PLAIN = frozenset(
    {
        "IS", "ARE", "AT", "ON", "BY", "IN", "OR", "AND", "OF", "FOR", "THE", "TO", "A", "AN", "VIA", "WITH", "FROM",
        "WHO", "WHICH", "CAN", "MAY", "BE", "WILL", "PHONE", "TEL", "TELEPHONE", "EMAIL", "E-MAIL", "FAX",
        "CLASSIFIED", "UNCLASSIFIED", "SECURE", "OPENNET", "SIPRNET", "REACHED", "CONTACTED", "PLEASE", "CONTACT",
        "NAME", "THIS", "MESSAGE", "QUESTIONS",
    }
)  # fmt: skip


def redact_contact(text: str) -> tuple[str, int]:
    """A paragraph without the names, telephone numbers and mailboxes of its contact sentence, and how many
    were there.
    """
    count = 0

    def words(match: re.Match[str]) -> str:
        nonlocal count
        who = match["who"]
        # A name stands right after the cue: run over words until a word of the vocabulary, a
        # comma or a bracket.
        out: list[str] = []
        done = 0
        naming = True
        for token in _NAME_WORD.finditer(who):
            between = who[done : token.start()]
            if any(c in between for c in ",(;:@"):
                naming = naming and not out
            word = token.group()
            out.append(between)
            if (
                naming
                and word != "NAME"
                and word.upper() not in _PLAIN
                and not _known(word)
                and "@" not in between
            ):
                if not (out[:-1] and out[-2] == "(NAME)" and not between.strip(". ")):
                    out.append("(NAME)")
                    count += 1
                else:
                    out.pop()
            else:
                if word.upper() not in ("MR", "MS", "MRS", "DR", "MR.", "MS.", "MRS.", "DR."):
                    naming = naming and word.upper() in _PLAIN
                out.append(word)
            done = token.end()
        out.append(who[done:])
        cleaned = "".join(out)
        for pattern in (_PHONE, _MAIL):
            cleaned, hits = pattern.subn("(NUMBER)" if pattern is _PHONE else "(MAILBOX)", cleaned)
            count += hits
        return match["cue"] + match["link"] + cleaned

    return _CONTACT.sub(words, text), count
