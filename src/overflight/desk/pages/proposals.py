"""Proposals as pages: read, approved, refused, released; guests' answers, taken or put aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overflight.case.life import approvals, received
from overflight.desk.access import Action, Reader, may
from overflight.desk.faults import FaultError
from overflight.desk.page import render
from overflight.desk.pages.compose import TABS, paper_response, text_response
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, reader_of, room
from overflight.desk.views import answers as answers_view
from overflight.desk.views import proposals as view
from overflight.desk.views.shelves import keeper_of
from overflight.desk.views.shelves import received as received_one
from overflight.errors import ConflictError, InputError, OverflightError

__all__ = ["router"]

router = room(Action.READ_CASES, include_in_schema=False)
#: Which answer to a paper, from 1.
_Number = Annotated[int, Path(ge=1, le=10_000)]


@router.get("/cases/{case_id}/proposals/{proposal}")
def proposal_page(
    request: Request, case_id: str, proposal: str, rooms: Rooms = Depends(rooms_of)
) -> HTMLResponse:
    return _proposal(request, rooms, case_id, proposal)


@router.get("/cases/{case_id}/proposals/{proposal}/{code}/{form}")
def proposal_file(
    case_id: str, proposal: str, code: str, form: str, rooms: Rooms = Depends(rooms_of)
) -> Response:
    """A text of a proposal as a file."""
    case = rooms.cases.load(case_id)
    found = next((n.body for n in case.proposals if n.body.id == proposal.upper()), None)
    one = next((row for row in found.words if row.state == code.upper()), None) if found else None
    if one is None:
        raise FaultError(404)
    if form == "telegram.txt":
        return text_response(one.telegram, f"{case.id}-{one.state}-telegram.txt")
    return paper_response(one.paper, form, f"{case.id}-{one.state}")


class Proposed:
    """The proposal that a form is about: a dependency."""

    def __init__(
        self, request: Request, case_id: str, proposal: str, rooms: Rooms = Depends(rooms_of)
    ) -> None:
        self.request, self.rooms = request, rooms
        self.case_id, self.proposal = case_id, proposal

    def done(self, deed: Callable[[], object]) -> Response:
        """Do it and show the proposal; what goes wrong is said on its page."""
        try:
            deed()
        except InputError as error:
            return _proposal(
                self.request, self.rooms, self.case_id, self.proposal, wrong=error, status=_status(error)
            )
        address = f"/cases/{quote(self.case_id.upper())}/proposals/{quote(self.proposal.upper())}"
        return RedirectResponse(address, 303)


_One = Annotated[Proposed, Depends()]
_Why = Annotated[str, Form(max_length=2000)]


@router.post("/cases/{case_id}/proposals/{proposal}/approve")
def approve(
    one: _One,
    digest: Annotated[str, Form(max_length=64)] = "",
    why: _Why = "",
    reader: Reader = needs(Action.APPROVE),
) -> Response:
    desk = one.rooms.writing(reader)
    return one.done(
        lambda: approvals.approve(
            desk, one.case_id, one.proposal, account=reader.account, digest=digest, why=why
        )
    )


@router.post("/cases/{case_id}/proposals/{proposal}/refuse")
def refuse(one: _One, why: _Why = "", reader: Reader = needs(Action.APPROVE)) -> Response:
    return _refused(one, reader, why)


@router.post("/cases/{case_id}/proposals/{proposal}/withdraw")
def withdraw(one: _One, why: _Why = "", reader: Reader = needs(Action.WRITE_CASES)) -> Response:
    """An officer takes a proposal back."""
    return _refused(one, reader, why.strip() or "taken back")


def _refused(one: Proposed, reader: Reader, why: str) -> Response:
    desk = one.rooms.writing(reader)
    return one.done(
        lambda: approvals.refuse(desk, one.case_id, one.proposal, account=reader.account, why=why)
    )


@router.post("/cases/{case_id}/proposals/{proposal}/release")
def release(one: _One, reader: Reader = needs(Action.WRITE_CASES)) -> Response:
    desk, keeper = one.rooms.writing(reader), keeper_of(one.rooms)
    wanted = approvals.needed(one.rooms.settings.approvals)
    return one.done(
        lambda: approvals.release(
            desk, keeper, one.case_id, one.proposal, account=reader.account, wanted=wanted
        )
    )


# --- answers that guests gave at the desk


@router.get("/cases/{case_id}/waiting")
def waiting_page(request: Request, case_id: str, rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
    """What waits in a case, as a part of its page."""
    case = rooms.cases.load(case_id)
    found = [one for one in answers_view.answers_of(rooms, case) if not one.fate]
    return render(request, "compose_waiting.html", case=case, answers=found, proposals=case.pending)


@router.get("/cases/{case_id}/answers")
def answers_page(request: Request, case_id: str, rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
    return _answers(request, rooms, case_id)


@router.post("/cases/{case_id}/answers/{reference}/{number}/take")
def take(
    request: Request,
    case_id: str,
    reference: str,
    number: _Number,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    try:
        one = received_one(rooms, reference, number)
        done = received.take(rooms.writing(reader), keeper_of(rooms), one, account=reader.account)
    except InputError as error:
        return _answers(request, rooms, case_id, wrong=error, status=_status(error))
    return RedirectResponse(f"/cases/{quote(done.case.id)}/answers", 303)


@router.post("/cases/{case_id}/answers/{reference}/{number}/dismiss")
def dismiss(
    request: Request,
    case_id: str,
    reference: str,
    number: _Number,
    why: _Why = "",
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    try:
        one = received_one(rooms, reference, number)
        case = received.dismiss(rooms.writing(reader), keeper_of(rooms), one, account=reader.account, why=why)
    except InputError as error:
        return _answers(request, rooms, case_id, wrong=error, status=_status(error))
    return RedirectResponse(f"/cases/{quote(case.id)}/answers", 303)


# --- parts


def _proposal(
    request: Request,
    rooms: Rooms,
    case_id: str,
    proposal: str,
    *,
    wrong: OverflightError | None = None,
    status: int = 200,
) -> HTMLResponse:
    case = rooms.cases.load(case_id)
    found = view.proposal_view(rooms, case, proposal)
    if found is None:
        raise FaultError(404)
    reader = reader_of(request)
    account = reader.account if reader else ""
    return render(
        request,
        "compose_proposal.html",
        status=status,
        case=case,
        one=found,
        change_words=view.change_words,
        writes=may(reader, Action.WRITE_CASES),
        approves=may(reader, Action.APPROVE) and account != found.body.account,
        approved=any(row.body.account == account for row in found.standing.by),
        wrong=wrong,
    )


def _answers(
    request: Request,
    rooms: Rooms,
    case_id: str,
    *,
    wrong: OverflightError | None = None,
    status: int = 200,
) -> HTMLResponse:
    case = rooms.cases.load(case_id)
    return render(
        request,
        "compose_answers.html",
        status=status,
        tabs=TABS,
        case=case,
        answers=answers_view.answers_of(rooms, case),
        words=answers_view.decision_words,
        released=[row for row, _, _ in keeper_of(rooms).released(case.id)],
        writes=may(reader_of(request), Action.WRITE_CASES),
        wrong=wrong,
    )


def _status(error: OverflightError) -> int:
    return 409 if isinstance(error, ConflictError) else 422
