"""Any script into plain Latin letters, word by word, remembering where each word came from.

Cyrillic, Arabic and Persian have tables of their own (``data/letters.csv``), everything else goes through
anyascii. Arabic script writes few vowels, so its words are compared by their consonants (see `folds`);
Korean and Chinese put no blanks between the words of a firm's name, so known words of the trade are cut out
first and the rest is taken syllable by syllable.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from anyascii import anyascii

from overflight.screening.facts import letters, segmentable

__all__ = ["Word", "latin_words", "script_of"]

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`ʼʻ′´\u0640\u200c\u200d\u0300-\u036f\u064b-\u065f\u0670]")
_SYLLABIC = ("Hang", "Hani")
_MARKS = str.maketrans({"ي": "ی", "ك": "ک", "ۀ": "ه"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name.

    Attributes
    ----------
    latin : str
        Lower case letters and digits of ASCII; empty for a word that stands only in its own script.
    native : str
        As written, lower case.
    script : str
        ISO 15924: ``Latn``, ``Cyrl``, ``Arab``, ``Hang``, ``Hani`` or ``Zyyy`` for any other.
    """

    latin: str
    native: str
    script: str = "Latn"


def script_of(word: str) -> str:
    """The script of a word, by its first letter.

    Examples
    --------
    >>> script_of("Koryo"), script_of("고려"), script_of("قشم"), script_of("Маган")
    ('Latn', 'Hang', 'Arab', 'Cyrl')
    """
    for letter in word:
        code = ord(letter)
        if letter.isascii() or code < 0x0250 or 0x1E00 <= code < 0x1F00:
            return "Latn"
        if 0x0400 <= code < 0x0530:
            return "Cyrl"
        if 0x0600 <= code < 0x0780 or 0xFB50 <= code < 0xFE00 or 0xFE70 <= code < 0xFF00:
            return "Arab"
        if 0xAC00 <= code < 0xD7A4 or 0x1100 <= code < 0x1200:
            return "Hang"
        if 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00:
            return "Hani"
        return "Zyyy"
    return "Latn"


def latin_words(text: str) -> tuple[Word, ...]:
    """The words of a text in Latin letters, in order.

    Parameters
    ----------
    text : str
        A name in any script; abbreviations with dots ("S.A.") become one word.

    Examples
    --------
    >>> [word.latin for word in latin_words("Sherkat-e Havapeymai, S.A.")]
    ['sherkat', 'e', 'havapeymai', 'sa']
    >>> [word.latin for word in latin_words("Корё")]
    ['koryo']
    """
    if text.isascii():
        plain = _DOTTED.sub(_undotted, text).lower().replace("'", "").replace("`", "")
        return tuple(Word(word, word) for word in re.findall(r"[a-z0-9]+", plain))
    plain = unicodedata.normalize("NFKC", text)
    plain = _DOTTED.sub(_undotted, plain).casefold()
    plain = _APOSTROPHES.sub("", plain)
    found: list[Word] = []
    for written in _WORD.findall(plain):
        for piece in _runs(written):
            found.extend(_latin(piece))
    return tuple(found)


def _undotted(match: re.Match[str]) -> str:
    return match[0].replace(".", "") + (" " if match[0].endswith(".") else "")


def _runs(word: str) -> list[str]:
    """A word cut where its script changes (Latin and Han side by side)."""
    if word.isascii():
        return [word]
    pieces: list[str] = []
    last = ""
    for letter in word:
        script = last if letter.isdigit() or unicodedata.combining(letter) else script_of(letter)
        if pieces and script == last:
            pieces[-1] += letter
        else:
            pieces.append(letter)
        last = script
    return pieces


def _latin(word: str) -> list[Word]:
    script = script_of(word)
    if script in ("Cyrl", "Arab"):
        native = word.translate(_MARKS)
        table = letters(script)
        latin = "".join(table[letter] if letter in table else anyascii(letter) for letter in word)
        return [Word(_plain(latin), native, script)]
    if script in _SYLLABIC:
        return _syllables(word, script)
    latin = _plain(anyascii(word))
    return [Word(latin, latin, script)] if latin else []


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())


def _syllables(word: str, script: str) -> list[Word]:
    found: list[Word] = []
    at = 0
    longest = max(map(len, _known()), default=1)
    while at < len(word):
        for size in range(min(longest, len(word) - at), 1, -1):
            if word[at : at + size] in _known():
                found.append(Word("", word[at : at + size], script))
                at += size
                break
        else:
            found.append(Word(_plain(anyascii(word[at])), word[at], script))
            at += 1
    return found


@cache
def _known() -> frozenset[str]:
    return segmentable()
