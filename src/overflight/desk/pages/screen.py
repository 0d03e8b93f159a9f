"""The page for screening: a party, an aircraft, a plan or an application; matches explained; certificates."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from overflight.desk.access import Action
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import room
from overflight.desk.views import screen as view
from overflight.desk.views.read_source import printable
from overflight.errors import DataError, InputError
from overflight.world.states import alpha3_codes, name

__all__ = ["router"]

router = room(Action.USE_TOOLS)

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_Text = Annotated[str, Form()]


@router.get("/screen", response_class=HTMLResponse)
def opened(request: Request, rooms: _Rooms) -> Response:
    """A question in the URL is put at once; without one the page waits for it."""
    given = {key: request.query_params.get(key, "") for key in (*view.FIELDS, "on", "known")}
    if not any(given[key].strip() for key in view.FIELDS):
        return _page(request, rooms, given=given)
    try:
        screening = view.ask(
            rooms, view.query_of(given), view.day_of(given["on"]), view.known_of(given["known"])
        )
    except view.NoListsError:
        return _page(request, rooms, given=given)
    except InputError as error:
        return _page(request, rooms, given=given, wrong=error, status=422)
    return _page(request, rooms, given=given, screening=screening)


@router.post("/screen", response_class=HTMLResponse)
def texts(
    request: Request,
    rooms: _Rooms,
    text: _Text = "",
    on: _Text = "",
    decides: _Text = "",
    file: UploadFile | None = None,
) -> Response:
    """Flight plans and permit applications, pasted or as a file."""
    given = {"on": on}
    label, data = "the text", text.encode("utf-8", "replace")
    if file is not None and (file.filename or file.size):
        data, label = file.file.read(view.MOST_BYTES + 1), _label(file.filename or "the file")
    try:
        if not data.strip():
            raise InputError("nothing was given", where="text", mend="paste a plan, or choose a file")
        found = view.survey_of(rooms, data, name=label, on=view.day_of(on), deciding=decides.strip())
    except view.NoListsError:
        return _page(request, rooms, given=given, text=text, decides=decides)
    except InputError as error:
        return _page(request, rooms, given=given, text=text, decides=decides, wrong=error, status=422)
    return _page(request, rooms, given=given, text=text, decides=decides, surveyed=found, label=label)


@router.post("/screen/certificate")
def certificate(request: Request, rooms: _Rooms, on: _Text, question: _Text, known: _Text = "") -> Response:
    """The certificate of a question: the signed file and its PDF in one archive."""
    given = {key: value for key, value in _pairs(question) if key in view.FIELDS}
    try:
        screening = view.ask(rooms, view.query_of(given), view.day_of(on), view.known_of(known))
        made = view.certificate(rooms, screening)
    except InputError as error:
        return _page(request, rooms, given=given | {"on": on, "known": known}, wrong=error, status=422)
    except DataError as error:
        wrong = InputError(error.what, where=error.where, mend=error.mend)
        return _page(request, rooms, given=given | {"on": on, "known": known}, wrong=wrong, status=503)
    headers = {"Content-Disposition": f'attachment; filename="{made.stem}.zip"'}
    return Response(view.packed(made), media_type="application/zip", headers=headers)


@router.post("/screen/verify", response_class=HTMLResponse)
def verify(
    request: Request,
    rooms: _Rooms,
    certificate: UploadFile | None = None,
    paper: UploadFile | None = None,
    again: _Text = "",
) -> Response:
    """Check a certificate that somebody brings."""
    data = certificate.file.read(view.MOST_BYTES + 1) if certificate is not None else b""
    beside = paper.file.read(view.MOST_BYTES + 1) if paper is not None and paper.size else None
    if not data or len(data) > view.MOST_BYTES or len(beside or b"") > view.MOST_BYTES:
        what = (
            "no certificate was chosen" if not data else f"is larger than {view.MOST_BYTES // 1_000_000} MB"
        )
        wrong = InputError(what, where="certificate", mend="choose the .json or .zip file")
        return _page(request, rooms, given={}, wrong=wrong, status=422)
    checked = view.check_certificate(rooms, data, beside, once_more=bool(again))
    return _page(request, rooms, given={}, checked=checked)


def _page(
    request: Request,
    rooms: Rooms,
    *,
    given: dict[str, str],
    status: int = 200,
    **known: Any,
) -> HTMLResponse:
    context: dict[str, Any] = {
        "screening": None,
        "surveyed": None,
        "checked": None,
        "wrong": None,
        "text": "",
        "decides": "",
        "label": "",
    } | known
    screening = context["screening"]
    question = ""
    if screening is not None:
        asked = screening.query.document()
        question = urlencode(asked)
    return render(
        request,
        "screen.html",
        status=status,
        plain=printable,
        given={key: given.get(key, "") for key in (*view.FIELDS, "on", "known")},
        fields=view.FIELDS,
        lists=view.list_rows(rooms),
        kinds=view.KINDS,
        bases=view.BASES,
        meaning=view.MEANING,
        levels=view.LEVELS,
        every=view.EVERY_STATE,
        aliases=view.aliases,
        today=rooms.clock().date(),
        home=rooms.home,
        question=question,
        all_states=sorted((name(code), code) for code in alpha3_codes()),
        **context,
    )


def _pairs(question: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    try:
        return parse_qsl(question[:20_000], max_num_fields=30)
    except ValueError:
        return []


def _label(text: str) -> str:
    return re.sub(r"\s+", " ", printable(text))[:120]
