"""Date-time groups: ``O P 011530Z AUG 26``, with the zone letter and a year of two or four digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = [
    "LETTERS",
    "MONTHS",
    "WORDS",
    "Group",
    "expand_year",
    "parse_group",
    "print_group",
    "propose_group",
]

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: Precedence letters of format lines 2 and 5, and their words; most urgent first.
LETTERS = {"Z": "FLASH", "O": "IMMEDIATE", "P": "PRIORITY", "R": "ROUTINE"}
WORDS = {word: letter for letter, word in LETTERS.items()}

_DTG = re.compile(
    r"(?<![A-Z0-9/])(?P<p>(?:[ZOPR]{1,2}\s+){0,2})(?P<d>0[1-9]|[12]\d|3[01])(?P<h>[01]\d|"
    r"2[0-3])(?P<m>[0-5]\d)"
    r"\s?(?P<z>(?a:[A-IK-Z]))\s*(?P<mon>JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)[A-Z]*\.?,?\s*"
    r"(?P<y>\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_CONFUSED = re.compile(
    r"(?<![A-Z0-9/])(?P<p>(?:[ZOPR]\s+){0,2})(?P<n>[0-9OQIlSBZ|]{6})(?P<z>[ZA-IK-Y2])\s*"
    r"(?P<mon>[A-Z0-9]{3,4})\s*(?P<y>[0-9OQIlSB|]{2}(?:[0-9OQIlSB|]{2})?)(?![0-9A-Z])"
)
_DIGITS = str.maketrans("OQIlSBZ|", "00115821")
_TO_LETTERS = str.maketrans("0158", "OISB")
# Military zones: A is UTC+1 ... M UTC+12 (J left out), N is UTC-1 ... Y UTC-12.
_ZONES = {letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", 1)}
_ZONES.update({letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)})
_ZONES["Z"] = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A date-time group: precedence letters before it, the instant, where it stood in the text."""

    letters: tuple[str, ...]
    instant: datetime
    start: int
    end: int


def expand_year(digits: str, latest: int) -> int:
    """A year of two digits in the century that does not pass ``latest``; four digits stand as they are."""
    year = int(digits)
    if len(digits) > 2:
        return year
    century = latest - latest % 100
    return century + year if century + year <= latest else century - 100 + year


def parse_group(text: str, latest: int) -> Group | None:
    """The first date-time group of a line.

    Parameters
    ----------
    text : str
        A line.
    latest : int
        Last year in which the telegram can have been sent; it decides the century of two digits.
    """
    match = _DTG.search(text)
    return (
        _group(match, match["d"] + match["h"] + match["m"], match["mon"], match["y"], latest)
        if match
        else None
    )


def propose_group(text: str, latest: int) -> tuple[Group, str, str] | None:
    """A group whose digits were taken for letters (O for 0, l for 1, S for 5).

    Group, as read, as proposed.
    """
    match = _CONFUSED.search(text)
    if not match:
        return None
    number = match["n"].translate(_DIGITS)
    month = match["mon"].translate(_TO_LETTERS)[:3]
    year = match["y"].translate(_DIGITS)
    zone = "Z" if match["z"] == "2" else match["z"]
    if month not in MONTHS:
        return None
    proposed = _DTG.search(f"{number}{zone} {month} {year}")
    if not proposed:
        return None
    group = _group(match, number, month, year, latest, zone)
    read = match.group()[len(match["p"]) :]
    return (group, read, f"{number}{zone} {month} {year}") if group else None


def _group(
    match: re.Match[str], number: str, month: str, digits: str, latest: int, zone: str | None = None
) -> Group | None:
    letters = tuple(part[0] for part in match["p"].upper().split())
    try:
        local = datetime(
            expand_year(digits, latest),
            MONTHS.index(month[:3].upper()) + 1,
            int(number[:2]),
            int(number[2:4]),
            int(number[4:]),
            tzinfo=UTC,
        )
        instant = local - timedelta(hours=_ZONES[(zone or match["z"]).upper()])
    except (ValueError, OverflowError):  # 31 November; an hour before the year 1
        return None
    return Group(letters, instant, match.start(), match.end())


def print_group(instant: datetime) -> str:
    """The group as it is written.

    Two digits for 1950 to 2005, four from 2006 on, as the allied rule has it.
    """
    year = f"{instant.year % 100:02d}" if 1950 <= instant.year <= 2005 else f"{instant.year:04d}"
    return f"{instant:%d%H%M}Z {MONTHS[instant.month - 1]} {year}"
