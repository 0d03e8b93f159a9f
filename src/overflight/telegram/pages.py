"""Lines that number pages: those of the State Department, of military copies, and numbers alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from overflight.telegram.banner import class_line, is_banner
from overflight.telegram.repairs import Log
from overflight.telegram.seams import goes_on
from overflight.telegram.source import Line

__all__ = ["beside", "freed", "is_number", "may_be_numbered", "page_numbers", "page_of", "section_of"]

_COUNT = (
    *("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE"),
    *("THIRTEEN", "FOURTEEN", "FIFTEEN", "SIXTEEN", "SEVENTEEN", "EIGHTEEN", "NINETEEN", "TWENTY"),
)
_SPELLED = {word: number for number, word in enumerate(_COUNT, 1)}
_DIGITS = str.maketrans("OIl", "011")
_WHICH = rf"(?P<page>[0-9OIl]{{1,3}}|{'|'.join(sorted(_COUNT, key=len, reverse=True))})(?![A-Za-z0-9])"
# A level as `class_line` reads it: how it begins, its letters set apart perhaps.
_LEVEL = (
    r"(?:T\s?O\s?P\s?S\s?E\s?C|S\s?E\s?C\s?R|C\s?O\s?N\s?F|U\s?N\s?C\s?L|R\s?E\s?S\s?T|LIMITED|SENSITIVE|SBU|"
    r"TLP:)"
)
_PAGE = re.compile(
    rf"^\s*PAGE\s+{_WHICH}(?:\s+OF\s+\d{{1,3}})?(?:\s+[A-Z0-9][A-Z0-9 .'/-]{{0,40}}?\s*#?\d{{1,6}})?"
    r"(?:\s+(?:\d{6}Z|[0-9OIl]{6}Z))?(?:\s+[A-Z]{3}\s+\d{2,4})?"
    rf"(?:\s+(?:UNCLAS\w*|(?P<level>{_LEVEL}.{{0,80}})))?\s*$"
)
_SPACED = (
    r"(?:T\s?O\s?P\s+S\s?E\s?C\s?R\s?E\s?T|S\s?E\s?C\s?R\s?E\s?T|C\s?O\s?N\s?F\s?I\s?D\s?E\s?N\s?T\s?I\s?A\s?L|"
    r"U\s?N\s?C\s?L\s?A\s?S(?:\s?S\s?I\s?F\s?I\s?E\s?D)?)(?![A-Z])"
)
# A page line of a military copy: the station's routing indicator and number, and how it is handled.
_ROUTED = re.compile(
    rf"^\s*PAGE\s+{_WHICH}\s+R[A-Z]{{3,7}}\s?#?\s?\d{{3,5}}(?:\s+{_SPACED})?"
    r"(?:[\s/]{1,3}(?:NOFORN|SPECAT|LIMDIS|NODIS|EXDIS|ORCON|FOUO|SBU|EFTO|E F T O|N O F O R N)\b){0,5}\s*$"
)
# Copies of later years: post, number of eight digits, "section.page OF sections".
_FOLIO = re.compile(r"^[A-Z][A-Z .'-]{1,40}\s\d{8}\s+(?P<section>\d{3})(?:\.\d{1,2})?\s+OF\s+\d{3}$")
# The same, caught in the middle of a line when lines were joined: only in its full form.
_CAUGHT = re.compile(
    r"(?:(?<=\s)|^)(?:(?P<level>UNCLASSIFIED|UNCLAS|CONFIDENTIAL|(?:TOP "
    r")?SECRET)\s+)?(?P<page>PAGE\s+\d{2}\s+[A-Z][A-Z .'/-]{1,40}?\s\d{6}\s+\d{6}Z)"
    r"(?(level)\s+(?P=level))(?=\s|$)|(?:(?<=\s)|^)PAGE\s+\d{2}\s+[A-Z][A-Z "
    r".'/-]{1,40}?\s\d{6}\s+\d{6}Z(?=\s|$)|"
    rf"(?:(?<=\s)|^)PAGE\s+(?:\d{{1,2}}|{'|'.join(_COUNT)})\s+R[A-Z]{{3,7}}\s?#?\d{{4}}(?:\s+{_SPACED})?(?=\s|$)"
)

# The number of a page alone on its line. In capitals `_PAGE` knows it.
_NUMBER = re.compile(
    r"^(?:-{1,2}\s?(?P<dashed>\d{1,3})\s?-{1,2}|"
    r"(?P<open>[(\[])?\s?(?i:page)\s(?P<page>\d{1,3})(?:\s(?i:of)\s(?P<of>\d{1,3}))?\s?(?(open)[)\]]))$"
)
_GOES_ON = re.compile(
    r"^[-(\[*\s]{1,4}(?:CONT(?:INUED|INUES|'D|D|\.)?|MORE)"
    r"(?:\s(?:ON|FROM)\s(?:(?:THE\s)?(?:NEXT|PREVIOUS|LAST)\sPAGE|PAGE\s\d{1,3}))?[-)\]*\s.]{1,4}$",
    re.IGNORECASE,
)
_LEVELLED = re.compile(
    r"^(?P<level>[A-Z][A-Z ]{3,40}?)\s?[-/|]{1,2}\s?(?P<number>\d{1,3})\s?[-/|]{1,2}\s?"
    r"(?P<again>[A-Z][A-Z ]{3,40})$"
)
_POSTED = re.compile(r"^[A-Z][A-Z .'-]{1,40}\s\d{3,8}\s+\d{1,3}\s(?:OF|of)\s\d{1,3}$")
# What may be one, and may be text.
_PERHAPS = re.compile(
    r"^(?:\d{1,3}(?:\s?(?:/|of|OF)\s?\d{1,3})?|\S[^.]{0,40}\s(?:PAGE|Page)\s\d{1,3}(?:\s(?:OF|of)\s\d{1,3})?|"
    r"[A-Z][A-Z ]{3,40}\s{1,12}-{0,2}\d{1,3})$"
)
# The quick look.
_LOOK = re.compile(
    r"\n(?=[-(\[*P0-9 ])[ ]{0,80}(?=[-(\[*P0-9])(?:"
    r"[-(\[*]{1,2}[ ]?(?:\d{1,3}[ ]?-|(?:PAGE|Page|page)[ ]\d|CONT|Cont|cont|MORE|More)|"
    r"\d{1,3}[ ]{0,8}(?:\n|(?:/|of|OF)[ ]?\d{1,3}[ ]{0,8}\n)|Page[ ]\d)"
)
_ENDING = re.compile(r"[ ](?:PAGE|Page)[ ]\d{1,3}(?:[ ](?:OF|of)[ ]\d{1,3})?[ ]{0,8}\n")
_OF = re.compile(
    r" OF (?:(?<=[\d ][ ]\d OF )|(?<=[\d ][ ]\d\d OF )|(?<=[\d ][ ]\d\d\d OF ))\d{1,3}[ ]{0,8}\n"
)  # what no section line has
_SLASHED = re.compile(
    rf"\n[ ]{{0,80}}{_SPACED}(?:[ ]?[-/|]{{1,2}}[ ]?\d{{1,3}}[ ]?[-/|]|"
    rf"[ ]{{1,12}}-{{0,2}}\d{{1,3}}[ ]{{0,8}}\n)"
)


def page_of(text: str) -> int | None:
    """The number of the page that a page line begins."""
    match = _PAGE.match(text)
    if match is None or (match["level"] and class_line(match["level"].strip()) is None):
        match = _ROUTED.match(text)
    if match is None:
        return None
    page = match["page"]
    return _SPELLED.get(page) or int(page.translate(_DIGITS))


def section_of(text: str) -> int | None:
    """The section that a page line of later years names."""
    match = _FOLIO.match(text)
    return int(match["section"]) if match else None


def is_number(text: str) -> bool:
    """Whether a line is the number of a page and nothing else."""
    return bool(_NUMBER.match(text))


def may_be_numbered(text: str, *, signs: bool, banners: bool, paged: bool) -> bool:
    """Whether numbers of pages may stand in a text: the quick look.

    ``signs`` says that a line begins with a sign or number, ``banners`` with a level, ``paged`` that the text
    speaks of a page.
    """
    if (signs and _LOOK.search(text)) or (" OF " in text and _OF.search(text)):
        return True
    return bool((paged and _ENDING.search(text)) or (banners and _SLASHED.search(text)))


def page_numbers(
    lines: list[Line], log: Log, begin: int, repeats: Callable[[str], bool] | None
) -> frozenset[int]:
    """Indices of lines that are the number of a page and nothing else, each one more than the one before.

    ``- 2 -``, ``Page 2 of 3`` and ``(PAGE 2)`` may stand anywhere; ``Page 2`` beside a blank line, a page
    line or a banner; a number alone between two banners. Lines that are perhaps one stay; they, and what
    follows, go to no one.

    Parameters
    ----------
    lines : list of Line
        Lines of the telegram.
    log : Log
        Takes the warnings.
    begin : int
        Index of the line that opens the text.
    repeats : callable or None
        Whether a banner says no more than the head.
    """
    found: list[int] = []
    last = 0
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not text or len(text) > 120 or text[:5] == "PAGE ":
            continue
        number: int | None = None
        stands = False
        if match := _NUMBER.match(text) if text[0] in "-([Pp" else None:
            number = int(match["dashed"] or match["page"])
            stands = bool(match["dashed"] or match["of"] or match["open"]) or any(
                not near or is_banner(near) or page_of(near) is not None for near in beside(lines, index)
            )
            stands = stands and (match["of"] is None or number <= int(match["of"]))
        elif text[0] in "-([*" and _GOES_ON.match(text):
            found.append(index)
            continue
        elif repeats and index > begin and (match := _LEVELLED.match(text)) and is_banner(match["level"]):
            number = int(match["number"])
            stands = match["again"] == match["level"] and repeats(match["level"])
        elif index > begin and text[-1].isdecimal() and _POSTED.match(text) and class_line(text) is None:
            found.append(index)
            continue
        elif (index > begin or begin == len(lines)) and _PERHAPS.match(text):
            if text[0].isalpha() and not _is_spoken(text):
                continue
            if repeats and text.isdecimal():
                around = _near(lines, index)
                number, stands = int(text), around is not None and all(map(is_banner, around))
        else:
            continue
        if stands and number is not None and (number == last + 1 or (not found and number == 2)):
            found.append(index)
            last = number
            continue
        log.warn(f"line {line.no}: {text!r} may be the number of a page; it is kept")
        below = next((one for one in lines[index + 1 : index + 9] if one.text.strip()), line)
        log.lost |= {line.no, below.no}
    return frozenset(found)


def _is_spoken(text: str) -> bool:
    """Whether a line that begins with a word, and ends with a number, is one of a page."""
    return "PAGE " in text.upper() or is_banner(text.rstrip("0123456789- "))


def beside(lines: list[Line], index: int) -> list[str]:
    """The lines directly above and below."""
    return [lines[n].text.strip() if 0 <= n < len(lines) else "" for n in (index - 1, index + 1)]


def _near(lines: list[Line], index: int) -> list[str] | None:
    """The next lines with text above and below, with three blank lines between at most."""
    out: list[str] = []
    for span in (range(index - 1, max(index - 5, -1), -1), range(index + 1, min(index + 5, len(lines)))):
        text = next((text for n in span if (text := lines[n].text.strip())), None)
        if text is None:
            return None
        out.append(text)
    return out


def freed(lines: list[Line], log: Log, begin: int) -> list[Line]:
    """Lines without page lines in their middle; one that is nothing else is left as it is.

    Below the line ``begin`` it stays, on a line of its own, where the sentence above it may have ended.
    """
    out: list[Line] = []
    for index, line in enumerate(lines):
        if "PAGE " not in line.text or (line.text[:4] == "PAGE" and page_of(line.text.rstrip()) is not None):
            out.append(line)
        else:
            out += _freed(line, log, index > begin)
    return out


def _freed(line: Line, log: Log, below: bool) -> list[Line]:
    out: list[Line] = []
    pieces: list[str] = []
    cols: list[int] = []
    start = 0
    text = line.text
    for match in _CAUGHT.finditer(text):
        before, after = text[start : match.start()], text[match.end() :]
        at = match.start() + match[0].index("PAGE")
        if not text[: match.start()].strip() and not after.strip():
            return [Line(text[at : match.end()].strip(), line.no, None, line.cut)]
        cols += (line.column(n) for n in range(start, match.start()))
        pieces.append(before)
        if below and after.strip() and not (before.strip() and goes_on(before, after)):
            if "".join(pieces).strip():
                out.append(Line("".join(pieces), line.no, cols, line.cut, line.fresh))
            out.append(line.part(match.start(), match.end()))
            pieces, cols = [], []
        else:
            log.repair(line, match.start(), match[0], "removed", "page line")
        start = match.end()
    if not start:
        return [line]
    pieces.append(text[start:])
    cols += (line.column(n) for n in range(start, len(text)))
    cut = line.cut or not pieces[0].strip()
    return [*out, Line("".join(pieces), line.no, cols, cut and not out, line.fresh)]
