"""Words cut by a line break: joined, or not, by a test against words."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

__all__ = ["common_words", "join_halves", "spelled_words", "words_of"]

_WORD = re.compile(r"[A-Za-z]{2,}(?:-[A-Za-z]{2,})*")
_TAIL = re.compile(r"([A-Za-z]+)-$")
_HEAD = re.compile(r"([A-Za-z]+)")
_ENDINGS = (
    "s",
    "es",
    "d",
    "ed",
    "ing",
    "er",
    "ly",
    "al",
    "able",
    "ance",
    "ence",
    "ment",
    "ion",
    "ation",
    "ity",
)


@lru_cache(1)
def common_words() -> frozenset[str]:
    """Words that telegrams use often, in lower case."""
    text = resources.files("overflight.telegram").joinpath("data/words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@lru_cache(1)
def _whole_words() -> frozenset[str]:
    """Words that halves make, in lower case: the common ones, months and days, places, longer words."""
    text = resources.files("overflight.telegram").joinpath("data/halves.txt").read_text("utf-8")
    own = (word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    return common_words().union(own)


@lru_cache(1)
def spelled_words() -> frozenset[str]:
    """The common words in small letters, in capitals, and with a capital."""
    words = common_words()
    return words | {word.upper() for word in words} | {word.capitalize() for word in words}


def words_of(text: str) -> frozenset[str]:
    """Every word of a text as it stands."""
    return frozenset(_WORD.findall(text))


def join_halves(left: str, right: str, words: frozenset[str], *, cut: bool = False) -> tuple[str, str] | None:
    """How two lines meet: what stands between them, and why; None for an ordinary blank.

    Parameters
    ----------
    left, right : str
        End of one line and beginning of the next.
    words : frozenset of str
        Words of the same telegram.
    cut : bool
        A page line stood between them.

    Returns
    -------
    tuple of str or None
        ``("", reason)`` to drop a hyphen or to glue, ``("-", reason)`` to keep the hyphen.
    """
    head = _HEAD.match(right)
    if left.endswith("-"):
        tail = _TAIL.search(left)
        if not tail or not head:
            return None
        whole = tail[1] + head[1]
        if f"{tail[1]}-{head[1]}" in words:
            return "-", "hyphen kept"
        if whole in words or _derived(whole.lower()):
            return "", "hyphen dropped"
        return "-", "hyphen kept" if _word(tail[1]) and _word(head[1]) else "hyphen doubtful"
    if not cut or not head or not left[-1:].isalpha():
        return None
    tail = re.search(r"[A-Za-z]+$", left)
    if not tail:
        return None
    whole = tail[0] + head[0]
    known = whole in words or whole.lower() in _whole_words()
    if known and not (_word(tail[0]) and _word(head[0])):
        return "", "halves joined"
    return None


def _derived(word: str) -> bool:
    """A common word, or one made of it by an ending."""
    known = _whole_words()
    if word in known:
        return True
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(stem in known or f"{stem}e" in known for stem in stems if len(stem) > 3)


def _word(text: str) -> bool:
    return text.lower() in common_words()
