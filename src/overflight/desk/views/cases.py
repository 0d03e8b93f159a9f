"""The list of cases: searched and paged in the database, nothing folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from overflight.desk.rooms import Rooms
from overflight.desk.views.today import act_for
from overflight.errors import InputError
from overflight.store.event import AgendaItem
from overflight.store.lookup import Lookup, Summary
from overflight.world.states import state

__all__ = ["STEPS", "CaseRow", "Found", "list_cases"]

#: Steps of a case with what each says.
STEPS = {
    "TIP": "a tip",
    "ROUTE": "planned",
    "RESCHEDULED": "rescheduled",
    "TASKED": "states asked",
    "DELIVERED": "delivered",
    "HOST_DECISION": "answered",
    "REPORTED": "answer reported",
    "UPDATE": "updated",
    "OUTCOME": "ended",
    "CLOSED": "closed",
    "MERGED": "merged",
}
_OVER = ("CLOSED", "MERGED")
#: A search of more words says nothing more.
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list.

    Attributes
    ----------
    next : str
        What is due first, and `next_at` when.
    """

    id: str
    title: str
    step: str
    flight: tuple[str, ...]
    tails: tuple[str, ...]
    route: tuple[str, ...]
    states: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    events: int
    seq: int
    into: str
    next: str
    next_at: datetime | None
    next_href: str

    @property
    def step_words(self) -> str:
        return STEPS.get(self.step, self.step.lower())

    @property
    def over(self) -> bool:
        return self.step in _OVER


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, how many cases stand at each step, and where the next page begins."""

    rows: tuple[CaseRow, ...]
    steps: dict[str, int]
    more: int | None


def list_cases(
    rooms: Rooms,
    *,
    query: str = "",
    step: str = "",
    below: int | None = None,
    limit: int = 50,
) -> Found:
    """Cases, those worked on last first.

    Parameters
    ----------
    query : str
        Words that must all stand in the case: its id, title, flight, tail, aerodromes, telegram numbers; a
        state by code or name.
    step : str
        A step, ``open`` for all that are not closed or merged, empty for all.
    below : int, optional
        Where the page before ended.

    Raises
    ------
    InputError
        No such step.
    """
    wanted = step.strip().upper().replace(" ", "_")
    if wanted and wanted != "OPEN" and wanted not in STEPS:
        raise InputError(
            f"{step[:40]!r} is no step of a case", where="step", mend=f"open, or one of {', '.join(STEPS)}"
        )
    words = tuple(query.split()[:_MOST_WORDS])
    head = rooms.store.log.head().seq
    key = ("cases", head, words, wanted, below, limit)
    return rooms.kept(key, lambda: _found(rooms, words, wanted, below, limit, head))


def _found(
    rooms: Rooms, words: tuple[str, ...], step: str, below: int | None, limit: int, head: int
) -> Found:
    lookup = Lookup(rooms.store.log.engine, rooms.store.log.where)
    found = lookup.cases(
        terms=[_meant(word) for word in words],
        steps=(step,) if step not in ("", "OPEN") else (),
        without=_OVER if step == "OPEN" else (),
        below=below,
        limit=limit + 1,
    )
    shown = found[:limit]
    nexts = lookup.next_due([one.case for one in shown], without=("departure",)) if shown else {}
    steps = rooms.kept(("steps", head), lookup.steps)
    return Found(
        tuple(_row(one, nexts.get(one.case)) for one in shown),
        dict(steps),
        shown[-1].last if len(found) > limit else None,
    )


def _meant(word: str) -> tuple[str, ...]:
    """A word, and the code of the state that it names."""
    if len(word) > 3:
        try:
            return word, f'"{state(word)}"'
        except InputError:
            pass
    return (word,)


def _row(one: Summary, due: AgendaItem | None) -> CaseRow:
    body = one.body

    def texts(key: str) -> tuple[str, ...]:
        found = body.get(key)
        return tuple(str(text) for text in found) if isinstance(found, list) else ()

    def moment(key: str) -> datetime | None:
        found = body.get(key)
        return datetime.fromisoformat(found) if isinstance(found, str) else None

    return CaseRow(
        id=one.case,
        title=one.title,
        step=str(body.get("step", "")),
        flight=texts("flight"),
        tails=texts("tails"),
        route=texts("places"),
        states=texts("states"),
        first=moment("first"),
        last=moment("last"),
        events=one.events,
        seq=one.last,
        into=str(body.get("into", "")),
        next=due.text if due else "",
        next_at=due.due_at if due else None,
        next_href=act_for(due).href if due else "",
    )
