"""``/healthz`` and ``/readyz``: whether the desk lives, and with how old data. Nothing about cases.

The desk's own lists and rows of law are for its own readers: a guest could tell two desks apart by them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from overflight.desk import parts
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import reader_of
from overflight.errors import OverflightError
from overflight.law import load
from overflight.screening.lists.library import Library
from overflight.store.schema import revision
from overflight.store.tables import REVISION
from overflight.world.tables import sources

__all__ = ["router"]

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    alive: Literal[True] = True


class Store(BaseModel):
    """The store."""

    reachable: bool
    schema_revision: str | None = Field(description="What the store has.")
    current: bool = Field(description="Whether it is what this version works with.")


class ListAge(BaseModel):
    """One list of designated persons, ships or aircraft."""

    kind: str
    published: date
    age_days: int


class World(BaseModel):
    """The shipped facts."""

    oldest_source: date | None
    newest_source: date | None


class Law(BaseModel):
    """The rows of law."""

    measures: int
    newest: str = Field(description="The day on which the newest measure that has begun did so.")


class Parts(BaseModel):
    """The libraries of the browser."""

    present: bool = Field(description="False: pages work, the map is a drawn one.")
    missing: list[str]


class Ready(BaseModel):
    """Whether the desk can work, and the age of what it works with."""

    ready: bool
    store: Store
    lists: list[ListAge] = Field(description="Empty for guests and for who is not signed in.")
    law: Law | None = Field(
        description="null: the desk's own rows of law cannot be read, or are not for who asks."
    )
    world: World
    parts: Parts


@router.get("/healthz", summary="Whether the process answers")
def healthz() -> Alive:
    """For whoever restarts a process that hangs; open to all."""
    return Alive()


@router.get(
    "/readyz",
    summary="Whether the desk can work, and how old its data is",
    responses={503: {"model": Ready, "description": "It cannot work now."}},
)
def readyz(request: Request, response: Response, rooms: Rooms = Depends(rooms_of)) -> Ready:
    """For whoever sends requests to several desks, open to all; the age of its data for the desk's own."""
    now, reader = rooms.clock(), reader_of(request)
    ours = reader is not None and not reader.guest
    store = _store(rooms)
    law = _law(rooms, now)
    lists = _lists(rooms, now.date())
    gone = parts.missing()
    ready = store.reachable and store.current and law is not None and lists is not None
    response.status_code = 200 if ready else 503
    return Ready(
        ready=ready,
        store=store,
        lists=(lists or []) if ours else [],
        law=law if ours else None,
        world=_world(),
        parts=Parts(present=not gone, missing=sorted({part.name for part in gone})),
    )


def _store(rooms: Rooms) -> Store:
    log = rooms.store.log
    try:
        log.head()
        with log.engine.connect() as connection:
            found = revision(connection, log.where)
    except Exception:
        # Whatever a database has to say, the answer is that it cannot be worked with.
        return Store(reachable=False, schema_revision=None, current=False)
    return Store(reachable=True, schema_revision=found, current=found == REVISION)


def _lists(rooms: Rooms, today: date) -> list[ListAge] | None:
    try:
        newest = {one.kind: one for one in Library(rooms.settings.home, rooms.clock).versions()}
    except OverflightError:
        return None
    return [
        ListAge(kind=kind, published=one.published, age_days=(today - one.published).days)
        for kind, one in sorted(newest.items())
    ]


def _law(rooms: Rooms, now: datetime) -> Law | None:
    try:
        rules = load(rooms.settings.home)
    except OverflightError:
        return None
    begun = [p.start for one in rules.measures for p in one.periods[:1] if p.start <= now]
    return Law(measures=len(rules.measures), newest=f"{max(begun):%Y-%m-%d}" if begun else "")


def _world() -> World:
    days = sorted(day for one in sources().values() if (day := _day(one.date)) is not None)
    return World(oldest_source=days[0] if days else None, newest_source=days[-1] if days else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
