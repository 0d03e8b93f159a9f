"""Composing on one page: statements, recipients, each one's text as it would go out, live."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overflight.case.life import approvals
from overflight.case.life.desk import CaseDesk
from overflight.case.life.facts import facts_of
from overflight.case.life.model import Case
from overflight.case.life.planning import Sheet, state_it
from overflight.case.life.requests import ASKS
from overflight.case.life.statements import sound_marking
from overflight.desk.access import Action, Reader, may
from overflight.desk.faults import FaultError
from overflight.desk.forms import Typed, typed
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, reader_of, room
from overflight.desk.views import answers as answers_view
from overflight.desk.views import compose as view
from overflight.desk.views import papers
from overflight.desk.views.proposals import proposal_views
from overflight.desk.views.wanted import Wanted, address, wanted_of
from overflight.errors import InputError, OverflightError
from overflight.marking import check
from overflight.world.states import alpha3_codes, name

__all__ = ["TABS", "paper_response", "router", "text_response"]

router = room(Action.READ_CASES, include_in_schema=False)

TABS = (
    ("approach", "Approach", "Ask states to do something, each with its own points."),
    ("update", "Update", "Bring new facts to everybody who holds an earlier version."),
    ("thanks", "Thanks", "Thank those that helped, and say what may be said of the result."),
)


@router.get("/cases/{case_id}/compose")
def compose_page(request: Request, case_id: str, rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
    return _page(request, rooms, rooms.cases.load(case_id), _asked(request))


@router.get("/cases/{case_id}/compose/preview")
def preview(request: Request, case_id: str, rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
    """The texts as they would go out, while somebody is still choosing."""
    case, wanted = rooms.cases.load(case_id), _asked(request)
    if not request.headers.get("hx-request"):
        return _page(request, rooms, case, wanted)
    known = _draft(request, rooms, case, wanted)
    headers = {"HX-Replace-Url": address(case, wanted)}
    return render(request, "compose_draft.html", headers=headers, case=case, **known)


@router.get("/cases/{case_id}/compose/marking")
def marking(
    request: Request,
    case_id: str,
    marking: str = Query("", max_length=2000),
    rooms: Rooms = Depends(rooms_of),
) -> HTMLResponse:
    """Whether a statement could carry a marking."""
    case = rooms.cases.load(case_id)
    day = rooms.clock().date()
    wrong: InputError | None = None
    bare = ""
    try:
        bare = sound_marking(marking, day) if marking.strip() else ""
    except InputError as error:
        wrong = error
    found = check(bare, date=day) if bare else None
    states = [name(one) for one in found.marking.release if one != rooms.home] if found else []
    return render(
        request, "compose_marking.html", case=case, bare=bare, wrong=wrong, found=found, states=states
    )


@router.get("/cases/{case_id}/compose/{code}/{form}")
def file(request: Request, case_id: str, code: str, form: str, rooms: Rooms = Depends(rooms_of)) -> Response:
    """One recipient's text as a file: the draft telegram, or the non-paper."""
    case = rooms.cases.load(case_id)
    found = view.draft(rooms.cases, case, _asked(request))
    one = next((row for row in found.previews if row.state == code.upper()), None)
    if one is None:
        raise FaultError(404)
    if form == "telegram.txt":
        if not one.telegram:
            raise found.wrong or InputError("there is no telegram yet", where=code)
        return text_response(one.telegram, f"{case.id}-{one.state}-telegram.txt")
    return paper_response(one.paper_text or _text(one), form, f"{case.id}-{one.state}")


@router.post("/cases/{case_id}/compose/statement")
def statement(
    request: Request,
    case_id: str,
    given: Typed = Depends(typed),
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    """Record a statement, and come back to the page as it was."""
    case, wanted = rooms.cases.load(case_id), wanted_of(given)

    def field(key: str) -> str:
        return "\n".join(given.get(key, ())).strip()

    facts = tuple(given.get("facts", ()))
    sheet = Sheet(
        field("text"), field("marking"), field("source"), facts, tuple(filter(None, [field("replaces")]))
    )
    try:
        after, ids = state_it(rooms.writing(reader), case.id, [sheet])
    except InputError as error:
        fields = {key: field(key) for key in ("text", "marking", "source", "replaces")} | {"facts": facts}
        return _page(request, rooms, case, wanted, fields=fields, wrong=error, status=422)
    if wanted.request.statements:
        kept = (
            [one for one in wanted.request.statements if one != sheet.replaces[0]] if sheet.replaces else None
        )
        picked = (*(kept if kept is not None else wanted.request.statements), *ids)
        from dataclasses import replace

        wanted = replace(wanted, request=replace(wanted.request, statements=picked))
    return RedirectResponse(f"{address(after, wanted)}#statement-{ids[0]}", 303)


@router.post("/cases/{case_id}/compose")
def propose(
    request: Request,
    case_id: str,
    given: Typed = Depends(typed),
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    """Put the texts before others."""
    case, wanted = rooms.cases.load(case_id), wanted_of(given)
    try:
        if wanted.faults:
            raise InputError(wanted.faults[0], where="form")
        if wanted.nothing:
            raise InputError("no statement is chosen", where="statements", mend="tick one or more")
        _, body = approvals.propose(rooms.writing(reader), case.id, wanted.request, account=reader.account)
    except InputError as error:
        return _page(request, rooms, case, wanted, wrong=error, status=422)
    return RedirectResponse(_place(case, body.id), 303)


# --- parts


def _asked(request: Request) -> Wanted:
    fields: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        fields.setdefault(key, []).append(value)
    return wanted_of(fields)


def _draft(
    request: Request, rooms: Rooms, case: Case, wanted: Wanted, desk: CaseDesk | None = None
) -> dict[str, Any]:
    found = view.draft(desk or rooms.cases, case, wanted)
    writes = may(reader_of(request), Action.WRITE_CASES)
    return {
        "wanted": wanted,
        "draft": found,
        "query": address(case, wanted).partition("?")[2],
        "approvals": approvals.needed(rooms.settings.approvals),
        "writes": writes,
    }


def _page(
    request: Request,
    rooms: Rooms,
    case: Case,
    wanted: Wanted,
    *,
    fields: dict[str, Any] | None = None,
    wrong: OverflightError | None = None,
    status: int = 200,
) -> HTMLResponse:
    asked, desk = wanted.request, view.steady(rooms.cases)
    default = {one.id for one in view.default_statements(case, asked)}
    picked = set(asked.statements) or (set() if wanted.nothing else default)
    owed = view.thanked(case)
    holders = tuple(dict.fromkeys(one.state for one in case.holders if not one.sent))
    return render(
        request,
        "compose.html",
        status=status,
        case=case,
        title=case.opened.body.title,
        tabs=TABS,
        recipients=view.recipients(case, rooms.home, asked.states),
        picked=picked,
        asks=ASKS,
        own=", ".join(one for one in asked.ask if one not in ASKS),
        proposals=proposal_views(rooms, case, desk),
        waiting=sum(not one.fate for one in answers_view.answers_of(rooms, case)),
        codes=[(code, name(code)) for code in alpha3_codes() if code != rooms.home],
        flight_facts=facts_of(case.flight),
        holders=holders,
        owed=owed,
        fields=fields or {},
        wrong=wrong,
        now=rooms.clock(),
        **_draft(request, rooms, case, wanted, desk),
    )


def _place(case: Case, proposal: str) -> str:
    return f"/cases/{quote(case.id)}/proposals/{proposal}"


def _text(one: view.Preview) -> str:
    """The non-paper of a preview that has no telegram yet."""
    if not one.paper:
        return ""
    lines = [one.banner, "", "NON-PAPER", ""]
    for line in one.paper:
        lines += [f"({line.marking}) {line.text}", ""]
    return "\n".join([*lines, one.banner, ""])


def paper_response(text: str, form: str, title: str) -> Response:
    kind = {"paper.txt": "txt", "paper.docx": "docx", "paper.pdf": "pdf"}.get(form)
    if kind is None:
        raise FaultError(404)
    if not text:
        raise InputError("nothing may be left there", where=title, mend="say it, or correct the marking")
    return _file(papers.paper_file(text, kind), papers.FORMS[kind], f"{title}.{kind}")  # type: ignore[arg-type]


def text_response(text: str, title: str) -> Response:
    """A text as a file."""
    return _file(text.encode(), papers.FORMS["txt"], title)


def _file(data: bytes, kind: str, title: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{title}"'})
