"""Cases in the JSON API: the list, one case at any time, its states, its log, what if, what is due."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Body, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from overflight.case.life.model import Case
from overflight.case.life.view import to_json
from overflight.desk.access import Action, Reader
from overflight.desk.api.common import Listed, Page, api, log_key, sound_text, unmoved, version
from overflight.desk.api.common import cursor_of as cursor
from overflight.desk.faults import FaultError
from overflight.desk.recording import (
    Act,
    Closing,
    Correction,
    Delivery,
    Inspection,
    Merging,
    Opening,
    Outcome,
    Planning,
    Reply,
    Report,
    Statement,
    desk_for,
)
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views.case import moment_of, opened, state_rows
from overflight.desk.views.cases import list_cases
from overflight.desk.views.figures import PATIENCE_S, Figures, figures, wait
from overflight.desk.views.today import DueLine, due_page, today
from overflight.desk.views.whatif import WhatIf, states_in, suppose
from overflight.errors import InputError

__all__ = ["router"]

router = api(Action.READ_CASES, "cases")

CaseId = Annotated[str, Path(description="Id of the case.", examples=["KOR621-2008"], max_length=60)]
AsOf = Annotated[
    str,
    Query(
        description="The case as it was known at this moment: a day, or a time in UTC. Empty: now.",
        examples=["2008-08-05T12:00Z"],
        max_length=40,
    ),
]
Refuse = Annotated[
    list[str], Query(description="States supposed to refuse: CHN,RUS, or several times.", max_length=60)
]


class Loose(BaseModel):
    """Fields may be added; none is taken away."""

    model_config = ConfigDict(extra="allow")


class CaseRowOut(BaseModel):
    """One case in the list."""

    id: str
    title: str
    step: str = Field(description="TIP, ROUTE, TASKED, DELIVERED, REPORTED … CLOSED, MERGED")
    flight: list[str]
    tails: list[str]
    places: list[str] = Field(description="Aerodromes of every plan, ICAO.")
    asked: list[str] = Field(description="States approached, alpha-3.")
    first: datetime | None = Field(description="Earliest departure of any plan.")
    last: datetime | None = Field(description="Latest departure of any plan.")
    events: int
    seq: int = Field(description="The last event; newer cases have a greater one.")
    into: str | None = Field(description="The case that it was merged into.")
    next: str | None = Field(description="What is due first.")
    next_at: datetime | None


class PlanOut(Loose):
    """One plan with its facts."""

    number: int
    recorded: str
    true_at: str
    why: str
    source: str | None
    facts: dict[str, str]


class ApproachOut(Loose):
    """One request to one state."""

    id: str
    state: str
    post: str
    number: str | None
    asked: str
    ask: list[str]
    due: str
    due_local: str | None
    delivered: str | None
    answer: str | None
    stale: list[str] | None = Field(description="Why the answer no longer holds; null without an answer.")


class AnswerOut(Loose):
    """What a state replied."""

    id: str
    state: str
    decision: str
    at: str
    conditions: str | None
    standing: bool
    current: bool
    stale: list[str]


class StatementOut(Loose):
    """One statement with its marking."""

    id: str
    text: str
    marking: str
    source: str
    facts: dict[str, str]
    replaced_by: str | None
    outdated: list[str]


class EventOut(Loose):
    """One event of the log."""

    seq: int
    case: str
    recorded: str
    true_at: str
    by: str
    source: str | None
    kind: str
    words: str
    void: bool = Field(description="It does not count any more.")
    corrected_by: int | None


class CaseOut(Loose):
    """A whole case, in the shape of ``overflight case show --json``."""

    id: str
    title: str
    headline: str = Field(description="The sentence that matters.")
    step: str
    as_of: str
    last: int = Field(description="The last event; send it back as If-Match when you change something.")
    flight: dict[str, str]
    plans: list[PlanOut]
    approaches: list[ApproachOut]
    answers: list[AnswerOut]
    statements: list[StatementOut]
    holders: list[dict[str, Any]] = Field(description="Who still holds an earlier version.")
    open: list[list[str]] = Field(description="States of every open way, leg by leg.")
    next: list[dict[str, Any]] = Field(description="Whom to ask, best first.")
    closed: bool | None
    never_asked: list[str]
    legs: list[dict[str, Any]]
    telegrams: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    outcome: dict[str, Any] | None
    thanks: list[dict[str, Any]]
    merged_into: str | None
    history: list[EventOut]


class OptionOut(BaseModel):
    """What the law lets the state do, and on what paragraph."""

    words: str
    duty: str = Field(description="must or may, with what asks for it.")
    measures: list[str]
    until: str | None


class StateOut(BaseModel):
    """One state's part in a case."""

    state: str
    name: str
    standing: str = Field(
        description="never, asked, unsettled, stale, allowed, landing, refused or ends (departure, arrival)"
    )
    words: str
    on_line: bool
    likelihood: float | None = Field(
        description="Share of plausible routes that enter it; null: not known yet."
    )
    entry: list[datetime] | None = Field(description="Earliest and latest entry.")
    entry_by: Literal["line", "way"] | None
    ways: int = Field(description="Open ways that need it.")
    option: OptionOut | None
    asked: datetime | None
    due: datetime | None
    due_local: str | None
    overdue: bool
    delivered: datetime | None
    answered: datetime | None
    decision: str | None
    stale: list[str]


class StatesOut(BaseModel):
    """The table of states; `complete` is false while likelihoods and options are being worked out."""

    id: str
    complete: bool
    stage: str | None = Field(description="What is being worked out.")
    items: list[StateOut]


class WayOut(BaseModel):
    """One way."""

    states: list[str]
    km: float


class LegLeftOut(BaseModel):
    """What is left of one leg."""

    leg: str
    closed: bool
    why: str | None
    open: list[WayOut]
    lost: list[WayOut]
    coalitions: list[list[str]] = Field(description="Smallest sets whose further refusal closes it.")


class WhatIfOut(BaseModel):
    """What stays open when some states refuse."""

    refuse: list[str]
    refused_already: list[str]
    headline: str
    before: str
    closed: bool
    closed_before: bool
    legs: list[LegLeftOut]
    never_asked: list[str]
    next: list[str]
    complete: bool
    searching: bool = Field(description="The list of ways was cut short and is searched anew; ask again.")


class DueOut(BaseModel):
    """One thing that is due."""

    case: str
    text: str
    kind: str
    at: datetime
    when: str = Field(description="overdue, today or next")
    left: str
    local: str | None
    act: str
    href: str


class OpenOut(BaseModel):
    """An open case with the sentence that matters."""

    case: str
    title: str
    step: str
    headline: str


class WaitingOut(BaseModel):
    """Something that waits for the desk."""

    case: str
    text: str
    at: datetime | None
    act: str
    href: str


class TodayOut(BaseModel):
    """The day at a glance: the first lines of everything, and how many there are."""

    now: datetime
    overdue: list[DueOut]
    today: list[DueOut]
    next: list[DueOut]
    counts: dict[str, int]
    open: list[OpenOut]
    answers: list[WaitingOut]
    approvals: list[WaitingOut]
    matched: list[WaitingOut]


class RecordedOut(BaseModel):
    """The case after something was recorded."""

    id: str
    last: int
    headline: str
    step: str
    notes: list[str]


# --- reading -----------------------------------------------------------------------------------------------


@router.get("/cases", summary="Cases, those worked on last first")
def cases(
    page: Page,
    q: Annotated[str, Query(description="Words that must all stand in the case.", max_length=200)] = "",
    step: Annotated[
        str, Query(description="A step, or `open` for all that are not closed.", max_length=40)
    ] = "",
    rooms: Rooms = Depends(rooms_of),
) -> Listed[CaseRowOut]:
    if not sound_text(q):
        raise FaultError(422, "a text with NUL or half a surrogate pair", "q", "send Unicode text")
    below = None
    if page.after is not None:
        if len(page.after) != 1 or not isinstance(page.after[0], int):
            raise InputError("no cursor of this list", where="cursor", mend="start again without one")
        below = page.after[0]
    found = list_cases(rooms, query=q, step=step, below=below, limit=page.limit)
    return Listed(
        items=[
            CaseRowOut(
                id=row.id,
                title=row.title,
                step=row.step,
                flight=list(row.flight),
                tails=list(row.tails),
                places=list(row.route),
                asked=list(row.states),
                first=row.first,
                last=row.last,
                events=row.events,
                seq=row.seq,
                into=row.into or None,
                next=row.next or None,
                next_at=row.next_at,
            )
            for row in found.rows
        ],
        next=None if found.more is None else cursor((found.more,)),
    )


@router.get("/cases/{case_id}", summary="One case, now or as of a time")
def one(case_id: CaseId, response: Response, as_of: AsOf = "", rooms: Rooms = Depends(rooms_of)) -> CaseOut:
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    version(response, case.last)
    return CaseOut.model_validate(to_json(case, moment or rooms.clock()))


@router.get("/cases/{case_id}/history", summary="The log of one case, in order")
def history(case_id: CaseId, page: Page, rooms: Rooms = Depends(rooms_of)) -> Listed[EventOut]:
    from overflight.desk.api.common import listed

    case = opened(rooms, case_id)
    rows = [EventOut.model_validate(row) for row in to_json(case, rooms.clock())["history"]]
    return listed(sorted(rows, key=lambda row: row.seq), page, place=lambda row: (row.seq,))


@router.get("/cases/{case_id}/states", summary="Every state's part: likelihood, entry, option, answer, due")
def states(
    case_id: CaseId,
    as_of: AsOf = "",
    wait_for: Annotated[
        bool,
        Query(
            alias="wait",
            description="Wait a few seconds for likelihoods and options, where they are not worked out.",
        ),
    ] = False,
    rooms: Rooms = Depends(rooms_of),
) -> StatesOut:
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    found = (wait(rooms, case, PATIENCE_S) if wait_for else None) or figures(rooms, case)
    done = found if isinstance(found, Figures) else None
    return StatesOut(
        id=case.id,
        complete=done is not None,
        stage=None if isinstance(found, Figures) else found.fault or found.stage,
        items=[
            StateOut(
                state=row.state,
                name=row.name,
                standing=row.standing,
                words=row.standing_words,
                on_line=row.on_line,
                likelihood=row.share,
                entry=list(row.entry) if row.entry else None,
                entry_by=("line" if row.by == "line" else "way") if row.entry else None,
                ways=row.ways,
                option=OptionOut(
                    words=row.option.words,
                    duty=row.option.duty,
                    measures=[f"{a} ({b})" if b else a for a, b in row.option.cited],
                    until=row.option.until or None,
                )
                if row.option
                else None,
                asked=row.asked,
                due=row.due,
                due_local=row.due_local or None,
                overdue=row.overdue,
                delivered=row.delivered,
                answered=row.answered,
                decision=row.decision or None,
                stale=list(row.stale),
            )
            for row in state_rows(case, moment or rooms.clock(), done)
        ],
    )


@router.get("/cases/{case_id}/whatif", summary="What stays open if some states refuse")
def whatif(case_id: CaseId, refuse: Refuse, as_of: AsOf = "", rooms: Rooms = Depends(rooms_of)) -> WhatIfOut:
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    return _whatif(suppose(rooms, case, states_in("", refuse), moment or rooms.clock()))


def _whatif(found: WhatIf) -> WhatIfOut:
    return WhatIfOut(
        refuse=list(found.refuse),
        refused_already=list(found.known),
        headline=found.sentence,
        before=found.before,
        closed=found.closed,
        closed_before=found.closed_before,
        legs=[
            LegLeftOut(
                leg=leg.leg,
                closed=leg.closed,
                why=leg.why or None,
                open=[WayOut(states=list(way.states), km=way.km) for way in leg.open],
                lost=[WayOut(states=list(way.states), km=way.km) for way in leg.lost],
                coalitions=[list(one) for one in leg.coalitions],
            )
            for leg in found.legs
        ],
        never_asked=list(found.never),
        next=list(found.next),
        complete=found.complete,
        searching=found.searching,
    )


@router.get("/today", summary="The day at a glance")
def day(rooms: Rooms = Depends(rooms_of)) -> TodayOut:
    found = today(rooms)
    lines = {page.when: [_due(one, page.when) for one in page.lines] for page in found.due}
    return TodayOut(
        now=found.now,
        overdue=lines["overdue"],
        today=lines["today"],
        next=lines["next"],
        counts={page.when: page.count for page in found.due}
        | {"open": found.open_count, "cases": found.cases},
        open=[OpenOut(case=o.case, title=o.title, step=o.step, headline=o.sentence) for o in found.open],
        answers=[_waits(one) for one in found.answers],
        approvals=[_waits(one) for one in found.approvals],
        matched=[_waits(one) for one in found.matched],
    )


def _waits(one: Any) -> WaitingOut:
    return WaitingOut(case=one.case, text=one.text, at=one.at, act=one.act.words, href=one.act.href)


@router.get("/due", summary="What is overdue, due today or next, soonest first")
def due(
    page: Page,
    when: Annotated[Literal["overdue", "today", "next"], Query(description="Which part.")] = "overdue",
    rooms: Rooms = Depends(rooms_of),
) -> Listed[DueOut]:
    after: tuple[str, str, str] | None = None
    if page.after is not None:
        if [type(part) for part in page.after] != [str, str, str]:
            raise InputError("no cursor of this list", where="cursor", mend="start again without one")
        after = (str(page.after[0]), str(page.after[1]), str(page.after[2]))
    found = due_page(rooms, when, after=after, limit=page.limit)
    return Listed(
        items=[_due(line, when) for line in found.lines],
        next=None if found.more is None else cursor(found.more),
    )


def _due(line: DueLine, when: str) -> DueOut:
    return DueOut(
        case=line.case,
        text=line.text,
        kind=line.kind,
        at=line.at,
        when=when,
        left=line.left,
        local=line.local or None,
        act=line.act.words,
        href=line.act.href,
    )


# --- writing -----------------------------------------------------------------------------------------------


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
    from overflight.case.life.headline import headline

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
