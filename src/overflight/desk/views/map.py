"""What the map of a case shows: GeoJSON for the live map, and the same as one drawing for paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from overflight.case import wording
from overflight.case.life.facts import leg_names
from overflight.case.life.model import Case
from overflight.case.life.ways import Way
from overflight.desk.views.case import STANDINGS, standing_of, state_rows
from overflight.desk.views.figures import Figures
from overflight.exchange.features import Feature
from overflight.exchange.geojson import feature_collection
from overflight.world.states import alpha3_codes, name
from overflight.world.times import second_text

__all__ = ["case_map", "drawing", "features_of", "letters"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Ways that get a letter and a line, over all legs.
_DRAWN = 8


def letters(case: Case) -> dict[tuple[str, tuple[str, ...]], str]:
    """The letter of every open way that leaves the great circle, the shortest of each leg first."""
    out: dict[tuple[str, tuple[str, ...]], str] = {}
    if case.ways is None or case.coverage is None:
        return out
    lines = {leg.leg: set(leg.line) - set(leg.always) for leg in case.ways.legs}
    for leg in case.coverage.legs:
        for way in leg.open:
            if set(way.states) != lines.get(leg.leg) and len(out) < _DRAWN:
                out[leg.leg, way.states] = _LETTERS[len(out)]
    return out


def case_map(case: Case, figures: Figures | None) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of a case, with how every state stands as a member of its own.

    Returns
    -------
    dict
        Features have a ``style``: ``route`` (great circle), ``alternative`` (an open way, with its letter and
        length), ``entry``, ``band`` (plausible routes) and ``stop``. Member ``states`` has the standing of
        each state by code, ``complete`` says whether likelihoods and ways are worked out.
    """
    found = feature_collection(list(features_of(case, figures)))
    rows = state_rows(case, case.opened.true_at, figures)  # nothing here depends on the hour
    found["states"] = {
        row.state: {
            "standing": row.standing,
            "words": row.standing_words,
            "on_line": row.on_line,
            "share": row.share,
            "ways": row.ways,
            "numbers": list(row.numbers),
            "entry": [_moment(one) for one in row.entry] if row.entry else None,
            "stale": list(row.stale),
        }
        for row in rows
    }
    found["legend"] = STANDINGS
    found["complete"] = figures is not None
    return found


def _moment(moment: datetime) -> str:
    return second_text(moment)


def features_of(case: Case, figures: Figures | None) -> Iterable[Feature]:
    """What is drawn of a case, from the back to the front."""
    from overflight.route.geodesy import densify

    stops = {s.icao: s for leg in case.flight.legs for s in (leg.origin, leg.destination)}
    if figures:
        for leg in figures.brief.legs:
            step = max(1, len(leg.ensemble) // 40)
            for member in leg.ensemble[::step]:
                yield Feature("plausible route", f"Leg {leg.leg.number}", member, "band")
    for (leg_name, way), letter, line in _ways(case, figures):
        direct = _direct_km(case, leg_name)
        yield Feature(
            f"Way {letter}",
            leg_name,
            line,
            "alternative",
            {
                "letter": letter,
                "states": list(way.states),
                "codes": f",{','.join(way.states)},",
                "words": wording.way(way.states),
                "km": round(way.km, 1),
                "extra_km": round(way.km - direct, 1),
            },
        )
    for leg_name, planned in zip(leg_names(case.flight), case.flight.legs, strict=True):
        line = densify(np.array([planned.origin.lonlat, planned.destination.lonlat]), 60.0)
        words = f"{planned.origin.city or planned.origin.icao} – "
        words += planned.destination.city or planned.destination.icao
        km = round(_direct_km(case, leg_name), 1)
        yield Feature(words, leg_name, line, "route", {"leg": planned.number, "km": km})
    for leg in figures.brief.legs if figures else ():
        for passage in leg.passages:
            if passage.number is None or not (state := passage.crossing.state):
                continue
            yield Feature(
                f"{passage.number} {name(state)}",
                f"Leg {leg.leg.number}",
                np.array([passage.crossing.entry]),
                "entry",
                {"number": passage.number, "state": state},
                passage.times.entry,
            )
    for stop in stops.values():
        words = f"{stop.city or stop.name} ({stop.icao})"
        yield Feature(words, "Aerodromes", np.array([stop.lonlat]), "stop", {"state": stop.state})


def _ways(
    case: Case, figures: Figures | None
) -> Iterable[tuple[tuple[str, Way], str, np.ndarray[Any, np.dtype[np.float64]]]]:
    if figures is None or case.coverage is None:
        return
    named = letters(case)
    for leg in case.coverage.legs:
        for way in leg.open:
            letter, line = named.get((leg.leg, way.states)), figures.lines.get((leg.leg, way.states))
            if letter and line is not None:
                yield (leg.leg, way), letter, line


def _direct_km(case: Case, leg_name: str) -> float:
    from overflight.route.geodesy import distance_km

    for one, leg in zip(leg_names(case.flight), case.flight.legs, strict=True):
        if one == leg_name:
            return float(distance_km(np.array(leg.origin.lonlat), np.array(leg.destination.lonlat)))
    return 0.0


def drawing(case: Case, figures: Figures, view: str) -> str:
    """The map as one SVG, for paper and for screens that can draw no live map."""
    from overflight.case.map import Entry, Sketch, Trace, draw
    from overflight.world.airspace import load

    brief = figures.brief
    stops = {s.icao: s for leg in case.flight.legs for s in (leg.origin, leg.destination)}
    standings = {state: standing_of(case, state) for state in case.standings}
    shut = {s for s, one in standings.items() if one in ("refused", "landing")}
    words = {s: f"{name(s)} ({STANDINGS[one].split(',')[0]})" for s, one in standings.items()}
    route = " – ".join(stop.city or stop.icao for stop in stops.values())
    said = [f"{name(s)}: {STANDINGS[one]}." for s, one in standings.items()]
    ways = list(_ways(case, figures))
    said += [
        f"Way {letter}, {wording.km(way.km)}, over {wording.way(way.states)}." for (_, way), letter, _ in ways
    ]
    return draw(
        Sketch(
            title=f"Map of {case.id}: {route}",
            description=" ".join(said),
            legs=[Trace(str(leg.leg.number), leg.line) for leg in brief.legs],
            alternatives=[Trace(letter, line) for _, letter, line in ways],
            ensemble=[member for leg in brief.legs for member in leg.ensemble],
            entries=[
                Entry(passage.number, passage.crossing.entry)
                for leg in brief.legs
                for passage in leg.passages
                if passage.number is not None
            ],
            stops=[Trace(f"{s.city or s.name} ({s.icao})", np.array([s.lonlat])) for s in stops.values()],
            entered=frozenset(v.state for leg in brief.legs for v in leg.states if v.on_line),
            likely=frozenset(v.state for leg in brief.legs for v in leg.states if v.share >= 0.10),
            refusing=frozenset(shut),
            names={state: name(state) for state in alpha3_codes()} | words,
        ),
        load(),
        point_of_view=view,
    )
