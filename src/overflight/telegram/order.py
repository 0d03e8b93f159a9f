"""The line of the order on classification, in every historic form, and the day or code that it sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from overflight.telegram.dtg import MONTHS, expand_year
from overflight.telegram.model import Order
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line
from overflight.telegram.tables import rows

__all__ = ["Declassification", "declassification", "find_date", "orders", "read_order", "reasons_of"]

_LINE = re.compile(r"^E\.?\s?[O0]\.?\s*(?P<n>[0-9OIlS]{5})?\s*[:;.]?\s*(?P<rest>.*)$", re.IGNORECASE)
_DIGITS = str.maketrans("OIlS", "0115")
_REASON = re.compile(
    r"\b(1[.,][45])\s*((?:\(?\s*[A-Ha-h]\s*\)?(?:\s*(?:,|AND|&|/|;|-)\s*|\s+)?)+)", re.IGNORECASE
)
# The number of a reason with letters for its digits; a letter in brackets follows.
_HURT_REASON = re.compile(r"(?<![\w.])(?=[^(]{0,4}[lIS])[1lI][.,][45S](?=\s*\(\s*[A-Ha-h]\s*\))")
_LETTER = re.compile(r"(?<![A-Za-z])([A-Ha-h])(?![A-Za-z])")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<iso>(?P<y1>\d{4})[/-](?P<m1>\d{1,2})[/-](?P<d1>\d{1,2}))|(?P<y2>(?:19|"
    r"20)\d\d)(?P<m2>\d\d)(?P<d2>\d\d)"
    r"|(?P<m3>\d{1,2})[/-](?P<d3>\d{1,2})[/-](?P<y3>\d{4}|\d{2})"
    r"|(?P<d4>\d{1,2})\s*(?P<mon4>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|"
    r"DEC)[A-Z]*\.?,?\s*(?P<y4>\d{4}|\d{2})"
    r"|(?P<mon5>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|"
    r"DEC)[A-Z]*\.?\s+(?P<d5>\d{1,2}),?\s+(?P<y5>\d{4}|\d{2}))(?!\d)",
    re.IGNORECASE,
)
# Shaped like a date, perhaps with letters for digits.
_DAMAGED = re.compile(
    r"(?<![A-Za-z0-9/-])(?=[^\s,;]*\d)(?:[0-9OIlS]{1,2}[/-][0-9OIlS]{1,2}[/-](?:[0-9OIlS]{4}|[0-9OIlS]{2})|"
    r"[0-9OIlS]{4}[/-][0-9OIlS]{1,2}[/-][0-9OIlS]{1,2}|[0-9OIlS]{8})(?![A-Za-z0-9/-])"
)
_CODE = re.compile(
    r"\b(XGDS\s?-?\s?[1-4]|XDS\s?-?\s?[1-4]|RDS\s?-?\s?[1-4]|(?:25|50|75)X[1-9](?:-?\s?HUM|-?\s?WMD)?|"
    r"1\.[56]\s?X[1-8]|1\.[56]\(?[A-H]\)?"
    r"|X[1-8]|OADR|ADS|GDS|MR|N/A|NA)(?![A-Z0-9])",
    re.IGNORECASE,
)


_LETTERED = ("l.", "I.", "l,", "I,", ".S", ",S")

# What is no part of the day or event: the reasons behind it, and the word before it.
_REASONED = re.compile(r"\bREASONS?\b.*$", re.IGNORECASE)
_AHEAD = re.compile(r"^\s*(?:DECL(?:AS(?:SIFY)?)?(?:\s+ON)?)\s*[:;]?\s*", re.IGNORECASE)
# Who set it, behind the day or the code: "GDS 11/23/85 (QUILL, PAT) OR-M".
_SETTER = re.compile(
    r"\s*\(\s*[A-Z][A-Z'’-]{2,}(?:\s[A-Z][A-Z.'’-]*)*\s*,\s*[A-Z][A-Z.'’ -]*(?:\)|$)"
    r"|(?<=[/-]\d\d)\s*\((?=[A-Z.'’ -]*[A-Z]{3})[A-Z.'’ -]+(?:\)|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Declassification:
    """What an order's line sets.

    A day, a code (``OADR``, ``25X1``, ``GDS``, ``N/A``), or an event in words.
    """

    on: date | None = None
    code: str | None = None
    event: str | None = None

    @property
    def value(self) -> str | None:
        """The day as ISO 8601 if there is one, else the code, else the event."""
        return self.on.isoformat() if self.on else self.code or self.event


@lru_cache(1)
def orders() -> dict[str, tuple[str, str]]:
    """First and last day on which each order's line was used."""
    return {row["order"]: (row["from"], row["until"]) for row in rows("orders.csv")}


@lru_cache(1)
def _misprints() -> dict[str, str]:
    return {row["misprint"]: row["order"] for row in rows("orders.csv") if row["misprint"]}


def read_order(line: Line, text: str, log: Log) -> Order | None:
    """The order's number and the rest of its line; None when the line is no such line."""
    match = _LINE.match(text)
    if not match:
        return None
    printed = match["n"] or ""
    number = printed.translate(_DIGITS)
    if number in _misprints():
        log.repair(line, match.start("n"), printed, _misprints()[number], "misprint")
        number = _misprints()[number]
    elif number != printed:
        log.repair(line, match.start("n"), printed, number, "digits")
    if number and number not in orders():
        log.warn(f"line {line.no}: no executive order {number} is known here")
    rest, people = _SETTER.subn("", match["rest"]) if "(" in match["rest"] else (match["rest"], 0)
    if people:
        log.repair(line, match.start("rest"), "(a personal name)", "left out", "personal name")
    return Order(number, _day_checked(" ".join(rest.split()), line, log))


def _day_checked(text: str, line: Line, log: Log) -> str:
    """The rest of the line; a day with letters for digits is proposed, one of no calendar is a warning."""
    for printed in _DAMAGED.findall(text):
        meant = printed.translate(_DIGITS)
        if meant != printed and find_date(meant, 2099):
            log.repair(line, max(0, line.text.find(printed)), printed, meant, "digits")
            log.warn(f"line {line.no}: the day reads {printed!r}; {meant!r} is proposed, check it")
            text = text.replace(printed, meant, 1)
    shaped = _DATE.search(text) or _DAMAGED.search(text)
    if shaped and find_date(text, 2099) is None:
        log.warn(f"line {line.no}: {shaped[0]!r} is no day of the calendar; it is kept as it stands")
    return text


def find_date(text: str, latest: int) -> date | None:
    """First date in a text: 08/01/2036, 2035/08/01, 20350801, 1 AUG 36, August 1, 2036.

    ``latest`` is the last year that two digits can mean.
    """
    for match in _DATE.finditer(text):
        groups = match.groupdict()
        for n in "12345":
            if groups.get(f"y{n}") is None:
                continue
            month = groups.get(f"m{n}")
            named = groups.get(f"mon{n}")
            numeral = MONTHS.index(named[:3].upper()) + 1 if named else int(month or 0)
            day = int(groups[f"d{n}"] or 0)
            if numeral > 12 >= day:  # day first
                numeral, day = day, numeral
            try:
                return date(expand_year(groups[f"y{n}"] or "0", latest), numeral, day)
            except ValueError:
                continue
    return None


def declassification(order: Order | None, sent: date | None) -> Declassification:
    """What the line sets; two digits of a year mean the century that begins with the telegram's own year."""
    if order is None:
        return Declassification()
    text = _AHEAD.sub("", _REASONED.sub("", order.text)).strip(" ,;.")
    code_match = _CODE.match(text)
    code = (
        re.sub(r"(?<=GDS|XDS|RDS)\s*-?\s*(?=[1-4])", "-", re.sub(r"\s", "", code_match[1].upper()))
        if code_match
        else None
    )
    if code == "NA":
        code = "N/A"
    rest = text[code_match.end() :] if code_match else text
    start = sent.year if sent else 1972
    found = find_date(rest, start + 99)
    if found:
        further = ", ".join(m[1].upper() for m in _CODE.finditer(rest)) if code else ""
        return Declassification(found, code, further or None)
    if code:
        event = re.sub(
            r"^[\s,;/&-]*(?:(?:AND|OR)\b\s*)?(?:DECLAS\w*)?\s*(?:ON|UPON)?\s*", "", rest, flags=re.IGNORECASE
        ).strip(" ,;.-")
        return Declassification(None, code, event or None)
    return Declassification(None, None, text or None)


def reasons_of(text: str, line: Line | None = None, log: Log | None = None) -> tuple[str, ...]:
    """Reasons as ``1.4(b)``: from ``Reasons 1.4 (b) and (d)``, ``1.5 (B,D)``, ``1.4(b), 1.4(d)``.

    ``l.4 (b)`` is put right where a log takes the repair.
    """
    out: dict[str, None] = {}
    if log and line and any(map(text.__contains__, _LETTERED)):

        def mended(match: re.Match[str]) -> str:
            meant = match.group().translate(_DIGITS).replace(",", ".")
            log.repair(line, max(0, line.text.find(match.group())), match.group(), meant, "digits")
            return meant

        text = _HURT_REASON.sub(mended, text)
    for match in _REASON.finditer(text):
        head = match[1].replace(",", ".")
        for letter in _LETTER.findall(re.sub(r"\bAND\b", ",", match[2], flags=re.IGNORECASE)):
            out[f"{head}({letter.lower()})"] = None
    return tuple(out)
