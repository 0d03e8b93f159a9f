"""Operators by ICAO designator or name, as of a day.

Designators are handed on: AWG was Air West of Georgia in 2009 and is another line today. Tips are vague too,
so an operator that no table knows is no error: it comes back as given, with ``known`` false.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from overflight.errors import InputError
from overflight.world.tables import table

__all__ = ["Operator", "operator", "operators"]

COLUMNS = (
    *("designator", "iata", "name", "call_sign", "aliases", "state", "from", "until", "seen"),
    *("verified", "note", "source"),
)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator, or what was given for one.

    Attributes
    ----------
    designator : str
        ICAO three-letter designator; empty when not known.
    iata, name, call_sign : str
        As far as known; empty otherwise.
    state : str or None
        ISO alpha-3 of the state of the operator; None when not known.
    known : bool
        Whether a table has it.
    verified : bool
        Whether the row was checked against its source; false for anything unknown.
    start, end : date or None
        First day, and first day no more, of this use of the designator, as far as known.
    seen : date or None
        A day on which the source shows it in use.
    notes : tuple of str
        What a person must know about the answer.
    source : str
        Keys of ``sources.csv``; empty for anything unknown.
    """

    designator: str
    iata: str
    name: str
    call_sign: str
    state: str | None
    known: bool
    verified: bool
    start: date | None = None
    end: date | None = None
    seen: date | None = None
    notes: tuple[str, ...] = ()
    source: str = ""

    def distance_days(self, on: date) -> int:
        """How far a day lies outside the time of this use, then from the day it was seen; 0 for inside."""
        if (self.start and on < self.start) or (self.end and on >= self.end):
            return 10**7
        return abs((on - self.seen).days) if self.seen else 10**6


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


@cache
def _rows() -> tuple[tuple[Operator, tuple[str, ...]], ...]:
    """Every row with the names it answers to."""
    found = []
    for row in table("operators.csv", COLUMNS):
        note = row.text("note")
        entry = Operator(
            designator=row.text("designator"),
            iata=row.text("iata"),
            name=row.text("name"),
            call_sign=row.text("call_sign"),
            state=row.text("state") or None,
            known=True,
            verified=row.flag("verified"),
            start=row.day("from"),
            end=row.day("until"),
            seen=row.day("seen"),
            notes=(note,) if note else (),
            source=row.text("source"),
        )
        if not entry.designator and not entry.name:
            raise row.fault("name", "neither a designator nor a name")
        names = (entry.name, entry.call_sign, *row.words("aliases", by="|"))
        found.append((entry, tuple(dict.fromkeys(_key(name) for name in names if name))))
    return tuple(found)


def operators() -> tuple[Operator, ...]:
    """Every operator of the table."""
    return tuple(entry for entry, _ in _rows())


def operator(text: str, on: date | None = None) -> Operator:
    """The operator behind a designator or a name.

    Parameters
    ----------
    text : str
        ICAO designator, or a name, in any case.
    on : date, optional
        The day of the flight; without it, the latest use.

    Returns
    -------
    Operator
        With ``known`` false when no table has it: a three-letter text is then kept as a designator, any other
        as a name.

    Raises
    ------
    InputError
        An empty text.

    Examples
    --------
    >>> operator("kor").name, operator("Some Charter Co").known
    ('Air Koryo', False)
    """
    asked = " ".join(text.split())
    if not asked:
        raise InputError("the operator is empty", mend="give an ICAO designator such as KOR, or a name")
    code = asked.upper()
    uses = [entry for entry, _ in _rows() if entry.designator == code]
    if not uses:
        key = _key(asked)
        uses = [entry for entry, names in _rows() if key and key in names]
        # One name may stand in two rows; that is no handing on, so nothing to choose by day.
        return uses[0] if uses else _unknown(asked)
    return _chosen(code, uses, on)


def _chosen(code: str, uses: list[Operator], on: date | None) -> Operator:
    if len(uses) == 1:
        return uses[0]
    if on is None:
        best = max(uses, key=lambda use: (use.end is None, use.seen or date.min))
    else:
        best = min(uses, key=lambda use: use.distance_days(on))
    others = ", ".join(_use(use) for use in uses if use is not best)
    return replace(
        best, notes=(f"{code} has been used by others: {others}; this is {_use(best)}", *best.notes)
    )


def _use(use: Operator) -> str:
    when = [f"from {use.start}" if use.start else "", f"until {use.end}" if use.end else ""]
    spans = [part for part in when if part] or ([f"seen {use.seen}"] if use.seen else [])
    return f"{use.name or use.designator} ({' '.join([*spans, use.state or '']).strip()})"


def _unknown(asked: str) -> Operator:
    by_iata = [entry for entry in operators() if entry.iata and entry.iata == asked.upper()]
    notes = [f"no table knows the operator {asked}"]
    if by_iata:
        notes.append(f"{asked.upper()} is the IATA code of {_list(by_iata)}; give the ICAO designator")
    is_code = len(asked) == 3 and asked.isascii() and asked.isalpha() and asked.isupper()
    return Operator(
        designator=asked if is_code else "",
        iata="",
        name="" if is_code else asked,
        call_sign="",
        state=None,
        known=False,
        verified=False,
        notes=tuple(notes),
    )


def _list(entries: Iterable[Operator]) -> str:
    return ", ".join(f"{entry.name} ({entry.designator})" for entry in entries)
