"""``/api/v1/feeds``: what other programs draw and remember. For the home desk; nothing here is released.

A calendar sends no header: a token that may read feeds and nothing else opens a feed as ``?token=`` in its
address, and opens nothing else anywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from overflight.case.life.agenda import due_list, to_ical
from overflight.desk.access import Action
from overflight.desk.api.common import api
from overflight.desk.rooms import Rooms, rooms_of

__all__ = ["router"]

router = api(Action.READ_FEEDS, "feeds", prefix="/feeds")

_Token = Annotated[
    str | None,
    Query(max_length=200, description="A token that may read feeds and nothing else, for calendars."),
]
_CaseId = Annotated[str, Path(max_length=60, description="The case's id.", examples=["KOR621-2008"])]


def _gives(kind: str, words: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string"}}}, "description": words}}


@router.get(
    "/due.ics",
    summary="What is due, as a calendar",
    responses=_gives("text/calendar", "An iCalendar file (RFC 5545)."),
    response_class=Response,
)
def due(
    token: _Token = None,
    days: Annotated[int, Query(ge=1, le=366, description="How far ahead.")] = 31,
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    """Answers, deliveries, reports and departures: overdue, due, and due within the days asked for.

    Every entry has an alarm six hours ahead. Entries keep their names, so that a calendar that comes back
    moves what has moved.
    """
    log, now = rooms.store.log, rooms.clock()
    until = now + timedelta(days=days)
    dues = due_list(log.agenda(before=until), now, until)
    return _file(to_ical(dues, _stamp(rooms)), "text/calendar; charset=utf-8", "overflight-due.ics")


def _stamp(rooms: Rooms) -> datetime:
    """When the last event was recorded: the same calendar is the same bytes."""
    log = rooms.store.log
    last = next(iter(log.events(after=log.head().seq - 1)), None)
    return rooms.clock() if last is None else last.recorded_at


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})
