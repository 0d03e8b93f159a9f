"""The list of references: letters, nested and damaged ones, and the message numbers behind them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter

from overflight.telegram.dtg import MONTHS, expand_year
from overflight.telegram.model import Number, Reference
from overflight.telegram.namelines import redact_reference
from overflight.telegram.posts import known_places
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["read_references", "split_number"]

_MONTH = "|".join(MONTHS)
_MARK = re.compile(
    r"(?:(?<=^)|(?<=[\s;,.)\]]))(?:\(\s*(?P<round>[A-Za-z0-9€])\s*\)|(?P<flat>[A-Za-z0-9€])\s?[.)])"
    r"\s*(?:\(?\s*(?P<nested>[A-Za-z]|[801652€](?=\s?\)))\s*\)\s*)?(?=[A-Z0-9\"'(])"
)
# The same where a colon stands behind the first letter, and so behind the others.
_COLONED = re.compile(_MARK.pattern.replace(r"\s?[.)])", r"\s?[.):])"))
_NUMBER = re.compile(
    r"^(?P<year>(?:19|20)?\d{2}(?=\s|[A-Z]))?\s*(?P<origin>[A-Z](?:[A-Za-z.'’/-]|"
    rf"\s(?=[A-Z]))*?)\s*-?(?P<serial>\d{{1,7}})(?![\d/:-]|(?:{_MONTH})\d\d)"
    r"(?P<rest>.*)$"
)
# Behind six figures: they are the day and the time of a date-time group, no serial.
_GROUP = re.compile(rf"Z(?![A-Z])|\s?[A-Z]\s?(?:{_MONTH})[A-Z]{{0,6}}\s?\d\d")
_NOT_ORIGIN = re.compile(
    r"\b(?:OF|DATED|EMAIL|E-MAIL|ON|FAX|MEMO|LETTER|PARAS?|RESOLUTION|UNSCR|UNSC|ARTICLE|TELCON|DTG|NO|"
    rf"PARAGRAPH)\b|^AND\b|^(?:{_MONTH})[A-Z]*$",
    re.I,
)
_LOOKALIKE = {"8": "B", "0": "D", "6": "G", "1": "I", "5": "S", "€": "C", "l": "I", "2": "Z"}
_NEXT = re.compile(
    r"(?<=\d)[;,]?\s+(?:AND\s+)?(?=(?:19|20)\d{2}\s?[A-Z][A-Z .'/-]{1,40}?\d{1,6}(?=$|[\s;,]))|"
    r"(?:(?<=\d)[;,]?\s+(?:AND\s+)?|(?<=\))(?:[;,]\s+(?:AND\s+)?|\s+AND\s+))"
    r"(?=(?:(?:19|20)?\d{2}\s+)?[A-Z][A-Z .'/-]{2,40}?\s\d{1,6}(?=$|[\s;,]))"
)

# A serial with letters in it that stand for digits.
_LETTERED = re.compile(
    r"(?:^|(?<=[\s;,.)]))((?:(?:19|20)?\d{2}\s)?[A-Z][A-Z .'/-]{2,40}?\s)(?=[OIlS]*\d)(?=\d*[OIlS])"
    r"(?P<serial>[\dOIlS]{3,7})(?=$|[\s;,])"
)
_DIGITS = str.maketrans("OIlS", "0115")
_BESIDE = re.compile(r"[OIlS](?:\d|(?<=\d.))")  # the quick look: one beside a digit
# A word in front of a serial with digits in it that stand for letters.
_NUMERED = re.compile(
    r"(?<![\w/'-])(?!\d\d)(?=[A-Z]{0,14}[01458])[A-Z01458]{3,15}(?=(?P<more>(?:\s[A-Z][A-Z.'-]{1,15}){0,2})\s+"
    r"[\dOIlS]{1,7}(?![\w/:-]))"
)
_TO_LETTERS = ("0", "O"), ("4", "A"), ("5", "S"), ("8", "B")
# A further number behind the first: "NEW DELHI 4411 AND 4412".
_FURTHER = re.compile(r"(?:AND\s+|&\s*)?\d{1,7}(?![\w/:.-])")
_SHORT_YEAR = re.compile(r"(?<![\w'])'(?=\d\d\s?[A-Z])")
# The year behind the serial: BISHKEK 0712/26.
_YEAR_BEHIND = re.compile(
    r"(?<![\w/.'-])(?<!\d\s)(?!AND\s)(?P<origin>(?:[A-Z]{3,15}\s){1,3})(?P<serial>\d{3,7})/(?P<year>\d\d)(?![\w/.-])"
)
_AND = re.compile(r"\s+AND$")
_LETTER_AHEAD = re.compile(r"^[A-Z]\.\s+(?=[A-Z]{2})")


class _Places(list[tuple[int, Line, int]]):
    """Where in the file the pieces of a joined text stand: position in the text, line, position there."""

    def at(self, position: int) -> tuple[Line, int]:
        begin, line, start = self[bisect_right(self, position, key=itemgetter(0)) - 1]
        # Every piece but the first has a blank before it.
        return line, max(start, start + position - begin - bool(begin))


@lru_cache(4_096)
def _is_no_origin(text: str) -> bool:
    return _NOT_ORIGIN.search(text) is not None


def split_number(text: str, year: int | None, latest: int) -> tuple[Number | None, str]:
    """A message number at the start of a text, and the rest: ``25 STATE 9999 (NOTAL)``.

    A year that is not printed is the telegram's own.
    """
    match = _NUMBER.match(text.strip())
    if not match or len(match["origin"]) < 2 or _is_no_origin(match["origin"]):
        return None, text
    if len(match["serial"]) == 6 and _GROUP.match(match["rest"]):
        return None, text
    own = year
    if match["year"]:
        own = expand_year(match["year"], latest)
        if len(match["year"]) == 4 and not 1900 <= own <= 2100:
            return None, text
    rest = match["rest"].strip()
    if rest == "AND":
        rest = ""
    inside = match.end("origin") == match.start("serial") and match["origin"][-1].isalpha()
    if inside and len(match["serial"]) < 3 and match["rest"][:1].isalpha():  # a digit inside a word
        return None, text
    origin = " ".join(match["origin"].split()).strip(" .-/").upper()
    return Number(origin, int(match["serial"]), own), rest.strip(" ;,.")


def read_references(lines: list[Line], year: int | None, log: Log) -> tuple[Reference, ...]:
    """References of the lines after ``REF:``.

    Parameters
    ----------
    lines : list of Line
        The rest of the line with the label, and the lines that go on with it.
    year : int or None
        Year of the telegram.
    log : Log
        Takes the repairs.
    """
    text = ""
    places = _Places()
    for line in _nameless(lines, log):
        piece = line.text.strip()
        if not piece:
            continue
        places.append((len(text), line, line.text.find(piece)))
        text += f" {piece}" if text else piece
    text = _digits(_letters(_years(text.replace("’", "'"), places, log), places, log), places, log)
    marks = _marks(text)
    if not marks:
        return _unlettered(text, places, year, log)
    out: list[Reference] = []
    lead = text[: marks[0].start()].strip(" ;,.")
    letters = 0
    if lead:  # the first letter is lost
        log.repair(*places.at(0), lead.split()[0], "reference A", "reference letter")
        out.append(_reference("A", lead, year))
        letters = 1
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        printed = mark["flat"] or mark["round"]
        body = text[mark.end() : end].strip(" ;,")
        body = _AND.sub("", body)
        expected = chr(ord("A") + min(letters, 25))
        letter = (
            printed.upper() if printed.isalpha() and printed != "l" else _LOOKALIKE.get(printed, expected)
        )
        inner = mark["nested"] or ""
        inner = _LOOKALIKE.get(inner, inner) if not inner.isalpha() else inner.upper()
        understood = letter if letters == 0 or letter == expected else expected
        if (
            not printed.isalpha()
            or printed == "l"
            or (
                letter != expected
                and (inner == expected or ord(letter) < ord(expected) or (letters == 0 and inner))
            )
        ):
            understood = expected
        elif letter != expected:
            understood = letter  # A, B, D: one is missing, not misprinted
            log.warn(f"references: {expected} is not in the list")
        if inner or understood != printed.upper() or ":" in mark.group():
            log.repair(
                *places.at(mark.start()), mark.group().strip(), f"reference {understood}", "reference letter"
            )
        letters = ord(understood) - ord("A") + 1
        # Two references after one letter: the letter of the second is lost.
        pieces = _pieces(body, year)
        out.append(_reference(understood, pieces[0], year))
        for piece in pieces[1:]:
            following = chr(ord("A") + min(letters, 25))
            ahead = _letter(marks[n + 1]) if n + 1 < len(marks) else ""
            if following == ahead or not _number(piece, year):
                out[-1] = _reference(understood, body, year)
                break
            log.repair(
                *places.at(mark.end() + body.find(piece)), piece, f"reference {following}", "reference letter"
            )
            out.append(_reference(following, _LETTER_AHEAD.sub("", piece), year))
            letters += 1
    return _told(out, lines[0], log)


def _nameless(lines: list[Line], log: Log) -> list[Line]:
    """The lines without those who wrote or spoke where a reference is a letter or a talk, no telegram."""
    out: list[Line] = []
    for line in lines:
        text, count = redact_reference(line.text)
        if count:
            log.repair(line, 0, "(a personal name)", "left out", "personal name")
            line = Line(text, line.no, [line.column(0)] * len(text), line.cut, line.fresh)
        out.append(line)
    return out


@lru_cache(1)
def _names() -> frozenset[str]:
    """Words of the names of posts, and the department's own."""
    return frozenset(word for place in (*known_places(), "STATE") for word in place.split() if len(word) > 2)


def _years(text: str, places: _Places, log: Log) -> str:
    """The text, as long as before, with the years of numbers in front of them: ``26 BISHKEK 0712``."""

    def bare(match: re.Match[str]) -> str:
        log.repair(
            *places.at(match.start()),
            text[match.start() : match.end() + 2],
            text[match.end() : match.end() + 2],
            "misprint",
        )
        return " "

    def ahead(match: re.Match[str]) -> str:
        if not all(word in _names() for word in match["origin"].split()):
            return match.group()
        moved = f"{match['year']} {match['origin']}{match['serial']}"
        log.repair(*places.at(match.start()), match.group(), moved, "misprint")
        return moved

    if "'" in text:
        text = _SHORT_YEAR.sub(bare, text)
    return _YEAR_BEHIND.sub(ahead, text) if "/" in text else text


def _letters(text: str, places: _Places, log: Log) -> str:
    """The text with letters for the digits inside words that the tables know; of others a warning."""

    def meant(match: re.Match[str]) -> str:
        printed = word = match.group()
        for digit, letter in _TO_LETTERS:
            word = word.replace(digit, letter)
        line, at = places.at(match.start())
        for letter in "IL":
            if (name := word.replace("1", letter)) in _names():
                log.repair(line, at, printed, name, "misprint")
                return name
        if not match["more"] and sum(map(str.isalpha, printed)) > 2 and not printed[-2:].isdecimal():
            log.warn(
                f"line {line.no}: the origin of a reference reads {printed!r}, which no table knows; check it"
            )
        return printed

    return _NUMERED.sub(meant, text)


def _digits(text: str, places: _Places, log: Log) -> str:
    """The text with digits for the letters that serials hold: proposals, each a repair and a warning."""

    def proposed(match: re.Match[str]) -> str:
        printed = match["serial"]
        digits = printed.translate(_DIGITS)
        if _NOT_ORIGIN.search(match[1].strip()):
            return match.group()
        line, at = places.at(match.start("serial"))
        log.repair(line, at, printed, digits, "digits")
        log.warn(f"line {line.no}: a reference reads {printed!r}; {digits} is proposed, check it")
        return match[1] + digits

    return _LETTERED.sub(proposed, text) if _BESIDE.search(text) else text


def _pieces(text: str, year: int | None) -> list[str]:
    """A run of message numbers, cut before each; a text that is none stays whole."""
    out: list[str] = []
    start = 0
    for cut in _NEXT.finditer(text):
        if _number(text[start : cut.start()], year) and _number(text[cut.end() :], year):
            out.append(text[start : cut.start()].strip(" ;,"))
            start = cut.end()
    return [*out, text[start:].strip(" ;,")]


def _letter(mark: re.Match[str]) -> str:
    return str(mark["flat"] or mark["round"]).upper()


def _marks(text: str) -> list[re.Match[str]]:
    """Letters that open a reference.

    The first of the text, or one followed by what looks like a reference.
    """
    out: list[re.Match[str]] = []
    expected = 0
    for mark in (_COLONED if text[1:2] == ":" else _MARK).finditer(text):
        printed = mark["flat"] or mark["round"]
        letter = printed.upper()
        here = chr(ord("A") + min(expected, 25))
        fits = letter == here or (letter.isalpha() and len(out) and 0 < ord(letter) - ord(here) <= 2)
        likely = mark.start() == 0 or not letter.isalpha() or mark["nested"] or letter == "L"
        if fits or (likely and _number(text[mark.end() : mark.end() + 80], None) is not None):
            out.append(mark)
            expected += 1
            if letter.isalpha() and fits:
                expected = ord(letter) - ord("A") + 1
    return out


def _number(text: str, year: int | None) -> Number | None:
    return split_number(text, year, (year or 2026) + 1)[0]


def _reference(letter: str, text: str, year: int | None) -> Reference:
    text = " ".join(text.split()).strip(" ;,")
    number, rest = split_number(text, year, (year or 2026) + 1)
    if number is None:
        return Reference(letter, None, text)
    return Reference(letter, number, rest)


def _unlettered(text: str, places: _Places, year: int | None, log: Log) -> tuple[Reference, ...]:
    text = text.strip(" ;,")
    if not text:
        return ()
    pieces = _pieces(text, year)
    out: list[Reference] = []
    start = 0
    for n, piece in enumerate(pieces):
        letter = chr(ord("A") + min(n, 25))
        start = text.find(piece, start)
        if len(pieces) > 1:
            log.repair(*places.at(max(start, 0)), piece, f"reference {letter}", "reference letter")
        out.append(_reference(letter, piece, year))
    return _told(out, places[0][1], log)


def _told(references: list[Reference], line: Line, log: Log) -> tuple[Reference, ...]:
    """The references; one with a second number in its text is a warning."""
    for one in references:
        if one.number and one.text and _FURTHER.match(one.text):
            log.warn(
                f"line {line.no}: reference {one.letter} names a further number: {one.text[:40]!r} stays text"
            )
    return tuple(references)
