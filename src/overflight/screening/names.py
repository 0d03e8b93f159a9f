"""A name as the matcher sees it: tokens that count, and what was left out and why.

A body's name loses its legal form and small words, keeps words of its trade with little weight; a person's
name loses articles and knows initials and patronymics. Nothing is thrown away silently: `NameForm.dropped`
holds what does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from overflight.screening import folds
from overflight.screening.facts import meaning, phrases, variants
from overflight.screening.scripts import Word, latin_words

__all__ = ["INITIAL", "MOST_TOKENS", "NUMBER", "PATRONYMIC", "NameForm", "Token", "name_form"]

INITIAL, NUMBER, PATRONYMIC, SECTOR = "initial", "number", "patronymic", "sector"
#: Kinds of words that are known and therefore no misspelling of another.
KNOWN = frozenset((SECTOR, "generic", "place"))
#: More tokens than this are no name; the rest is left out, and said so.
MOST_TOKENS = 24

_ABD = re.compile(r"abd[aeou](?:l|r|s|z|n|d|t)(?!lah)(?=[a-z]{4})")
_PATRONYMIC = re.compile(r".{3,}(?:ovich|evich|ovych|evych|ovna|evna|ivna|ich|oglu|ogly|ugli|qizi|kyzy)")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xii": "12"}
#: A shorter acronym stands for too many bodies.
LEAST_INITIALS = 3
_COUNTED = ("sector", "generic", "common", "place")
_SPOKEN = (*_COUNTED, "legal")
_FIXED = {INITIAL: 0.25, PATRONYMIC: 0.35, NUMBER: 0.7}


@dataclass(frozen=True, slots=True)
class Token:
    """One word that counts.

    Attributes
    ----------
    text : str
        Lower case Latin letters and digits.
    hard, coarse : str
        Its folds (`overflight.screening.folds`).
    canon : str
        The word that stands for it among words of one meaning or spellings of one name; empty when unknown.
    kind : str
        ``initial``, ``number``, ``patronymic``, ``sector``, ``generic``, ``common``, ``place`` or empty.
    sector : str
        Line of business of a ``sector`` token.
    weight : float or None
        Fixed weight; None where it follows from how many names share the token.
    consonantal : bool
        Written in Arabic script: short vowels are missing.
    known : bool
        An ordinary word: a near spelling is another word.
    """

    text: str
    hard: str
    coarse: str
    canon: str = ""
    kind: str = ""
    sector: str = ""
    weight: float | None = None
    consonantal: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class NameForm:
    """The tokens of one name.

    Attributes
    ----------
    text : str
        As given.
    tokens : tuple of Token
        In the order of the name.
    joins : tuple of (int, str)
        Where two neighbours written as one would stand: position of the first, hard fold of both together.
        A position whose left neighbour is a dropped article appears with the article joined, as
        (-1 - position, fold).
    dropped : tuple of str
        Words left out: legal forms, small words, articles.
    person : bool
        Read as a person's name.
    initials : tuple of str
        What a body of three words or more would be called by its first letters: with and without the legal
        form.
    """

    text: str
    tokens: tuple[Token, ...]
    joins: tuple[tuple[int, str], ...] = ()
    dropped: tuple[str, ...] = ()
    person: bool = False
    initials: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What two names share when they are the same but for order, legal form and script of writing."""
        return tuple(sorted(token.text for token in self.tokens))


@lru_cache(maxsize=100_000)
def _token(word: str, person: bool, consonantal: bool) -> Token:
    hard = folds.hard(word)
    coarse = folds.coarse(hard)
    if any(letter.isdigit() for letter in word):
        text = word.lstrip("0") or "0" if word.isdigit() else word
        return Token(text, text, text, "", NUMBER, "", _FIXED[NUMBER])
    if person:
        if len(word) == 1:
            return Token(word, hard, coarse, "", INITIAL, "", _FIXED[INITIAL])
        if _PATRONYMIC.fullmatch(word):
            return Token(word, hard, coarse, "", PATRONYMIC, "", _FIXED[PATRONYMIC], consonantal)
        return Token(word, hard, coarse, variants().get(word, ""), consonantal=consonantal)
    if word in _ROMAN:
        number = _ROMAN[word]
        return Token(number, number, number, "", NUMBER, "", _FIXED[NUMBER])
    known = meaning(word)
    if known is not None and known.weight is not None:
        canon = "" if known.kind == "common" else known.canon
        ordinary = known.kind in KNOWN
        return Token(word, hard, coarse, canon, known.kind, known.sector, known.weight, known=ordinary)
    weight = _FIXED[INITIAL] if len(word) == 1 else None
    return Token(word, hard, coarse, variants().get(word, ""), "", "", weight, consonantal)


@lru_cache(maxsize=4_096)
def name_form(text: str, person: bool = False) -> NameForm:
    """The tokens of a name.

    Parameters
    ----------
    text : str
        A name in any script.
    person : bool
        Read it as a person's name: no legal forms or words of a trade, but initials and patronymics.

    Returns
    -------
    NameForm
        Without tokens when nothing in the text counts.

    Examples
    --------
    >>> form = name_form("Mahan Air Lines Co., Ltd.")
    >>> [token.text for token in form.tokens], form.dropped
    (['mahan', 'airlines'], ('co', 'ltd'))
    """
    name, letters = (text, "") if person else _bracketed(text)
    words = _gathered(latin_words(name), person)
    kept: list[tuple[Token, str]] = []
    dropped: list[str] = [letters.lower()] if letters else []
    article = ""
    for word, consonantal in words:
        known = meaning(word)
        kind = known.kind if known else ""
        if (
            person
            and kind in ("legal", "stop")
            and len(word) > 1
            and word not in ("the", "and", "of", "de", "la")
        ):
            kind = ""
        if person and len(word) == 1:
            kind = ""
        if kind in ("legal", "stop", "article", "particle"):
            dropped.append(word)
            article = word if kind == "article" else ""
            continue
        kept.append((_token(word, person, consonantal), article))
        article = ""
    if not kept and dropped:  # "The Company Ltd": better poor tokens than none
        kept = [(_token(word, True, consonantal), "") for word, consonantal in words]
        dropped = []
    tokens = tuple(token for token, _ in kept[:MOST_TOKENS])
    dropped.extend(token.text for token, _ in kept[MOST_TOKENS:])
    joins = [
        (at, _joined(left.hard, right.hard))
        for at, (left, right) in enumerate(pairwise(tokens))
        if NUMBER not in (left.kind, right.kind)
    ]
    joins += [
        (-1 - at, _joined(before, token.hard))
        for at, (token, before) in enumerate(kept[:MOST_TOKENS])
        if before and token.kind != NUMBER
    ]
    initials = () if person else _initials(words)
    return NameForm(text, tokens, tuple(joins), tuple(dropped), person, initials)


def _bracketed(text: str) -> tuple[str, str]:
    """A name and the acronym in brackets at its end: ``EXAMPLE AIRLINES (EAL)``."""
    line = text.rstrip()
    name, _, letters = line[:-1].rpartition("(") if line.endswith(")") else ("", "", "")
    acronym = 2 <= len(letters) <= 6 and letters.isascii() and letters.isalpha() and letters.isupper()
    return (name, letters) if acronym and sum(map(str.isalnum, name)) > 2 else (text, "")


def _joined(left: str, right: str) -> str:
    return left + right[1:] if left[-1:] == right[:1] else left + right


def _initials(words: list[tuple[str, bool]]) -> tuple[str, ...]:
    spoken = [(word[0], meaning(word)) for word, _ in words[:MOST_TOKENS]]
    whole = "".join(first for first, known in spoken if known is None or known.kind in _SPOKEN)
    short = "".join(first for first, known in spoken if known is None or known.kind in _COUNTED)
    return tuple(dict.fromkeys(one for one in (whole, short) if len(one) >= LEAST_INITIALS))


def _gathered(words: tuple[Word, ...], person: bool) -> list[tuple[str, bool]]:
    """Words with known expressions made one, native words translated, syllables of firms put together."""
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word.script != "Latn" and not person and (native := meaning(word.native)):
            found.append((native.canon if native.weight is not None else word.native, False))
            at += 1
        elif word.script in ("Hang", "Hani") and word.latin and not person:
            end = at
            while end < len(words) and words[end].script == word.script and words[end].latin:
                end += 1
            chunk = words[at:end]
            step = 2 if len(chunk) > 3 else len(chunk)
            for start in range(0, len(chunk), step):
                found.append(("".join(one.latin for one in chunk[start : start + step]), False))
            at = end
        elif size := 0 if person else _phrase(words, at):
            found.append(("".join(one.latin for one in words[at : at + size]), False))
            known = meaning(" ".join(one.latin for one in words[at : at + size]))
            if known:
                found[-1] = (_spoken(known.canon, found[-1][0], known.weight is None), False)
            at += size
        else:
            if word.latin:
                found.extend((part, word.script == "Arab") for part in _parts(word.latin))
            at += 1
    return found


def _spoken(canon: str, joined: str, left_out: bool) -> str:
    """The one word for an expression: itself joined when that is a word ("air lines"), else its canon."""
    if left_out:
        return canon if meaning(canon) else "ltd"
    return joined if meaning(joined) else canon


def _phrase(words: tuple[Word, ...], at: int) -> int:
    for parts in phrases().get(words[at].latin, ()):
        if tuple(one.latin for one in words[at : at + len(parts)]) == parts:
            return len(parts)
    return 0


def _parts(word: str) -> tuple[str, ...]:
    """``abdulrahman`` is ``abd`` and ``rahman``."""
    if found := _ABD.match(word):
        return "abd", word[found.end() :]
    return (word,)
