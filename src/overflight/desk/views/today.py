"""What the day asks for: overdue, due today, next; open cases; new matches; answers and approvals that wait.

All of it from the agenda, a page at a time: no case is folded but the few whose first line is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote, urlencode

from overflight.case.life.agenda import hours_words
from overflight.case.life.headline import headline
from overflight.desk.rooms import Rooms
from overflight.desk.views.case import opened
from overflight.store.event import AgendaItem
from overflight.store.lookup import DuePlace, Lookup, Summary

__all__ = [
    "WHEN",
    "Act",
    "DueLine",
    "DuePage",
    "OpenCase",
    "Today",
    "Waiting",
    "act_for",
    "due_page",
    "today",
]

#: Parts of what is due, and how each is called.
WHEN = {"overdue": "Overdue", "today": "Due today", "next": "Next"}
#: A departure that has passed is nothing to be done.
_PASSED = ("departure",)
_FEW = 8
_OPEN = 6
_OVER = ("CLOSED", "MERGED")


@dataclass(frozen=True, slots=True)
class Act:
    """The next thing to do: its words and its address."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line: of which case, what, when, and the next thing to do about it."""

    case: str
    text: str
    kind: str
    at: datetime
    left: str
    local: str
    act: Act
    place: DuePlace


@dataclass(frozen=True, slots=True)
class DuePage:
    """Some of what is due: the first lines, and how many there are (counting stops at `most`)."""

    when: str
    lines: tuple[DueLine, ...]
    count: int
    most: int
    more: DuePlace | None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case with the sentence that matters."""

    case: str
    title: str
    step: str
    sentence: str
    flight: str
    days: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of somebody else's that waits for the desk: a guest's answer, an approval, a match."""

    case: str
    text: str
    at: datetime | None
    act: Act


@dataclass(frozen=True, slots=True)
class Today:
    """The day at a glance."""

    now: datetime
    due: tuple[DuePage, ...]
    open: tuple[OpenCase, ...]
    open_count: int
    cases: int
    answers: tuple[Waiting, ...]
    approvals: tuple[Waiting, ...]
    matched: tuple[Waiting, ...]

    @property
    def empty(self) -> bool:
        """A desk that has no case yet."""
        return not self.cases

    @property
    def quiet(self) -> bool:
        return not any(page.lines for page in self.due)


def today(rooms: Rooms) -> Today:
    """The day at a glance."""
    lookup = Lookup(rooms.store.log.engine, rooms.store.log.where)
    now = rooms.clock()
    # What only an event can change is asked for once after each event.
    head = rooms.store.log.head().seq
    steps = rooms.kept(("steps", head), lookup.steps)
    newest = rooms.kept(("open", head), lambda: lookup.cases(without=_OVER, limit=_OPEN))
    return Today(
        now=now,
        due=tuple(due_page(rooms, when, limit=_FEW) for when in WHEN),
        open=_open(rooms, newest, now),
        open_count=sum(count for step, count in steps.items() if step not in _OVER),
        cases=sum(steps.values()),
        answers=_guests(rooms),
        approvals=rooms.kept(("approvals", head), lambda: _approvals(rooms)),
        matched=_matched(rooms),
    )


def due_page(rooms: Rooms, when: str, *, after: DuePlace | None = None, limit: int = 50) -> DuePage:
    """Lines of one part of what is due, soonest first.

    Parameters
    ----------
    when : str
        A key of `WHEN`.
    after : DuePlace, optional
        Where the page before ended.
    """
    lookup = Lookup(rooms.store.log.engine, rooms.store.log.where)
    now = rooms.clock()
    since, before = _span(when, now)
    without = _PASSED if when == "overdue" else ()
    found = lookup.due(since=since, before=before, after=after, without=without, limit=limit + 1)
    most = 1000
    count = lookup.count_due(since=since, before=before, without=without, most=most)
    lines = tuple(_line(place, item, now) for place, item in found[:limit])
    more = lines[-1].place if len(found) > limit else None
    return DuePage(when, lines, count, most, more)


def _span(when: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    tomorrow = datetime.combine(now.date(), time(), UTC) + timedelta(days=1)
    if when == "overdue":
        return None, now
    return (now, tomorrow) if when == "today" else (tomorrow, None)


def _line(place: DuePlace, item: AgendaItem, now: datetime) -> DueLine:
    assert item.due_at is not None
    left = item.due_at - now
    words = hours_words(left)
    return DueLine(
        case=item.case,
        text=item.text,
        kind=item.kind,
        at=item.due_at,
        left=f"{words} overdue" if left < timedelta() else f"in {words}",
        local=str(item.body.get("local", "")),
        act=act_for(item),
        place=place,
    )


def act_for(item: AgendaItem) -> Act:
    """What a person does next about an item of the agenda."""
    case = f"/cases/{quote(item.case)}"
    state = str(item.body.get("state", ""))
    match item.kind:
        case "delivery":
            return Act("Record delivery", f"{case}?{urlencode({'do': 'delivered', 'state': state})}#record")
        case "answer" if "stale" in item.text:
            return Act("Ask again", f"{case}/compose?{urlencode({'to': state})}")
        case "answer":
            return Act("Record answer", f"{case}?{urlencode({'do': 'answer', 'state': state})}#record")
        case "update":
            return Act("Send the update", f"{case}/compose?{urlencode({'kind': 'update', 'to': state})}")
        case "approval":
            return Act("Read and decide", f"{case}/proposals/{quote(str(item.body.get('proposal', '')))}")
        case "report":
            key = item.key.removeprefix("report ")
            return Act("Record report", f"{case}?{urlencode({'do': 'reported', 'key': key})}#record")
    return Act("Look at it", case)


def _open(rooms: Rooms, newest: Sequence[Summary], now: datetime) -> tuple[OpenCase, ...]:
    out = []
    for summary in newest:
        case = opened(rooms, summary.case)
        out.append(
            OpenCase(
                summary.case,
                summary.title,
                str(summary.body.get("step", "")),
                headline(case, now),
                ", ".join(_texts(summary.body.get("flight"))),
                str(summary.body.get("first", ""))[:10],
            )
        )
    return tuple(out)


def _texts(found: object) -> Sequence[str]:
    return [str(one) for one in found] if isinstance(found, list | tuple) else []


# --- what waits for the desk: rooms of their own say so, which know the lines of this one ------------------


def _guests(rooms: Rooms) -> tuple[Waiting, ...]:
    """Answers that guests have given and that nobody has taken into their case yet."""
    from overflight.desk.views.answers import waiting_answers

    return waiting_answers(rooms)


def _approvals(rooms: Rooms) -> tuple[Waiting, ...]:
    """Proposed releases that wait for an approver."""
    from overflight.desk.views.proposals import waiting_approvals

    return waiting_approvals(rooms)


def _matched(rooms: Rooms) -> tuple[Waiting, ...]:
    """Open cases that a list names since its last import."""
    from overflight.desk.views.matched import newly_matched

    return tuple(
        Waiting(one.case, one.words, one.since, Act("Look at the match", one.href))
        for one in newly_matched(rooms)
    )
