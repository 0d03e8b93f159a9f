"""The page for law: the calendar of measures, a day and a state, a flight and its states, meetings."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from overflight.desk.access import Action
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import room
from overflight.desk.views import law as view
from overflight.desk.views import law_calendar as measures
from overflight.desk.views.read_source import printable
from overflight.errors import InputError
from overflight.law.measure import Day
from overflight.law.words import label
from overflight.world.states import alpha3_codes, name

__all__ = ["router"]

router = room(Action.USE_TOOLS)

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_TEXTS = (
    *("state", "way", "leg", "operator", "registration", "flag", "kind", "cargo", "category", "grounds"),
    *("over", "phase", "permit", "carries", "listed", "listed_as", "listed_about", "position"),
)
#: The narrowing of the calendar.
_NARROW = ("about", "measure_kind", "binding")


@router.get("/law", response_class=HTMLResponse)
def law(request: Request, rooms: _Rooms) -> Response:
    """Everything is in the URL, so that what is on the screen can be shared."""
    given = request.query_params
    asked = _asked(given)
    known: dict[str, Any] = {"wrong": None, "states": (), "one": None, "calendar": None, "meetings": None}
    on: Day = rooms.clock().date()
    status = 200
    try:
        found = view.moment_of(_moment(given))
        if found is not None:
            on = found
        flying = view.flight_of(rooms, asked, on)
        if flying is not None:
            known["flying"] = flying
            known["states"] = view.states_under(rooms, asked, on, flying)
            if asked.state.strip():
                known["one"] = view.state_advice(rooms, asked, on, flying)
            day = on.date() if isinstance(on, datetime) else on
            known["meetings"] = view.meetings_on(rooms, day, day, flight=flying.flight)
        elif asked.state.strip():
            known["calendar"] = view.calendar_of(rooms, asked, on)
    except InputError as error:
        known["wrong"], status = error, 422
    told = known["one"] or known["calendar"]
    if told is not None:
        asked = replace(asked, state=told.state)
    rules = view.rules_of(rooms)
    narrow = {key: given.get(key, "")[:40] for key in _NARROW}
    standing = given.get("standing", "") != ""
    years = measures.years_of(rules, on)
    whole = known["wrong"] is None and not known["states"] and known["calendar"] is None
    whole = whole and known["one"] is None
    kinds, bindings = measures.kinds_in(rules)
    return render(
        request,
        "law.html",
        status=status,
        plain=printable,
        label=label,
        asked=asked,
        on=on,
        time=given.get("at", ""),
        day=f"{on:%Y-%m-%d}",
        today=rooms.clock().date(),
        whole=whole,
        groups=measures.instruments(
            rules,
            on,
            about=narrow["about"],
            kind=narrow["measure_kind"],
            binding=narrow["binding"],
            standing=standing,
        )
        if whole
        else (),
        narrow=narrow,
        standing=standing,
        years=years,
        ticks=measures.ticks(years),
        here=measures.place_in(on, years),
        targets=measures.targets_in(rules),
        kinds=kinds,
        bindings=bindings,
        words=view.question_options(),
        position=rooms.settings.position,
        in_order=view.in_order,
        best_measures=view.best_measures,
        caution=view.CAUTION,
        all_states=sorted((name(code), code) for code in alpha3_codes()),
        link=_link(given),
        said=_said(asked),
        flying=known.pop("flying", None),
        **known,
    )


def _moment(given: QueryParams) -> str:
    """A day, with the hour where one is given beside it."""
    day, hour = given.get("on", "").strip(), given.get("at", "").strip()
    return f"{day}T{hour}Z" if len(day) == 10 and hour else day


def _asked(given: QueryParams) -> view.Asked:
    texts = {key: given[key][:400] for key in _TEXTS if key in given}
    blank = view.Asked()
    return view.Asked(
        on=given.get("on", ""),
        grounds_apart=given.get("grounds_apart", "") not in ("", "no"),
        circumstances=tuple(dict.fromkeys(word[:60] for word in given.getlist("circumstance")[:30] if word)),
        **{key: value or getattr(blank, key) for key, value in texts.items()},
    )


def _said(asked: view.Asked) -> list[str]:
    """What was said beside day, state and itinerary, in words."""
    blank = view.Asked()
    found = []
    for one in fields(asked):
        value = getattr(asked, one.name)
        if one.name in ("on", "state", "way") or value == getattr(blank, one.name):
            continue
        if one.name == "listed_as" and not asked.listed:
            continue
        told = ", ".join(value) if isinstance(value, tuple) else value
        name_ = one.name.replace("_", " ")
        found.append(name_ if told is True else f"{name_} {printable(str(told)[:60])}")
    return found


def _link(given: QueryParams) -> Any:
    """Makes the address of this question with some of its fields changed."""

    def made(**changed: str) -> str:
        kept = [(key, value) for key, value in given.multi_items() if key not in changed and value]
        kept += [(key, value) for key, value in changed.items() if value]
        return "/law" + (f"?{urlencode(kept)}" if kept else "")

    return made
