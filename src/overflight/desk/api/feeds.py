"""``/api/v1/feeds``: what other programs draw and remember. For the home desk; nothing here is released.

A calendar sends no header: a token that may read feeds and nothing else opens a feed as ``?token=`` in its
address, and opens nothing else anywhere.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from overflight.case.life.agenda import due_list, to_ical
from overflight.case.life.model import Case
from overflight.desk.access import Action
from overflight.desk.api.common import api
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.views.case import opened, state_rows
from overflight.desk.views.figures import Job, figures, finished
from overflight.desk.views.map import features_of
from overflight.exchange.features import Feature, Value
from overflight.exchange.geojson import feature_collection
from overflight.exchange.kml import document

__all__ = ["router"]

#: Entries of a calendar; no program shows more.
_MOST = 5000
#: How long a feed waits for likelihoods and ways that are being worked out, seconds.
_PATIENCE_S = 25.0

router = api(Action.READ_FEEDS, "feeds", prefix="/feeds")

_Token = Annotated[
    str | None,
    Query(max_length=200, description="A token that may read feeds and nothing else, for calendars."),
]
_CaseId = Annotated[str, Path(max_length=60, description="The case's id.", examples=["KOR621-2008"])]


def _gives(kind: str, words: str, shape: str = "string") -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": shape}}}, "description": words}}


@router.get(
    "/due.ics",
    summary="What is due, as a calendar",
    responses=_gives("text/calendar", "An iCalendar file (RFC 5545)."),
    response_class=Response,
)
def due(
    token: _Token = None,
    days: Annotated[int, Query(ge=1, le=366, description="How far ahead.")] = 31,
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    """Answers, deliveries, reports and departures: overdue, due, and due within the days asked for.

    The first five thousand, soonest first; every entry has an alarm six hours ahead. Entries keep their
    names, so that a calendar that comes back moves what has moved.
    """
    log, now = rooms.store.log, rooms.clock()
    until = now + timedelta(days=days)
    dues = due_list(islice(log.agenda(before=until), _MOST), now, until)
    return _file(to_ical(dues, _stamp(rooms)), "text/calendar; charset=utf-8", "overflight-due.ics")


@router.get(
    "/cases/{case_id}/map.geojson",
    summary="A case for a map, as GeoJSON",
    responses=_gives("application/geo+json", "A FeatureCollection (RFC 7946).", "object"),
    response_class=Response,
)
def geojson(case_id: _CaseId, token: _Token = None, rooms: Rooms = Depends(rooms_of)) -> Response:
    """Great circles, open ways, aerodromes, and where and when each state is entered and how it stands.

    `complete` is false while ways and entries are being worked out; ask again.
    """
    case = opened(rooms, case_id)
    drawn, complete = _drawn(rooms, case)
    found = feature_collection(drawn) | {"complete": complete}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return _file(text.encode(), "application/geo+json", f"{case.id}.geojson")


@router.get(
    "/cases/{case_id}/map.kml",
    summary="A case for a globe, as KML",
    responses=_gives("application/vnd.google-earth.kml+xml", "A KML 2.2 document (OGC 07-147r2)."),
    response_class=Response,
)
def kml(case_id: _CaseId, token: _Token = None, rooms: Rooms = Depends(rooms_of)) -> Response:
    """The same as the GeoJSON, with times, for a program that shows them on a globe and asks again."""
    case = opened(rooms, case_id)
    drawn, complete = _drawn(rooms, case)
    about = "Great circles, open ways and entries of one case."
    if not complete:
        about += " Ways and entries are still being worked out."
    text = document(f"{case.id}: {case.opened.body.title}", about, drawn)
    return _file(text.encode(), "application/vnd.google-earth.kml+xml", f"{case.id}.kml")


def _drawn(rooms: Rooms, case: Case) -> tuple[list[Feature], bool]:
    """What the page draws, but for the plausible routes; entries say how their state stands.

    Returns
    -------
    tuple of (list of Feature, bool)
        False: ways and entries are being worked out, and are there when it is asked for again.
    """
    if not case.plans:
        return [], True
    asked = figures(rooms, case, _PATIENCE_S)
    found = finished(asked)
    complete = not isinstance(asked, Job) or bool(asked.fault)
    rows = {row.state: row for row in state_rows(case, rooms.clock(), found)}
    out = []
    for feature in features_of(case, found):
        row = rows.get(str(feature.properties.get("state", "")))
        if feature.style == "entry" and row is not None:
            told: dict[str, Value] = {"standing": row.standing, "words": row.standing_words}
            if row.option is not None:
                told["option"] = row.option.words
            feature = replace(feature, properties={**feature.properties, **told})
        if feature.style != "band":
            out.append(feature)
    return out, complete


def _stamp(rooms: Rooms) -> datetime:
    """When the last event was recorded: the same calendar is the same bytes."""
    log = rooms.store.log
    last = next(iter(log.events(after=log.head().seq - 1)), None)
    return rooms.clock() if last is None else last.recorded_at


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})
