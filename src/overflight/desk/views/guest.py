"""What a guest finds at the desk: his state's shelf, and nothing that depends on anything else."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from overflight.case.life.answers import decision as decision_of
from overflight.case.life.posts import local
from overflight.desk.access import Reader
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms
from overflight.desk.views.answers import waiting_answers
from overflight.desk.views.papers import sheet_of
from overflight.desk.views.shelves import shelf_of
from overflight.errors import InputError
from overflight.store.shelf import GuestAnswer, Released
from overflight.telegram.tables import rows

__all__ = [
    "MOST_CONDITIONS",
    "MOST_WORDS",
    "Choice",
    "Entry",
    "Given",
    "PaperPage",
    "capital_time",
    "choices",
    "deadlines",
    "entries",
    "give",
    "given_of",
    "paper_page",
    "waiting_answers",
]

#: Lengths of what a guest may write.
MOST_CONDITIONS, MOST_WORDS = 2000, 8000
_KINDS = {"approach": "Request", "update": "New facts", "thanks": "Thanks"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision that a state can give, in its own words."""

    code: str
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper in the list of a shelf; `words` says what the state has answered, empty while nothing."""

    paper: Released
    words: str
    answered_at: datetime | None
    due_local: str
    passed: bool


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One paper with the answers that its state gave."""

    paper: Released
    banner: str
    lines: tuple[tuple[str, str], ...]
    due_local: str
    passed: bool
    answers: tuple[tuple[GuestAnswer, str], ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was filled in."""

    decision: str
    conditions: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    text: str = ""


@cache
def choices() -> Mapping[str, Choice]:
    """What can be answered, in the order of the form."""
    text = (files("overflight.desk") / "data" / "guest_decisions.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Choice(row["code"], row["words"], row["hint"])
        for row in csv.DictReader(io.StringIO(text))
    }


def capital_time(state: str, moment: datetime | None) -> str:
    """``6 Aug 17:30 in New Delhi``: the clock of a state's capital; empty where no table knows it."""
    if moment is None:
        return ""
    day = moment.date().isoformat()
    for row in rows("posts.csv"):
        if row["state"] == state and row["kind"] == "embassy":
            timely = (not row["from"] or row["from"] <= day) and (not row["until"] or day <= row["until"])
            if timely:
                return local(moment, f"AMEMBASSY {row['place']}")
    return ""


def entries(rooms: Rooms, reader: Reader, papers: Sequence[Released] | None = None) -> tuple[Entry, ...]:
    """The list of a shelf, the newest first."""
    shelf = shelf_of(rooms, reader.state)
    last: dict[str, GuestAnswer] = {one.reference: one for one in shelf.answers()}
    now = rooms.clock()
    return tuple(
        Entry(
            one,
            choices()[given.decision].words if (given := last.get(one.reference)) else "",
            given.given_at if given else None,
            capital_time(one.state, one.due),
            bool(one.due and one.due < now),
        )
        for one in (shelf.released() if papers is None else papers)
    )


def paper_page(rooms: Rooms, reader: Reader, reference: str) -> PaperPage:
    """One paper.

    Raises
    ------
    FaultError
        404: there is none of this name on this state's shelf.
    """
    shelf = shelf_of(rooms, reader.state)
    paper = shelf.one(reference)
    if paper is None:
        raise FaultError(404)
    sheet = sheet_of(paper.paper)
    answers = tuple((one, choices()[one.decision].words) for one in shelf.answers(reference))
    return PaperPage(
        paper,
        sheet.banner,
        tuple((one.marking, one.text) for one in sheet.paper),
        capital_time(paper.state, paper.due),
        bool(paper.due and paper.due < rooms.clock()),
        answers,
        paper.kind != "thanks",
    )


def given_of(fields: Mapping[str, str]) -> Given:
    """An answer out of the fields of a form.

    Raises
    ------
    InputError
        Nothing is decided, a day is none, the validity runs backwards, or a text is too long.
    """
    code = fields.get("decision", "").strip()
    if not code:
        raise InputError("no decision is chosen", where="decision", mend="choose what your state decides")
    if code not in choices():
        raise InputError("there is no such decision", where="decision", mend=f"one of {', '.join(choices())}")
    first, last = _day(fields, "valid_from"), _day(fields, "valid_until")
    if first and last and last < first:
        raise InputError("the validity ends before it begins", where="valid_until", mend="check both days")
    return Given(
        decision_of(code).code,
        _text(fields, "conditions", MOST_CONDITIONS),
        datetime.combine(first, time(), UTC) if first else None,
        datetime.combine(last, time(23, 59), UTC) if last else None,
        _text(fields, "text", MOST_WORDS),
    )


def _day(fields: Mapping[str, str], name: str) -> date | None:
    text = fields.get(name, "").strip()
    try:
        found = date.fromisoformat(text) if text else None
        if found is not None and not 1900 <= found.year < 3000:
            raise ValueError
        return found
    except ValueError:
        raise InputError(f"{text[:20]!r} is no day", where=name, mend="write it as 2008-08-09") from None


def _text(fields: Mapping[str, str], name: str, most: int) -> str:
    """A text of several lines, without what no page could show."""
    text = unicodedata.normalize("NFC", fields.get(name, "").replace("\r\n", "\n"))
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
    if len(plain) > most:
        raise InputError(f"is longer than {most} characters", where=name, mend="say it more shortly")
    return plain


def give(rooms: Rooms, reader: Reader, reference: str, given: Given) -> GuestAnswer:
    """Give an answer; the same one again is the same.

    Raises
    ------
    FaultError
        404: no such paper on this state's shelf.
    InputError
        The paper asks nothing.
    """
    shelf = shelf_of(rooms, reader.state)
    paper = shelf.one(reference)
    if paper is None:
        raise FaultError(404)
    if paper.kind == "thanks":
        raise InputError("this paper asks nothing", where=reference, mend="answer the request itself")
    return shelf.answer(
        reference,
        given.decision,
        account=reader.account,
        at=rooms.clock(),
        conditions=given.conditions,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        words=given.text,
    )


def deadlines(rooms: Rooms, reader: Reader) -> bytes:
    """The deadlines of a shelf as an iCalendar feed; a function of the shelf alone."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//overflight//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Answers due")
    for one in shelf_of(rooms, reader.state).released():
        if one.due is None:
            continue
        entry = Event()
        entry.add("uid", f"{one.reference}@overflight")
        entry.add("dtstamp", one.released_at)
        entry.add("dtstart", one.due)
        entry.add("dtend", one.due)
        entry.add("summary", f"Answer due: {one.title}")
        if place := capital_time(one.state, one.due):
            entry.add("description", place)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Answer due: {one.title}")
        alarm.add("trigger", timedelta(hours=-6))
        entry.add_component(alarm)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
