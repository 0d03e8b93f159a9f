"""A guest's pages: what was released to his state, one paper, the form for an answer."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overflight.desk.access import Action, Reader
from overflight.desk.faults import FaultError
from overflight.desk.forms import Typed, typed
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, room
from overflight.desk.views import guest as view
from overflight.desk.views import papers
from overflight.errors import InputError

__all__ = ["router"]

router = room(Action.READ_SHELF, include_in_schema=False)
_FIELDS = ("decision", "conditions", "valid_from", "valid_until", "text")


@router.get("/guest")
def shelf(
    request: Request, rooms: Rooms = Depends(rooms_of), reader: Reader = needs(Action.READ_SHELF)
) -> HTMLResponse:
    found = view.entries(rooms, reader)
    return render(
        request,
        "guest.html",
        waiting=[one for one in found if one.paper.due and not one.words],
        others=[one for one in found if not one.paper.due or one.words],
    )


@router.get("/guest/{reference}")
def paper(
    request: Request,
    reference: str,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.READ_SHELF),
) -> HTMLResponse:
    return _paper(request, rooms, reader, reference)


@router.get("/guest/{reference}/paper.{form}")
def file(
    reference: str,
    form: str,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.READ_SHELF),
) -> Response:
    """The non-paper as a file."""
    found = view.paper_page(rooms, reader, reference)
    if form not in papers.FORMS:
        raise FaultError(404)
    data = papers.paper_file(found.paper.paper, form)  # type: ignore[arg-type]
    named = f'attachment; filename="non-paper-{found.paper.reference}.{form}"'
    return Response(data, media_type=papers.FORMS[form], headers={"Content-Disposition": named})


@router.post("/guest/{reference}")
def answer(
    request: Request,
    reference: str,
    fields: Typed = Depends(typed),
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.ANSWER),
) -> Response:
    plain = {name: fields[name][0] for name in _FIELDS if fields.get(name)}
    try:
        given = view.give(rooms, reader, reference, view.given_of(plain))
    except InputError as error:
        return _paper(request, rooms, reader, reference, typed_=plain, wrong=error, status=422)
    return RedirectResponse(f"/guest/{given.reference}/answered/{given.number}", 303)


@router.get("/guest/{reference}/answered/{number}")
def answered(
    request: Request,
    reference: str,
    number: int,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.READ_SHELF),
) -> HTMLResponse:
    """What was answered, with thanks."""
    found = view.paper_page(rooms, reader, reference)
    given = next(((one, words) for one, words in found.answers if one.number == number), None)
    if given is None:
        raise FaultError(404)
    return render(request, "guest_answered.html", one=found, given=given[0], words=given[1])


def _paper(
    request: Request,
    rooms: Rooms,
    reader: Reader,
    reference: str,
    *,
    typed_: dict[str, str] | None = None,
    wrong: InputError | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "guest_paper.html",
        status=status,
        one=view.paper_page(rooms, reader, reference),
        choices=tuple(view.choices().values()),
        fields=typed_ or {},
        wrong=wrong,
    )
