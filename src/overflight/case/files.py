"""A brief as files: the page, GeoJSON and KML, and as plain data for other programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from overflight.case import wording
from overflight.case.model import Brief, LegBrief, Passage
from overflight.case.page import page
from overflight.exchange import geojson, kml
from overflight.exchange.crossings import crossing_json, km_json, point_json
from overflight.exchange.features import Feature
from overflight.meetings.document import coincidence_json, explanation_json
from overflight.route.range import RangeVerdict
from overflight.world.airspace import Airspace
from overflight.world.flight import Stop, Window
from overflight.world.times import second_text

__all__ = ["features", "to_json", "write_files"]


def _moment(moment: datetime) -> str:
    return second_text(moment.astimezone(UTC))


def _window(window: Window | None) -> list[str] | None:
    return None if window is None else [_moment(window.earliest), _moment(window.latest)]


def to_json(brief: Brief) -> dict[str, Any]:
    """The shape of ``brief --json``, described in docs/commands/brief.md."""
    flight = brief.flight
    aircraft = flight.aircraft
    document: dict[str, Any] = {
        "flight": {
            "id": flight.id,
            "operator": flight.operator,
            "operator_name": brief.operator,
            "kind": flight.kind,
            "purpose": flight.purpose,
            "cargo": flight.cargo,
            "concern": flight.concern,
            "owner": flight.owner,
            "consignee": flight.consignee,
            "aircraft": {
                "type": aircraft.type,
                "name": brief.aircraft,
                "registration": aircraft.registration,
                "hex": aircraft.hex,
                "serial": aircraft.serial,
            },
            "asked": list(flight.approaches.asked),
            "refused": list(flight.approaches.refused),
            "unwilling": list(flight.approaches.unwilling),
        },
        "view": brief.view,
        "meetings": {
            "on": [brief.beside.first.isoformat(), brief.beside.last.isoformat()],
            "found": [coincidence_json(one) for one in brief.beside.found],
            "explanations": [explanation_json(one) for one in brief.beside.scores],
        },
        "screening": brief.screening.document() if brief.screening else None,
        "legs": [_leg(leg) for leg in brief.legs],
        "coalitions": [list(one) for one in brief.closure.coalitions],
        "complete": brief.closure.complete,
        "direct": None,
        "warnings": [
            {"kind": caution.kind, "about": caution.about, "text": caution.text} for caution in brief.warnings
        ],
        "grounds": [*brief.closure.grounds, *brief.grounds],
        "sources": [
            *({"title": text} for text in flight.sources),
            *(
                {"key": s.key, "title": s.title, "date": s.date, "licence": s.licence, "verified": s.verified}
                for s in brief.sources
            ),
        ],
    }
    if brief.direct:
        document["direct"] = {
            "distance_km": km_json(brief.direct.distance_km),
            "range": _verdict(brief.direct.verdict),
            "states": list(brief.direct.states),
            "new_states": list(brief.direct.new_states),
            "block": brief.direct.answer.to_json(),
        }
    return document


def _leg(brief: LegBrief) -> dict[str, Any]:
    leg = brief.leg
    return {
        "number": leg.number,
        "origin": leg.origin.icao,
        "destination": leg.destination.icao,
        "departs": _window(leg.departs),
        "arrives": _window(leg.arrives),
        "distance_km": km_json(brief.distance_km),
        "speed_kmh": [round(speed, 1) for speed in brief.speed_kmh],
        "range": _verdict(brief.verdict),
        "crossings": [_passage(passage) for passage in brief.passages],
        "states": [
            {
                "state": view.state,
                "on_line": view.on_line,
                "km": km_json(view.km),
                "share": round(view.share, 4),
                "share_error": round(view.share_error, 4),
                "into_km": km_json(view.into_km),
                "around_km": km_json(view.around_km),
                "standing": view.standing or None,
            }
            for view in brief.states
        ],
        "block": brief.answer.to_json(),
        "alternatives": [
            {
                "label": other.label,
                "refusing": list(other.refusing),
                "why": other.why,
                "km": km_json(other.km),
                "extra_km": km_json(other.extra_km),
                "states": list(other.states),
                "line": {
                    "type": "LineString",
                    "coordinates": [point_json((x, y)) for x, y in other.line.tolist()],
                },
            }
            for other in brief.alternatives
        ],
        "law": [{"on_line": one.on_line, "over": one.over, **one.advice.to_json()} for one in brief.law],
        "forgotten": [{"state": one.state, "grounds": list(one.grounds)} for one in brief.forgotten],
        "line": {"type": "LineString", "coordinates": [point_json((x, y)) for x, y in brief.line.tolist()]},
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "number": passage.number,
        **crossing_json(passage.crossing),
        "enters": [_moment(moment) for moment in passage.times.entry],
        "leaves": [_moment(moment) for moment in passage.times.exit],
    }


def _verdict(verdict: RangeVerdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "range_km": [km_json(km) for km in verdict.still_air_range_km],
        "needed_km": km_json(verdict.needed_km),
        "payload_t": verdict.payload_t,
        "confidence": verdict.confidence,
        "grounds": list(verdict.grounds),
    }


def features(brief: Brief) -> list[Feature]:
    """Great circles, entries, other routes and aerodromes."""
    out: list[Feature] = []
    stops: dict[str, Stop] = {}
    for leg in brief.legs:
        one = leg.leg
        group = f"Leg {one.number}: {one.origin.icao}–{one.destination.icao}"
        stops |= {stop.icao: stop for stop in (one.origin, one.destination)}
        states = [view.state for view in leg.on_line]
        out.append(
            Feature(group, group, leg.line, "route", {"km": km_json(leg.distance_km), "states": states})
        )
        for passage in leg.passages:
            if passage.number is not None and (state := passage.crossing.state):
                out.append(
                    Feature(
                        f"{passage.number} {wording.listed([state])}",
                        group,
                        np.array([passage.crossing.entry]),
                        "entry",
                        {
                            "state": state,
                            "over": passage.crossing.over,
                            "entry_km": km_json(passage.crossing.entry_km),
                            "disputed_by": list(passage.crossing.disputed_by),
                        },
                        passage.times.entry,
                    )
                )
        for other in leg.alternatives:
            out.append(
                Feature(
                    f"Route {other.label}",
                    f"{group}, routes that would remain",
                    other.line,
                    "alternative",
                    {
                        "km": km_json(other.km),
                        "extra_km": km_json(other.extra_km),
                        "states": list(other.states),
                        "refusing": list(other.refusing),
                    },
                )
            )
    for stop in stops.values():
        point = np.array([stop.lonlat])
        out.append(
            Feature(f"{stop.icao} {stop.city}".strip(), "Aerodromes", point, "stop", {"name": stop.name})
        )
    return out


def write_files(brief: Brief, airspace: Airspace, folder: Path) -> tuple[Path, ...]:
    """Write ``brief.html``, ``brief.geojson`` and ``brief.kml``; the page comes first in the answer."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = features(brief)
    title = f"{brief.flight.id}: {wording.route_title(brief)}"
    written = {
        "brief.html": page(brief, airspace),
        "brief.geojson": json.dumps(geojson.feature_collection(drawn), ensure_ascii=False) + "\n",
        "brief.kml": kml.document(
            title, "Great circles, entries and other routes of one planned flight.", drawn
        ),
    }
    for file, text in written.items():
        (folder / file).write_text(text, encoding="utf-8")
    return tuple(folder / file for file in written)
