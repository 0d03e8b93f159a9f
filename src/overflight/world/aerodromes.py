"""Aerodromes by ICAO location indicator or IATA code, as of the date of the flight.

Codes change hands: Tashkent was UTTT until 1 October 2025 and is UZTT now; IST was Atatürk's and is the new
airport's. A code is therefore looked up for a date. One that was not in use on that date still resolves,
and the notes of the answer say what was in use then.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache

from overflight.errors import DataError, UnknownCodeError
from overflight.world.tables import DATA, Row, read, table

__all__ = ["Aerodrome", "aerodrome", "aerodromes_of", "state_of_indicator"]

COLUMNS = (
    *("icao", "iata", "name", "city", "state", "lon", "lat"),
    *("elevation_m", "runway_m", "surface", "size", "source"),
)
OVERRIDE_COLUMNS = (*COLUMNS[:-1], "note", "source")
CHANGE_COLUMNS = ("aerodrome", "code", "from", "until", "instead", "verified", "note", "source")
PAIR_COLUMNS = ("code", "aerodrome", "source")
UNKNOWN_DAY = "?"
SIZES = ("large", "medium", "small", "")


@dataclass(frozen=True, slots=True)
class Aerodrome:
    """One aerodrome, with the codes in force on the day asked for.

    Attributes
    ----------
    key : str
        Its lasting name in the tables, today's indicator: two lookups found one place when keys agree.
    icao, iata : str
        Codes in force on the day asked for, or today; `iata` may be empty.
    name, city : str
        English names.
    state : str
        ISO alpha-3 of the state, or of the territory (French Guiana: GUF); the airspace says who
        grants permission there.
    lon, lat : float
        Degrees, WGS-84.
    elevation_m, longest_runway_m : int or None
        Metres; None where the sources say nothing.
    surface : str
        Of the longest runway: ``paved``, ``unpaved`` or empty.
    size : str
        Class of the aerodrome: ``large``, ``medium``, ``small`` or empty.
    notes : tuple of str
        What a person must know about the code that was asked for.
    source : str
        Keys of ``sources.csv``.
    """

    key: str
    icao: str
    iata: str
    name: str
    city: str
    state: str
    lon: float
    lat: float
    elevation_m: int | None
    longest_runway_m: int | None
    surface: str
    size: str
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class _Use:
    """A code in use for an aerodrome from a day until (not including) another."""

    aerodrome: str
    code: str
    start: date | None
    end: date | None
    start_unknown: bool
    end_unknown: bool
    instead: str
    verified: bool
    note: str

    def holds(self, on: date | None) -> bool:
        """Whether the code is in use on a day, or today for None; a change of unknown day counts as past."""
        if self.end_unknown or (on is None and self.end is not None):
            return False
        return on is None or (
            (self.start is None or self.start <= on) and (self.end is None or on < self.end)
        )


_Entry = tuple[str, ...]


@cache
def _entries() -> dict[str, _Entry]:
    rows = read(DATA / "aerodromes.csv", COLUMNS)
    entries = {row[0]: row for row in rows}
    if len(entries) != len(rows):
        raise DataError("an indicator is there twice", where="aerodromes.csv")
    return entries


@cache
def _iata() -> dict[str, str]:
    found: dict[str, str] = {}
    entries = _entries()
    for key, row in entries.items():
        code = row[1]
        if code and (code not in found or _weight(row) < _weight(entries[found[code]])):
            found[code] = key
    return found


def _weight(row: _Entry) -> tuple[int, int]:
    """Sorts the aerodromes people mean most often first."""
    return SIZES.index(row[10]), -int(row[8] or 0)


@cache
def _uses() -> dict[str, tuple[_Use, ...]]:
    """The dated codes, by code."""
    found: dict[str, tuple[_Use, ...]] = {}
    for row in table("aerodrome_changes.csv", CHANGE_COLUMNS):
        use = _use(row)
        found[use.code] = (*found.get(use.code, ()), use)
    return found


def _use(row: Row) -> _Use:
    start, end = row.text("from"), row.text("until")
    if row.needed("aerodrome") not in _entries():
        raise row.fault("aerodrome", f"aerodromes.csv has no {row.text('aerodrome')}")
    if len(row.needed("code")) not in (3, 4):
        raise row.fault("code", "neither a four-letter indicator nor a three-letter code")
    return _Use(
        row.text("aerodrome"),
        row.text("code"),
        None if start == UNKNOWN_DAY else row.day("from"),
        None if end == UNKNOWN_DAY else row.day("until"),
        start == UNKNOWN_DAY,
        end == UNKNOWN_DAY,
        row.text("instead"),
        row.flag("verified"),
        row.text("note"),
    )


@cache
def _uses_of(aerodrome_key: str, length: int) -> tuple[_Use, ...]:
    return tuple(
        use
        for uses in _uses().values()
        for use in uses
        if use.aerodrome == aerodrome_key and len(use.code) == length
    )


@cache
def _pairs() -> dict[str, str]:
    return {row.needed("code"): row.needed("aerodrome") for row in table("aerodrome_pairs.csv", PAIR_COLUMNS)}


def aerodrome(code: str, on: date | None = None) -> Aerodrome:
    """The aerodrome behind a code.

    Parameters
    ----------
    code : str
        ICAO location indicator or IATA code, in any case.
    on : date, optional
        The day of the flight; without it, today's codes.

    Returns
    -------
    Aerodrome
        Its `notes` say so when the code was not the one in use on that day.

    Raises
    ------
    UnknownCodeError
        No table has the code; the message names near ones, also by city.

    Examples
    --------
    >>> aerodrome("fnj").icao
    'ZKPY'
    >>> aerodrome("UZTT", date(2008, 8, 7)).notes
    ('UZTT has been in use since 2 October 2025; on 2008-08-07 it was UTTT',)
    """
    asked = "".join(code.split()).upper()
    uses = _uses().get(asked, ())
    if uses:
        use, notes = _dated(asked, uses, on)
        return _build(use.aerodrome, on, notes)
    if asked in _entries():
        return _build(asked, on, ())
    if asked in _iata():
        return _build(_iata()[asked], on, ())
    if (key := _pairs().get(asked)) is not None:
        return _build(
            key,
            on,
            (f"{asked} and {key} are both listed for this aerodrome; when each is in use is not known",),
        )
    raise UnknownCodeError(f"{code.strip()!r} is not a known aerodrome", mend=_mend(code))


def _dated(asked: str, uses: tuple[_Use, ...], on: date | None) -> tuple[_Use, tuple[str, ...]]:
    """The use of a code that a day picks, and what to say about it."""
    for use in uses:
        if use.holds(on):
            if on is not None and use.start_unknown:
                former = _in_force(use, on, former=True)
                return use, (_doubt(f"{asked} replaced {former} on a day that is not known", use),)
            return use, ()
    use = min(uses, key=lambda use: _days_off(use, on))
    if use.end_unknown:
        now = _in_force(use, None) or use.aerodrome
        return use, (_doubt(f"{asked} gave way to {now} on a day that is not known", use),)
    parts = []
    if on is not None and use.start is not None and on < use.start:
        parts.append(f"{asked} has been in use since {_people(use.start)}")
    elif use.end is not None:
        parts.append(f"{asked} was in use until {_people(use.end - timedelta(days=1))}")
    then = _in_force(use, on)
    if then and then != asked:
        parts.append(f"on {on.isoformat()} it was {then}" if on else f"it is {then} now")
    elif use.instead and on is not None and use.start is not None and on < use.start:
        other = _entries().get(use.instead)
        parts.append(f"on {on.isoformat()} the city used {use.instead}" + (f" ({other[2]})" if other else ""))
    return use, (_doubt("; ".join(parts), use),)


def _days_off(use: _Use, on: date | None) -> int:
    """How far a day lies outside a use of a code; without a day, how long ago the use ended."""
    if on is None:
        return -(use.end or date.min).toordinal()
    if use.start is not None and on < use.start:
        return (use.start - on).days
    return (on - use.end).days if use.end is not None else 0


def _in_force(use: _Use, on: date | None, *, former: bool = False) -> str:
    """The code of the same kind that the aerodrome of `use` had on a day (or before, of unknown day)."""
    others = _uses_of(use.aerodrome, len(use.code))
    return next((o.code for o in others if (o.end_unknown if former else o.holds(on))), "")


def _doubt(text: str, use: _Use) -> str:
    return text if use.verified else f"{text} (unverified)"


def _people(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _build(key: str, on: date | None, notes: tuple[str, ...]) -> Aerodrome:
    row = _entries()[key]
    icao = next((use.code for use in _uses_of(key, 4) if use.holds(on)), key)
    uses = _uses_of(key, 3)
    iata = next((use.code for use in uses if use.holds(on)), "" if uses and on else row[1])
    try:
        return Aerodrome(
            key=key,
            icao=icao,
            iata=iata,
            name=row[2],
            city=row[3],
            state=row[4],
            lon=float(row[5]),
            lat=float(row[6]),
            elevation_m=int(row[7]) if row[7] else None,
            longest_runway_m=int(row[8]) if row[8] else None,
            surface=row[9],
            size=row[10],
            notes=notes,
            source=row[11],
        )
    except ValueError as error:
        raise DataError(f"a field of {key} is not a number ({error})", where="aerodromes.csv") from error


def aerodromes_of(state: str) -> tuple[str, ...]:
    """Indicators of the aerodromes of a state or territory (alpha-3), those with most room first."""
    entries = _entries()
    return tuple(
        sorted((k for k, row in entries.items() if row[4] == state), key=lambda k: (_weight(entries[k]), k))
    )


def state_of_indicator(indicator: str, on: date | None = None) -> str | None:
    """State or territory (alpha-3) of an ICAO location indicator; None where it cannot be told.

    A control centre has an indicator and no aerodrome. Its state is that of all aerodromes whose indicators
    begin alike: the first letters name the region and the state (ICAO Doc 7910).
    """
    try:
        return aerodrome(indicator, on).state
    except UnknownCodeError:
        pass
    for length in (3, 2):
        states = {row[4] for key, row in _entries().items() if key.startswith(indicator[:length])}
        if len(states) == 1:
            return states.pop()
    return None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Aerodromes by the city or the name that people may type instead of a code."""
    found: dict[str, tuple[str, ...]] = {}
    for key, row in _entries().items():
        for spelling in {_fold(row[3]), _fold(row[3].split(",")[0]), _fold(row[2]).removesuffix(" airport")}:
            if spelling:
                found[spelling] = (*found.get(spelling, ()), key)
    return found


def _mend(text: str) -> str:
    """Near codes and cities of an unknown one, best known aerodromes first."""
    entries, places, iata = _entries(), _places(), _iata()
    wanted, asked = _fold(text), "".join(text.split()).upper()
    close = (
        [wanted] if wanted in places else get_close_matches(wanted, places, n=2, cutoff=0.8) if wanted else []
    )
    near = {key for place in close for key in places[place]}
    if not near and asked.isalnum() and len(asked) in (3, 4):
        codes = entries if len(asked) == 4 else iata
        one_off = (code for code in codes if sum(a != b for a, b in zip(code, asked, strict=False)) == 1)
        near = {code if len(asked) == 4 else iata[code] for code in one_off if len(code) == len(asked)}
    if not near:
        return "give an ICAO location indicator such as ZKPY, or an IATA code"
    best = sorted(near, key=lambda key: (_weight(entries[key]), key))[:3]
    return "did you mean " + " or ".join(f"{key} {entries[key][3] or entries[key][2]}" for key in best) + "?"
