"""Meetings: dated public events that may explain a flight innocently. Models only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Category", "Group", "Meeting", "Part", "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting is.

    Attributes
    ----------
    city : str
        English name; empty when not known.
    state : str or None
        ISO alpha-3; None when not known, or for a meeting held online.
    aerodromes : tuple of str
        Indicators of those near it, those that delegations use first.
    lonlat : (float, float) or None
        Degrees, WGS-84, when a calendar gives it.
    """

    city: str = ""
    state: str | None = None
    aerodromes: tuple[str, ...] = ()
    lonlat: tuple[float, float] | None = None

    @property
    def known(self) -> bool:
        """Whether anything can be compared with it."""
        return bool(self.state or self.aerodromes or self.lonlat)


@dataclass(frozen=True, slots=True)
class Part:
    """Days within a meeting at which a rank meets: officials, ministers, heads of state."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting on its days.

    Attributes
    ----------
    id, name : str
    series : str
        What it belongs to: ``NAM``, ``UNGA``, a category, or the name of a calendar.
    kind : str
        ``summit``, ``ministerial``, ``general debate``, ``national day``, ``trade fair`` …
    level : str
        Rank of the delegations.
    place : Place
    first, last : date
        Days at the place, both included.
    parts : tuple of Part
        Ranks that meet on days of their own.
    travel : bool
        False when it was held online: it explains no flight.
    groups : tuple of str
        Organisations whose members take part, as `members` knows them.
    states : tuple of str
        Further participants, alpha-3.
    confirmed : tuple of str
        States whose delegation is confirmed, alpha-3.
    exact : bool
        False when the days are a rule of thumb: the meeting is some time between them.
    event_verified, days_verified : bool
        Whether the event, and its days, were checked against a source.
    note, source : str
    calendar : str
        The calendar file it comes from; empty for the shipped ones.
    """

    id: str
    name: str
    series: str
    kind: str
    level: str
    place: Place
    first: date
    last: date
    parts: tuple[Part, ...] = ()
    travel: bool = True
    groups: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    exact: bool = True
    event_verified: bool = False
    days_verified: bool = False
    note: str = ""
    source: str = ""
    calendar: str = ""

    @property
    def openings(self) -> tuple[date, ...]:
        """First days of the meeting and of its parts: a minister need not come with the officials."""
        return tuple(sorted({self.first, *(part.first for part in self.parts)}))

    @property
    def closings(self) -> tuple[date, ...]:
        """Last days of the meeting and of its parts."""
        return tuple(sorted({self.last, *(part.last for part in self.parts)}))


@dataclass(frozen=True, slots=True)
class Category:
    """A recurring kind of meeting: with a rule, or to be supplied as a calendar.

    Attributes
    ----------
    id, category, name, level : str
    place : Place
    rule : str
        Recurrence rule of RFC 5545; empty when there is none and calendars must be imported.
    days : int
        Length, from each day of the rule.
    start : date or None
        First occurrence that the rule may be used for.
    groups : tuple of str
    exact, verified : bool
        As in `Meeting`.
    note, source : str
    """

    id: str
    category: str
    name: str
    level: str
    place: Place
    rule: str
    days: int
    start: date | None
    until: date | None
    groups: tuple[str, ...]
    exact: bool
    verified: bool
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """States that were members of an organisation during a time."""

    key: str
    name: str
    states: frozenset[str]
    start: date | None
    end: date | None
    verified: bool
    source: str
