"""Persons in sentences: who is to be asked, who drafted, cleared, approved or classified.

The names go, with telephone numbers and mailboxes; the offices are kept.
"""

from __future__ import annotations

import re

from overflight.telegram.persons import (
    FUNCTION,
    GIVEN,
    MISTERS,
    PLAIN,
    TITLES,
    is_office,
    is_ordinary,
    looks_personal,
    names_only,
    one_place,
    places,
    vocabulary,
)
from overflight.telegram.words import common_words

__all__ = ["CUES", "redact_contact", "redact_signer"]

#: One of them stands, in capitals, in every text that `redact_contact` changes.
CUES = (
    "@", ":", "POC", "P.O.C", "CONTACT", "OFFICER", "ATTN", "CALL", "PHONE", "MAIL", "QUESTIONS", "QUIRIES",
    "COMMENTS", "SLUG", "REPL", "ED BY", "ED\nBY", "DRAFT BY", "ED -",
)  # fmt: skip

# The quick looks before each pattern; those with a colon are looked for from the colon.
_OFFICERS_CUES = tuple(
    f"{kind} OFFICER" for kind in ("ACTION", "DESK", "DUTY", "WATCH", "CASE", "COUNTRY", "CONTACT", "LIAISON")
)

_NOUN_CUES = (
    "POC", "P.O.C", "P. O.", "OF CONTACT", "CONTACT PERSON", "CONTACT NAME", "CONTACT POINT", "CONTACT IS",

    "CONTACTS:", "CONTACT :", "ATTN",
)  # fmt: skip

_SIGNING_CUES = ("ED BY", "DRAFT BY", "ED -", "G OFFICER", "ED  BY")

_ENDS = ("BY", "ED", "ER", "TD", "FT", "TR", "LR", "RD", "CE", "ES", "TY", "AL", "LS", "RS")

_COLON = re.compile(":(?:" + "|".join(f"(?<={end}{gap}:)" for end in _ENDS for gap in ("", " ")) + ")")

_STOP = (
    r"(?<!\b[A-Z])(?<!\bM[RS])(?<!\bDR)(?<!\bMRS)(?<!\bEXT)(?<!\bTEL)(?<!\bCAPT)(?<!\bCOL)(?<!\bLT)(?<!\bAMB)"
)

_END = rf"{_STOP}\.(?:\s|$)|\n|$"


def _who(size: int, until: str) -> str:
    """Who is named: up to what ends it, or as far as may be where nothing does."""
    return rf"(?P<who>[^\n]{{1,{size}}}?(?={until})|[^\n]{{1,{size}}}(?=\s))"


_ROLE = r"(?:ACTION|DESK|DUTY|WATCH|CASE|COUNTRY|CONTACT|LIAISON)\s+OFFICER"

_IS = r"(?=\s*(?::|-{1,2}\s|\b(?:IS|ARE|WILL|IN|AT|FOR)\b))"

# A sentence that names a point of contact: from the cue to a full stop that ends no title and no initial.
_NOUN = re.compile(
    rf"(?:\b(?:POCS?\b|ATTN\b)|(?<![A-Z.])P\.\s?O\.\s?C\.?"
    r"|\b(?:POINTS? OF CONTACT|CONTACT (?:PERSON|NAME|POINT)S?|"
    rf"(?:DEPARTMENT|EMBASSY|POST|MISSION|WASHINGTON|OUR|THE)\s+CONTACTS?(?=\s*:|\s+IS\b)|{_ROLE}S?){_IS})"
    + _who(300, _END),
    re.IGNORECASE,
)

# What asks to turn to somebody. Who it is stands up to what it is about, or to the end of the sentence.
_VERBS = r"(?:CONTACT|CALL|PHONE|TELEPHONE|E-?MAIL)"

_MATTERS = r"(?:QUESTIONS|INQUIRIES|ENQUIRIES|COMMENTS)"

_ASKS = (
    rf"(?:PLEASE|PLS|PLSE|KINDLY)\s+{_VERBS}|INFORMATION,?\s+{_VERBS}\b|CONTACTS?\s*:"
    rf"|{_VERBS}\s+(?=(?:" + "|".join(sorted(TITLES)) + r")\b|(?!AND/OR\b)[A-Z]{1,6}/[A-Z])"
    rf"|{_MATTERS}\b[^.\n]{{0,60}}?\b(?:DIRECTED|ADDRESSED|REFERRED|SENT)\s+TO\b"
    rf"|DIRECT\s(?:[A-Z]+\s){{0,3}}?{_MATTERS}\s+TO\b"
    r"|QUESTIONS\s*:(?=[^\n]{0,80}@)"
)

_SLUGGED = r"SLUG(?:GED)?\s[^.\n]{0,20}?\bFOR\s+[A-Z]{1,5}/[A-Z]{1,6}"

# Behind these words no person's name begins.
_NOBODY = (
    r"(?!(?:THE|AN?|ON|OFF|FOR|WITH|TO|IN|INTO|SIGNS?|UPON|AND|OR|THEIR|ITS|OUR|"
    r"YOUR|THIS|BACK|WILL|AT|IS|GROUP)\b)"
)

# These ask only where what follows looks like a person.
_ANSWERS = r"(?:REPLY|REPLIES|RESPONSES?|ANSWERS?)"

_LOOK = (
    rf"C(?:ALL|ONTACT)\s+{_NOBODY}|(?:TELE)?PHONE\s+{_NOBODY}|E-?MAIL\s+{_NOBODY}"
    rf"|{_ROLE}\s+{_NOBODY}|{_ANSWERS}\s+TO\s+{_NOBODY}"
    r"|(?:QUESTIONS|INQUIRIES|ENQUIRIES|ATTENTION)\s*:"
)

# Where a verb alone asks: at the beginning of a sentence, and behind these.
_MODALS = ("SHOULD", "MAY", "MUST", "TO", "AND", "OR", "LY")

# First of all: what is mailed stands between.
_MAILED = (
    rf"(?:E-?MAIL|SEND|FAX|FORWARD|ADDRESS)\s(?:[A-Z]+\s){{0,3}}?(?:{_ANSWERS}|{_MATTERS})"
    r"\b[^.\n]{0,60}?\sTO\s"
)

_ASKING = re.compile(
    rf"\b(?=[ACDEFIKLPQRSTW])(?:(?:(?:PLEASE|PLS|KINDLY)\s+)?{_MAILED}|(?P<sure>{_ASKS}|{_SLUGGED}(?=\s(?-i:[A-Z][a-z]+\s[A-Z][a-z]+)))|(?P<may>{_LOOK}))"
    + _who(
        300,
        r"\s(?:WITH|IF|SHOULD|WILL|REGARDING|ABOUT|CONCERNING|WHEN|BEFORE|AFTER|BY|NOT|NO|"
        r"IMMEDIATELY|APPROVED BY|CLEARED BY|RELEASED BY|DRAFTED BY)\b|" + _END,
    ),
    re.IGNORECASE,
)

# Who drafted, cleared, approved, released or classified: behind a sign always, else in a sentence that says
# nothing more.
_DONE = r"(?:DRAFTED|CLEARED|APPROVED|RELEASED|AUTHORI[SZ]ED|PREPARED)"

_BY = rf"(?:{_DONE}|(?:DE)?CLASSIFIED)"

_OFFICERS = (
    r"(?:DRAFTING|CLEARING|RELEASING|APPROVING|AUTHORI[SZ]ING|CLASSIFYING|ORIGINATING)\s+OFFIC(?:ER|IAL)S?"
)

_SIGN = r"\s*(?::|-{1,2}(?=\s))"

_SIGNED = re.compile(
    rf"\b(?:(?P<sure>(?:{_BY}(?:\s+IN\s+DRAFT)?\s+BY|{_OFFICERS}|DRAFTER|DRFTD?|DRFTR|CLRD?|APPROVER|RELEASER"
    rf"|CLASSIFIER|CLASSIFICATION\s+AUTHORITY){_SIGN})|(?P<bare>(?:{_DONE}|CLEARANCES?){_SIGN})"
    rf"|(?<![A-Z0-9,]\s)(?P<plain>{_BY}(?:\s+IN\s+DRAFT)?\s+BY)\s)"
    + _who(
        200,
        rf"[.,;(]?\s*\b(?:FOR\s+)?REASONS?\b|[.;,]?\s\b{_BY}\b|[;,]?\s{_OFFICERS}|[.,;]?\s(?:DECL|E\.O\.)|"
        + _END,
    ),
    re.IGNORECASE,
)

_SIGNER = re.compile(r"\bBY\b\s*:?(?P<who>[^\n]{1,200})$", re.IGNORECASE)

_PLEAS = ("PLEASE", "PLS", "PLSE", "KINDLY", "TION", "TION,")

_TITLED = "|".join(sorted(TITLES))


def _behind(words: tuple[str, ...], last: str) -> str:
    return "|".join(rf"(?<={word}\s{last})" for word in words)


_ABOUT = r"(?:\s*:|[^.\n]{0,80}?\sTO\s)"

# The quick looks before the asking pattern: a cue, and what must stand around it.
_ASKING_LOOKS = tuple(
    (cue, re.compile(look))
    for cue, look in (
        *(
            (verb, rf"{verb}(?:S?\s*:|\s+[A-Z]{{1,6}}/|\s+(?:{_TITLED})\b|(?=\s)(?:{_behind(_PLEAS, verb)})|"
                   rf"(?:(?<![A-Z0-9,]\s{verb})|{_behind(_MODALS, verb)})\s+{_NOBODY})")
            for verb in ("CONTACT", "CALL", "PHONE")
        ),
        ("MAIL", r"MAIL\s+"),
        *((matter, matter + _ABOUT) for matter in ("QUESTIONS", "QUIRIES", "COMMENTS")),
        ("SLUG", "SLUG"),
        ("REPL", rf"REPL(?:Y|IES) TO\s+{_NOBODY}"),
        *((cue, rf"{cue}\s+{_NOBODY}") for cue in ("NSES TO", "WERS TO")),
        ("OFFICER", rf"OFFICER(?:{'|'.join(f'(?<={cue})' for cue in _OFFICERS_CUES)})\s+{_NOBODY}"),
        ("ATTENTION:", "ATTENTION:"),
    )
)  # fmt: skip

_EXTENSION = re.compile(
    r"(?P<on>\b(?:EXT(?:ENSION)?\.?|X|ON|AT|TEL\.?|PHONE)\s?)(?<![A-Z]X)\d{4,7}\b(?!Z)", re.IGNORECASE
)

_PHONE = re.compile(r"\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b")

_MAIL = re.compile(r"(?P<box>[A-Za-z0-9._%+-]{1,64})@(?P<domain>[A-Za-z0-9.-]{1,64})")

_RUN = re.compile(r"(?<!\d)[A-Z][A-Z0-9'’.-]*(?:\s+[A-Z][A-Z0-9'’.-]*)*", re.IGNORECASE)

# What was put in, with what stands in brackets of its own, and what has a slash in it.
_PUT = re.compile(r"(\((?:MAILBOX|NUMBER|NAME)\)(?: AT [A-Za-z0-9.-]+)?|/\S*|\S*/\S*)")

_AGAIN = re.compile(r"\(NAME\)(?:\s+\(NAME\))+")

_BOXES = frozenset(
    {
        "OVERFLIGHT", "OVERFLIGHTS", "PERMIT", "PERMITS", "CLEARANCE", "CLEARANCES", "OPS", "INFO", "AIS",
        "NOTAM", "NOTAMS", "PRESS", "HELPDESK", "FLIGHT", "FLIGHTS", "DCA", "CAA", "OFFICES",
    }
)  # fmt: skip


def _may_be_name(word: str) -> bool:
    """Whether a common word beside a name may be another name of the person."""
    if word in GIVEN:
        return True
    other = is_office(word) or word in FUNCTION or word in PLAIN
    return len(word) > 1 and word.lower() in common_words() and not other


class _Redaction:
    """Counts what is left out of one text."""

    def __init__(self) -> None:
        self.count = 0

    def mailbox(self, match: re.Match[str]) -> str:
        box = [part for part in re.split(r"[\d._%+-]+", match["box"].upper()) if part]
        if box and all(part in _BOXES or (len(part) > 2 and part in vocabulary()) for part in box):
            return match[0]  # of an office
        self.count += 1
        return f"(MAILBOX) AT {match['domain']}"

    def number(self, _: re.Match[str]) -> str:
        self.count += 1
        return "(NUMBER)"

    def extension(self, match: re.Match[str]) -> str:
        self.count += 1
        return match["on"] + "(NUMBER)"

    def slashed(self, piece: str) -> str:
        """A piece with a slash in it: an office as a rule, two surnames now and then."""
        bare = piece.strip(".,;:()")
        parts = bare.split("/")
        if "@" in piece or (piece.startswith("(") and bare in ("NAME", "NUMBER", "MAILBOX")):
            return piece
        head, colon, tail = piece.partition(":")
        if colon and tail.strip(".,;()") and not tail.startswith("(N"):
            name = tail.strip(".,;()")
            if name.isdigit() or is_ordinary(name.upper()):
                return piece
            self.count += 1
            return f"{head}:{tail.replace(name, '(NAME)')}"
        if piece.startswith("/") or len(parts) < 2:
            return piece
        if not all(part.isalpha() and len(part) > 3 for part in parts):
            # "ROXBY/EUR", "EUR/ROXBY"
            known = [is_office(part.upper()) for part in parts]
            kept = [
                part if ok or not part.isalpha() or len(part) < (4 if n == 0 else 6) else "(NAME)"
                for n, (part, ok) in enumerate(zip(parts, known, strict=True))
            ]
            if kept == parts or not any(known):
                return piece
            self.count += 1
            return piece.replace(bare, "/".join(kept))
        if all(is_ordinary(part.upper()) for part in parts):
            return piece
        self.count += 1
        return piece.replace(bare, "(NAME)")

    def named(self, run: str, small: bool, opens: bool, closes: bool) -> str:
        """A run of words without its names; those of a person's who has a word of the language for a name
        as well.
        """
        words = run.split(" ")
        out: list[str] = []
        for n, word in enumerate(words):
            bare = word.strip(".,").upper()
            behind_mister = bool(out) and out[-1].strip(".").upper() in MISTERS
            mister = behind_mister and bool(bare) and bare not in FUNCTION and bare not in vocabulary()
            if not mister and (
                not bare
                or is_ordinary(bare)
                or out[-1:] in (["IN"], ["in"])
                or (not small and bare != "." and word.islower())
            ):
                # The last word of a name that is a word of the language as well: "JANE LONG,".
                if out[-1:] == ["(NAME)"] and n == len(words) - 1 and closes and _may_be_name(bare):
                    self.count += 1
                    continue
                out.append(word)
            elif out[-1:] != ["(NAME)"]:
                # A title or an initial before a name goes with it, and a given name.
                while out and (out[-1].strip(".").upper() in TITLES or re.fullmatch(r"[A-Za-z]\.", out[-1])):
                    out.pop()
                if opens and len([w for w in out if w]) == 1 and _may_be_name(out[-1].upper()):
                    out.pop()
                out.append("(NAME)")
                self.count += 1
        return " ".join(out)

    def who(self, who: str, *, asking: bool, small: bool) -> str:
        """Who is named, without names, numbers and mailboxes."""
        who = _MAIL.sub(self.mailbox, who)
        who = _PHONE.sub(self.number, who)
        if asking:
            who = _EXTENSION.sub(self.extension, who)
        pieces = _PUT.split(who)
        for n, piece in enumerate(pieces):
            if n % 2:
                pieces[n] = self.slashed(piece)
                continue
            last = n == len(pieces) - 1

            def run(match: re.Match[str], first: bool = n == 0, last: bool = last) -> str:
                opens = first and not match.string[: match.start()].strip(" :-")
                closes = match.end() < len(match.string) or last
                return self.named(match[0], small, opens, closes)

            pieces[n] = _two_places(_RUN.sub(run, piece), self)
        return _AGAIN.sub("(NAME)", "".join(pieces).replace("((NAME))", "(NAME)"))

    def sentence(self, match: re.Match[str], *, asking: bool, small: bool) -> str:
        start = match.start("who") - match.start()
        return match[0][:start] + self.who(match["who"], asking=asking, small=small)

    def noun(self, match: re.Match[str]) -> str:
        return self.sentence(match, asking=False, small=True)

    def asking(self, text: str) -> str:
        """A text without the persons whom it asks to turn to."""
        out: list[str] = []
        done = at = 0
        while match := _ASKING.search(text, at):
            at = match.start("who")
            who = match["who"]
            small = who.strip(" :-")[:1].islower() and looks_personal(who)
            if match["may"] is not None and not (_asks(match) and (small or looks_personal(who))):
                continue
            if match["sure"] is None and match["may"] is None and not (small or looks_personal(who)):
                continue
            out += (text[done : match.start()], self.sentence(match, asking=True, small=small))
            done = at = match.end()
        return "".join((*out, text[done:]))

    def signed(self, match: re.Match[str]) -> str:
        who = match["who"]
        if match["bare"] is not None and not names_only(who):
            return match[0]
        if match["plain"] is not None:
            plain = match["plain"].upper()
            if "CLASSIFIED" in plain:
                first = who.split()[0].strip(",.;").upper() if who.split() else ""
                if first in FUNCTION or first in PLAIN:
                    return match[0]
            elif not names_only(who, sure=False, lone=plain.startswith(("DRAFT", "PREP"))):
                return match[0]
        small = match["sure"] is not None and who.strip(" :-")[:1].islower() and looks_personal(who)
        return self.sentence(match, asking=False, small=small)


def _two_places(text: str, redaction: _Redaction) -> str:
    """Two places side by side that are no one place are a person: ``PARIS JORDAN`` behind the cue."""
    match = _PAIR.match(text)
    if match is None:
        return text
    one, two = match[1].upper(), match[2].upper()
    if one not in places() or two not in places() or one_place(f"{one} {two}"):
        return text
    redaction.count += 1
    return f"{text[: match.start(1)]}(NAME){text[match.end() :]}"


_PAIR = re.compile(r"\s*(?::|-{1,2}|IS)\s*([A-Z]{3,})\s+([A-Z]{3,})(?=\s*(?:[,.;(]|$))", re.IGNORECASE)


def redact_contact(text: str) -> tuple[str, int]:
    """A text without names, telephone numbers and mailboxes in its contact sentences, and how many.

    In such a sentence, and where it is said who drafted, cleared or classified, a word that neither the
    tables of offices nor the list of common words knows is taken for a name. A mailbox goes wherever it
    stands, but for that of an office.
    """
    redaction = _Redaction()
    upper = text.upper()
    for _ in range(4):  # a sentence that is longer than a pattern looks is looked at again
        before = redaction.count
        if _may_name(upper):
            text = _NOUN.sub(redaction.noun, text)
        if _may_ask(upper):
            text = redaction.asking(text)
        if any(map(upper.__contains__, _SIGNING_CUES)) or (":" in upper and _COLON.search(upper)):
            text = _SIGNED.sub(redaction.signed, text)
        if "@" in text:
            text = _MAIL.sub(redaction.mailbox, text)
        if redaction.count == before:
            break
    return text, redaction.count


def redact_signer(text: str) -> str:
    """A stamp without the name of who set it: ``DECLASSIFIED BY (NAME) 2020``."""
    redaction = _Redaction()
    return _SIGNER.sub(lambda m: redaction.sentence(m, asking=False, small=False), text)


def _asks(match: re.Match[str]) -> bool:
    """Whether a verb asks: it begins a sentence, or stands behind "should" and the like."""
    if not _VERB.match(match["may"]):
        return True
    above = match.string[max(0, match.start() - 8) : match.start()].upper()
    return not _MIDDLE.search(above) or above.rstrip().endswith(_MODALS)


_VERB, _MIDDLE = re.compile(_VERBS, re.IGNORECASE), re.compile(r"[A-Z0-9,]\s$")


def _may_name(upper: str) -> bool:
    if "OFFICER" in upper and any(map(upper.__contains__, _OFFICERS_CUES)):
        return True
    stems = "CONTACT" in upper or "POC" in upper or "ATTN" in upper or "P." in upper
    return stems and any(map(upper.__contains__, _NOUN_CUES))


def _may_ask(upper: str) -> bool:
    return any(look.search(upper) for cue, look in _ASKING_LOOKS if cue in upper)
