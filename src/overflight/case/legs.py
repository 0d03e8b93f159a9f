"""One leg of a flight: where, when, how likely, can it, who closes it, what is left, who is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from overflight.case.context import Context, counsel
from overflight.case.model import Alternative, Forgotten, LegBrief, Passage, StateView
from overflight.case.question import Answer, put
from overflight.errors import InputError
from overflight.route.crossing import Crossing, crossings, states_entered, timed
from overflight.route.geodesy import densify, distance_km
from overflight.route.likelihood import Ensemble, likelihood
from overflight.route.nearness import detours_into
from overflight.route.permitted import RouteFinder
from overflight.route.range import RangeVerdict, range_verdict
from overflight.world.aircraft import AircraftType
from overflight.world.airspace import Airspace
from overflight.world.flight import Flight, Leg
from overflight.world.states import name

__all__ = ["LIKELY", "MAX_CALLS", "Report", "brief_leg", "reach_km", "verdict_of"]

#: A state that this share of the plausible routes enters is told to the reader although the line misses it.
LIKELY = 0.10
#: Route searches for one question; an answer cut short says so.
MAX_CALLS = 4000
_LEAST_SHARE = 0.01
_ALTERNATIVES = 3
_NUMBERED_KM = 50.0  # a later passage over the same state gets a number from this length on
_LINE_KM = 60.0  # spacing of points on drawn lines

Report = Callable[[str], None]


def brief_leg(
    flight: Flight,
    leg: Leg,
    kind: AircraftType,
    airspace: Airspace,
    routes: RouteFinder,
    view: str,
    entries: int,
    letters: Iterable[str],
    context: Context,
    report: Report,
) -> LegBrief:
    """Brief one leg; entries are numbered from `entries` on, other routes take the next of `letters`."""
    where = f"leg {leg.number} of {len(flight.legs)}, {leg.origin.icao}–{leg.destination.icao}"
    ends = np.array([leg.origin.lonlat, leg.destination.lonlat])
    length = float(distance_km(ends[0], ends[1]))
    report(f"{where}: crossings")
    verdict = verdict_of(flight, kind, length)
    speed = speed_kmh_of(flight, kind)
    found = crossings(ends, airspace, view)
    passages = _passages(found, leg, speed, entries)
    report(f"{where}: plausible routes")
    refused = frozenset(flight.approaches.refused)
    ensemble = likelihood(ends, airspace, view=view)
    report(f"{where}: whose refusal closes every route")
    reach = reach_km(verdict)
    at_ends = {state for state in (routes.state_at(ends[0]), routes.state_at(ends[1])) if state}
    answer = put(
        routes,
        leg.origin.lonlat,
        leg.destination.lonlat,
        reach,
        unwilling=flight.approaches.unwilling,
        refused=refused - at_ends,
        asked=flight.approaches.asked,
        max_calls=MAX_CALLS,
    )
    report(f"{where}: detours and other routes")
    states = _states(leg, found, ensemble, airspace, routes, reach, length, flight, at_ends, view)
    alternatives = _alternatives(leg, states, routes, reach, length, flight, at_ends, letters)
    report(f"{where}: law")
    likely = [view.state for view in states if not view.on_line and view.share >= LIKELY]
    step = max(1, ensemble.members.shape[1] // 32)
    return LegBrief(
        leg=leg,
        distance_km=length,
        line=densify(ends, _LINE_KM),
        ensemble=ensemble.members[:: max(1, len(ensemble.members) // 60), ::step],
        extension=ensemble.extension,
        verdict=verdict,
        speed_kmh=speed,
        passages=passages,
        states=states,
        answer=answer,
        alternatives=alternatives,
        forgotten=_forgotten(states, answer, flight),
        law=counsel(flight, leg, passages, likely, airspace, context),
    )


def verdict_of(flight: Flight, kind: AircraftType, length: float) -> RangeVerdict:
    return range_verdict(kind, length, payload_t=flight.aircraft.payload_t, range_km=flight.aircraft.range_km)


def reach_km(verdict: RangeVerdict) -> float:
    """The range that routes are held against: the middle of the interval, on which the verdict stands too."""
    low, high = verdict.still_air_range_km
    return (low + high) / 2


def speed_kmh_of(flight: Flight, kind: AircraftType) -> tuple[float, float]:
    if flight.aircraft.speed_kmh is not None:
        return flight.aircraft.speed_kmh, flight.aircraft.speed_kmh
    if kind.cruise_kmh is None:
        raise InputError(
            f"no speed is held for {kind.designator}", where="flight, aircraft", mend="give speed_kmh"
        )
    return kind.cruise_kmh


def _passages(
    found: Sequence[Crossing], leg: Leg, speed: tuple[float, float], entries: int
) -> tuple[Passage, ...]:
    window = leg.departs.earliest, leg.departs.latest
    number = entries
    out: list[Passage] = []
    seen: set[str | None] = set()
    for index, (crossing, times) in enumerate(zip(found, timed(found, window, speed), strict=True)):
        # Along a winding border one flight enters two states a dozen times: only what helps gets a number.
        fresh = crossing.state is not None and crossing.state not in seen
        counts = index > 0 and crossing.state is not None and (fresh or crossing.km >= _NUMBERED_KM)
        number += counts
        seen.add(crossing.state)
        hours = (
            (times.entry[0] - window[0]).total_seconds() / 3600,
            (times.entry[1] - window[1]).total_seconds() / 3600,
        )
        out.append(Passage(number if counts else None, crossing, times, hours))
    return tuple(out)


def _states(
    leg: Leg,
    found: Sequence[Crossing],
    ensemble: Ensemble,
    airspace: Airspace,
    routes: RouteFinder,
    reach: float,
    length: float,
    flight: Flight,
    at_ends: set[str],
    view: str,
) -> tuple[StateView, ...]:
    on_line = states_entered(found)
    shares = {share.state: share for share in ensemble.shares}
    likely = [s.state for s in ensemble.shares if s.share >= _LEAST_SHARE and s.state not in on_line]
    into = {
        near.state: near.km
        for near in detours_into(leg.origin.lonlat, leg.destination.lonlat, airspace, view)
    }
    out: list[StateView] = []
    for state in (*on_line, *likely):
        around: float | None = 0.0
        if state in on_line and state not in at_ends:
            way = routes.shortest(leg.origin.lonlat, leg.destination.lonlat, [state], reach)
            around = None if way is None else way.km - length
        share = shares.get(state)
        out.append(
            StateView(
                state=state,
                name=name(state),
                on_line=state in on_line,
                km=sum(crossing.km for crossing in found if crossing.state == state),
                share=share.share if share else 0.0,
                share_error=share.standard_error if share else 0.0,
                into_km=0.0 if state in on_line else into.get(state, 0.0),
                around_km=None if state in at_ends else around,
                standing=_standing(state, flight, at_ends),
            )
        )
    return tuple(out)


def _standing(state: str, flight: Flight, at_ends: set[str]) -> str:
    if state in at_ends:
        return "permits"
    for standing in ("refused", "unwilling", "asked"):
        if state in getattr(flight.approaches, standing):
            return standing
    return ""


def _alternatives(
    leg: Leg,
    states: Sequence[StateView],
    routes: RouteFinder,
    reach: float,
    length: float,
    flight: Flight,
    at_ends: set[str],
    letters: Iterable[str],
) -> tuple[Alternative, ...]:
    """What would remain if those approached refused, then everybody on the line, then on that route too …"""
    immune = at_ends | set(flight.approaches.unwilling)
    gone = set(flight.approaches.refused) - at_ends
    approached = (gone | set(flight.approaches.asked)) - immune
    on_line = {view.state for view in states if view.on_line} - immune
    trials: list[tuple[set[str], str]] = []
    if approached:
        trials.append((approached, "if those approached refuse"))
    trials.append((gone | on_line, "if every state on the great circle refuses"))
    out: list[Alternative] = []
    seen: set[tuple[str, ...]] = set()
    names = iter(letters)
    while trials and len(out) < _ALTERNATIVES:
        refusing, why = trials.pop(0)
        way = routes.shortest(leg.origin.lonlat, leg.destination.lonlat, refusing, reach)
        if way is None:
            continue
        others = tuple(state for state in way.states if state not in at_ends)
        if way.km - length > 0.5 and others not in seen:
            seen.add(others)
            label = next(names)
            out.append(
                Alternative(
                    label=label,
                    refusing=tuple(sorted(refusing)),
                    why=why,
                    km=way.km,
                    extra_km=way.km - length,
                    states=way.states,
                    line=densify(way.line, _LINE_KM),
                )
            )
            why = f"if the states of {label} refuse as well"
        if not trials and set(others) - immune - refusing:
            trials.append((refusing | (set(others) - immune), why))
    return tuple(out)


def _forgotten(states: Sequence[StateView], answer: Answer, flight: Flight) -> tuple[Forgotten, ...]:
    approached = {*flight.approaches.asked, *flight.approaches.refused}
    grounds: dict[str, list[str]] = {}
    ranks: dict[str, int] = {}
    for view in states:
        if view.state in approached or view.standing in ("permits", "unwilling"):
            continue
        ranks[view.state] = 0 if view.on_line else 1
        if not view.on_line and view.share >= LIKELY:
            grounds.setdefault(view.state, []).append(
                f"{view.share:.0%} of the plausible routes enter it, though the great circle misses it; "
                f"a detour of {view.into_km:,.0f} km is enough"
            )
        elif view.on_line and approached:
            grounds.setdefault(view.state, []).append(f"on the great circle for {view.km:,.0f} km, not asked")
    for gap in answer.gaps.forgotten if answer.gaps else ():
        ways = "1 open way" if gap.closes == 1 else f"{gap.closes} open ways"
        must = "; every way to close the rest needs it" if gap.needed else ""
        grounds.setdefault(gap.state, []).append(
            f"lies on {ways}, the shortest {gap.detour_km:+,.0f} km{must}"
        )
    return tuple(
        Forgotten(state, name(state), ranks.get(state, 2), tuple(lines)) for state, lines in grounds.items()
    )
