"""``/api/v1/events``: changes as they happen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from overflight.desk.access import Action, Reader
from overflight.desk.api.common import api
from overflight.desk.faults import Fault
from overflight.desk.live import guest_stream, home_stream, wants_stream
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs

__all__ = ["router"]

_home = api(Action.READ_CASES, "events")
_guest = api(Action.READ_SHELF, "guest")

_LastEventId = Annotated[str | None, Header(max_length=64, description="Sent by a browser that comes back.")]


def _stream(example: str) -> dict[int | str, dict[str, Any]]:
    content = {"text/event-stream": {"schema": {"type": "string"}, "example": example}}
    said = "Not asked for as text/event-stream."
    return {
        200: {"content": content, "description": "Server-sent events until either side ends it."},
        406: {"model": Fault, "description": said},
    }


_CASE = (
    "id: 41\nevent: case\ndata: "
    '{"case":"KOR621","kind":"answered","seq":41,"headline":"...","headline_changed":true}\n\n'
)
_SHELF = 'id: 3f0c9ad1\nevent: shelf\ndata: {"what":"released","reference":"OFR-EXAMPLE"}\n\n'


@_home.get(
    "/events", summary="Changes of cases, as they happen", responses=_stream(_CASE), response_class=Response
)
async def events(
    request: Request,
    after: Annotated[
        int | None, Query(ge=0, lt=2**63, description="Begin after this event; the header goes before it.")
    ] = None,
    last_event_id: _LastEventId = None,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.READ_CASES),
) -> Response:
    """Server-sent events, one for each event of a case that is recorded from now on.

    `event: case` names the case, the kind and the number of the event, and with the last one of each case
    its headline and whether it is another one than before. The number is the event's `id`: who comes back
    with it in `Last-Event-ID` misses nothing, or gets `event: reset` when more than a thousand events have
    gone by, and then reads again what it shows. A comment goes out every 15 seconds.
    """
    wants_stream(request)
    seen = after
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        seen = min(int(last_event_id), 2**63 - 1)
    return await home_stream(request, rooms, reader, seen)


@_guest.get(
    "/guest/events",
    summary="What is new for your state, as it happens",
    responses=_stream(_SHELF),
    response_class=Response,
)
async def guest_events(
    request: Request,
    last_event_id: _LastEventId = None,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.READ_SHELF),
) -> Response:
    """Server-sent events, one for each paper that is released to your state, and for each of its answers.

    The `id` names what is on the shelf. Who comes back with another one gets `event: reset`, and then reads
    again what it shows. A comment goes out every 15 seconds.
    """
    wants_stream(request)
    return await guest_stream(request, rooms, reader, last_event_id)


router = APIRouter()
router.include_router(_home)
router.include_router(_guest)
