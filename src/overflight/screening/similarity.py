"""How alike two words are, and why: one function, the same for the index and for brute force.

A similarity lies between 0 and 1. Two words are compared as spelt only when neither their meaning nor their
transliteration makes them one, and only within a few edits of their `coarse` folds: one from five to seven
letters, two beyond. Edits that change a vowel within its class cost half, edits of spelling a tenth. An
ordinary word (a state, a word of a trade) is no misspelling of another word. These limits are what the index
relies on.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from overflight.screening import folds
from overflight.screening.names import INITIAL, NUMBER, Token

__all__ = ["HINTS", "LEAST", "SAME", "edits_allowed", "similarity"]

#: Least similarity that counts; below, two words have nothing to do with each other.
LEAST = 0.6
SAME = 1.0
SAME_NAME, SAME_SPELLING, SAME_MEANING, SAME_PLACE = 0.96, 0.96, 0.9, 0.92
SAME_CONSONANTS, SAME_EASTERN, INITIAL_OF = 0.9, 0.87, 0.6
KNOWN_MISSPELT = 0.8
VOWEL, SPELLING, EDIT = 0.5, 0.1, 1.3
#: States whose names have several romanisations, and the fold that makes them one.
HINTS = {
    "PRK": folds.korean,
    "KOR": folds.korean,
    "CHN": folds.chinese,
    "TWN": folds.chinese,
    "HKG": folds.chinese,
}


def edits_allowed(shorter: int) -> int:
    """Edits between two `coarse` folds that still make one word, by the length of the shorter."""
    return 0 if shorter < 5 else 1 if shorter < 8 else 2


def similarity(one: Token, other: Token, hint: str = "") -> float:
    """How alike two words are.

    Parameters
    ----------
    one, other : Token
        The word asked for, and the listed one.
    hint : str
        A state of `HINTS` whose romanisations apply to the listed word, or empty.

    Returns
    -------
    float
        1 for the same word, 0 for unrelated ones; nothing between 0 and `LEAST`.

    Examples
    --------
    >>> from overflight.screening.names import name_form
    >>> one, other = (name_form(text).tokens[0] for text in ("Gheshm", "Qeshm"))
    >>> similarity(one, other)
    0.92
    """
    if one.text == other.text:
        return SAME
    if NUMBER in (one.kind, other.kind):
        return 0.0
    if INITIAL in (one.kind, other.kind):
        return INITIAL_OF if one.text[0] == other.text[0] and not (one.known or other.known) else 0.0
    if one.canon and one.canon == other.canon:
        if one.known != other.known:
            return SAME_NAME
        return SAME_PLACE if one.kind == "place" else SAME_MEANING if one.known else SAME_NAME
    if one.hard == other.hard:
        return SAME_SPELLING if len(one.hard) > 2 else 0.0
    best = 0.0
    if hint and (fold := HINTS.get(hint)) and fold(one.text) == fold(other.text):
        best = SAME_EASTERN
    if (
        (one.consonantal or other.consonantal)
        and len(bones := folds.skeleton(one.hard)) > 1
        and bones == folds.skeleton(other.hard)
    ):
        best = max(best, SAME_CONSONANTS if len(bones) > 2 else KNOWN_MISSPELT)
    if (one.known and other.known) or (one.canon and other.canon):
        return best  # two ordinary words, or two well-known names: near spellings are others
    spelt = _spelt(one, other)
    if (one.known or other.known) and spelt < KNOWN_MISSPELT:
        spelt = 0.0
    return max(best, spelt)


def _spelt(one: Token, other: Token) -> float:
    ours, theirs = len(one.coarse), len(other.coarse)
    shorter = min(ours, theirs)
    if shorter < 3 or abs(ours - theirs) > (allowed := edits_allowed(shorter)):
        return 0.0
    far = OSA.distance(one.coarse, other.coarse, score_cutoff=allowed)
    if far > allowed:
        return 0.0
    letters = max(len(one.hard), len(other.hard))
    if 1.0 - EDIT * far / letters < LEAST:
        return 0.0
    vowels = max(0, OSA.distance(one.hard, other.hard) - far)
    spelling = max(0, OSA.distance(one.text, other.text) - far - vowels)
    found = round(1.0 - EDIT * (far + VOWEL * vowels + SPELLING * spelling) / letters, 4)
    return found if found >= LEAST else 0.0
