"""The page for telegrams: paste or drop, look at text and structure, preview a release, file it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from overflight.case.life.filing import file_telegram
from overflight.case.life.replies import answer as record_answer
from overflight.desk.access import Action, Reader, may
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, room
from overflight.desk.views import read as view
from overflight.desk.views.read_source import printable
from overflight.errors import InputError
from overflight.marking import check, rollup
from overflight.telegram.recipients import recipient
from overflight.world.states import alpha3_codes, name, state
from overflight.world.times import sound_time

__all__ = ["router"]

router = room(Action.USE_TOOLS)

#: Bytes that a page carries along for the next step, as a field of its form.
_CARRIED = 700_000
#: Characters of one paragraph or field that a page shows.
_LONGEST = 20_000
_Rooms = Annotated[Rooms, Depends(rooms_of)]
_Writer = Annotated[Reader, needs(Action.WRITE_CASES)]
_Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class _Given:
    """What a form brought: the bytes of a file or of pasted text, and what else was filled in."""

    data: bytes
    name: str
    text: str
    received: str

    def day(self, rooms: Rooms) -> date:
        """Day of receipt; today where none is given."""
        return _day(self.received) or rooms.clock().date()


def given(
    text: _Text = "",
    held: _Text = "",
    filename: _Text = "",
    received: _Text = "",
    file: UploadFile | None = None,
) -> _Given:
    """A dependency: the pasted text, the file, or what the page before carried along."""
    data, label = b"", "the text"
    if file is not None and (file.filename or file.size):
        data, label = file.file.read(view.MOST_BYTES + 1), file.filename or "the file"
    elif held:
        try:
            data, label = base64.b64decode(held, validate=True), filename or "the text"
        except binascii.Error:
            data = b""
    elif text:
        data = text.encode("utf-8", "replace")
    clean = re.sub(r"\s+", " ", printable(label))[:120]
    return _Given(data, clean, text, received[:40])


_Brought = Annotated[_Given, Depends(given)]


@router.get("/read", response_class=HTMLResponse)
def opened(request: Request, example: Annotated[str, Query(max_length=5)] = "") -> Response:
    return _page(request, text=view.example() if example else "")


@router.post("/read", response_class=HTMLResponse)
def read(
    request: Request,
    rooms: _Rooms,
    brought: _Brought,
    to: _Text = "",
    first: Annotated[str, Form()] = "1",
) -> Response:
    try:
        if not brought.data.strip():
            raise InputError("nothing was given", where="text", mend="paste a telegram or choose a file")
        start = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 1
        found = view.found_in(
            brought.data, name=brought.name, received=brought.day(rooms), first=max(start, 1)
        )
        code = recipient(to, "state") if to.strip() else ""
        return _page(request, rooms=rooms, brought=brought, found=found, to=code)
    except InputError as error:
        return _page(request, brought=brought, text=brought.text, wrong=error, to=to, status=422)


@router.post("/read/mark", response_class=HTMLResponse)
def mark(request: Request, mark: _Text = "", roll: _Text = "") -> Response:
    """One marking, or several portion marks rolled up, checked without a telegram."""
    known: dict[str, Any] = {"mark": mark, "roll": roll, "checked": None, "rolled": None, "wrong_mark": None}
    status = 200
    try:
        if len(mark) > 2000 or len(roll) > 20_000:
            raise InputError("is longer than any marking", where="marking", mend="give the marking alone")
        marks = [line.strip() for line in roll.splitlines() if line.strip()]
        if mark.strip():
            known["checked"] = check(mark.strip())
        if marks:
            known["marks"], known["rolled"] = marks, rollup(marks)
        if not mark.strip() and not marks:
            raise InputError("nothing was given", where="marking", mend="write one, such as (S//NF)")
    except InputError as error:
        known["wrong_mark"], status = error, 422
    if request.headers.get("hx-request"):
        return render(request, "read_mark.html", **_words(), **known)
    return _page(request, status=status, marking=known)


@router.post("/read/file", response_class=HTMLResponse)
def file_it(
    request: Request,
    rooms: _Rooms,
    reader: _Writer,
    brought: _Brought,
    pick: _Text,
    other: _Text = "",
) -> Response:
    """File one telegram to the case that a person confirmed; `pick` is its number, a colon, and the case."""
    number, _, case = pick.partition(":")
    message = int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 1
    try:
        reading = view.one_of(brought.data, message, name=brought.name, received=brought.day(rooms))
        outcome = file_telegram(
            rooms.writing(reader),
            reading.source.data,
            name=brought.name,
            case_id=case.strip() or other.strip(),
            received=brought.day(rooms),
        )
    except InputError as error:
        if not brought.data.strip():
            return _page(request, wrong=error, status=422)
        found = view.found_in(brought.data, name=brought.name, received=brought.day(rooms), first=message)
        return _page(request, rooms=rooms, brought=brought, found=found, wrong=error, status=422)
    return render(request, "read_filed.html", **_words(), outcome=outcome, recorded=None, wrong=None)


@router.post("/read/answer", response_class=HTMLResponse)
def answer(
    request: Request,
    rooms: _Rooms,
    reader: _Writer,
    case: _Text,
    of: _Text,
    decision: _Text,
    number: _Text = "",
    at: _Text = "",
) -> Response:
    """Record the answer that a filed telegram reports, as a person saw and confirmed it."""
    recorded, wrong, status = None, None, 200
    try:
        code, moment = state(of), _moment(at)
        if number and any(
            (one.body.decision, one.body.number, one.true_at) == (decision, number, moment)
            for one in rooms.cases.load(case).answers_of(code)
        ):
            raise InputError("is recorded already", where=f"{number}, {decision}", mend="nothing was changed")
        recorded = record_answer(rooms.writing(reader), case, code, decision, number=number[:100], at=moment)
    except InputError as error:
        wrong, status = error, 422
    return render(
        request, "read_filed.html", status=status, **_words(), outcome=None, recorded=recorded, wrong=wrong
    )


# --- what templates know -----------------------------------------------------------------------------------


def _shown(text: str) -> str:
    """A stranger's text as a page shows it; of a very long one the beginning."""
    return printable(view.shortened(text, _LONGEST))


def _words() -> dict[str, Any]:
    return {"plain": _shown, "sentences": view.sentences, "release_of": view.release_of}


def _page(
    request: Request,
    *,
    rooms: Rooms | None = None,
    brought: _Given | None = None,
    found: view.Found | None = None,
    text: str = "",
    to: str = "",
    wrong: InputError | None = None,
    marking: dict[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    reader = request.state.reader
    places: dict[int, view.Place] = {}
    if found is not None and rooms is not None and may(reader, Action.READ_CASES):
        summaries = list(rooms.cases.summaries())
        places = {sheet.number: view.place_of(sheet.reading, summaries, rooms.home) for sheet in found.sheets}
    data = brought.data if brought is not None and found is not None else b""
    return render(
        request,
        "read.html",
        status=status,
        **_words(),
        found=found,
        places=places,
        text=text,
        to=to,
        received=brought.received if brought else "",
        filename=brought.name if brought else "",
        held=base64.b64encode(data).decode() if len(data) <= _CARRIED else "",
        wrong=wrong,
        marking=marking or {"mark": "", "roll": "", "checked": None, "rolled": None, "wrong_mark": None},
        can_file=may(reader, Action.WRITE_CASES),
        page_messages=view.PAGE_MESSAGES,
        most_mb=view.MOST_BYTES // 1_000_000,
        all_states=sorted((name(code), code) for code in alpha3_codes()),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"{text[:20]!r} is no day", where="received", mend="write it as 2026-08-01"
        ) from None


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InputError(f"{text[:40]!r} is no moment", where="at", mend="write 2026-08-01T15:30:00Z")
    try:
        return sound_time(found)
    except ValueError as error:
        raise InputError(str(error), where="at") from None
