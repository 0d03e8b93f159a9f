"""The first page: what the day asks for; and everything that is due, a page at a time."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from overflight.desk.access import Action, may
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import reader_of, room
from overflight.desk.views.today import WHEN, due_page, today
from overflight.errors import InputError

__all__ = ["router"]

router = room(Action.READ_CASES, include_in_schema=False)

_LINES = 50


@router.get("/")
def first(request: Request, rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
    return render(
        request,
        "today.html",
        day=today(rooms),
        when=WHEN,
        writes=may(reader_of(request), Action.WRITE_CASES),
    )


@router.get("/due")
def due(
    request: Request, when: str = "overdue", after: str = "", rooms: Rooms = Depends(rooms_of)
) -> HTMLResponse:
    if when not in WHEN:
        raise InputError(
            f"{when[:40]!r} is no part of the day", where="when", mend=f"one of {', '.join(WHEN)}"
        )
    at, _, rest = after.partition("~")
    case, _, key = rest.partition("~")
    page = due_page(rooms, when, after=(at, case, key) if rest else None, limit=_LINES)
    return render(request, "due.html", page=page, when=WHEN, after=after)
