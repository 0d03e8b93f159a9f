"""Persons in sentences: who is to be asked, who drafted, cleared, approved or classified.

The names go, with telephone numbers and mailboxes; the offices are kept.
"""

from __future__ import annotations

import re

from overflight.telegram.cues import (
    AGAIN,
    ASKING,
    ASKING_LOOKS,
    BOXES,
    COLON,
    CUES,
    END,
    EXTENSION,
    LABEL_LENGTH,
    MAIL,
    MIDDLE,
    MODALS,
    NOUN,
    NOUN_CUES,
    OF_OFFICE,
    OFFICERS_CUES,
    PAIR,
    PHONE,
    PUT,
    RUN,
    SENTENCE,
    SERVES,
    SERVING,
    SIGNED,
    SIGNER,
    SIGNING_CUES,
    SLUGGED,
    VERB,
    WRITING,
    WRITTEN,
    names_a_person,
)
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
from overflight.telegram.telephones import four_digits, redact_numbers
from overflight.telegram.words import common_words

__all__ = ["CUES", "Redaction", "redact_contact", "redact_signer"]


def _may_be_name(word: str) -> bool:
    """Whether a common word beside a name may be another name of the person."""
    if word in GIVEN:
        return True
    other = is_office(word) or word in FUNCTION or word in PLAIN
    return len(word) > 1 and word.lower() in common_words() and not other


class Redaction:
    """Counts what is left out of one text."""

    def __init__(self) -> None:
        self.count = 0
        self.symbol = 6  # letters from which on what stands behind a slash is a name, no symbol

    def mailbox(self, match: re.Match[str]) -> str:
        box = [part for part in re.split(r"[\d._%+-]+", match["box"].upper()) if part]
        if box and all(part in BOXES or (len(part) > 2 and part in vocabulary()) for part in box):
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
                part if ok or not part.isalpha() or len(part) < (4 if n == 0 else self.symbol) else "(NAME)"
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
        who = MAIL.sub(self.mailbox, who)
        who = PHONE.sub(self.number, who)
        if asking:
            who = EXTENSION.sub(self.extension, who)
        pieces = PUT.split(who)
        for n, piece in enumerate(pieces):
            if n % 2:
                pieces[n] = self.slashed(piece)
                continue
            last = n == len(pieces) - 1

            def run(match: re.Match[str], first: bool = n == 0, last: bool = last) -> str:
                opens = first and not match.string[: match.start()].strip(" :-")
                closes = match.end() < len(match.string) or last
                return self.named(match[0], small, opens, closes)

            pieces[n] = _two_places(RUN.sub(run, piece), self)
        return AGAIN.sub("(NAME)", "".join(pieces).replace("((NAME))", "(NAME)"))

    def sentence(self, match: re.Match[str], *, asking: bool, small: bool) -> str:
        start = match.start("who") - match.start()
        return match[0][:start] + self.who(match["who"], asking=asking, small=small)

    def noun(self, match: re.Match[str]) -> str:
        if match["who"].startswith(". "):  # the cue ends its sentence
            return match[0]
        return self.sentence(match, asking=False, small=True)

    def asking(self, text: str) -> str:
        """A text without the persons whom it asks to turn to."""
        out: list[str] = []
        done = at = 0
        while match := ASKING.search(text, at):
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

    def labelled(self, text: str) -> str:
        """A text without the persons behind labels that copies damaged, or that a line holds alone."""
        done, out = 0, ""
        at = text.find(":")
        while at >= 0:
            label = _LABELLED.search(text[max(done, at - LABEL_LENGTH) : at])
            if label and names_a_person(label[0]):
                begin = at + 1
                while begin < at + 4 and text[begin : begin + 1].isspace():
                    begin += 1
                end = _UNTIL.search(text, begin, begin + 200)
                until = end.start() if end else min(len(text), begin + 200)
                who = text[begin:until]
                if "(NAME)" not in who and (names_only(who) or looks_personal(who) or _BEHIND.search(who)):
                    self.symbol = 5
                    small = who[:1].islower() and looks_personal(who)
                    out += text[done:begin] + self.who(who, asking=True, small=small)
                    self.symbol, done = 6, until
                    while (
                        done < len(text) and (below := _BELOW.match(text, done)) and looks_personal(below[2])
                    ):
                        out += below[1] + self.who(below[2], asking=True, small=below[2][:1].islower())
                        done = below.end()
            at = text.find(":", at + 1)
        return out + text[done:]

    def serving(self, text: str) -> str:
        """A text without the persons of whom it says that they are the point of contact."""
        done, out = 0, ""
        for match in SERVES.finditer(text):
            start = max(done, match.start() - 160)
            for stop in SENTENCE.finditer(text, start, match.start()):
                start = stop.end()
            who = text[start : match.start()]
            if looks_personal(who) and "(NAME)" not in who:
                out += text[done:start] + self.who(who, asking=True, small=who[:1].islower())
                done = match.start()
        return out + text[done:]

    def of_office(self, match: re.Match[str]) -> str:
        if not looks_personal(match["who"]):
            return match[0]
        return match["sign"] + self.who(match["who"], asking=False, small=False)

    def slug(self, match: re.Match[str]) -> str:
        start = match.start("who") - match.start()
        return match[0][:start] + OF_OFFICE.sub(self.of_office, match["who"])

    def written(self, match: re.Match[str]) -> str:
        """A sentence that says who drafted this message, and who cleared it."""
        whole = match["who"]
        if not (looks_personal(whole) or any(map(looks_personal, _EACH.split(whole)[1:]))):
            return match[0]
        return self.sentence(match, asking=True, small=False)

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


_LABELLED = re.compile(r"(?:(?<=^)|(?<=[\n.;,:(]))[^\n.;,:(]*(?:P\.? ?[O0]\.? ?C\.?)?$")
_UNTIL = re.compile(rf"\bREASONS?\b|{END}", re.IGNORECASE)
_BEHIND = re.compile(r"(?:^|[\s(])[A-Z]{1,6}(?:/[A-Z]+)*\s?:\s?[A-Z]{4,}", re.IGNORECASE)
_BELOW = re.compile(
    r"([ .;,]{0,3}\n\s*(?:(?:--|[-*+•])\s+|[A-Za-z0-9][.)]\s+)?)([^\n]{1,200})(?=\n|$)"
)  # a further person
_EACH = re.compile(r"\b(?:BY|WITH)\s", re.IGNORECASE)


def _two_places(text: str, redaction: Redaction) -> str:
    """Two places side by side that are no one place are a person: ``PARIS JORDAN`` behind the cue."""
    match = PAIR.match(text)
    if match is None:
        return text
    one, two = match[1].upper(), match[2].upper()
    if one not in places() or two not in places() or one_place(f"{one} {two}"):
        return text
    redaction.count += 1
    return f"{text[: match.start(1)]}(NAME){text[match.end() :]}"


def redact_contact(text: str) -> tuple[str, int]:
    """A text without names, telephone numbers and mailboxes in its contact sentences, and how many.

    In such a sentence, and where it is said who drafted, cleared or classified, a word that neither the
    tables of offices nor the list of common words knows is taken for a name. A mailbox goes wherever it
    stands, but for that of an office.
    """
    redaction = Redaction()
    upper = text.upper().replace("\n", " ")
    numbers = 0
    if " DOT " in upper or any(four_digits(upper)):
        text, numbers = redact_numbers(text)
        upper = text.upper().replace("\n", " ")
    for _ in range(4):  # a sentence that is longer than a pattern looks is looked at again
        before = redaction.count
        if _may_name(upper):
            text = NOUN.sub(redaction.noun, text)
        if _may_ask(upper):
            text = redaction.asking(text)
        if any(map(upper.__contains__, SIGNING_CUES)) or (":" in upper and COLON.search(upper)):
            text = SIGNED.sub(redaction.signed, text)
        if ":" in text:
            text = redaction.labelled(text)
        if "SLUG" in upper:
            text = SLUGGED.sub(redaction.slug, text)
        if _may_serve(upper):
            text = redaction.serving(text)
        if any(map(upper.__contains__, WRITING)):
            text = WRITTEN.sub(redaction.written, text)
        if "@" in text:
            text = MAIL.sub(redaction.mailbox, text)
        if redaction.count == before:
            break
    return text, redaction.count + numbers


def redact_signer(text: str) -> str:
    """A stamp without the name of who set it: ``DECLASSIFIED BY (NAME) 2020``."""
    redaction = Redaction()
    return SIGNER.sub(lambda m: redaction.sentence(m, asking=False, small=False), text)


def _asks(match: re.Match[str]) -> bool:
    """Whether a verb asks: it begins a sentence, or stands behind "should" and the like."""
    if not VERB.match(match["may"]) or _NO_VERB.match(match["may"]):
        return True
    above = match.string[max(0, match.start() - 13) : match.start()].upper()
    return not MIDDLE.search(above) or above.rstrip().endswith(MODALS)


_NO_VERB = re.compile(r"CONTACT(?:S?\s+(?:IS|ARE)|ER)\s", re.IGNORECASE)


def _may_name(upper: str) -> bool:
    if "OFFICER" in upper and any(map(upper.__contains__, OFFICERS_CUES)):
        return True
    stems = "CONTACT" in upper or "POC" in upper or "ATTN" in upper or "P." in upper
    return stems and any(map(upper.__contains__, NOUN_CUES))


def _may_ask(upper: str) -> bool:
    return any(
        cue in upper and look.search(upper)
        for stem, looks in ASKING_LOOKS
        if stem in upper
        for cue, look in looks
    )


def _may_serve(upper: str) -> bool:
    stems = "CONTACT" in upper or "POC" in upper or "P.O.C" in upper or "OFFICER" in upper
    return stems and any(map(upper.__contains__, SERVING))
