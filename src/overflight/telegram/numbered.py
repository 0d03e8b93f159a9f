"""Which lines begin numbered paragraphs, with what number, and which are headings."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import product

from overflight.telegram.cues import names_a_person
from overflight.telegram.numbering import CANDIDATE, MARK, ROMAN, Candidate, assign
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = [
    "ALONE",
    "RULER",
    "SENTENCE_END",
    "find_headings",
    "find_numbers",
    "find_special",
    "find_spots",
]


_UNMARKED = 0.9  # cost of taking a number without a marking for text where most have one
RULER = re.compile(r"^\s*[-=_*]{3,}\s*$")


ALONE = re.compile(r"^\s*(?:BEGIN|END|START)\s+[A-Z][A-Z' /-]{2,60}[.:]?\s*$", re.IGNORECASE)


_PORTION = re.compile(r"^[^(\s]{0,6}\s*\(\s*" + MARK + r"\s*\)")  # behind a bullet or a letter perhaps
SENTENCE_END = (".", "?", "!", ":", '"', ")", ";")


# A line that breaks off behind the month of a date: the day stands at the beginning of the next.
_MONTH_ABOVE = re.compile(
    r"(?P<cue>\b(?:BY|NLT|THAN|BEFORE|UNTIL|DUE|ON|SINCE)\s+)?"
    r"\b(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|"
    r"SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)$",
    re.IGNORECASE,
)
# The quick look before `CANDIDATE`: how a line with a number can begin.
_NUMBERING = frozenset("0123456789¶§-*+[(#")
# The quick look before everything: what else than running text can begin with.
_SIGNS, _BEHIND = frozenset("0123456789¶§-*+[(•o=_#"), ".)0123456789"
_STARTS = frozenset(
    "".join(letters)
    for word in (
        *("BEG", "STA", "END", "PAR", "ITE", "NO.", "NR.", "III", "VII", "XII"),
        *("II.", "IV.", "VI.", "IX.", "XI.", "II)", "IV)", "VI)", "IX)", "XI)"),
    )
    for letters in product(*((c, c.lower()) for c in word))
)
_LABEL_LAST = re.compile(r"[.;,:()]")
_FIRST = frozenset(word[0] for word in _STARTS)
_LETTERED = re.compile(r"[lIOS][.)\dOlIS]|[IVX]{1,4}[.)]\s*\(|[Pp][Aa][Rr][Aa]")


def find_special(texts: list[str]) -> list[int]:
    """Indices of the lines (stripped) that are not sure to go on with the line above.

    Blank lines, what may begin with a number, a bullet, a letter or a bracket, BEGIN and END, rulers.
    """
    return [
        n
        for n, text in enumerate(texts)
        if len(text) < 2
        or text[1] in _BEHIND
        or (first := text[0]) in _SIGNS
        or (first in _FIRST and text[:3] in _STARTS)
    ]


def find_spots(
    lines: list[Line], texts: list[str], special: list[int], tables: Container[int]
) -> dict[int, re.Match[str]]:
    """Lines that may begin a numbered paragraph; rows of tables do not."""
    spots: dict[int, re.Match[str]] = {}
    seldom = False
    for index in special:
        text = texts[index]
        if not text or (
            text[0] not in _NUMBERING and (text[0] not in "lIOSPpVX" or not _LETTERED.match(text))
        ):
            continue
        if index not in tables and (match := CANDIDATE.match(lines[index].text)):
            spots[index] = match
            seldom = seldom or _is_seldom(match)
    if seldom and not (_is_seldom(first := next(iter(spots.values()))) or first["digits"] == "I"):
        # They number the items of a list inside a paragraph, as long as the paragraphs have other numbers.
        spots = {index: match for index, match in spots.items() if not _is_seldom(match)}
    return spots


def _is_seldom(match: re.Match[str]) -> bool:
    """A number in a form that paragraphs seldom have: ``(2)``, ``II.``, ``#2``, ``2/``, ``2.-``, ``2.0``."""
    return bool(
        match["digits"] in ROMAN
        or match["close"] == ")"
        or match["term"] in ("/", ".-", ".0")
        or (match["bullet"] or "")[:1] == "#"
    )


def find_numbers(
    lines: list[Line],
    spots: dict[int, re.Match[str]],
    texts: list[str],
    special: list[int],
    log: Log,
    first: int,
) -> dict[int, tuple[int, re.Match[str]]]:
    """The number of each line that begins a paragraph; what was printed otherwise is listed as a repair."""
    if not spots:
        return {}
    if first == 1 and (plain := _plain(lines, spots, texts)):
        return plain
    marked = sum(1 for match in spots.values() if match["mark"])
    mostly_marked = marked >= 3 and marked * 2 >= len(spots)
    inside = _inside(texts, spots, special)
    candidates = [
        _candidate(index, match, lines, texts, mostly_marked, index in inside)
        for index, match in spots.items()
    ]
    found = assign(candidates, first)
    out: dict[int, tuple[int, re.Match[str]]] = {}
    for n, (index, match) in enumerate(spots.items()):
        number = found.numbers[n]
        if number is None:
            if candidates[n].skip == _UNMARKED and index and not texts[index - 1]:
                log.warn(
                    f"line {lines[index].no}: {match.group().strip()!r} is taken for text of the paragraph "
                    "above, because the others carry a marking; check it"
                )
            continue
        out[index] = (number, match)
        _list_repairs(lines[index], match, number, log)
        if n in found.doubtful:
            log.warn(
                f"line {lines[index].no}: {match.group().strip()!r} is taken for paragraph {number}; it "
                f"is doubtful"
            )
    _sequence_warnings([number for number, _ in out.values()], log, first)
    return out


def _plain(
    lines: list[Line], spots: dict[int, re.Match[str]], texts: list[str]
) -> dict[int, tuple[int, re.Match[str]]] | None:
    """Numbers 1, 2, 3 … as nearly every telegram has them; None where there is anything to decide."""
    out: dict[int, tuple[int, re.Match[str]]] = {}
    marked = next(iter(spots.values()))["mark"] is not None
    for number, (index, match) in enumerate(spots.items(), 1):
        bullet, _, pilcrow, digits, _, term, mark = match.groups()
        if bullet or pilcrow or digits != str(number) or term != "." or (mark is not None) != marked:
            return None
        if not marked and ((index and texts[index - 1]) or lines[index].fresh):
            return None
        out[index] = (number, match)
    return out


def _inside(texts: list[str], spots: dict[int, re.Match[str]], special: list[int]) -> set[int]:
    """Spots between a BEGIN and an END line: lists of their own are common there."""
    depth = False
    inside: set[int] = set()
    for index in special:
        text = texts[index]
        if text[:3].upper() in ("BEG", "STA", "END") and ALONE.match(text):
            depth = text[:3].upper() != "END"
        elif index in spots and spots[index]["mark"]:
            depth = False  # a paragraph with a marking of its own
        elif depth and index in spots:
            inside.add(index)
    return inside


def _candidate(
    index: int, match: re.Match[str], lines: list[Line], texts: list[str], mostly_marked: bool, inside: bool
) -> Candidate:
    pilcrow = match["pil"] is not None
    above = texts[index - 1] if index else ""
    bullet = match["bullet"] is not None
    blank = not above or lines[index].fresh
    accept = 0.0
    if match["mark"] or pilcrow:
        skip = 8.0
    elif inside and not blank:
        skip, accept = 0.3, 0.4
    elif mostly_marked:
        skip = _UNMARKED
    elif blank:
        skip = 4.0
    elif above.endswith(SENTENCE_END) or RULER.match(above):
        skip = 2.7
    elif above[-1].isalnum() or above[-1] == ",":  # the sentence above goes on
        skip, accept = (0.25, 0.5) if len(above) > 40 or above[-1] == "," else (1.2, 0.2)
    else:
        skip = 1.5
    if bullet and not match["mark"]:
        skip = min(skip, 2.0)
    if lines[index].fresh and not match["mark"] and not pilcrow:
        skip = 1.0
    if not blank and not match["mark"] and not pilcrow and _is_day(above, texts[index], match):
        skip, accept = 0.0, 6.0
    if not match["digits"].replace(" ", "").isdigit() and not match["mark"]:
        accept += 1.0
    return Candidate(match["digits"], pilcrow, skip, accept)


def _is_day(above: str, text: str, match: re.Match[str]) -> bool:
    """Whether a number is the day of a date whose month ends the line above."""
    month = _MONTH_ABOVE.search(above[-24:]) if match["digits"].isdecimal() else None
    if month is None or not 1 <= int(match["digits"]) <= 31:
        return False
    return month["cue"] is not None or text.rstrip(" .") == match["digits"]


def _list_repairs(line: Line, match: re.Match[str], number: int, log: Log) -> None:
    digits = match["digits"]
    start = len(line.text) - len(line.text.lstrip())
    understood = f"paragraph {number}"

    def listed(at: int, kind: str) -> None:
        log.repair(line, at, line.text[at : match.end("term")].rstrip(), understood, kind)

    if match["bullet"]:
        listed(start, "bullet")
    if match["pil"]:
        listed(match.start("pil"), "pilcrow kept")
    if digits != str(number):
        plain = digits.replace(" ", "")
        listed(match.start("digits"), "pilcrow" if plain.isdigit() and int(plain) != number else "digits")
    if match["term"].strip() != ".":
        listed(match.start("open") if match["close"] == ")" else match.start("digits"), "number form")


def _sequence_warnings(numbers: list[int], log: Log, first: int) -> None:
    seen: set[int] = set()
    last = 0
    for number in numbers:
        if number in seen:
            log.warn(f"paragraph number {number} occurs more than once; a reference to it is ambiguous")
        elif last and number > last + 1:
            gap = f"{last + 1}" if number == last + 2 else f"{last + 1} to {number - 1}"
            log.warn(f"paragraph {gap} is missing")
        elif not last and first == 1 and number > 1:
            log.warn(f"the first paragraph is numbered {number}")
        elif last and number < last:
            log.warn(f"paragraph {number} stands after paragraph {last}")
        seen.add(number)
        last = number


def find_headings(
    lines: list[Line],
    texts: list[str],
    special: list[int],
    numbers: dict[int, tuple[int, re.Match[str]]],
    tables: Container[int],
    log: Log,
) -> dict[int, str]:
    """Lines that are headings, and rulers (empty string) that go with them or with nothing."""
    out: dict[int, str] = {}
    size = len(texts)
    # Rulers are special lines, and what has no ruler stands behind a blank line or begins the text.
    near = [n if texts[n] else n + 1 for n in special if not texts[n] or texts[n][0] in "-=_*"]
    for index in dict.fromkeys([0, *near]):
        text = texts[index] if index < size else ""
        if not text or index in numbers or index in tables:
            continue
        if text[0] in "-=_*" and RULER.match(text):
            out[index] = ""
            for beside in (index - 1, index + 1):
                if beside in numbers or beside in out or beside in tables or not 0 <= beside < size:
                    continue
                if _may_head(texts[beside]):
                    alone = beside + 1 if beside > index else beside - 1
                    if not (0 <= alone < size) or not texts[alone] or RULER.match(texts[alone]):
                        out[beside] = texts[beside].rstrip(":")
                        break
            continue
        if index in out or len(text) > 60 or (index and texts[index - 1]):
            continue
        follow = index + 1
        while follow < size and not texts[follow]:
            follow += 1
        if follow not in numbers or follow - index > 3:
            continue
        styled = text.upper() == text or text.istitle() or text.endswith(":")
        if styled and _may_head(text):
            above = next((one for one in reversed(texts[:index]) if one), "")
            if above[-1:] == ":" and names_a_person(_LABEL_LAST.split(above[:-1])[-1].strip()):
                continue
            out[index] = text.rstrip(":")
            if above and not above.endswith(SENTENCE_END) and not RULER.match(above):
                log.warn(
                    f"line {lines[index].no}: {text[:60]!r} is taken for a heading, the text above goes on"
                )
    return out


def _may_head(text: str) -> bool:
    return (
        2 < len(text) <= 69
        and not text.endswith((".", ",", ";", "?", "!"))
        and not RULER.match(text)
        and any(c.isalpha() for c in text)
        and not ALONE.match(text)
        and not ("(" in text[:8] and _PORTION.match(text))  # a portion, however short
    )
