"""The list of cases, and the forms that open one: from FLIGHT.toml, or from a telegram."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overflight.desk.access import Action, Reader, may
from overflight.desk.forms import Typed, filled, typed
from overflight.desk.opening import Opening, one_telegram
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, reader_of, room
from overflight.desk.views.cases import STEPS, list_cases
from overflight.errors import InputError

__all__ = ["router"]

router = room(Action.READ_CASES, include_in_schema=False)

_ROWS = 40


@router.get("/cases")
def cases(
    request: Request,
    q: str = "",
    step: str = "",
    below: int | None = None,
    rooms: Rooms = Depends(rooms_of),
) -> HTMLResponse:
    found = list_cases(rooms, query=q, step=step, below=below, limit=_ROWS)
    template = "cases_rows.html" if request.headers.get("hx-target") == "found" else "cases.html"
    return render(
        request,
        template,
        found=found,
        q=q,
        step=step,
        below=below,
        steps=STEPS,
        now=rooms.clock(),
        writes=may(reader_of(request), Action.WRITE_CASES),
    )


@router.get("/cases/new")
def new(request: Request, _: Reader = needs(Action.WRITE_CASES)) -> HTMLResponse:
    return render(request, "case_new.html", given={}, wrong=None, proposed=None)


@router.post("/cases/new")
def propose(
    request: Request, given: Typed = Depends(typed), _: Reader = needs(Action.WRITE_CASES)
) -> HTMLResponse:
    """The facts that a telegram seems to tell, for a person to confirm."""
    from overflight.case.life.proposal import proposals

    plain = _plain(given)
    try:
        text = plain.get("file") or plain.get("telegram", "")
        if not text.strip():
            raise InputError(
                "no telegram was given", where="telegram", mend="paste its text or choose a file"
            )
        found = proposals(one_telegram(text))
        if not found:
            raise InputError(
                "tells of no flight", where="telegram", mend="open the case with FLIGHT.toml instead"
            )
    except InputError as error:
        return render(request, "case_new.html", status=400, given=plain, wrong=error, proposed=None)
    return render(request, "case_new.html", given=plain | {"telegram": text}, wrong=None, proposed=found)


@router.post("/cases")
def opened(
    request: Request,
    given: Typed = Depends(typed),
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    plain = _plain(given)
    more = {"toml": plain["file"]} if plain.get("file") and not plain.get("toml", "").strip() else {}
    try:
        case = filled(Opening, given, **more).do(rooms.writing(reader))
    except InputError as error:
        from overflight.case.life.proposal import proposals

        proposed = None
        with suppress(InputError):  # the telegram itself may be what is wrong
            proposed = proposals(one_telegram(plain["telegram"])) if plain.get("telegram") else None
        plain["confirm"] = ",".join(given.get("confirm", ()))
        return render(request, "case_new.html", status=400, given=plain, wrong=error, proposed=proposed)
    return RedirectResponse(f"/cases/{quote(case.id)}?recorded={case.last}", 303)


def _plain(given: Typed) -> dict[str, str]:
    return {name: texts[0] for name, texts in given.items() if texts}
