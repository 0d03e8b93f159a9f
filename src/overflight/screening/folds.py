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
from overflight.world.tables import records

__all__ = ["FOLDS", "chinese", "coarse", "hard", "korean", "skeleton"]

FOLDS = ("hard", "coarse", "skeleton", "korean", "chinese")


@cache
def _rules(fold: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = list(records(DATA / "folds.csv", ("fold", "order", "pattern", "becomes", "source")))
    for row in rows:
        row.choice("fold", FOLDS)
    rows = [row for row in rows if row.text("fold") == fold]
    rows.sort(key=lambda row: row.number("order") or 0.0)
    return tuple((re.compile(row.needed("pattern")), row.text("becomes")) for row in rows)


def _fold(fold: str, word: str) -> str:
    for pattern, becomes in _rules(fold):
        if pattern.search(word):
            word = pattern.sub(becomes, word)
    return word


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
