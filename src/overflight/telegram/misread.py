"""What a copy misread: a classification line or a word that is one or two signs away from a known one."""

from __future__ import annotations

import re
from functools import lru_cache

from overflight.telegram.banner import Banner, class_line

__all__ = ["as_digits", "as_letters", "folded", "near_class", "near_place"]

_LETTERS = str.maketrans("01|!l5872346", "OIIIISBTZEAG")
_DIGITS = str.maketrans("OoQDIil|SsBZzgqGb", "00001111558229966")
# Signs that copies confuse, each group as one sign.
_FOLD = str.maketrans("01lL|!5S8B", "OIIIIISSBB")
# Longest first, so that no level is taken for the lower one that it holds.
_LEVELS = (
    "SENSITIVE BUT UNCLASSIFIED", "LIMITED OFFICIAL USE", "CONFIDENTIAL", "UNCLASSIFIED", "RESTRICTED",
    "TOP SECRET", "SECRET", "UNCLAS", "SBU",
)  # fmt: skip
_LONGEST = 26  # signs looked at
_LINE = 69
_ALLIED = re.compile(r"(?:COSMIC|N\s?A\s?T\s?O)\s+(?=\S)")
_TOKEN = re.compile(r"\S+")
_LIKE = {"O": "[O0]", "I": "[I1l|!]", "S": "[S5]", "B": "[B8]", "E": "[E3]", "T": "[T7]"}


def _starts() -> str:
    """How a level begins when one of its first three signs is wrong or missing: the quick look."""
    found: dict[str, None] = {}
    for level in _LEVELS:
        a, b, c = (_LIKE.get(sign, sign) for sign in level[:3])
        found |= dict.fromkeys((a + r"\s?" + b, a + r"\s?\S\s?" + c, r"\S\s?" + b + r"\s?" + c))
        found |= dict.fromkeys((a + r"\s?" + c, b + r"\s?" + c))
    return "|".join(found)


_STARTS = re.compile(_starts())


def as_letters(text: str) -> str:
    """The text with each digit taken for the letter that it looks like."""
    return text.translate(_LETTERS).upper()


def as_digits(text: str) -> str:
    """The text with each letter taken for the digit that it looks like."""
    return text.translate(_DIGITS)


def folded(text: str) -> str:
    """The text with the signs that copies confuse made one; blanks and other signs are left out."""
    return "".join(filter(str.isalpha, text.translate(_FOLD).upper()))


def _level(text: str) -> tuple[str, int] | None:
    """The level that a line begins with, misread perhaps, and where it ends."""
    places = [n for n, sign in enumerate(text[: 2 * _LONGEST]) if not sign.isspace()][: _LONGEST + 1]
    bare = as_letters("".join([text[n] for n in places]))
    for level in _LEVELS:
        word = level.replace(" ", "")
        wrong = 2 if len(word) >= 10 else 1 if len(word) >= 6 else 0
        for size in (len(word), len(word) - 1):
            if size > len(places) or (size < len(word) and not wrong):
                continue
            end = places[size - 1] + 1
            if text[end : end + 1].isalnum():
                continue
            if size == len(word):
                near = sum(a != b for a, b in zip(word, bare, strict=False)) <= wrong
            else:
                near = any(word[:n] + word[n + 1 :] == bare[:size] for n in range(len(word)))
            if near:
                return level, end
    return None


def _mended(rest: str) -> str:
    """Origin and number behind the level: letters in the origin, digits in the number."""
    tokens = _TOKEN.findall(rest)
    if not tokens:
        return rest
    last = tokens[-1]
    if sum(map(str.isdigit, last)) >= 2 and 3 <= len(last) <= 7 and as_digits(last).isdigit():
        tokens[-1] = as_digits(last)
    for n, token in enumerate(tokens[:-1]):
        if not token.isalpha() and sum(map(str.isalpha, token)) >= 2 and as_letters(token).isalpha():
            tokens[n] = as_letters(token)
    return " ".join(tokens)


def near_class(text: str) -> tuple[Banner, str] | None:
    """A classification line that is not read as it stands: what it may be, and the line as understood.

    Only a line that is one from end to end is proposed; ``None`` for any other.
    """
    if len(text) > _LINE or len(text) < 3:
        return None
    allied = _ALLIED.match(text)
    if not allied and not _STARTS.match(text):
        return None
    bare = text[allied.end() :] if allied else text
    found = _level(bare)
    if found is None:
        return None
    level, end = found
    if allied:
        level += "//NATO"
    for rest in dict.fromkeys((" ".join(bare[end:].split()), _mended(bare[end:]))):
        understood = level + ("" if not rest or rest.startswith("//") else " ") + rest
        if banner := class_line(understood):
            return banner, understood
    return None


@lru_cache(4)
def _places(posts: frozenset[str]) -> dict[str, str | None]:
    """Known places by their folded names; None where two share one."""
    found: dict[str, str | None] = {}
    for place in sorted(posts):
        key = folded(place)
        same = key in found and "".join(filter(str.isalpha, found[key] or "")) == "".join(
            filter(str.isalpha, place)
        )
        found[key] = found[key] if same else None if key in found else place
    return found


@lru_cache(1_024)
def near_place(text: str, posts: frozenset[str]) -> str | None:
    """The one known place whose name a copy may print like this; None when there is none, or more."""
    return _places(posts).get(folded(text))
