"""Office titles: what is kept of a line that names a person.

A word is kept only when the table of titles and bureaus knows it; whatever else stands there may be a name
and is dropped. So an unknown title is lost rather than a name kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import resources

from overflight.telegram.words import common_words

__all__ = ["office_of", "redact_contact", "vocabulary"]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z.'’&-]*(?:/[A-Za-z][A-Za-z&-]*)*|\d+(?:st|nd|rd|th)\b|[,;()]")
_INITIAL = re.compile(r"[A-Za-z]\.?")
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
    before = ""
    for token in _TOKEN.findall(text):
        after, before = before, token
        if token in ",;()":
            continue
        if token.upper() in _JOINING:
            if kept and kept[-1].upper() not in _JOINING:
                kept.append(token)
        elif _known(token) and not _INITIAL.fullmatch(token) and not _INITIAL.fullmatch(after):
            kept.append(token.rstrip("."))  # what stands behind an initial is a name, whatever else it means
    while kept and kept[-1].upper() in _JOINING:
        kept.pop()
    return " ".join(kept)


# A sentence that names a point of contact: from the cue to a full stop that ends no title and no initial.
_CONTACT = re.compile(
    r"\b(?:POCS?|(?:POINTS? OF CONTACT|CONTACT (?:PERSON|OFFICER)|(?:ACTION|DESK) OFFICERS?)"
    r"(?=\s*(?::|--|(?:IS|ARE|WILL|IN|AT|FOR)\b)))\b"
    r"(?P<who>[^\n]{1,300}?)(?=(?<!\b[A-Z])(?<!\bM[RS])(?<!\bDR)(?<!\bMRS)\.(?:\s|$)|\n|$)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,64})")
_RUN = re.compile(r"(?:\b(?:MR|MS|MRS|DR)\.?\s+)?[A-Z][A-Z'’.-]*(?:\s+[A-Z][A-Z'’.-]*)*", re.IGNORECASE)
_PLAIN = frozenset(
    {
        "VIA", "WHO", "PHONE", "TEL", "TELEPHONE", "EMAIL", "E-MAIL", "FAX", "CLASSIFIED",
        "UNCLASSIFIED", "SECURE",
        "OPENNET", "SIPRNET", "REACHED", "CONTACTED", "NAME", "NOTAL",
        "NUMBER", "MAILBOX", "REMAINS", "ISSUE",
        "DEMARCHE", "CAN",
    }
)  # fmt: skip


def redact_contact(text: str) -> tuple[str, int]:
    """A text without names, telephone numbers and mailboxes in its contact sentences, and how many.

    In such a sentence a word that neither the tables of offices nor the list of common words knows is
    taken for a name.
    """
    count = 0

    def replaced(by: str) -> Callable[[re.Match[str]], str]:
        def inner(match: re.Match[str]) -> str:
            nonlocal count
            count += 1
            return by.format(**match.groupdict())

        return inner

    def named(match: re.Match[str]) -> str:
        nonlocal count
        out: list[str] = []
        for word in match[0].split(" "):
            bare = word.strip(".,").upper()
            if not bare or _ordinary(bare):
                out.append(word)
            elif out[-1:] != ["(NAME)"]:
                # A title or an initial before a name goes with it.
                while out and (
                    out[-1].strip(".").upper() in ("MR", "MS", "MRS", "DR")
                    or re.fullmatch(r"[A-Z]\.", out[-1])
                ):
                    out.pop()
                out.append("(NAME)")
                count += 1
        return " ".join(out)

    def sentence(match: re.Match[str]) -> str:
        start = match.start("who") - match.start()
        who = match["who"]
        who = _MAIL.sub(replaced("(MAILBOX) AT {domain}"), who)
        who = _PHONE.sub(replaced("(NUMBER)"), who)
        # The brackets of what was put in stay apart from names.
        pieces = re.split(r"(\((?:MAILBOX|NUMBER|NAME)\)(?: AT [A-Za-z0-9.-]+)?|/\S*|\S*/\S*)", who)
        who = "".join(p if n % 2 else _RUN.sub(named, p) for n, p in enumerate(pieces))
        return match[0][:start] + who.replace("((NAME))", "(NAME)")

    return _CONTACT.sub(sentence, text), count


def _ordinary(word: str) -> bool:
    if len(word) == 1:
        return word in ("A", "I")
    return (
        word in _PLAIN or word.lower() in common_words() or word in ("MR", "MS", "MRS", "DR") or _known(word)
    )
