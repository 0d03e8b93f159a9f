"""What is recorded of a case over the JSON API: one endpoint for each act of the desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Request, Response

from overflight.case.life.headline import headline
from overflight.case.life.model import Case
from overflight.desk.access import Action, Reader
from overflight.desk.acts import Act, desk_for
from overflight.desk.api.case_shapes import RecordedOut
from overflight.desk.api.cases import CaseId
from overflight.desk.api.common import api, log_key, unmoved, version
from overflight.desk.opening import Opening
from overflight.desk.recording import (
    Closing,
    Correction,
    Delivery,
    Inspection,
    Merging,
    Outcome,
    Planning,
    Reply,
    Report,
    Statement,
)
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views.case import opened

__all__ = ["router"]

router = api(Action.READ_CASES, "cases")


@router.post("/cases", status_code=201, summary="Open a case")
def open_one(
    given: Opening,
    request: Request,
    response: Response,
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> RecordedOut:
    case = given.do(desk_for(rooms, reader, "", key=log_key(request)))
    response.headers["Location"] = f"/api/v1/cases/{case.id}"
    return _recorded(rooms, case, (), response)


def _record(
    act: Act, case_id: str, request: Request, response: Response, rooms: Rooms, reader: Reader
) -> RecordedOut:
    case = opened(rooms, case_id)
    last = rooms.store.log.last(case.id)
    unmoved(request, last)
    seen = last if "if-match" in request.headers else None
    done = act.do(desk_for(rooms, reader, case.id, seen, log_key(request)), case.id)
    return _recorded(rooms, done.case, done.notes, response)


def _recorded(rooms: Rooms, case: Case, notes: tuple[str, ...], response: Response) -> RecordedOut:
    version(response, case.last)
    return RecordedOut(
        id=case.id,
        last=case.last,
        headline=headline(case, rooms.clock()),
        step=case.step,
        notes=list(notes),
    )


def _offer(path: str, model: type[Act], summary: str) -> None:
    """One endpoint for one act: its body is the act's own model."""

    def endpoint(
        case_id: CaseId,
        given: Act,
        request: Request,
        response: Response,
        rooms: Rooms = Depends(rooms_of),
        reader: Reader = needs(Action.WRITE_CASES),
    ) -> RecordedOut:
        return _record(given, case_id, request, response, rooms, reader)

    endpoint.__annotations__["given"] = Annotated[model, Body()]
    endpoint.__name__ = f"record_{model.NAME}"
    router.post(f"/cases/{{case_id}}/{path}", status_code=201, summary=summary)(endpoint)


for _path, _model, _summary in (
    ("plans", Planning, "Record a new plan"),
    ("statements", Statement, "Record a statement"),
    ("deliveries", Delivery, "Record that the post has delivered"),
    ("answers", Reply, "Record what a state replied"),
    ("inspections", Inspection, "Record an inspection"),
    ("reports", Report, "Record that a duty to report was fulfilled"),
    ("outcome", Outcome, "Record what became of the flight"),
    ("closing", Closing, "Close the case"),
    ("corrections", Correction, "Correct an event that was recorded in error"),
    ("merges", Merging, "Make another case part of this one"),
):
    _offer(_path, _model, _summary)
