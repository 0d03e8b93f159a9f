"""What in a text may be a marking that nobody could read: a released text must hold none.

A damaged copy spells a mark in a hundred ways: other brackets, other slashes, letters of another alphabet,
digits for letters, blanks between. Which of them it was cannot be told, and need not be: whatever resembles a
level or a control keeps the text with the desk (default deny).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain", "resembles"]

# Letters that look like Latin ones, and signs that stand for a slash or a bracket.
_LIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοАВЕКМНОРСТУХЅІЈаеорсухѕі\u2044\u2215\u29f8\\",
    "ABEZHIKMNOPTYXaoABEKMHOPCTYXSIJaeopcyxsi////",
)
_ENTITY = {"40": "(", "41": ")", "47": "/", "x28": "(", "x29": ")", "x2f": "/"}
_ENTITIES = re.compile(r"&#(40|41|47|x28|x29|x2f);", re.IGNORECASE)
_DEBRIS = re.compile(r"\[\^?\d{1,3}\]|[$*_`~]|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ADDRESS = re.compile(r"\b[a-z]{3,5}://", re.IGNORECASE)

_LEVELS = (
    r"(?:T\s?O\s?P\s?)?S\s?E\s?C\s?R\s?E\s?T|"
    r"C\s?[O0]\s?N\s?F\s?[I1]\s?D\s?E\s?N\s?T\s?[I1]\s?A\s?L|RESTRICTED"
)
_UNCLASSIFIED = r"LIMITED\s+OFFICIAL\s+USE|SENSITIVE\s+BUT\s+UNCLASSIFIED|FOR\s+OFFICIAL\s+USE\s+ONLY"
_CONTROLS = (
    r"N\s?[O0]\s?F\s?[O0]\s?R\s?N|N\s?[O0]\s?D\s?[I1]\s?S|E\s?X\s?D\s?[I1]\s?S|NF|NS|ORCON|OC|PROPIN|"
    r"PR|RELIDO|REL|RSEN|IMCON|FGI|SBU|FOUO|LOU|CUI|LES|SSI|DISPLAY|EYES|SPECAT|LIMDIS|STADIS|SI|TK|HCS|RD|FRD"
)
_SHORT = r"(?:T\s?S|S|C|U|SBU|FOUO|LOU|CUI|CTS|NS|NC|NR|R)"
# In brackets of any kind, the closing one perhaps lost.
_BRACKETED = re.compile(
    r"[(\[{]\s*/|[(\[{<]\s*(?:"
    rf"(?:{_LEVELS}|{_UNCLASSIFIED}|TOP)\b|(?:SECRETNOFORN)|"
    rf"(?:(?<![A-Za-z0-9][(\[{{<])(?:{_SHORT})\s*[)\]}}>])|"
    rf"(?:{_SHORT}|[58])\s*(?:[/,;.:-]|\s)\s*(?:{_CONTROLS})\b|"
    r"(?:T\s?S|S|C|SBU|FOUO)(?:NF|REL|NOFORN)\b|"
    rf"(?:{_CONTROLS}|JOINT\s+(?:T\s?S|S|C|R|U)|NATO\s+(?:SECRET|CONFIDENTIAL|RESTRICTED)|COSMIC)(?![A-Za-z0-9]))"
)
# Wherever they stand: two slashes between words, a level with its control, words that are nothing else.
_ANYWHERE = re.compile(
    r"//|(?<![A-Za-z0-9])(?:T\s?S|S|C|SBU|U|5|8)\s?/\s?(?:NF|NOFORN|REL|OC|SI|TK|NODIS|EXDIS|FOUO|SBU)\b|"
    r"(?<![A-Za-z0-9])(?:T\s?S|S|C|SBU)\s?-\s?(?:NF|NOFORN|REL)\b|"
    r"\b(?:NOFORN|NODIS|EXDIS|ORCON|PROPIN|RELIDO|NOCONTRACT|WNINTEL|LIMDIS|STADIS|SPECAT)\b|"
    r"\bREL(?:EASABLE)?\s+TO\s+[A-Z]{3}\b|\bDISPLAY\s+ONLY\b|\bEYES\s+ONLY\b|\b(?:SECRET|CONFIDENTIAL)\s*[/-]\s*NOFORN"
)
# What opens a line: a level, as over an annex; a pilcrow; a mark without brackets.
_LINE = re.compile(
    rf"^[ \t]*(?:{_LEVELS})(?![A-Za-z0-9])|^[ \t]*(?:{_UNCLASSIFIED}|SBU|FOUO)[ \t]*[.:]?[ \t]*$|^[ \t>-]*¶|"
    rf"^[ \t]*(?:\d{{1,3}}[.)][ \t]*)?(?:T\s?S|S|C|SBU)[ \t]*"
    rf"(?:/[ \t]*(?:{_CONTROLS})\b|-[ \t]*(?:NF|REL|NOFORN)\b)|"
    r"^[ \t]*S?NF\b",
    re.MULTILINE,
)
# (s), (c) in small letters: a mark that lost its size, or the letter of a list or an article.
_SMALL = re.compile(r"(?<![A-Za-z0-9])([(\[{])\s*(ts|[scu](?:\s*/+\s*[a-z ,/]*)?)\s*[)\]}]")
_OF_LIST = re.compile(r"(?:\d|[Aa]rticle|[Ss]ection|[Pp]aragraph|[Pp]ara|[Ss]ub)\s?$")


def plain(text: str) -> str:
    """The text as an eye reads it: one alphabet, one kind of slash and bracket, nothing invisible."""
    text = _ENTITIES.sub(lambda match: _ENTITY[match[1].lower()], text)
    return _DEBRIS.sub("", unicodedata.normalize("NFKC", text).translate(_LIKE))


def resembles(text: str, own: str | None = None) -> bool:
    """Whether a text holds what may be a marking other than its own.

    Parameters
    ----------
    text : str
        The text of a portion, without its mark.
    own : str, optional
        Its mark as printed; the same again in brackets is no other one.
    """
    seen = plain(text)
    if own:
        seen = re.sub(r"\(\s*" + r"\s*".join(map(re.escape, "".join(own.split()))) + r"\s*\)", " ", seen)
    seen = _ADDRESS.sub(" ", seen)
    if _BRACKETED.search(seen) or _ANYWHERE.search(seen) or _LINE.search(seen):
        return True
    return any(not _letter_of_list(seen, match) for match in _SMALL.finditer(seen))


def _letter_of_list(text: str, match: re.Match[str]) -> bool:
    """``(c)`` behind ``(b)``, or behind the number of an article."""
    letter = match[2]
    if len(letter) != 1:
        return False
    before = text[: match.start()]
    return bool(_OF_LIST.search(before)) or f"({chr(ord(letter) - 1)})" in before
