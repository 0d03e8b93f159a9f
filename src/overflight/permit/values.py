"""Values of a permit form: days, times, weights, states, yes and no. What is not plain raises `ValueError`.

The text of the error is what a person reads: what is wrong, and after a semicolon how to mend it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from overflight.errors import InputError
from overflight.world.states import state

__all__ = ["code", "count", "day", "flag", "moment", "place", "places", "state_code", "tonnes", "words"]

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            *("JAN JANUARY", "FEB FEBRUARY", "MAR MARCH", "APR APRIL", "MAY", "JUN JUNE", "JUL JULY"),
            *("AUG AUGUST", "SEP SEPT SEPTEMBER", "OCT OCTOBER", "NOV NOVEMBER", "DEC DECEMBER"),
        ),
        1,
    )
    for month in names.split()
}
_YEARS = range(1919, 2101)
_YES = frozenset({"yes", "y", "true", "1", "x", "on board", "oui", "si", "carried"})
_NO = frozenset({"no", "n", "false", "0", "none", "nil", "not carried", "nothing", "without"})
_EMPTY = frozenset(
    (
        *("", "-", "--", "n/a", "na", "tba", "tbd", "tbn", "?", "…", "null"),
        *("unknown", "not known", "not available"),
    )
)
_TIME = re.compile(r"([01][0-9]|2[0-3])[:.]?([0-5][0-9])(?::?([0-5][0-9])(?:\.[0-9]+)?)?")
_NAMED = re.compile(r"([0-9]{1,2})[-\s./]?([A-Z]{3,9})[-\s.,/]*([0-9]{4}|[0-9]{2})")
_AMERICAN = re.compile(r"([A-Z]{3,9})\.?\s+([0-9]{1,2}),?\s+([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})[-/.]([0-9]{4})")
_WEIGHT = re.compile(r"([0-9][0-9 ',.]*)\s*([A-Za-z]*)\.?")
_PARTED = re.compile(r"\s*(?:->|→|[-–—>/,;|+]|\bTO\b|\bVIA\b|\s)\s*", re.IGNORECASE)


def words(text: str) -> str | None:
    """One line of text; None when it says that nothing is known."""
    line = " ".join(text.split())
    return None if line.casefold() in _EMPTY else line[:500]


def code(text: str) -> str | None:
    """A code in capitals without blanks."""
    line = words(text)
    return None if line is None else "".join(line.split()).upper()


def flag(text: str) -> bool | None:
    """Yes or no."""
    line = words(text)
    if line is None:
        return None
    low = line.casefold().rstrip(".")
    if low in _YES or low.startswith(("yes ", "yes,")):
        return True
    if low in _NO or low.startswith(("no ", "no,")):
        return False
    raise ValueError("is neither yes nor no; write one of them")


def count(text: str) -> int | None:
    """A number of persons; ``2+5`` and ``2/5`` are added up."""
    line = words(text)
    if line is None:
        return None
    if line.casefold() in ("none", "nil"):
        return 0
    form = r"([0-9]{1,4})(?:\s*[+/]\s*([0-9]{1,3}))?(?:\s*(?:pax|persons?|crew|members?))?"
    found = re.fullmatch(form, line, re.IGNORECASE)
    if not found:
        raise ValueError("is no number of persons; write digits")
    return int(found[1]) + int(found[2] or 0)


_UNITS = {
    **dict.fromkeys(("t", "to", "ton", "tons", "tonne", "tonnes", "mt"), 1.0),
    **dict.fromkeys(("kg", "kgs", "kilogram", "kilograms"), 0.001),
    **dict.fromkeys(("lb", "lbs", "pounds"), 0.00045359237),
}


def tonnes(text: str, label: str = "", *, kg_above: float = 1000.0, bare: bool = True) -> float | None:
    """A weight in tonnes.

    The unit is taken from the value, then from the label. Without one, figures from `kg_above` on are
    kilograms, for no aircraft weighs as many tonnes; smaller ones are tonnes if `bare`, else an error.
    """
    line = words(text)
    if line is None:
        return None
    if line.casefold() in ("nil", "none", "empty"):
        return 0.0
    found = _WEIGHT.fullmatch(line)
    if not found:
        raise ValueError("is no weight; write it as 35 t or 35000 kg")
    number = _number(found[1].strip())
    units = (found[2].casefold(), *re.findall(r"[a-z]+", label.casefold()))
    unit = units[0] or next((one for one in units if one in _UNITS), "")
    if unit and unit not in _UNITS:
        raise ValueError(f"has the unit {unit}; write t or kg")
    if not unit and number < kg_above and not bare:
        raise ValueError("has no unit; write it as 35 t or 35000 kg")
    value = number * (_UNITS[unit] if unit else 0.001 if number >= kg_above else 1.0)
    if value > 1000:
        raise ValueError("is more than any aircraft weighs; check the unit")
    return round(value, 6)


def _number(text: str) -> float:
    """Digits with marks of thousands; a mark followed by one or two digits at the end is the decimal one."""
    found = re.fullmatch(r"([0-9]{1,3}(?:[ ',.][0-9]{3})*|[0-9]+)(?:[.,]([0-9]{1,2}|[0-9]{4,}))?", text)
    if not found or len(text) > 30:
        raise ValueError("is no plain number; write digits with a point")
    return float(re.sub(r"[^0-9]", "", found[1]) + "." + (found[2] or "0"))


def state_code(text: str) -> str | None:
    """ISO alpha-3 of a state."""
    line = words(text)
    if line is None:
        return None
    try:
        return state(line)
    except InputError as error:
        raise ValueError(f"{error.what}; {error.mend}") from None


def day(text: str, *, dof: bool = False) -> date | None:
    """A day in one of the forms in use; ``3/4/2026`` could be two days and is refused.

    Six digits are a day only as flight plans write it (`dof`, YYMMDD): elsewhere many write DDMMYY.
    """
    line = words(text)
    if line is None:
        return None
    upper = re.sub(r"^(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\.?,?\s+", "", line.upper())
    if re.fullmatch(r"[0-9]{6}", upper):
        if not dof:
            raise ValueError("could be two days; write it as 2008-08-07")
        return _date(2000 + int(upper[:2]), int(upper[2:4]), int(upper[4:]))
    if re.fullmatch(r"[0-9]{8}", upper):
        return _date(int(upper[:4]), int(upper[4:6]), int(upper[6:]))
    if found := _YEAR_FIRST.fullmatch(upper):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if (found := _NAMED.fullmatch(upper)) and found[2] in _MONTHS:
        year = int(found[3])
        return _date(year if year > 99 else 2000 + year, _MONTHS[found[2]], int(found[1]))
    if (found := _AMERICAN.fullmatch(upper)) and found[1] in _MONTHS:
        return _date(int(found[3]), _MONTHS[found[1]], int(found[2]))
    if found := _YEAR_LAST.fullmatch(upper):
        first, second = int(found[1]), int(found[3])
        if found[2] != "." and first <= 12 and second <= 12 and first != second:
            raise ValueError("could be two days; write it as 2008-08-07")
        month_first = found[2] != "." and second > 12
        return _date(int(found[4]), first if month_first else second, second if month_first else first)
    raise ValueError("is no day; write it as 2008-08-07")


def _date(year: int, month: int, number: int) -> date:
    if year not in _YEARS:
        raise ValueError(f"is in the year {year}; check it")
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError("is no day of the calendar; check the month and the day") from None


def moment(text: str, on: date | None = None) -> datetime | date | None:
    """A day, or an instant in UTC.

    Parameters
    ----------
    text : str
        A day, a time of day, or both.
    on : date, optional
        The day of a time that has none.

    Raises
    ------
    ValueError
        Unreadable, a time without a day, or a local time.
    """
    line = words(text)
    if line is None:
        return None
    iso = line.upper().replace("UTC", "Z").replace("GMT", "Z").replace(" Z", "Z")
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:?[0-9]{2}", iso):
        try:
            found = datetime.fromisoformat(iso)
        except ValueError:
            raise ValueError("is no instant; write it as 2008-08-07T03:00Z") from None
        if found.year not in range(_YEARS.start + 1, _YEARS.stop - 1):
            raise ValueError(f"is in the year {found.year}; check it")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if re.search(r"\b(?:LT|LOCAL|LCL|LMT)\b", iso):
        raise ValueError("is a local time; give it in UTC")
    bare = re.sub(r"(?<=[0-9])\s*(?:Z|HRS|HOURS|H)$", "", iso).strip()
    if (found_time := _TIME.fullmatch(bare)) and not re.fullmatch(r"[0-9]{6}", bare):
        if on is None:
            raise ValueError("is a time without a day; give the day too")
        return _at(on, found_time)
    try:
        return day(bare)
    except ValueError as error:
        fault = error
    for at in (m.start() for m in re.finditer(r"[\s/,T]", bare)):
        first, last = bare[:at].strip(" ,/"), bare[at + 1 :].strip(" ,/")
        for one, other in ((first, last), (last, first)):
            if (found_time := _TIME.fullmatch(re.sub(r"(?:Z|H)$", "", other))) is None:
                continue
            try:
                whole = day(one)
            except ValueError:
                continue
            if whole is not None:
                return _at(whole, found_time)
    raise fault


def _at(on: date, found: re.Match[str]) -> datetime:
    return datetime.combine(on, time(int(found[1]), int(found[2]), int(found[3] or 0)), UTC)


def place(text: str) -> str | None:
    """The aerodrome code in a text such as ``Pyongyang (ZKPY)``; without one, the text itself."""
    line = words(text)
    if line is None:
        return None
    if re.fullmatch(r"[A-Za-z]{3,4}", line):
        return line.upper()
    for form in (r"\b[A-Z]{4}\b", r"\b[A-Z]{3}\b"):
        found: set[str] = set(re.findall(form, line))
        if len(found) == 1 and not line.isupper():
            return found.pop()
        # All in capitals, a code and a name look alike: it must stand apart.
        marked = re.findall(rf"[(/]\s*({form})\s*(?:[)/]|$)|^({form})\s*[(/-]", line)
        codes: set[str] = {part for pair in marked for part in pair if part}
        if len(codes) == 1:
            return codes.pop()
    return line


def places(text: str) -> tuple[str, ...]:
    """The aerodrome codes of an itinerary such as ``ZKPY-VYMD-OIIE``."""
    line = words(text)
    if line is None:
        return ()
    found = [part for part in _PARTED.split(line) if part]
    for part in found:
        if not re.fullmatch(r"[A-Za-z]{3,4}", part):
            raise ValueError(f"has {part[:30]!r}, which is no aerodrome code; write it as ZKPY-VYMD-OIIE")
    joined = [part.upper() for n, part in enumerate(found) if n == 0 or part.upper() != found[n - 1].upper()]
    if len(joined) < 2:
        raise ValueError("names fewer than two aerodromes; write it as ZKPY-VYMD-OIIE")
    if len(joined) > 21:
        raise ValueError("has more than 20 sectors; split the application")
    return tuple(joined)
