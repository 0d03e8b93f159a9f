"""The shipped meetings, recurring categories and memberships."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from overflight.meetings.model import Category, Group, Meeting, Part, Place
from overflight.meetings.recurrence import days, parse_rule
from overflight.world.tables import Row, records

__all__ = ["DATA", "categories", "groups", "is_member", "recurring", "shipped"]

DATA = Path(__file__).parent / "data"
MEETING_COLUMNS = (
    *("id", "series", "name", "kind", "level", "city", "state", "aerodromes", "first", "last", "parts"),
    *("travel", "participants", "event_verified", "days_verified", "note", "source"),
)
RECURRING_COLUMNS = (
    *("id", "category", "name", "city", "state", "aerodromes", "rule", "days", "from", "until"),
    *("participants", "level", "exact", "verified", "note", "source"),
)
GROUP_COLUMNS = ("group", "name", "states", "from", "until", "verified", "source")


def _place(row: Row) -> Place:
    return Place(row.text("city"), row.text("state") or None, row.words("aerodromes"))


def _needed(row: Row, column: str) -> date:
    row.needed(column)
    found = row.day(column)
    assert found is not None
    return found


def _parts(row: Row) -> Iterator[Part]:
    for text in row.words("parts", by="|"):
        name, _, span = text.rpartition(" ")
        try:
            first, last = (date.fromisoformat(day) for day in span.split("/"))
        except ValueError:
            raise row.fault("parts", f"{text!r} is not NAME FIRST/LAST") from None
        yield Part(name, first, last)


def _participants(row: Row) -> tuple[str, ...]:
    keys = row.words("participants")
    for key in keys:
        if key not in groups():
            raise row.fault("participants", f"groups.csv has no {key}")
    return keys


@cache
def shipped() -> tuple[Meeting, ...]:
    """Every dated meeting of the table, in its order."""
    found = []
    for row in records(DATA / "meetings.csv", MEETING_COLUMNS):
        meeting = Meeting(
            id=row.needed("id"),
            name=row.needed("name"),
            series=row.needed("series"),
            kind=row.needed("kind"),
            level=row.needed("level"),
            place=_place(row),
            first=_needed(row, "first"),
            last=_needed(row, "last"),
            parts=tuple(_parts(row)),
            travel=row.flag("travel"),
            groups=_participants(row),
            event_verified=row.flag("event_verified"),
            days_verified=row.flag("days_verified"),
            note=row.text("note"),
            source=row.text("source"),
        )
        if meeting.last < meeting.first:
            raise row.fault("last", "is before the first day")
        found.append(meeting)
    return tuple(found)


@cache
def categories() -> tuple[Category, ...]:
    """Recurring kinds of meetings; those without a rule need a calendar."""
    return tuple(
        Category(
            id=row.needed("id"),
            category=row.needed("category"),
            name=row.needed("name"),
            level=row.needed("level"),
            place=_place(row),
            rule=row.text("rule"),
            days=int(row.number("days") or 1),
            start=row.day("from"),
            until=row.day("until"),
            groups=_participants(row),
            exact=row.flag("exact"),
            verified=row.flag("verified"),
            note=row.text("note"),
            source=row.text("source"),
        )
        for row in records(DATA / "recurring.csv", RECURRING_COLUMNS)
    )


def recurring(first: date, last: date) -> Iterator[Meeting]:
    """Occurrences of the recurring categories that touch the days from `first` to `last`."""
    for one in categories():
        if not one.rule or one.start is None:
            continue
        for day in days(parse_rule(one.rule), one.start, min(last, one.until or last)):
            end = day + timedelta(days=one.days - 1)
            if end < first:
                continue
            yield Meeting(
                id=f"{one.id}-{day.year}",
                name=one.name,
                series=one.category,
                kind=one.category,
                level=one.level,
                place=one.place,
                first=day,
                last=end,
                groups=one.groups,
                exact=one.exact,
                event_verified=one.verified,
                days_verified=False,
                note=one.note,
                source=one.source,
            )


@cache
def groups() -> dict[str, tuple[Group, ...]]:
    """Memberships by the key of the organisation."""
    found: dict[str, tuple[Group, ...]] = {}
    for row in records(DATA / "groups.csv", GROUP_COLUMNS):
        key = row.needed("group")
        entry = Group(
            key,
            row.needed("name"),
            frozenset(row.words("states")),
            row.day("from"),
            row.day("until"),
            row.flag("verified"),
            row.needed("source"),
        )
        found[key] = (*found.get(key, ()), entry)
    return found


def is_member(state: str, group: str, on: date) -> Group | None:
    """The membership of a state on a day; None when it is no member.

    >>> is_member("PRK", "NAM", date(2008, 7, 29)).name
    'Non-Aligned Movement'
    """
    for entry in groups().get(group, ()):
        if (
            state in entry.states
            and not (entry.start and on < entry.start)
            and not (entry.end and on >= entry.end)
        ):
            return entry
    return None
