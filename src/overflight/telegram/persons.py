"""Words that may be the name of a person, and those that are not."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from overflight.telegram.posts import known_places
from overflight.telegram.words import common_words
from overflight.world.states import alpha3_codes, name

__all__ = [
    "FUNCTION", "GIVEN", "MISTERS", "PLAIN", "TITLES", "is_office", "is_ordinary", "known", "looks_personal",
    "names_only", "one_place", "places", "vocabulary",
]  # fmt: skip


@lru_cache(1)
def vocabulary() -> frozenset[str]:
    """Words of titles and symbols of bureaus, in capitals."""
    text = resources.files("overflight.telegram").joinpath("data/offices.csv").read_text("utf-8")
    return frozenset(row.split(",", 1)[0] for row in text.splitlines()[1:] if row)


def known(token: str) -> bool:
    words = vocabulary()
    upper = token.upper().strip(".")
    if upper in words:
        return True
    parts = re.split(r"[/-]", upper)
    return len(parts) > 1 and parts[0] in words and all(p in words or len(p) <= 4 for p in parts)


_RANKS = (
    "CAPT", "CPT", "COL", "LTC", "LTCOL", "LT", "MAJ", "GEN", "CDR", "LCDR", "SGT", "MSGT", "TSGT", "CIV",
)  # fmt: skip

MISTERS = frozenset({"MR", "MS", "MRS", "DR"})

TITLES = MISTERS | frozenset(_RANKS)

_WORD = re.compile(r"[^\W\d_][\w'’&.-]*")

_FIRST = re.compile(r"[\s:-]*(?P<words>[A-Za-z(][A-Za-z0-9'’.,;:()/-]*(?:\s+[A-Za-z0-9('’.,;:)/-]+){0,7})")

PLAIN = frozenset(
    {
        "VIA", "WHO", "PHONE", "TEL", "TELEPHONE", "EMAIL", "E-MAIL", "FAX", "CLASSIFIED",
        "UNCLASSIFIED", "SECRET", "CONFIDENTIAL", "SECURE", "PARA", "PARAS", "PAGE", "NNNN",
        "OPENNET", "SIPRNET", "REACHED", "CONTACTED", "NAME", "NOTAL",
        "NUMBER", "MAILBOX", "REMAINS", "ISSUE",
        "DEMARCHE", "CAN",
        "EXT", "EXTENSION", "X", "DSN", "STE", "OPS", "SIPDIS", "NODIS", "EXDIS", "STADIS", "ATTN",
        "COLLECTIVE",
        "REPLIES", "RESPONSES", "FURTHER", "FOLLOW-UP", "WASHDC", "SECSTATE", "AMEMBASSY", "DEPARTMENT'S",
        "AMCONSUL", "AMCONGEN", "USMISSION", "USUN", "EXCEPT", "SINCE", "GROUP", "GROUPS", "MET", "PRIME",
        "PRESIDENT", "PARLIAMENT", "CABINET", "KING", "COURT", "CONGRESS", "SENATE", "UNION",
        "HEADQUARTERS", "CLEARED", "DRAFTED", "APPROVED", "RELEASED", "AUTHORIZED", "PREPARED",
        "DECLASSIFIED", "INITIALED", "OK", "SUBS", "TODAY", "TOMORROW", "MONDAY", "TUESDAY", "WEDNESDAY",
        "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "JANUARY", "FEBRUARY", "MARCH", "APRIL", "JUNE", "JULY",
        "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER", "JAN", "FEB", "MAR", "APR", "JUN", "JUL",
        "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC", "DECL", "ANYONE", "SOMEONE", "EVERYONE", "NOBODY",
        "ASAP", "SOONEST", "DIRECTLY", "OFFICIALS", "AUTHORITIES", "REPRESENTATIVES", "COMPANY", "COMPANIES",
        "FIRM", "FIRMS", "SHIP", "SHIPS", "VESSEL", "SIGNS", "CALLS", "BACK", "GET", "GIVES", "GAVE", "TOLD",
        "THERE", "HERE", "BEING", "MAKING", "DOING", "ANSWERS", "ANSWERED", "REPLY",
        "EO", "E.O",
        "U.S", "U.N", "U.K", "U.S.", "DON'T", "WON'T", "CANNOT", "ETC",
    }
)  # fmt: skip

# Words that are never part of a name, whatever stands beside them.
FUNCTION = frozenset(
    [
        "A",
        "AN",
        "AND",
        "ANY",
        "ARE",
        "AS",
        "AT",
        "BE",
        "BY",
        "CAN",
        "FOR",
        "FROM",
        "HAS",
        "HAVE",
        "IF",
        "IN",
        "IS",
        "IT",
        "MAY",
        "MUST",
        "NO",
        "NOT",
        "OF",
        "OFF",
        "ON",
        "OR",
        "OUR",
        "PLEASE",
        "SHOULD",
        "THAT",
        "THE",
        "THEIR",
        "THESE",
        "THEY",
        "THIS",
        "THOSE",
        "TO",
        "UNTIL",
        "UPON",
        "VIA",
        "WAS",
        "WERE",
        "WHEN",
        "WHO",
        "WILL",
        "WITH",
        "YOU",
        "YOUR",
        "ALL",
        "ALSO",
        "BUT",
        "DO",
        "EITHER",
    ]
)

# Endings of words that are no surnames as a rule.
_ENDINGS = (
    "TION", "TIONS", "MENT", "MENTS", "NESS", "ED", "ING", "IVE", "IVES", "OUS", "ABLE", "IBLE", "ICAL",
    "ITY", "ITIES", "ANCE", "ENCE", "LY", "S", "IAN", "IANS",
)  # fmt: skip

_BESIDE = frozenset(
    {
        "ok", "info", "subs", "substance", "draft", "by", "and", "drafted", "cleared", "approved", "released",
        "authorized", "prepared", "mr", "ms", "mrs", "dr", "for", "in",
    }
)  # fmt: skip


def names_only(who: str, *, sure: bool = True, lone: bool = True) -> bool:
    """Whether nothing stands there but names, offices and what is said of a clearance: no sentence.

    Parameters
    ----------
    who : str
        What stands behind "drafted by".
    sure : bool
        A sign stood between. Without one there must be a name: a state or a place is none.
    lone : bool
        One unknown word alone is a name.
    """
    if "(NAME)" in who or len(who) > 200:
        return False
    names = offices = 0
    for word in _WORD.findall(who):
        bare = word.strip(".").lower()
        upper = bare.upper()
        if len(bare) < 2:
            names += len(word) == 2  # an initial
            continue
        if bare in _BESIDE or upper in vocabulary():
            offices += bare not in _BESIDE or upper in MISTERS
            continue
        if bare in common_words() or word[0].islower():
            return False
        if not sure and (upper in places() or upper in PLAIN):
            return False
        names += 1
    return sure or names > 1 or (names == 1 and (lone or offices > 0))


def looks_personal(who: str) -> bool:
    """Whether what stands here begins with what looks like the name of a person."""
    found = _FIRST.match(who)
    words = found["words"].split() if found else []
    behind_colon = who.lstrip()[:1] == ":"
    while words:
        word = words.pop(0)
        bare = word.strip(".,;:()").upper()
        if word.startswith("(NAME)"):
            return True
        if bare in TITLES and words:
            return words[0].strip(".,;:()").upper() not in FUNCTION
        if len(bare) == 1 and word[1:2] == "." and words:
            return not words[0].islower()
        if bare in vocabulary() or "/" in bare or bare == "THE":
            if word[-1] in ".;:":
                return False
            continue
        if not bare or is_ordinary(bare):
            # "GRANT ROXBY": a word of the language as a given name.
            after = words[0].strip(".,;:()").upper() if words else ""
            closed = len(words) == 1 or (bool(words) and words[0][-1] in ".,;(")
            return (
                closed and bool(after) and bare not in FUNCTION and bare in GIVEN and not is_ordinary(after)
            )
        follows = words[0].strip(".,;:()").upper() if words else ""
        if word[-1] not in ".,;:" and follows and not is_ordinary(follows):
            return not (bare.endswith(_ENDINGS) and follows.endswith(_ENDINGS))
        ends = (
            not words
            or word[-1] in ".,;"
            or words[0][0] == "("
            or follows in ("AT", "ON", "EXT", "WILL", "IN", "OR", "AND", "TEL", "X")
        )
        return ends and not bare.endswith(_ENDINGS) and not (behind_colon and words and word[-1] not in ".,;")
    return False


GIVEN = frozenset(
    {
        "GRANT",
        "WILL",
        "MARK",
        "FRANK",
        "MAY",
        "ROSE",
        "BILL",
        "HOPE",
        "FAITH",
        "GRACE",
        "DREW",
        "APRIL",
        "JUNE",
        "AUGUST",
        "JAN",
    }
)


@cache
def places() -> frozenset[str]:
    """Words of the names of posts and states: to turn to Dushanbe is to turn to nobody by name."""
    names = (*known_places(), *(name(code).upper() for code in alpha3_codes()))
    return frozenset(word.strip("(),.") for one in names for word in one.split() if len(word) > 2)


@cache
def one_place(words: str) -> bool:
    """Whether words stand together in the name of a post or state."""
    return any(words in one for one in (*known_places(), *(name(code).upper() for code in alpha3_codes())))


def is_office(word: str) -> bool:
    return len(word) > 1 and known(word)


def is_ordinary(word: str) -> bool:
    if len(word) == 1:
        return word in ("A", "I")
    if "-" in word and all(len(part) > 2 and part.lower() in common_words() for part in word.split("-")):
        return True
    return (
        word in PLAIN
        or word in TITLES
        or word in places()
        or word.lower() in common_words()
        or any(map(str.isdigit, word))
        or known(word)
    )
