"""Lines that stand for themselves and name a person.

Slugs ("FOR DAS … FROM …"), lines of clearance ("AMB:…"), the drafter's block of a joint message form.
"""

from __future__ import annotations

import re

from overflight.telegram.contacts import Redaction, redact_contact
from overflight.telegram.persons import FUNCTION, PLAIN, is_office, is_ordinary

__all__ = ["redact_line", "redact_reference", "slug_line"]

_SLUG = re.compile(
    r"^\s*(?:(?:DEPT|DEPARTMENT|STATE|ALSO|PLEASE|PLS|SECSTATE|EMBASSY|POST)\s+)?"
    r"(?:FOR|PASS|EYES ONLY|EXCLUSIVE|FROM)\b",
    re.IGNORECASE,
)
_SLUG_WORDS = frozenset(
    {
        "FOR", "FROM", "PASS", "TO", "AND", "ALSO", "STATE", "DEPT", "DEPARTMENT", "EYES", "ONLY",
        "EXCLUSIVE",
        "PLEASE", "PLS", "THE",
    }
)  # fmt: skip
_BODIES = frozenset(
    {"ICAO", "IATA", "NATO", "OSCE", "IAEA", "OPCW", "USAID", "UNESCO", "NSC", "NEWS", "CODEL"}
)
_HEADQUARTERS = re.compile(
    r"(?:CINC|US|AM|SEC|JCS|HQ|NAT|COM|CJCS|AMEMB)|.*(?:COM|CEN|LANT|PAC|NAV|FOR|AF|GRU|INTEL|WASHDC|DC)$"
)
_TOKEN = re.compile(r"[^\W\d_][\w'’.&-]*(?:/[\w'’.&-]+)*")

_COLONS = re.compile(
    r"^\s*(?:(?P<office>[A-Z]{1,6}(?:/[A-Z]{1,6}){0,3})\s?:\s?[A-Z][A-Z'’.-]{2,20}(?::[A-Z]{2,3})?[;,.]?\s*){1,8}$",
    re.IGNORECASE,
)
_COLON = re.compile(
    r"(?P<office>(?<![\w/])[A-Z/]{1,28})\s?:\s?(?P<who>[A-Z][A-Z'’.-]{2,20}(?::[A-Z]{2,3})?)", re.IGNORECASE
)

_RANK = (
    r"(?:CAPT|CPT|COL|LTC|LTCOL|LT|MAJ|GEN|CDR|LCDR|SGT|MSGT|TSGT|CIV|GS-?\d{1,2}|CWO\d?|ENS|RADM|BGEN|MGEN)"
)
_BLOCK = re.compile(
    rf"^\s*(?P<who>[A-Z][A-Z.'-]{{0,20}}(?:\s[A-Z][A-Z.'-]{{0,20}}){{1,3}}),?\s+(?P<rank>{_RANK})\b"
    r"(?P<rest>[,\s][A-Z0-9,. /-]*?)?(?:\b(?P<ext>X?\d{4,7}|\d{3}-\d{4}|\d-\d{4}|\(NUMBER\))\b)"
    r"(?P<sign>(?:\s[A-Z0-9/]{4,30})?)\s*$"
)

_WAYS = (
    r"(?:(?:UN)?CLASS(?:IFIED)?\s|SIPR\s|HIGHSIDE\s)?"
    r"(?:E-?MAILS?|TELCONS?|PHONECONS?|MEMCONS?|VTC|PHONE\sCALLS?)"
)
_PEOPLE = r"[A-Z][A-Za-z'’.]{1,20}(?:(?:[-/]|\s(?:AND|TO|WITH)\s|\s)[A-Z][A-Za-z'’.]{1,20}){0,5}"
_WRITER = re.compile(rf"(?<![\w/-])(?P<who>{_PEOPLE})\s(?={_WAYS}\b)")
_WRITTEN = re.compile(
    rf"\b{_WAYS}\s(?:(?:OF|DATED)\s[\w/]{{1,10}}(?:\s\w{{1,9}})?\s)?(?:(?:FROM|TO|BETWEEN|BY|WITH)\s)?(?P<who>{_PEOPLE})",
    re.IGNORECASE,
)
_REFERRED = ("MAIL", "CON ", "CONS ", "VTC", "PHONE CALL")
_PART = re.compile(r"[A-Za-z][A-Za-z'’.]*")
_AGAIN = re.compile(r"\(NAME\)(?:[\s.]*\(NAME\))+")


def _strange(word: str) -> bool:
    """Whether a word is no office, no place and no word of the language."""
    upper = word.upper().strip(".,'’")
    if (
        upper in _SLUG_WORDS
        or upper in _BODIES
        or len(upper) < 3
        or "/" in upper
        or is_office(upper)
        or is_ordinary(upper)
        or _HEADQUARTERS.match(upper)
    ):
        return False
    return upper not in FUNCTION and upper not in PLAIN


def slug_line(text: str, *, caption: bool = False) -> tuple[str, int]:
    """A line that says for whom a telegram is, and from whom, without the persons, and how many.

    Such a line holds nothing but offices, persons and the words between; others come back as they are.

    Parameters
    ----------
    text : str
        The line.
    caption : bool
        It stands above the labels, where lines are short and nothing else: other words may stand beside.
    """
    if len(text) > 90 or not _SLUG.match(text):
        return text, 0
    words = _TOKEN.findall(text)
    strange = [word for word in words if _strange(word)]
    if not strange or any(map(str.isdigit, text)):
        return text, 0
    known = [w for w in words if w not in strange]
    plain = [w for w in known if w.upper() not in _SLUG_WORDS and not is_office(w.upper()) and "/" not in w]
    telling = len(known) > sum(w.upper() in _SLUG_WORDS for w in known) or "FROM" in text.upper().split()
    telling = telling or "ONLY" in text.upper() or ("FROM:" in text.upper())
    if not caption and (plain or not telling) and not _PASSED.match(text):
        return text, 0
    count = 0

    def out(match: re.Match[str]) -> str:
        nonlocal count
        if not _strange(match[0]):
            return match[0]
        count += 1
        return "(NAME)"

    return _whole(_AGAIN.sub("(NAME)", _TOKEN.sub(out, text))), count


_PASSED = re.compile(r"^\s*PASS TO\s+[A-Z]+\s+[A-Z]+\s*$", re.IGNORECASE)


def _whole(text: str) -> str:
    return text.replace("((NAME))", "(NAME)")


def redact_line(text: str, *, caption: bool = False) -> tuple[str, int]:
    """A line that stands for itself without the persons whom it names, and how many."""
    text, count = redact_contact(text)
    if ":" in text and (found := _COLONS.match(text)) and is_office(found["office"].upper()):
        redaction = Redaction()

        def person(match: re.Match[str]) -> str:
            word = match["who"].split(":")[0].upper()
            if is_ordinary(word) or is_office(word):
                return match[0]
            redaction.count += 1
            return f"{match['office']}:(NAME)"

        text = _COLON.sub(person, text)
        count += redaction.count
    if block := _BLOCK.match(text):
        count += 1
        text = f"(NAME), {block['rank']}{block['rest'] or ' '}(NUMBER){block['sign']}"
    text, slugs = slug_line(text, caption=caption)
    return text, count + slugs


def redact_reference(text: str) -> tuple[str, int]:
    """References without those who wrote or spoke: ``(NAME)-(NAME) E-MAIL 8/1``, and how many names."""
    upper = text.upper()
    if not any(map(upper.__contains__, _REFERRED)):
        return text, 0
    count = 0

    def word(match: re.Match[str]) -> str:
        nonlocal count
        if not _strange(match[0]):
            return match[0]
        count += 1
        return "(NAME)"

    def people(match: re.Match[str]) -> str:
        start = match.start("who") - match.start()
        end = match.end("who") - match.start()
        return match[0][:start] + _AGAIN.sub("(NAME)", _PART.sub(word, match["who"])) + match[0][end:]

    return _WRITTEN.sub(people, _WRITER.sub(people, text)), count
