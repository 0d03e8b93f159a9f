"""Paragraph numbers, decided over the whole sequence.

A copy may print paragraph 1 as ``11.`` (a pilcrow read as the digit 1), ``- 1.``, ``¶1.``, ``[1](#).`` or
``l.``.
One line alone cannot tell 11 from 1; the sequence can. Each line that may begin a paragraph has a few
readings, each
with a cost; steps from one number to the next have costs too (the next number costs nothing, a gap or a
repeat some,
a fall back much). The cheapest way through the whole text wins: a search along the lines that keeps the
best ways only,
so that the time is linear in their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import log2

__all__ = ["CANDIDATE", "INLINE", "INLINE_BARE", "MARK", "ROMAN", "Candidate", "assign"]

_LEVEL = r"(?:TS|SBU|FOUO|LOU|CUI|S|C|U|R|CTS|NS|NC|NR|TLP:[A-Z+]{3,12}|//\s?[A-Z]{3,5}\s(?:TS|S|C|R|U))"
#: What may stand between the brackets of a portion mark.
MARK = (
    _LEVEL
    + r"(?:(?:\s*/{1,2}\s*[A-Za-z]|-(?=(?:NF|NOFORN|N|REL|OC|SBU|FOUO|LOU)\b)|\s+(?=REL\b|NF\b|NOFORN\b))"
    + r"[A-Za-z0-9 ,/&.'-]{0,600})?"
)
#: Roman numbers, but for the first, which is a damaged 1 as well.
ROMAN = {
    "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12,
    "XIII": 13,
}  # fmt: skip
_BEFORE_MARK = r"(?=\s*\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)\s*[)/-])"
#: A line that may begin a numbered paragraph.
CANDIDATE = re.compile(
    r"^(?!\s*\d{1,3}\.[A-Z]\.?\s{1,3}\()\s*(?P<bullet>(?:[-*+]|--)\s+|#\s?(?=\d{1,3}" + _BEFORE_MARK + "))?"
    r"(?P<open>[\[(](?=\s*¶?\s*\d{1,4}\s*\])|\((?=\d{1,3}\)" + _BEFORE_MARK + r"))?(?P<pil>[¶§]\s*)?"
    r"(?:PARA(?:GRAPH)?\s+(?=\d+\s*[.:]\s))?"
    r"(?P<digits>\d(?:\s?\d){0,3}|[lIOS](?=[.)]\s*\()|[lI1]\d|\d[lOIS](?=[.)]\s)|"
    r"(?:I{2,3}|I?[VX]|[VX]I{1,3})(?=[.)]" + _BEFORE_MARK + r"))(?P<close>\s*\]|(?(open)\)|(?!)))?"
    r"(?P<term>\s{0,2}[.):](?=\s|\(|[A-Z\"]|$)|"
    r"(?:\s{0,2}(?:[,;/-]|\.[.)-]{1,2}|\.0))?" + _BEFORE_MARK + r"|(?<=\])(?=\s))\s*"
    r"(?P<mark>\(\s*" + _LEVEL + r"\s*(?=[)/-]|\s(?:REL|NF|NOFORN)))?"
)
#: A numbered and marked paragraph that begins in the middle of a line.
INLINE = re.compile(
    r"(?<=[.?!:\"')*\]])[ ]{0,4}(?<![(\d])(?=(?:[-*]\s+)?¶?\s*\d{1,4}\s?[.)]\s*\(\s*(?:TS|S|C|U|SBU|FOUO|"
    r"LOU)\s*(?:[)]|[/-]{1,2}\s*[A-Z]))"
)
#: The same without a mark: taken only from lines too long to be telegraph lines.
INLINE_BARE = re.compile(r"(?<=[.?!:\"')])[ ]{1,4}(?=(?:¶\s?)?\d{1,3}[.)]\s+[A-Z\"(])")

_LIKE = str.maketrans("lIOS", "1105")
_BEAM = 24
_YEAR = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a paragraph may begin.

    ``skip`` is the cost of taking it for ordinary text; ``accept`` that of taking it for a paragraph at all.
    """

    printed: str  # digits as they stand, blanks included
    pilcrow: bool
    skip: float
    accept: float = 0.0


@dataclass(frozen=True, slots=True)
class Assigned:
    """Outcome: a number for each candidate, None for text; whether another way was as good."""

    numbers: tuple[int | None, ...]
    doubtful: tuple[int, ...] = ()  # indices of candidates that another way, as cheap, reads differently


def _readings(candidate: Candidate) -> list[tuple[int, float, bool]]:
    """Numbers that a printed form can stand for: number, cost, whether a leading 1 was a pilcrow."""
    plain = candidate.printed.replace(" ", "")
    if plain in ROMAN:
        return [(ROMAN[plain], 0.6, False)]
    digits = plain.translate(_LIKE)
    blank = 0.4 if " " in candidate.printed else 0.0
    lookalike = 0.6 if digits != plain else 0.0
    out = [(int(digits), blank * 2 + lookalike, False)]
    if len(digits) > 1 and digits[0] == "1" and not candidate.pilcrow and digits[1] != "0":
        out.append((int(digits[1:]), lookalike, True))
    return out


@lru_cache(8_192)
def _step(last: int, number: int, first: int) -> float:
    if last == 0:  # the first number of the text
        if first == 0 or number == first:  # a later section may begin with any number
            return 0.0
        return 2.2 + 0.35 * log2(abs(number - first) + 1)
    if number == last + 1:
        return 0.0
    if number == last:
        return 2.4
    if number > last:
        gap = number - last - 1
        return 1.5 + 0.3 * log2(gap) + (9.0 if number in _YEAR or gap > 60 else 0.0)
    return 5.0 if number == 1 else 6.5


def assign(candidates: list[Candidate], first: int = 1) -> Assigned:
    """Numbers of a whole text.

    Parameters
    ----------
    candidates : list of Candidate
        In the order of the text.
    first : int
        Number that the text is expected to begin with; 0 when it is the later section of a message
        and may begin
        with any.

    Returns
    -------
    Assigned
        One number, or None, for each candidate.
    """
    if not candidates:
        return Assigned(())
    plain = _plain(candidates, first)
    if plain is not None:
        return Assigned(plain)
    # Ways so far, by the last number and whether leading ones are taken for pilcrows: cost, path
    # (newest first).
    ways: dict[tuple[int, bool], tuple[float, tuple[object, ...] | None]] = {(0, False): (0.0, None)}
    for candidate in candidates:
        readings = _readings(candidate)
        new: dict[tuple[int, bool], tuple[float, tuple[object, ...] | None]] = {}
        for way, (cost, path) in ways.items():
            last, prefixed = way
            total = cost + candidate.skip
            known = new.get(way)
            if known is None or total < known[0]:
                new[way] = (total, (None, path))
            for number, price, prefix in readings:
                # The first pilcrow taken for a one is an assumption about the copy; those
                # that follow are its habit.
                price += (0.05 if prefixed else 0.7) if prefix else 0.0
                total = cost + price + candidate.accept + _step(last, number, first)
                key = (number, prefixed or prefix)
                known = new.get(key)
                if known is None or total < known[0]:
                    new[key] = (total, (number, path))
        if len(new) > _BEAM:
            new = dict(sorted(new.items(), key=lambda item: item[1][0])[:_BEAM])
        ways = new
    ranked = sorted(ways.values(), key=lambda way: way[0])
    best = _path(ranked[0][1])
    doubtful: tuple[int, ...] = ()
    if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < 0.15:
        other = _path(ranked[1][1])
        doubtful = tuple(n for n, (a, b) in enumerate(zip(best, other, strict=True)) if a != b)
    return Assigned(tuple(best), doubtful)


def _plain(candidates: list[Candidate], first: int) -> tuple[int | None, ...] | None:
    """Numbers 1, 2, 3 … as printed, and what is weak between them cheaper to skip than any step aside."""
    if first != 1:
        return None
    out: list[int | None] = []
    count = 0
    skipped = 0.0
    for candidate in candidates:
        if candidate.skip < 4.0 or candidate.accept:
            skipped += candidate.skip
            if skipped > 2.3:  # a repeated number would cost 2.4
                return None
            out.append(None)
            continue
        count += 1
        if candidate.printed != str(count):
            return None
        skipped = 0.0
        out.append(count)
    # What is weak behind the last strong one may be the next number.
    return tuple(out) if count and not skipped else None


def _path(path: tuple[object, ...] | None) -> list[int | None]:
    out: list[int | None] = []
    while path is not None:
        number, path = path  # type: ignore[assignment]
        out.append(number)  # type: ignore[arg-type]
    return out[::-1]
