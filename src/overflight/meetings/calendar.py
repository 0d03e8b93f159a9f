"""iCalendar files (RFC 5545) as meetings.

A file is read whole or not at all. Days are those at the place, as written, whatever the time zone; DTEND of
a whole day is the day after the last. What a calendar cannot say by itself, it may say in properties of its
own: ``X-OVERFLIGHT-STATE``, ``-CITY``, ``-AERODROMES``, ``-PARTICIPANTS`` (organisations and states),
``-CONFIRMED`` (states), ``-KIND``, ``-LEVEL``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from overflight.errors import InputError
from overflight.meetings.model import Meeting, Place
from overflight.meetings.recurrence import Rule, days, parse_rule
from overflight.meetings.table import groups
from overflight.world.aerodromes import aerodrome
from overflight.world.states import state

__all__ = ["MAX_BYTES", "Calendar", "calendars_in", "parse_calendar", "read_calendar"]

MAX_BYTES = 20_000_000
_MOST_EVENTS = 50_000
_YEARS = range(1900, 2201)
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One event with its rule; `meeting` is its first occurrence."""

    meeting: Meeting
    rule: Rule | None
    extra: tuple[date, ...]
    without: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar file.

    Attributes
    ----------
    name : str
        File name, or the name that the calendar gives itself.
    """

    name: str
    entries: tuple[_Entry, ...]

    def between(self, first: date, last: date) -> Iterator[Meeting]:
        """Every meeting that touches the days from `first` to `last`, both included."""
        for entry in self.entries:
            whole = entry.meeting
            length = whole.last - whole.first
            starts = {whole.first, *entry.extra}
            if entry.rule:
                starts = {*entry.extra, *days(entry.rule, whole.first, last)}
            for start in sorted(starts - entry.without):
                if start <= last and start + length >= first:
                    many = entry.rule is not None or entry.extra
                    yield replace(
                        whole,
                        id=f"{whole.id}@{start.isoformat()}" if many else whole.id,
                        first=start,
                        last=start + length,
                    )


def read_calendar(path: str | Path) -> Calendar:
    """Read a calendar file.

    Raises
    ------
    InputError
        The file is missing, is no calendar, or any event of it is broken; the event is named.
    """
    path = Path(path)
    name = str(path)
    if path.is_dir():
        raise InputError("is a folder", where=name, mend="name an .ics file in it")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file", where=name, mend="check the path") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=name, mend="check its rights") from None
    return parse_calendar(data, name)


def parse_calendar(data: bytes, name: str = "calendar.ics") -> Calendar:
    """A calendar from its bytes; errors as in `read_calendar`."""
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES // 1_000_000} MB", where=name, mend="split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8", where=f"{name}:{line}", mend="save it as UTF-8") from None
    calendars = _components(text, name)
    entries: list[_Entry] = []
    overrides: list[tuple[str, date]] = []
    for calendar in calendars:
        for number, event in enumerate(calendar.walk("VEVENT"), 1):
            if len(entries) > _MOST_EVENTS:
                raise InputError(f"has more than {_MOST_EVENTS:,} events", where=name, mend="split it")
            title = _text(event, "SUMMARY") or _text(event, "UID") or f"event {number}"
            where = f"{name}: event {number} ({title[:60]})"
            moved = event.get("RECURRENCE-ID")
            if moved is not None:
                overrides.append((_text(event, "UID"), _day(moved, "RECURRENCE-ID", where)))
            if _text(event, "STATUS").upper() == "CANCELLED":
                continue
            entries.append(_entry(event, number, title, where, name, moved is not None))
    # An occurrence that was moved or cancelled takes the place of the one that the rule gives.
    for uid, day in overrides:
        entries = [
            replace(entry, without=entry.without | {day}) if entry.rule and entry.meeting.id == uid else entry
            for entry in entries
        ]
    return Calendar(name, tuple(entries))


def _components(text: str, name: str) -> list[Any]:
    import icalendar

    begins = len(re.findall(r"^BEGIN:", text, re.MULTILINE | re.IGNORECASE))
    ends = len(re.findall(r"^END:", text, re.MULTILINE | re.IGNORECASE))
    if not begins:
        raise InputError(
            "is no calendar", where=name, mend="name an iCalendar file: it begins BEGIN:VCALENDAR"
        )
    if begins != ends:
        raise InputError("is cut off: a BEGIN has no END", where=name, mend="fetch the whole calendar again")
    try:
        found = icalendar.Calendar.from_ical(text, multiple=True)
    except Exception as error:
        # The package raises errors of many kinds on broken files; all of them mean the same to a person.
        what = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(f"is no readable calendar ({what})", where=name, mend="fetch it again") from None
    calendars = [one for one in found if getattr(one, "name", "") == "VCALENDAR"]
    if not calendars:
        raise InputError("holds no VCALENDAR", where=name, mend="name an iCalendar file")
    for calendar in calendars:
        for part in calendar.walk():
            if part.name == "VEVENT" and part.errors:
                field, what = part.errors[0]
                title = _text(part, "SUMMARY")[:60]
                raise InputError(
                    f"{field} is not understood ({' '.join(str(what).split())[:80]})",
                    where=f"{name}: event {title}".rstrip(),
                    mend="mend that event",
                )
    return calendars


def _text(event: Any, field: str) -> str:
    value = event.get(field)
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(str(value).split()) if value is not None else ""


def _value(prop: Any, field: str, where: str) -> date | datetime:
    if isinstance(prop, list):
        prop = prop[0]
    value = getattr(prop, "dt", None)
    if not isinstance(value, date):
        raise InputError(f"{field} is no day", where=where, mend="write it as 20080807")
    if value.year not in _YEARS:
        raise InputError(f"{field} is in the year {value.year}", where=where, mend="check it")
    return value


def _day(prop: Any, field: str, where: str) -> date:
    """The day as written at the place: a time keeps the day of its own zone."""
    value = _value(prop, field, where)
    return value.date() if isinstance(value, datetime) else value


def _last(event: Any, first: date, where: str) -> date:
    if (end := event.get("DTEND")) is not None:
        value = _value(end, "DTEND", where)
        if isinstance(value, datetime):
            midnight = value.hour == value.minute == value.second == 0
            last = value.date() - timedelta(days=1) if midnight and value.date() > first else value.date()
        else:
            last = value - timedelta(days=1) if value > first else value
    elif (lasts := event.get("DURATION")) is not None:
        span = getattr(lasts, "dt", None)
        if not isinstance(span, timedelta) or span < timedelta():
            raise InputError("DURATION is no length of time", where=where, mend="write it as P3D")
        begin = _value(event.get("DTSTART"), "DTSTART", where)
        if span > _LONGEST:
            raise InputError("lasts more than a year", where=where, mend="check its DURATION")
        if isinstance(begin, datetime):
            end_at = begin + span
            midnight = end_at.hour == end_at.minute == end_at.second == 0
            last = end_at.date() - timedelta(days=1) if midnight and end_at.date() > first else end_at.date()
        else:
            last = first + timedelta(days=max(span.days - 1, 0))
    else:
        last = first
    if last < first:
        raise InputError("ends before it begins", where=where, mend="check DTSTART and DTEND")
    if last - first > _LONGEST:
        raise InputError("lasts more than a year", where=where, mend="check DTSTART and DTEND")
    return last


def _entry(event: Any, number: int, title: str, where: str, name: str, alone: bool) -> _Entry:
    if event.get("DTSTART") is None:
        raise InputError("has no DTSTART", where=where, mend="give the day on which it begins")
    first = _day(event.get("DTSTART"), "DTSTART", where)
    last = _last(event, first, where)
    uid = _text(event, "UID") or f"{Path(name).name}-{number}"
    parties, states = _parties(event, where)
    confirmed = _states(event, "X-OVERFLIGHT-CONFIRMED", where)
    kinds = event.get("CATEGORIES")
    kind = _text(event, "X-OVERFLIGHT-KIND") or _category(kinds) or "calendar"
    meeting = Meeting(
        id=uid if not alone else f"{uid}@{first.isoformat()}",
        name=title,
        series=Path(name).name,
        kind=kind.casefold()[:60],
        level=_text(event, "X-OVERFLIGHT-LEVEL"),
        place=_place(event, where),
        first=first,
        last=last,
        groups=parties,
        states=states,
        confirmed=confirmed,
        note=_text(event, "DESCRIPTION")[:300],
        source=_text(event, "URL") or Path(name).name,
        calendar=name,
    )
    rule = _rule(event, where)
    return _Entry(
        meeting,
        None if alone else rule,
        _dates(event, "RDATE", where),
        frozenset(_dates(event, "EXDATE", where)),
    )


def _category(kinds: Any) -> str:
    one = kinds[0] if isinstance(kinds, list) and kinds else kinds
    cats = getattr(one, "cats", None)
    return str(cats[0]) if cats else ""


def _rule(event: Any, where: str) -> Rule | None:
    prop = event.get("RRULE")
    if prop is None:
        return None
    if isinstance(prop, list):
        raise InputError("has several rules of recurrence", where=where, mend="split the event")
    try:
        return parse_rule(prop.to_ical().decode("utf-8"))
    except ValueError as error:
        raise InputError(
            f"its recurrence rule is not understood: {error}", where=where, mend="mend RRULE"
        ) from None


def _dates(event: Any, field: str, where: str) -> tuple[date, ...]:
    prop = event.get(field)
    if prop is None:
        return ()
    found = []
    for one in prop if isinstance(prop, list) else [prop]:
        for value in getattr(one, "dts", ()):
            moment = getattr(value, "dt", None)
            moment = moment[0] if isinstance(moment, tuple) else moment
            if not isinstance(moment, date) or moment.year not in _YEARS:
                raise InputError(f"{field} is no day", where=where, mend="write it as 20080807")
            found.append(moment.date() if isinstance(moment, datetime) else moment)
    return tuple(found)


def _states(event: Any, field: str, where: str) -> tuple[str, ...]:
    found = []
    for word in re.split(r"[,;]", _text(event, field).replace("\\", "")):
        if word.strip():
            try:
                found.append(state(word))
            except InputError as error:
                raise InputError(f"{field}: {error.what}", where=where, mend=error.mend) from None
    return tuple(dict.fromkeys(found))


def _parties(event: Any, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parties, states = [], []
    for word in re.split(r"[,;]", _text(event, "X-OVERFLIGHT-PARTICIPANTS").replace("\\", "")):
        if word.strip().upper() in groups():
            parties.append(word.strip().upper())
        elif word.strip():
            try:
                states.append(state(word))
            except InputError as error:
                field = "X-OVERFLIGHT-PARTICIPANTS"
                raise InputError(f"{field}: {error.what}", where=where, mend=error.mend) from None
    return tuple(parties), tuple(states)


def _place(event: Any, where: str) -> Place:
    """What the event's own properties say, then GEO, then LOCATION as far as it names a state."""
    codes = []
    for word in re.split(r"[\s,;]+", _text(event, "X-OVERFLIGHT-AERODROMES").replace("\\", "")):
        if word:
            try:
                codes.append(aerodrome(word).key)
            except InputError as error:
                raise InputError(error.what, where=where, mend=error.mend) from None
    given = _states(event, "X-OVERFLIGHT-STATE", where)
    city, country = _text(event, "X-OVERFLIGHT-CITY"), given[0] if given else None
    pieces = [
        piece.strip() for piece in _text(event, "LOCATION").replace("\\", "").split(",") if piece.strip()
    ]
    if country is None:
        # Two letters may be a province as well: "San Francisco, CA" is not in Canada.
        for piece in [one for one in reversed(pieces) if len(one) > 2]:
            try:
                country = state(piece)
            except InputError:
                continue
            pieces.remove(piece)
            break
    if not city and country is not None and pieces:
        city = pieces[-1]
    lonlat = None
    geo = event.get("GEO")
    if geo is not None:
        try:
            lat, lon = float(geo.latitude), float(geo.longitude)
        except (AttributeError, TypeError, ValueError):
            raise InputError(
                "GEO is no latitude and longitude", where=where, mend="write it as 35.7;51.4"
            ) from None
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise InputError("GEO is no latitude and longitude", where=where, mend="write it as 35.7;51.4")
        lonlat = (lon, lat)
    return Place(city[:80], country, tuple(codes), lonlat)


def calendars_in(home: Path) -> tuple[Calendar, ...]:
    """The desk's own calendars: every ``meetings/*.ics`` in its folder, by name."""
    folder = home / "meetings"
    if not folder.is_dir():
        return ()
    return tuple(read_calendar(path) for path in sorted(folder.glob("*.ics")))
