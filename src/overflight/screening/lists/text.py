"""Small readings that every list needs: clean text, days as publishers write them, states, numbered items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from overflight.world.states import alpha3_codes, details
from overflight.world.tables import records

__all__ = [
    "clean",
    "countries",
    "country",
    "day",
    "day_first",
    "items",
    "joined",
    "month_first",
    "partial_day",
    "slug",
    "table",
]

_DATA = Path(__file__).parent / "data"
# Control characters, lone surrogates and the byte order mark have no business in a name.
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NUMBERED = re.compile(r"\s*\((\d{1,2}|[a-z])\)\s*")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_WORDED = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})[ -](\d{4})")
_SLASHED = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})", re.ASCII | re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T Z]|[+-]\d\d:\d\d$)", re.ASCII)


def table(name: str, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A table of facts of this room; each row has its source in the last column."""
    return tuple(
        tuple(row.text(column) for column in columns) for row in records(_DATA / f"{name}.csv", columns)
    )


def clean(text: str | None) -> str:
    """One line without control characters, runs of blanks made one blank.

    >>> clean("  AIR\\n EXAMPLE ")
    'AIR EXAMPLE'
    """
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return text.strip() if "  " not in text else " ".join(text.split())
    return " ".join(_REFUSED.sub(" ", text).split())


def joined(parts: Iterable[str | None], by: str = ", ") -> str:
    """The parts that say something, in one line."""
    return by.join(part for part in map(clean, parts) if part)


def slug(text: str) -> str:
    """A publisher's word as a kind: lower case with hyphens.

    >>> slug("Acting for or on behalf of:")
    'acting-for-or-on-behalf-of'
    """
    return re.sub(r"[^\w]+", "-", clean(text).casefold()).strip("-_")


def items(text: str | None) -> list[str]:
    """The items of a cell that numbers them.

    >>> items("(1) AB123 (2) CD456"), items("AB123")
    (['AB123', 'CD456'], ['AB123'])
    """
    line = clean(text)
    if not line:
        return []
    if not _NUMBERED.match(line):
        return [line]
    return [part for part in (p.strip(" ,;") for p in _NUMBERED.split(line)[::2]) if part]


def _made(year: str, month: int, number: int) -> date | None:
    try:
        return date(int(year), month, number)
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """A whole day written YYYY-MM-DD (a time or zone may follow) or "26 May 1999"; None for all else."""
    line = clean(text)
    if found := _ISO.match(line):
        return _made(found[1], int(found[2]), int(found[3]))
    if (found := _WORDED.fullmatch(line)) and found[1]:
        return _made(found[3], _MONTHS.get(found[2][:3].casefold(), 0), int(found[1]))
    return None


def day_first(text: str | None) -> date | None:
    """A whole day as the United Kingdom writes it, DD/MM/YYYY; or one that `day` takes."""
    line = clean(text)
    if (found := _SLASHED.match(line)) and found[1].isdigit() and found[2].isdigit():
        return _made(found[3], int(found[2]), int(found[1]))
    return day(line)


def month_first(text: str | None) -> date | None:
    """A whole day as the United States write it, MM/DD/YYYY; or one that `day` takes."""
    line = clean(text)
    if (found := _SLASHED.fullmatch(line)) and found[1].isdigit() and found[2].isdigit():
        return _made(found[3], int(found[1]), int(found[2]))
    return day(line)


def partial_day(text: str | None) -> str:
    """A birth date as far as it is known: an ISO 8601 prefix, or the text as printed.

    >>> partial_day("00/05/1958"), partial_day("dd/mm/1958"), partial_day("26 May 1999")
    ('1958-05', '1958', '1999-05-26')
    >>> partial_day("May 1999"), partial_day("circa 1951")
    ('1999-05', 'circa 1951')
    """
    line = clean(text)
    if found := _SLASHED.fullmatch(line):
        month = int(found[2]) if found[2].isdigit() else 0
        number = int(found[1]) if found[1].isdigit() else 0
        if not 1 <= month <= 12:
            return found[3] if month == 0 else line
        if number == 0:
            return f"{found[3]}-{month:02d}"
        whole = _made(found[3], month, number)
        return whole.isoformat() if whole else line
    if whole := day(line):
        return whole.isoformat()
    if (found := _WORDED.fullmatch(line)) and not found[1]:
        month = _MONTHS.get(found[2][:3].casefold(), 0)
        return f"{found[3]}-{month:02d}" if month else line
    return line


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("&", " and ")
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’."))
    )


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in alpha3_codes():
        one = details(code)
        for spelling in (one.alpha3, one.alpha2, one.name, one.iso_name, *one.aliases):
            if key := _fold(spelling or ""):
                found.setdefault(key, code)
    for spelling, code, _source in table("country_names", ("spelling", "state", "source")):
        found[_fold(spelling)] = code
    return found


def country(text: str | None) -> str | None:
    """The alpha-3 code of a state as a publisher writes it; None when no table knows it.

    >>> country("Korea, North"), country("kp"), country("Region: Gaza")
    ('PRK', 'PRK', 'PSE')
    """
    line = clean(text)
    if not line or len(line) > 100:
        return None
    key = _fold(line)
    known = _spellings()
    if key.startswith("the ") and key not in known:
        key = key[4:]
    return known.get(key)


def countries(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The states that a table knows, each once, in the order given."""
    return tuple(dict.fromkeys(code for code in map(country, texts) if code))
