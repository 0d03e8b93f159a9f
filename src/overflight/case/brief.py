"""From one planned flight to its brief: composition only, every figure comes from a room below.

The order of the parts is the order of the questions: where, when, how likely, can it, who closes it, what is
left, who was forgotten, what to beware of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from overflight.case.cautions import context_cautions, flight_cautions, leg_cautions
from overflight.case.context import Context, gather
from overflight.case.legs import LIKELY, MAX_CALLS, Report, brief_leg, reach_km, verdict_of
from overflight.case.model import Brief, Closure, Direct, LegBrief, SourceNote
from overflight.case.question import put
from overflight.route.crossing import crossings, states_entered
from overflight.route.geodesy import distance_km
from overflight.route.likelihood import MEMBERS
from overflight.route.permitted import RouteFinder
from overflight.world.aircraft import AircraftType, aircraft
from overflight.world.airspace import DE_FACTO, Airspace
from overflight.world.flight import Flight
from overflight.world.operators import operator
from overflight.world.states import name
from overflight.world.tables import source

__all__ = ["LIKELY", "compose"]


def compose(
    flight: Flight,
    airspace: Airspace,
    routes: RouteFinder,
    *,
    view: str = DE_FACTO,
    context: Context | None = None,
    report: Report = lambda stage: None,
) -> Brief:
    """Brief one planned flight.

    Parameters
    ----------
    flight : Flight
    airspace : Airspace
    routes : RouteFinder
        Of the same airspace and view.
    view : str
        "de-facto", or the alpha-3 of a state whose claims are taken as its territory.
    context : Context, optional
        Law, meetings and lists (`overflight.case.context.gather`); default: the shipped rows, and no list.
    report : callable, optional
        Is told each stage as it begins.

    Raises
    ------
    InputError
        When no speed or range is known for the aircraft type and the flight gives none.
    """
    kind = aircraft(flight.aircraft.type)
    context = context or gather(flight)
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 3)
    legs: list[LegBrief] = []
    entries = 0
    for leg in flight.legs:
        brief = brief_leg(flight, leg, kind, airspace, routes, view, entries, letters, context, report)
        entries += sum(1 for passage in brief.passages if passage.number is not None)
        legs.append(brief)
    direct = _direct(flight, kind, legs, routes, airspace, view, report)
    who = operator(flight.operator, on=flight.day)
    cautions = [
        *flight_cautions(flight, kind, who),
        *context_cautions(context),
        *(caution for leg in legs for caution in leg_cautions(leg, airspace)),
    ]
    return Brief(
        flight=flight,
        operator=f"{who.name} ({who.designator})"
        if who.name and who.designator
        else who.name or who.designator,
        aircraft=kind.name,
        view=view,
        legs=tuple(legs),
        beside=context.beside,
        screening=context.screening,
        closure=_closure(flight, legs),
        direct=direct,
        warnings=tuple(dict.fromkeys(cautions)),
        grounds=_grounds(legs, view),
        sources=_sources(
            (
                kind.source,
                who.source,
                *(s.source for leg in flight.legs for s in (leg.origin, leg.destination)),
            )
        ),
    )


def _closure(flight: Flight, legs: Sequence[LegBrief]) -> Closure:
    """Closing one leg stops the flight as planned, and so does refusing a landing on the way."""
    unwilling = set(flight.approaches.unwilling)
    outer = {flight.legs[0].origin.state, flight.legs[-1].destination.state}
    stops = {leg.leg.destination.state for leg in legs[:-1]} - outer - unwilling
    sets = {frozenset([state]) for state in stops}
    grounds = [
        f"{name(leg.leg.destination.state)} can refuse the landing at {leg.leg.destination.icao}"
        for leg in legs[:-1]
        if leg.leg.destination.state in stops
    ]
    for leg in legs:
        found = leg.answer.found
        grounds.append(f"leg {leg.leg.number}, within {leg.answer.range_km:,.0f} km: {found.meaning}")
        sets |= {frozenset(one) for one in found.coalitions}
    least = [one for one in sets if not any(other < one for other in sets)]
    return Closure(
        tuple(sorted((tuple(sorted(one)) for one in least), key=lambda one: (len(one), one))),
        tuple(grounds),
        all(leg.answer.found.complete for leg in legs),
    )


def _direct(
    flight: Flight,
    kind: AircraftType,
    legs: Sequence[LegBrief],
    routes: RouteFinder,
    airspace: Airspace,
    view: str,
    report: Report,
) -> Direct | None:
    """The journey without its stops, where the aircraft could fly it: a plan can change overnight."""
    first, last = flight.legs[0].origin, flight.legs[-1].destination
    if len(legs) < 2 or first.key == last.key:
        return None
    ends = np.array([first.lonlat, last.lonlat])
    length = float(distance_km(ends[0], ends[1]))
    verdict = verdict_of(flight, kind, length)
    if verdict.verdict == "not feasible":
        return None
    report(f"without the stop, {first.icao}–{last.icao}")
    at_ends = {state for state in (routes.state_at(ends[0]), routes.state_at(ends[1])) if state}
    answer = put(
        routes,
        first.lonlat,
        last.lonlat,
        reach_km(verdict),
        unwilling=flight.approaches.unwilling,
        refused=frozenset(flight.approaches.refused) - at_ends,
        asked=flight.approaches.asked,
        max_calls=MAX_CALLS,
    )
    states = states_entered(crossings(ends, airspace, view))
    planned = {view.state for leg in legs for view in leg.states if view.on_line}
    return Direct(verdict, length, states, answer, tuple(state for state in states if state not in planned))


def _grounds(legs: Sequence[LegBrief], view: str) -> tuple[str, ...]:
    out = [
        "Crossings are those of the great circle on the WGS-84 ellipsoid. Nobody flies it exactly: read them "
        "with the shares beside them.",
        f"A share is the part of {MEMBERS:,} plausible routes, on average "
        f"{np.mean([leg.extension for leg in legs]):.1%} longer than the great circle, that enter a state.",
        "Times run from the earliest departure at the highest speed to the latest at the lowest, with up to "
        "30 minutes for taxi and climb, in still air.",
        "A state whose airspace begins more than 12 nautical miles from its coast only by its own claim is "
        "not counted; the crossing says so.",
    ]
    if view != DE_FACTO:
        out.append(f"Disputed areas are taken as {name(view)} sees them.")
    for leg in legs:
        low, high = leg.verdict.still_air_range_km
        spread = f"the middle of {low:,.0f} to {high:,.0f} km" if high > low else "as given"
        out.append(
            f"Leg {leg.leg.number}: routes are held against {leg.answer.range_km:,.0f} km, {spread}; "
            f"{leg.answer.found.oracle_calls} route searches."
        )
    return tuple(out)


def _sources(keys: Iterable[str]) -> tuple[SourceNote, ...]:
    wanted = dict.fromkeys(key for text in keys for key in text.split())
    return tuple(
        SourceNote(note.key, note.title, note.date, note.licence, note.verified)
        for key in wanted
        for note in source(key)
    )
