"""Law and meetings as JSON: the shapes of ``overflight law --json`` and ``overflight meetings --json``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from overflight.desk.access import Action
from overflight.desk.api.common import api
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.views import law as view
from overflight.desk.views import law_calendar as measures
from overflight.errors import InputError
from overflight.law.measure import Day
from overflight.world.states import state

__all__ = ["router"]

router = api(Action.USE_TOOLS, "law and meetings")

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_On = Annotated[
    str,
    Query(
        max_length=40,
        description="Day, or instant such as 2025-09-28T00:00Z; default: today.",
        examples=["2008-08-07"],
    ),
]


class _Open(BaseModel):
    """Named fields, and the further ones that `docs/law.md` tells."""

    model_config = ConfigDict(extra="allow")


class LawIn(BaseModel):
    """What is asked about; without an itinerary, what holds for the state on the day."""

    model_config = ConfigDict(extra="forbid")
    on: str = Field("", max_length=40, description="Day, or instant; default: today.")
    state: str = Field(
        "", max_length=100, description="Code or name; default: every state under the itinerary."
    )
    way: str = Field(
        "",
        max_length=200,
        description="Itinerary: aerodromes in order of flight, parted by blanks.",
        examples=["ZKPY OIIE"],
    )
    leg: str = Field("", max_length=4, description="Number of the leg that enters the state.")
    operator: str = Field("", max_length=300, description="ICAO designator, or a name.")
    registration: str = Field("", max_length=20)
    flag: str = Field("", max_length=100, description="State of registry.")
    kind: str = Field("civil non-scheduled", max_length=60)
    cargo: str = Field("", max_length=300, description="Its wording.")
    category: str = Field("", max_length=60, description="Category of cargo or concern.")
    grounds: str = Field("", max_length=60, description="What is shown.")
    grounds_apart: bool = False
    over: str = Field("", max_length=60)
    phase: str = Field("before departure", max_length=60)
    permit: str = Field("unknown", max_length=60)
    carries: str = Field("unknown", max_length=60)
    circumstances: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=30)
    listed: str = Field("", max_length=60, description="A list that designates somebody of the flight.")
    listed_as: Literal["operator", "aircraft", "owner", "consignee"] = "operator"
    listed_about: str = Field("", max_length=100, description="The state that the listing is about.")
    position: str = Field("", max_length=100, description="Whose position on contested measures.")

    def asked(self) -> view.Asked:
        """The question as the desk puts it."""
        told = self.model_dump()
        return view.Asked(**told | {"circumstances": tuple(told["circumstances"])})


class OptionOut(_Open):
    """One thing that the state can do; the best fit comes first."""

    option: str
    duty: Literal["may", "must"]
    measures: list[dict[str, Any]]
    needs: str
    exemptions: list[dict[str, Any]]
    report_by: str | None


class LawOut(_Open):
    """What ``overflight law --json`` prints for one state."""

    state: str
    on: str
    options: list[OptionOut]
    contested: list[dict[str, Any]]


class UnderOut(LawOut):
    """The same, with where the state lies under the flight."""

    leg: int | None
    over: str | None
    entry_km: float | None
    exit_km: float | None


class StatesOut(BaseModel):
    """Every state under a flight, in order of flight."""

    flight: str
    on: str
    states: list[UnderOut]


class PeriodOut(BaseModel):
    """A span in which a measure holds, is contested or suspended."""

    from_: str = Field(alias="from")
    until: str | None
    status: str
    verified: bool


class MeasureOut(BaseModel):
    """One dated rule."""

    id: str
    instrument: str
    paragraph: str
    adopted: str
    targets: list[str]
    kind: str
    binding: str
    effect: str
    on_the_day: str
    periods: list[PeriodOut]
    verified: bool
    unverified: str
    own: bool
    source: str


class MeasuresOut(BaseModel):
    """The calendar of measures."""

    on: str
    measures: list[MeasureOut]


class MeetingsOut(BaseModel):
    """What ``overflight meetings --json`` prints."""

    on: list[str]
    meetings: list[dict[str, Any]]
    near: list[dict[str, Any]]
    explanations: list[dict[str, Any]]
    caution: str


@router.get(
    "/law", summary="Options of one state, or of all states under a flight", response_model=LawOut | StatesOut
)
def law(rooms: _Rooms, given: Annotated[LawIn, Query()]) -> JSONResponse:
    """With a state and an itinerary its options; with a state alone what holds for it; else all states."""
    asked = given.asked()
    on = _on(rooms, given.on)
    flying = view.flight_of(rooms, asked, on)
    if flying is None:
        if not asked.state.strip():
            raise InputError(
                "neither a state nor an itinerary is named", where="state", mend="give state, way or both"
            )
        return JSONResponse(view.calendar_of(rooms, asked, on).to_json())
    if asked.state.strip():
        return JSONResponse(_one(view.state_advice(rooms, asked, on, flying)))
    found = view.states_under(rooms, asked, on, flying)
    document = {"flight": flying.flight.id, "on": _stamp(on), "states": [_one(one) for one in found]}
    return JSONResponse(document)


@router.get("/law/measures", summary="The calendar of measures", response_model=MeasuresOut)
def calendar(
    rooms: _Rooms,
    on: _On = "",
    about: Annotated[
        str, Query(max_length=100, description="Only about this state; `none`: about nobody in particular.")
    ] = "",
    kind: Annotated[str, Query(max_length=40, description="Only this kind, such as DENY_AIR.")] = "",
    binding: Annotated[str, Query(max_length=40, description="Only this, such as mandatory.")] = "",
    standing: Annotated[bool, Query(description="Only what is in force or contested on the day.")] = False,
) -> JSONResponse:
    day = _on(rooms, on)
    code = about
    if about and about != "none":
        try:
            code = state(about)
        except InputError as error:
            raise InputError(error.what, where="about", mend=error.mend) from None
    rows = measures.measures_json(
        view.rules_of(rooms), day, about=code, kind=kind, binding=binding, standing=standing
    )
    return JSONResponse({"on": _stamp(day), "measures": rows})


@router.get("/meetings", summary="Public meetings on or near some days", response_model=MeetingsOut)
def meetings(
    rooms: _Rooms,
    on: Annotated[
        str,
        Query(max_length=40, description="A day, or two with dots: 2008-08-07..2008-08-09; default: today."),
    ] = "",
    place: Annotated[
        list[str] | None, Query(max_length=20, description="States, cities or aerodromes.")
    ] = None,
    way: Annotated[
        str, Query(max_length=200, description="Itinerary of a flight that a meeting may explain.")
    ] = "",
    operator: Annotated[str, Query(max_length=300)] = "",
    kind: Annotated[str, Query(max_length=60)] = "civil non-scheduled",
    near: Annotated[int, Query(ge=0, le=366, description="Also meetings this many days off.")] = 14,
) -> JSONResponse:
    first_text, dots, last_text = on.partition("..")
    first = _day(_on(rooms, first_text))
    last = _day(_on(rooms, last_text)) if dots else first
    flying = view.flight_of(rooms, view.Asked(way=way, operator=operator, kind=kind), first)
    found = view.meetings_on(
        rooms, first, last, places=place or (), flight=flying.flight if flying else None, near=near
    )
    return JSONResponse(view.meetings_json(found))


def _on(rooms: Rooms, text: str) -> Day:
    return view.moment_of(text) or rooms.clock().date()


def _day(on: Day) -> date:
    return on.date() if isinstance(on, datetime) else on


def _stamp(on: Day) -> str:
    return on.isoformat().replace("+00:00", "Z")


def _one(one: view.StateAdvice) -> dict[str, Any]:
    under = one.under
    return one.advice.to_json() | {
        "leg": one.leg.number if one.leg else None,
        "over": under.over if under else None,
        "entry_km": round(under.entry_km, 1) if under else None,
        "exit_km": round(under.exit_km, 1) if under else None,
    }
