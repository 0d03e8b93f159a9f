"""Cases in the JSON API, as they are read: the list, one case, its states, its log, what if, what is due."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Response

from overflight.case.life.view import to_json
from overflight.desk.access import Action
from overflight.desk.api.case_shapes import (
    CaseOut,
    CaseRowOut,
    DueOut,
    EventOut,
    LegLeftOut,
    OpenOut,
    OptionOut,
    StateOut,
    StatesOut,
    TodayOut,
    WaitingOut,
    WayOut,
    WhatIfOut,
)
from overflight.desk.api.common import Listed, Page, api, cursor_of, listed, sound_text, version
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.views.case import moment_of, opened, state_rows
from overflight.desk.views.cases import list_cases
from overflight.desk.views.figures import PATIENCE_S, Job, figures, finished
from overflight.desk.views.today import DueLine, due_page, today
from overflight.desk.views.whatif import WhatIf, states_in, suppose
from overflight.errors import InputError

__all__ = ["CaseAt", "CaseId", "Wait", "router"]

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
Wait = Annotated[
    bool,
    Query(
        description="Wait a few seconds for likelihoods, options, ways and entries, where they are not "
        "worked out."
    ),
]


class CaseAt:
    """A case at the moment that is asked for: a dependency.

    Attributes
    ----------
    case : Case
    now : datetime
        The moment that it is shown at; the clock's, when none is asked for.
    """

    def __init__(self, case_id: CaseId, as_of: AsOf = "", rooms: Rooms = Depends(rooms_of)) -> None:
        moment = moment_of(as_of)
        self.rooms = rooms
        self.case = opened(rooms, case_id, moment)
        self.now = moment or rooms.clock()


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
        next=None if found.more is None else cursor_of((found.more,)),
    )


@router.get("/cases/{case_id}", summary="One case, now or as of a time")
def one(response: Response, at: Annotated[CaseAt, Depends()]) -> CaseOut:
    version(response, at.case.last)
    return CaseOut.model_validate(to_json(at.case, at.now))


@router.get("/cases/{case_id}/history", summary="The log of one case, in order")
def history(case_id: CaseId, page: Page, rooms: Rooms = Depends(rooms_of)) -> Listed[EventOut]:
    case = opened(rooms, case_id)
    rows = [EventOut.model_validate(row) for row in to_json(case, rooms.clock())["history"]]
    return listed(sorted(rows, key=lambda row: row.seq), page, place=lambda row: (row.seq,))


@router.get("/cases/{case_id}/states", summary="Every state's part: likelihood, entry, option, answer, due")
def states(at: Annotated[CaseAt, Depends()], wait: Wait = False) -> StatesOut:
    found = figures(at.rooms, at.case, PATIENCE_S if wait else 0.0)
    done = finished(found)
    return StatesOut(
        id=at.case.id,
        complete=done is not None,
        stage=found.fault or found.stage if isinstance(found, Job) else None,
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
            for row in state_rows(at.case, at.now, done)
        ],
    )


@router.get("/cases/{case_id}/whatif", summary="What stays open if some states refuse")
def whatif(at: Annotated[CaseAt, Depends()], refuse: Refuse) -> WhatIfOut:
    return _whatif(suppose(at.rooms, at.case, states_in("", refuse), at.now))


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
        next=None if found.more is None else cursor_of(found.more),
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
