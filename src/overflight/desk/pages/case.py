"""One case: its page, the parts of it that arrive when they are worked out, and the forms that record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from overflight.case.life.answers import decisions
from overflight.case.life.events import kind_of
from overflight.case.life.model import Case
from overflight.case.life.replies import OUTCOMES
from overflight.case.life.view import history_words, to_json
from overflight.case.map import ATTRIBUTION
from overflight.desk import parts
from overflight.desk.access import Action, Reader, may
from overflight.desk.acts import desk_for
from overflight.desk.forms import Typed, filled, typed
from overflight.desk.page import render
from overflight.desk.recording import ACTS
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, reader_of, room
from overflight.desk.views.case import STANDINGS, case_view, moment_of, opened, since
from overflight.desk.views.cases import STEPS
from overflight.desk.views.figures import PATIENCE_S, Figures, Job, figures, finished
from overflight.desk.views.map import drawing, letters
from overflight.desk.views.whatif import WhatIf, states_in, suppose
from overflight.desk.views.world import key_of, world
from overflight.errors import ConflictError, InputError
from overflight.world.states import alpha3_codes, name
from overflight.world.times import second_text

__all__ = ["router"]

router = room(Action.READ_CASES, include_in_schema=False)


@router.get("/cases/{case_id}")
def case_page(
    request: Request,
    case_id: str,
    as_of: str = "",
    refuse: list[str] = Query(default=[]),
    do: str = "",
    state: str = "",
    key: str = "",
    event: int | None = None,
    recorded: int | None = None,
    wait_for: bool = Query(False, alias="wait"),
    rooms: Rooms = Depends(rooms_of),
) -> HTMLResponse:
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    if wait_for:
        figures(rooms, case, PATIENCE_S)
    fresh = [n for n in case.history if recorded is not None and n.seq >= recorded] if not moment else []
    account = getattr(reader_of(request), "account", "")
    typed_ = {"state": name(state) if state in alpha3_codes() else state, "key": key, "event": event or ""}
    return _page(
        request,
        rooms,
        case,
        moment,
        refuse=states_in("", refuse),
        do=do if do in ACTS else "",
        given=typed_,
        fresh=fresh,
        notes=rooms.kept(("notes", case.id, recorded, account), tuple) if fresh else (),
    )


@router.get("/cases/{case_id}/states")
def states(
    request: Request,
    case_id: str,
    as_of: str = "",
    refuse: list[str] = Query(default=[]),
    rooms: Rooms = Depends(rooms_of),
) -> HTMLResponse:
    """The table of states: with likelihoods and options, or how far they have come."""
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    found = figures(rooms, case)
    done = isinstance(found, Figures)
    known = _known(request, rooms, case, moment, found, states_in("", refuse))
    headers = {"HX-Trigger-After-Settle": "figures"} if done else {}
    return render(request, "case_states.html", headers=headers, swap=done, **known)


@router.get("/cases/{case_id}/whatif")
def whatif(
    request: Request,
    case_id: str,
    as_of: str = "",
    refuse: list[str] = Query(default=[]),
    rooms: Rooms = Depends(rooms_of),
) -> HTMLResponse:
    """What stays open if some states refuse."""
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    supposed = states_in("", refuse)
    found = suppose(rooms, case, supposed, moment or rooms.clock())
    if request.headers.get("hx-request"):
        asked = {"as_of": as_of} if moment else {}
        asked |= {"refuse": ",".join(supposed)} if supposed else {}
        address = f"/cases/{quote(case.id)}" + (f"?{urlencode(asked, safe=',')}" if asked else "")
        headers = {"HX-Replace-Url": address, "HX-Trigger-After-Settle": "supposed"}
        return render(
            request, "case_whatif.html", headers=headers, what=found, case=case, as_of=as_of, alone=False
        )
    return _page(request, rooms, case, moment, refuse=supposed, what=found, template="whatif.html")


@router.get("/cases/{case_id}/map")
def map_page(
    request: Request, case_id: str, as_of: str = "", rooms: Rooms = Depends(rooms_of)
) -> HTMLResponse:
    """The map as a drawing: for paper, and where no live map can be shown."""
    moment = moment_of(as_of)
    case = opened(rooms, case_id, moment)
    part = bool(request.headers.get("hx-request"))
    found = figures(rooms, case, 0.0 if part else PATIENCE_S)
    svg: Markup | None = None
    if isinstance(found, Figures):
        made = found
        svg = found.once(
            "drawing", (case.id, case.last), lambda: Markup(drawing(case, made, rooms.settings.view))
        )
    known: dict[str, Any] = {
        "case": case,
        "as_of": as_of,
        "svg": svg,
        "job": None if svg else found,
        "attribution": ATTRIBUTION,
        "ways": _ways(case),
    }
    return render(request, "case_drawing.html" if part else "case_map.html", **known)


@router.get("/map/world-{key}.json")
def ground(request: Request, key: str, rooms: Rooms = Depends(rooms_of)) -> Response:
    """The ground of the live map: its name changes with its content, so that a browser may keep it."""
    view = rooms.settings.view
    if key != key_of(view):
        return RedirectResponse(f"/map/world-{key_of(view)}.json", 303)
    found = world(view, parts.folder())
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=_GEOJSON)
    return Response(found.plain, headers=headers, media_type=_GEOJSON)


_GEOJSON = "application/json"


@router.post("/cases/{case_id}/record/{act}")
def record(
    request: Request,
    case_id: str,
    act: str,
    given: Typed = Depends(typed),
    rooms: Rooms = Depends(rooms_of),
    reader: Reader = needs(Action.WRITE_CASES),
) -> Response:
    """Record an act; what is wrong is said in the form, what has happened meanwhile on a page of its own."""
    case = opened(rooms, case_id)
    model = ACTS.get(act)
    if model is None:
        raise InputError(f"{act[:40]!r} is nothing to record", where="act", mend=f"one of {', '.join(ACTS)}")
    plain = {field: "\n".join(texts) for field, texts in given.items()}
    last = int(plain["last"]) if plain.get("last", "").isdecimal() else None
    try:
        if last is None:
            raise InputError("the form is not whole", where="last", mend="open the page again")
        more = {"departures": _departures(given)} if act == "plan" else {}
        done = filled(model, given, **more).do(desk_for(rooms, reader, case.id, last), case.id)
    except ConflictError:
        now = opened(rooms, case_id)
        return render(
            request,
            "case_conflict.html",
            status=409,
            case=now,
            act=act,
            words=model.WORDS,
            given=given,
            events=_events(since(now, last or 0)),
        )
    except InputError as error:
        return _page(
            request, rooms, case, None, refuse=(), do=act, given=plain, wrong=error, many=given, status=400
        )
    first = (last or 0) + 1
    if done.notes:
        rooms.kept(("notes", case.id, first, reader.account), lambda: done.notes)
    return RedirectResponse(f"/cases/{quote(done.case.id)}?recorded={first}", 303)


def _departures(given: Typed) -> dict[str, str]:
    """Departures of a plan that were changed in their fields: ``leg-1``, with ``was-1`` beside."""
    out = {}
    for field, texts in given.items():
        number = field.removeprefix("leg-")
        if number != field and texts[0].strip() and texts[0] != (given.get(f"was-{number}") or [""])[0]:
            out[number] = texts[0].strip()
    return out


# --- what the page knows -----------------------------------------------------------------------------------


def _page(
    request: Request,
    rooms: Rooms,
    case: Case,
    moment: datetime | None,
    *,
    refuse: tuple[str, ...],
    what: WhatIf | None = None,
    do: str = "",
    given: dict[str, Any] | None = None,
    many: Typed | None = None,
    wrong: InputError | None = None,
    fresh: Any = (),
    notes: tuple[str, ...] = (),
    status: int = 200,
    template: str = "case.html",
) -> HTMLResponse:
    found = figures(rooms, case)
    known = _known(request, rooms, case, moment, found, refuse)
    if what is None and refuse:
        what = suppose(rooms, case, refuse, moment or rooms.clock())
    data = to_json(case, known["view"].now)
    writes = may(reader_of(request), Action.WRITE_CASES) and moment is None
    return render(
        request,
        template,
        status=status,
        **known,
        data=data,
        what=what,
        do=do,
        given=given or {},
        many=many or {},
        wrong=wrong,
        fresh=_events(fresh),
        notes=notes,
        writes=writes,
        acts=ACTS,
        decisions=[one for code, one in decisions().items() if code != "NOT_DUE"],
        outcomes=OUTCOMES,
        codes=[(code, name(code)) for code in alpha3_codes()],
        world=f"/map/world-{key_of(rooms.settings.view)}.json",
        step_words=STEPS.get(case.step, case.step.lower()),
        attribution=ATTRIBUTION,
        clocks=_clocks(case),
        sent=case.sent,
        last=case.last,
        ways=_ways(case),
        alone=template == "whatif.html",
    )


def _known(
    request: Request,
    rooms: Rooms,
    case: Case,
    moment: datetime | None,
    found: Figures | Job[Figures],
    refuse: tuple[str, ...],
) -> dict[str, Any]:
    """What the table of states and the timeline need."""
    done = finished(found)
    return {
        "case": case,
        "view": case_view(rooms, case, done, moment),
        "job": None if done else found,
        "as_of": second_text(moment) if moment else "",
        "refuse": refuse,
        "standings": STANDINGS,
        "composes": may(reader_of(request), Action.WRITE_CASES) and moment is None,
    }


def _ways(case: Case) -> list[dict[str, Any]]:
    """Open ways of every leg with their letters and lengths."""
    named = letters(case)
    out = []
    for leg in case.coverage.legs if case.coverage else ():
        ways = [(named.get((leg.leg, way.states), ""), way) for way in leg.open]
        out.append({"leg": leg.leg, "closed": leg.closed, "why": leg.why, "ways": ways, "cover": leg})
    return out


def _clocks(case: Case) -> list[Any]:
    """Duties to report that are not fulfilled yet."""
    done = {n.body.key for n in case.reports}
    return [one for n in case.inspections for one in n.body.clocks if one.key not in done]


def _events(noted: Any) -> list[dict[str, Any]]:
    return [
        {
            "seq": n.seq,
            "case": n.case,
            "kind": kind_of(n.body),
            "words": history_words(n),
            "recorded": n.recorded_at,
            "true_at": n.true_at,
            "by": n.by,
            "source": n.source or "",
        }
        for n in noted
    ]
