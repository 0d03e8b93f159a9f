"""Spellings folded together, from the safe to the bold.

Every fold is a list of replacements in ``data/folds.csv``, applied in order.

``hard``      spelling only: sh, ch, kh, gh/q, ou/u, double letters, final h.
``coarse``    after ``hard``: all front vowels are one, all back vowels are one.
``skeleton``  after ``hard``: consonants alone, for names that come from Arabic script.
``korean``    Revised Romanization, McCune-Reischauer and the usage of Pyongyang made one.
``chinese``   Pinyin and Wade-Giles made one.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from overflight.screening.facts import DATA
from overflight.world.tables import Row, records

__all__ = ["FOLDS", "chinese", "coarse", "hard", "korean", "skeleton"]

FOLDS = ("hard", "coarse", "skeleton", "korean", "chinese")


DOUBLED = r"(.)\1+"
#: Letters, one of which must be there; the pattern where it is more than these letters; what they become.
_Rule = tuple[tuple[str, ...], re.Pattern[str] | None, str]
_LOOKING = re.compile(r"\(\?[^)]*\)")
_LETTERS = re.compile(r"[a-z]+(?:\|[a-z]+)*")


@cache
def _rules(fold: str) -> tuple[_Rule, ...]:
    rows = list(records(DATA / "folds.csv", ("fold", "order", "pattern", "becomes", "source")))
    for row in rows:
        row.choice("fold", FOLDS)
    rows = [row for row in rows if row.text("fold") == fold]
    rows.sort(key=lambda row: row.number("order") or 0.0)
    return tuple(_rule(row) for row in rows)


def _rule(row: Row) -> _Rule:
    pattern, becomes = row.needed("pattern"), row.text("becomes")
    if pattern == DOUBLED:
        return (), None, becomes
    if _LETTERS.fullmatch(pattern):
        parts = tuple(pattern.split("|"))
        if any(a in b for i, a in enumerate(parts) for b in parts[i + 1 :]):
            raise row.fault("pattern", "the longer letters must come first")
        return parts, None, becomes
    letters = _LOOKING.sub("", pattern)
    if not letters.isalpha():
        raise row.fault("pattern", "neither letters, nor letters with what stands beside them")
    return (letters,), re.compile(pattern), becomes


def _fold(fold: str, word: str) -> str:
    """All rules in order; letters are looked for first, which is ten times as fast as a pattern."""
    for letters, pattern, becomes in _rules(fold):
        if not letters:
            word = _single(word)
        elif pattern is None:
            for part in letters:
                if part in word:
                    word = word.replace(part, becomes)
        elif letters[0] in word:
            word = pattern.sub(becomes, word)
    return word


def _single(word: str) -> str:
    """Every run of one letter made one."""
    last = ""
    kept = []
    for letter in word:
        if letter != last:
            kept.append(letter)
            last = letter
    return "".join(kept)


@lru_cache(maxsize=200_000)
def hard(word: str) -> str:
    """One spelling for what transliteration spells in several ways.

    Examples
    --------
    >>> hard("gheshm") == hard("qeshm"), hard("mahan") == hard("mehan")
    (True, False)
    """
    return _fold("hard", word)


@lru_cache(maxsize=200_000)
def coarse(folded: str) -> str:
    """A `hard` fold with vowels made two classes; short vowels of Persian and Arabic vary within them.

    Examples
    --------
    >>> coarse(hard("mehan")) == coarse(hard("mahan")), coarse(hard("mohan")) == coarse(hard("mahan"))
    (True, False)
    """
    return _fold("coarse", folded)


def skeleton(folded: str) -> str:
    """The consonants of a `hard` fold.

    Examples
    --------
    >>> skeleton(hard("qeshm")) == skeleton(hard("qshm"))
    True
    """
    return _fold("skeleton", folded)


def korean(word: str) -> str:
    """A Korean word, whichever romanisation spelt it.

    Examples
    --------
    >>> korean("goryeo") == korean("koryo"), korean("korea") == korean("koryo")
    (True, False)
    """
    return _fold("korean", word)


def chinese(word: str) -> str:
    """A Chinese word in Pinyin or in Wade-Giles.

    Examples
    --------
    >>> chinese("hsiang") == chinese("xiang"), chinese("tung") == chinese("dong")
    (True, True)
    """
    return _fold("chinese", word)
