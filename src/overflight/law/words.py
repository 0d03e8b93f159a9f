"""The closed lists of words that questions and rows of law may use, and cargo told from plain wording.

The words themselves are data: ``words.csv`` (list, word, meaning) and ``cargo_words.csv``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from overflight.world.tables import records

__all__ = [
    "CATEGORIES",
    "CIRCUMSTANCES",
    "CONDITIONS",
    "FLIGHT_KINDS",
    "LOADS",
    "OVER",
    "PERMITS",
    "PHASES",
    "SHOWINGS",
    "category_of",
    "covers",
    "label",
]

_DATA = Path(__file__).parent / "data"
_WORDS = records(_DATA / "words.csv", ("list", "word", "broader", "meaning", "source"))


def _list(name: str) -> tuple[str, ...]:
    return tuple(row.needed("word") for row in _WORDS if row.text("list") == name)


#: Categories of cargo.
CATEGORIES = _list("cargo")
#: What may hold of a flight besides: emergency, diplomatic, humanitarian, an approval …
CIRCUMSTANCES = _list("circumstance")
#: What the state has to go on, weakest first.
SHOWINGS = _list("showing")
FLIGHT_KINDS = _list("flight")
OVER = _list("over")
PHASES = _list("phase")
PERMITS = _list("permit")
LOADS = _list("carries")
#: The keys of a row's ``when`` with the values each may take; None for codes of states.
CONDITIONS: dict[str, tuple[str, ...] | None] = {
    "flight": tuple(word.replace(" ", "-") for word in FLIGHT_KINDS),
    "over": tuple(word.replace(" ", "-") for word in OVER),
    "phase": tuple(word.replace(" ", "-") for word in PHASES),
    "permit": tuple(word.replace(" ", "-") for word in PERMITS),
    "carries": LOADS,
    "landing": ("yes", "no"),
    "grounded": ("yes", "no"),
    "unauthorised": ("yes", "no"),
    "circumstance": CIRCUMSTANCES,
    "flag": ("own", "other"),
    "state": None,
}


@cache
def label(word: str, of: str = "cargo") -> str:
    """What a word means, for people."""
    return next(
        (row.text("meaning") for row in _WORDS if row.text("list") == of and row.text("word") == word), word
    )


@cache
def _ancestors(category: str) -> tuple[str, ...]:
    broader = {row.text("word"): row.words("broader") for row in _WORDS if row.text("list") == "cargo"}
    found: dict[str, None] = {category: None}
    for word in broader.get(category, ()):
        found |= dict.fromkeys(_ancestors(word))
    return tuple(found)


def covers(listed: tuple[str, ...], category: str) -> bool | None:
    """Whether a list of categories covers one: True, False, or None where it covers only a part of it.

    >>> covers(("arms",), "small-arms"), covers(("small-arms",), "arms"), covers(("nuclear",), "arms")
    (True, None, False)
    """
    if "*" in listed or set(_ancestors(category)) & set(listed):
        return True
    return None if any(category in _ancestors(word) for word in listed if word != "prohibited") else False


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"\b(?:{row.needed('pattern')})\b", re.I), row.choice("category", CATEGORIES))
        for row in records(_DATA / "cargo_words.csv", ("pattern", "category", "source"))
    )


def category_of(*wordings: str | None) -> str:
    """The category that plain words name, the gravest first; ``unknown`` when none does.

    >>> category_of("undeclared", "missile-related items"), category_of("machine tools")
    ('missile', 'dual-use')
    """
    text = " ".join(wording for wording in wordings if wording)
    return next((category for pattern, category in _patterns() if pattern.search(text)), "unknown")
