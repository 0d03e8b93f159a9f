"""Office titles: what is kept of a line that names a person.

A word is kept only when the table of titles and bureaus knows it; whatever else stands there may be a name
and is dropped. So an unknown title is lost rather than a name kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from importlib import resources

from overflight.telegram.posts import known_places
from overflight.telegram.words import common_words
from overflight.world.states import alpha3_codes, name

__all__ = ["CUES", "office_of", "redact_contact", "vocabulary"]

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


_ASKING_CUES = (
    "CONTACT", "CALL", "PHONE", "MAIL", "QUESTIONS", "QUIRIES", "COMMENTS", "SLUG", "BY:", "BY :", "BY\n:",
)  # fmt: skip
#: One of them stands, in capitals, in every text that `redact_contact` changes.
CUES = ("POC", "OFFICER", *_ASKING_CUES)
# A sentence that names a point of contact: from the cue to a full stop that ends no title and no initial.
_CONTACT = re.compile(
    r"\b(?:POCS?|(?:POINTS? OF CONTACT|CONTACT (?:PERSON|OFFICER)|(?:ACTION|DESK) OFFICERS?)"
    r"(?=\s*(?::|--|(?:IS|ARE|WILL|IN|AT|FOR)\b)))\b"
    r"(?P<who>[^\n]{1,300}?)(?=(?<!\b[A-Z])(?<!\bM[RS])(?<!\bDR)(?<!\bMRS)\.(?:\s|$)|\n|$)",
    re.IGNORECASE,
)
_STOP = r"(?<!\b[A-Z])(?<!\bM[RS])(?<!\bDR)(?<!\bMRS)(?<!\bEXT)(?<!\bTEL)(?<!\bCAPT)(?<!\bCOL)(?<!\bLT)"
_RANKS = (
    "CAPT", "CPT", "COL", "LTC", "LTCOL", "LT", "MAJ", "GEN", "CDR", "LCDR", "SGT", "MSGT", "TSGT", "CIV",
)  # fmt: skip
_TITLES = frozenset({"MR", "MS", "MRS", "DR", *_RANKS})
# What asks to turn to somebody. Who it is stands up to what it is about, or to the end of the sentence.
_VERBS = r"(?:CONTACT|CALL|PHONE|TELEPHONE|E-?MAIL)"
_MATTERS = r"(?:QUESTIONS|INQUIRIES|ENQUIRIES|COMMENTS)"
_ASKS = (
    rf"PLEASE\s+{_VERBS}|INFORMATION,?\s+{_VERBS}\b|CONTACTS?\s*:"
    rf"|{_VERBS}\s+(?=(?:" + "|".join(sorted(_TITLES)) + r")\b|(?!AND/OR\b)[A-Z]{1,6}/[A-Z])"
    rf"|{_MATTERS}\b[^.\n]{{0,60}}?\b(?:DIRECTED|ADDRESSED|REFERRED|SENT)\s+TO\b"
    rf"|DIRECT\s(?:[A-Z]+\s){{0,3}}?{_MATTERS}\s+TO\b"
    r"|QUESTIONS\s*:(?=[^\n]{0,80}@)|(?:DRAFTED|CLEARED|APPROVED|RELEASED)\s+BY ?:"
)
_SLUGGED = r"SLUG(?:GED)?\s[^.\n]{0,20}?\bFOR\s+[A-Z]{1,5}/[A-Z]{1,6}"
_ASKING = re.compile(
    rf"\b(?:{_ASKS}|{_SLUGGED}(?=\s(?-i:[A-Z][a-z]+\s[A-Z][a-z]+)))"
    r"(?P<who>[^\n]{1,100}?)(?=\s(?:WITH|IF|SHOULD|REGARDING|ABOUT|CONCERNING|WHEN|BEFORE|AFTER|BY|NOT|NO|"
    r"IMMEDIATELY|APPROVED BY|CLEARED BY|RELEASED BY|DRAFTED BY)\b|" + _STOP + r"\.(?:\s|$)|\n|$)",
    re.IGNORECASE,
)
# The quick looks before the two, at the text in capitals.
_MAY_ASK = re.compile(rf"(?=[ACDEIPQRST])\b(?:{_ASKS}|{_SLUGGED})")
_CONTACTS = (
    "POC", "OF CONTACT", "CONTACT PERSON", "CONTACT OFFICER", "ACTION OFFICER", "DESK OFFICER",
)  # fmt: skip
_EXTENSION = re.compile(
    r"(?P<on>\b(?:EXT(?:ENSION)?\.?|X|ON|AT|TEL\.?|PHONE)\s?)(?<![A-Z]X)\d{4,7}\b(?!Z)", re.IGNORECASE
)
_PHONE = re.compile(r"\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,64})")
_RUN = re.compile(r"(?<!\d)[A-Z][A-Z0-9'’.-]*(?:\s+[A-Z][A-Z0-9'’.-]*)*", re.IGNORECASE)
_PLAIN = frozenset(
    {
        "VIA", "WHO", "PHONE", "TEL", "TELEPHONE", "EMAIL", "E-MAIL", "FAX", "CLASSIFIED",
        "UNCLASSIFIED", "SECURE",
        "OPENNET", "SIPRNET", "REACHED", "CONTACTED", "NAME", "NOTAL",
        "NUMBER", "MAILBOX", "REMAINS", "ISSUE",
        "DEMARCHE", "CAN",
        "EXT", "EXTENSION", "X", "DSN", "STE", "OPS", "SIPDIS", "NODIS", "EXDIS", "STADIS", "ATTN",
        "COLLECTIVE",
        "REPLIES", "RESPONSES", "FURTHER", "FOLLOW-UP", "WASHDC", "SECSTATE", "AMEMBASSY", "DEPARTMENT'S",
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

    def extension(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return match["on"] + "(NUMBER)"

    def slashed(piece: str) -> str:
        """A piece with a slash in it: an office as a rule, two surnames now and then."""
        nonlocal count
        bare = piece.strip(".,;:()")
        parts = bare.split("/")
        if piece.startswith("/") or len(parts) < 2 or not all(p.isalpha() and len(p) > 3 for p in parts):
            return piece
        if all(_ordinary(p.upper()) for p in parts):
            return piece
        count += 1
        return piece.replace(bare, "(NAME)")

    def named(match: re.Match[str], *, small: bool = True) -> str:
        nonlocal count
        out: list[str] = []
        for word in match[0].split(" "):
            bare = word.strip(".,").upper()
            if (
                not bare
                or _ordinary(bare)
                or out[-1:] in (["IN"], ["in"])
                or (not small and bare != "." and word.islower())
            ):
                out.append(word)
            elif out[-1:] != ["(NAME)"]:
                # A title or an initial before a name goes with it.
                while out and (out[-1].strip(".").upper() in _TITLES or re.fullmatch(r"[A-Z]\.", out[-1])):
                    out.pop()
                out.append("(NAME)")
                count += 1
        return " ".join(out)

    def sentence(match: re.Match[str], *, asking: bool = False) -> str:
        start = match.start("who") - match.start()
        who = match["who"]
        who = _MAIL.sub(replaced("(MAILBOX) AT {domain}"), who)
        who = _PHONE.sub(replaced("(NUMBER)"), who)
        if asking:
            who = _EXTENSION.sub(extension, who)
        # The brackets of what was put in stay apart from names.
        pieces = re.split(r"(\((?:MAILBOX|NUMBER|NAME)\)(?: AT [A-Za-z0-9.-]+)?|/\S*|\S*/\S*)", who)
        by_word = partial(named, small=not asking)
        who = "".join(slashed(p) if n % 2 else _RUN.sub(by_word, p) for n, p in enumerate(pieces))
        return match[0][:start] + who.replace("((NAME))", "(NAME)")

    upper = text.upper()
    if any(map(upper.__contains__, _CONTACTS)):
        text = _CONTACT.sub(sentence, text)
    if any(map(upper.__contains__, _ASKING_CUES)) and _MAY_ASK.search(upper):
        text = _ASKING.sub(partial(sentence, asking=True), text)
    return text, count


@cache
def _places() -> frozenset[str]:
    """Words of the names of posts and states: to turn to Dushanbe is to turn to nobody by name."""
    names = (*known_places(), *(name(code).upper() for code in alpha3_codes()))
    return frozenset(word.strip("(),.") for one in names for word in one.split() if len(word) > 2)


def _ordinary(word: str) -> bool:
    if len(word) == 1:
        return word in ("A", "I")
    return (
        word in _PLAIN
        or word in _TITLES
        or word in _places()
        or word.lower() in common_words()
        or any(map(str.isdigit, word))
        or _known(word)
    )
