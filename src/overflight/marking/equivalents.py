"""How the levels of several scales are usually lined up: for people to look at, never for conversion.

Nothing in this program turns one scale's marking into another's: `overflight.marking.release` does not know
this table.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from overflight.marking.codes import read_csv

__all__ = ["Equivalent", "equivalents"]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One name of one scale at one rank.

    Attributes
    ----------
    rank : int
        4 for the highest line of the table, 0 for the lowest.
    scale : str
        ``us``, ``nato``, ``eu``, ``gb``, ``fr``, ``tlp`` or ``pap``.
    name : str
        The level's name.
    since, until : date or None
        First and last day of its use; None where the table knows none.
    verified : bool
        Whether the name was checked; the line-up between scales never was.
    source : str
        Where it is from.
    """

    rank: int
    scale: str
    name: str
    since: dt.date | None
    until: dt.date | None
    verified: bool
    source: str

    def covers(self, on: dt.date | None) -> bool:
        """Whether the name was in use on a day; an unknown day is covered."""
        return on is None or ((self.since or on) <= on <= (self.until or on))


@cache
def _rows() -> tuple[Equivalent, ...]:
    def day(text: str) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    return tuple(
        Equivalent(
            int(row["rank"]), row["scale"], row["name"], day(row["since"]), day(row["until"]),
            row["verified"] == "yes", row["source"],
        )
        for row in read_csv("equivalents.csv")
    )  # fmt: skip


def equivalents(on: dt.date | None = None) -> tuple[Equivalent, ...]:
    """The names in use on a day, highest line first; all of them when the day is not known.

    >>> [e.name for e in equivalents(dt.date(2022, 1, 1)) if e.scale == "fr"]
    ['TRES SECRET', 'SECRET']
    """
    return tuple(sorted((row for row in _rows() if row.covers(on)), key=lambda row: -row.rank))
