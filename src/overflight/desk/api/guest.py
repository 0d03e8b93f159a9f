"""A guest's shelf as JSON: what was released to his state, its files and deadlines, the answers it gave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from overflight.desk.access import Action, Reader
from overflight.desk.api.common import Listed, Page, api, listed
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views import guest as view
from overflight.desk.views import papers
from overflight.desk.views.shelves import shelf_of
from overflight.store.shelf import GuestAnswer, Released

__all__ = ["router"]

router = api(Action.READ_SHELF, "guest", prefix="/guest")

#: More papers than any state will ever have.
_ALL = 100_000
_Rooms = Annotated[Rooms, Depends(rooms_of)]
_Guest = Annotated[Reader, needs(Action.READ_SHELF)]
_Reference = Annotated[str, Path(max_length=40, description="The paper's reference.")]


class PaperOut(BaseModel):
    """One paper that was released to your state."""

    reference: str
    title: str
    kind: Literal["approach", "update", "thanks"]
    paper: str = Field(description="The text, with its marks.")
    ask: list[str] = Field(description="What your state is asked.")
    due: datetime | None = Field(description="By when its answer is wanted.")
    due_local: str = Field(
        description="The same on the clock of your capital.", examples=["6 Aug 17:30 in New Delhi"]
    )
    released_at: datetime


class AnswerIn(BaseModel):
    """Your state's answer."""

    model_config = ConfigDict(extra="forbid")

    decision: str = Field(max_length=60, description="A code of `GET /guest/decisions`.", examples=["ALLOW"])
    conditions: str = Field("", max_length=view.MOST_CONDITIONS)
    valid_from: date | None = Field(None, description="Good from this day, UTC.")
    valid_until: date | None = Field(None, description="Good until the end of this day, UTC.")
    text: str = Field("", max_length=view.MOST_WORDS, description="In your own words.")


class AnswerOut(BaseModel):
    """An answer that your state gave; the last one to a paper counts."""

    model_config = ConfigDict(from_attributes=True)

    reference: str
    number: int
    decision: str
    conditions: str
    valid_from: datetime | None
    valid_until: datetime | None
    text: str
    given_at: datetime
    account: str


class DecisionOut(BaseModel):
    """A decision that can be given."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    words: str
    hint: str


@router.get("/papers", summary="What was released to your state, the oldest first")
def all_papers(page: Page, rooms: _Rooms, reader: _Guest) -> Listed[PaperOut]:
    """Word for word as it was released."""
    rows = sorted(map(_paper, shelf_of(rooms, reader.state).released(most=_ALL)), key=_place)
    return listed(rows, page, place=_place)


@router.get("/papers/{reference}", summary="One paper")
def one_paper(reference: _Reference, rooms: _Rooms, reader: _Guest) -> PaperOut:
    """Word for word as it was released."""
    return _paper(view.paper_page(rooms, reader, reference).paper)


@router.get(
    "/papers/{reference}/paper.{form}",
    summary="One paper as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {kind.split(";")[0]: {"schema": {"type": "string"}} for kind in papers.FORMS.values()},
        }
    },
)
def file(
    reference: _Reference, form: Literal["txt", "docx", "pdf"], rooms: _Rooms, reader: _Guest
) -> Response:
    """The same text gives the same bytes."""
    found = view.paper_page(rooms, reader, reference).paper
    named = f'attachment; filename="non-paper-{found.reference}.{form}"'
    return Response(
        papers.paper_file(found.paper, form),
        media_type=papers.FORMS[form],
        headers={"Content-Disposition": named},
    )


@router.get("/papers/{reference}/answers", summary="What your state has answered to a paper")
def answers(reference: _Reference, page: Page, rooms: _Rooms, reader: _Guest) -> Listed[AnswerOut]:
    """The oldest first; the last one counts."""
    shelf = shelf_of(rooms, reader.state)
    if shelf.one(reference) is None:
        raise FaultError(404)
    rows = sorted(map(_answer, shelf.answers(reference)), key=lambda one: one.number)
    return listed(rows, page, place=lambda one: (one.number,))


@router.post("/papers/{reference}/answers", status_code=201, summary="Answer a paper")
def answer(
    reference: _Reference,
    given: AnswerIn,
    rooms: _Rooms,
    reader: Annotated[Reader, needs(Action.ANSWER)],
) -> AnswerOut:
    """It is kept when this returns. The same answer again, right after itself, is the same one."""
    plain = {
        name: "" if value is None else str(value) for name, value in given.model_dump(mode="json").items()
    }
    return _answer(view.give(rooms, reader, reference, view.given_of(plain)))


@router.get("/decisions", summary="What can be answered")
def decisions() -> list[DecisionOut]:
    """Codes, and how they read."""
    return [DecisionOut.model_validate(one) for one in view.choices().values()]


@router.get(
    "/deadlines.ics",
    summary="Your state's deadlines, as a calendar",
    response_class=Response,
    responses={
        200: {
            "description": "An iCalendar file (RFC 5545).",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        }
    },
)
def deadlines(rooms: _Rooms, reader: _Guest) -> Response:
    """One entry for each paper that wants an answer, with an alarm six hours ahead."""
    return Response(
        view.deadlines(rooms, reader),
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="deadlines.ics"'},
    )


def _paper(one: Released) -> PaperOut:
    known: dict[str, Any] = {
        name: getattr(one, name) for name in type(one).__dataclass_fields__ if name not in ("state", "ask")
    }
    return PaperOut(**known, ask=list(one.ask), due_local=view.capital_time(one.state, one.due))


def _answer(one: GuestAnswer) -> AnswerOut:
    return AnswerOut.model_validate(one)


def _place(one: PaperOut) -> tuple[str, str]:
    return one.released_at.isoformat(timespec="microseconds"), one.reference
