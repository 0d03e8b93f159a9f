"""``/api/v1/events``: changes as they happen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response

from overflight.desk.access import Action, Reader
from overflight.desk.api.common import api
from overflight.desk.live import home_stream, wants_stream
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs

__all__ = ["router"]

router = api(Action.READ_CASES, "events")

_STREAM = {
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": (
                "id: 41\nevent: case\ndata: "
                '{"case":"KOR621","kind":"answered","seq":41,"headline":"...","headline_changed":true}\n\n'
            ),
        }
    },
    "description": "Server-sent events until either side ends it.",
}


@router.get(
    "/events", summary="Changes of cases, as they happen", responses={200: _STREAM}, response_class=Response
)
async def events(
    request: Request,
    after: Annotated[
        int | None, Query(ge=0, lt=2**63, description="Begin after this event; the header goes before it.")
    ] = None,
    last_event_id: Annotated[
        str | None, Header(max_length=40, description="Sent by a browser that comes back.")
    ] = None,
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
